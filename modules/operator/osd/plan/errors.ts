// the errors of plans and their confirmations.
import { defineErrors } from '../../../../nucleus/errors.ts'

export const planErrors = defineErrors({
  PLAN_INVALID: { title: 'this is not a plan', fix: 'write it as the contract of the operator says' },
  PARAMETERS_INVALID: {
    title: 'osd was asked in a way that it does not understand',
    fix: 'both sides must be of the same LOTUS',
  },
  ARGUMENTS_INVALID: {
    title: 'these arguments don’t fit the action',
    fix: 'see its description with `lotus run "what can you do"`',
  },
  REFERENCE_MISSING: {
    title: 'a step refers to a result that is not there',
    fix: 'refer to a field of an earlier step’s result',
  },
  CONDITION_NOT_MET: {
    title: 'what must hold for this step does not hold',
    fix: 'see what is there, then state the goal again',
  },
  STEP_TIMED_OUT: { title: 'a step took too long and was ended', fix: 'ask for less at once' },
  RESULT_TOO_LARGE: { title: 'the result is too large', fix: 'ask for less at once' },
  PLAN_CANCELLED: {
    title: 'the plan was cancelled; what it had done is undone',
    fix: 'state the goal again when it is wanted',
  },
  POLICY_DENIED: {
    title: 'the policy says no',
    fix: 'see `lotus runs show` for the rule that says so, or do it yourself',
  },
  POLICY_ASKS: { title: 'the policy asks the person', fix: 'run the goal in a terminal and answer there' },
  PLAN_STALE: {
    title: 'the files changed between the decision and the run, so nothing was done',
    fix: 'run the goal again',
    retryable: true,
  },
  PLANS_BUSY: { title: 'too many plans are under way', fix: 'try again in a moment', retryable: true },
  PLAN_UNKNOWN: {
    title: 'no such plan waits for an answer',
    fix: 'run the goal again: a question is open for a few minutes',
  },
  ANSWER_MISMATCH: {
    title: 'the answer is for another plan than the one that waits',
    fix: 'look at the plan again, then answer',
  },
  TOOL_UNAVAILABLE: { title: 'nobody offers this tool right now', fix: 'see `lotus module list`', retryable: true },
  TOOL_INVALID: {
    title: 'this tool can’t be offered',
    fix: 'name it as area.verb and describe its risk and arguments',
  },
  OSD_DRAINING: { title: 'lotus-osd is ending', fix: 'try again in a moment', retryable: true },
})
