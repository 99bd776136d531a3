// what can go wrong while LOTUS decides how to serve a goal.
import { defineErrors } from '../../nucleus/errors.ts'

export const reasoningErrors = defineErrors({
  PATTERN_INVALID: {
    title: 'a goal pattern of a trace cannot be read',
    fix: 'see docs/traces.md for the language of patterns',
  },
  TRACE_INVALID: {
    title: 'a trace file is not valid',
    fix: 'mend the fields that are named; docs/traces.md describes them',
  },
  TRACE_DUPLICATE: { title: 'two traces have the same name', fix: 'rename one of them' },
  ANSWER_UNASKED: {
    title: 'this run asked nothing that an answer alone would settle',
    fix: 'say the goal whole; only a run with an answerable `clarification` can be answered',
  },
  RUN_INTERRUPTED: {
    title: 'LOTUS was stopped while it worked on this goal',
    fix: 'say it again; nothing half done was left',
  },
  ACTION_MODULE_DOWN: {
    title: 'the module that does this is not running',
    fix: '`lotus module list` shows it, `lotus module load NAME` starts it',
  },
  RUN_CANCELLED: { title: 'the goal was cancelled', fix: 'say it again when you want it done' },
  EXPRESSION_INVALID: {
    title: 'this is not a sum that can be worked out',
    fix: 'write it with numbers, + - * / ^ and brackets',
  },
  UNITS_DIFFER: {
    title: 'these units measure different things',
    fix: 'name two units of the same kind, such as km and miles',
  },
  REASONING_TOOL_UNKNOWN: { title: 'there is no such tool', fix: 'see `lotus help`' },
  TOOL_ARGUMENTS_INVALID: { title: 'the arguments of a tool are not valid', fix: 'mend the arguments that are named' },
})
