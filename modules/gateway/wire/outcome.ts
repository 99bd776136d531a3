// how a goal ended, and the story of its run, at the edge.
import { z } from 'zod'
import type { OpenQuestion, StepPreview } from '../../operator/contract.ts'
import type { GoalOutcome, Run } from '../../reasoning/contract.ts'
import { Clarification, RunMode, RunStatus } from '../../reasoning/contract.ts'
import { dollars } from './case.ts'
import { ChangesBody, presentChanges, tellChanges } from './changes.ts'

const StepBody = z.object({
  action: z.string(),
  args: z.record(z.string(), z.unknown()),
  status: z.enum(['completed', 'failed', 'denied', 'skipped', 'undone']),
  text: z.string().optional(),
  undo_id: z.string().optional(),
})

export const ClarificationBody = z
  .object({
    question: Clarification.shape.question.meta({ description: 'what would settle the goal' }),
    missing: z.string().meta({ description: 'the name of what is missing or in doubt', example: 'to' }),
    example: z.string().meta({ description: 'a whole goal, as it could have been said' }),
    choices: z.array(z.string()).meta({ description: 'what it could be, where that is known' }),
    answerable: z.boolean().meta({
      description:
        'whether the answer alone is enough: stated with `answers` and the trace id of this run, or as the next goal of its session',
    }),
  })
  .meta({ id: 'Clarification' })

export const OutcomeBody = z
  .object({
    status: RunStatus,
    mode: RunMode,
    answer: z.string().meta({ description: 'the text for the person' }),
    trace_id: z.string(),
    cost_usd: z.number(),
    steps: z.array(StepBody),
    goal: z.string(),
    duration_ms: z.number(),
    code: z.string().optional().meta({ description: 'why it did not complete, for programs' }),
    clarification: ClarificationBody.optional().meta({ description: 'where one question would settle it' }),
    trace_name: z.string().optional().meta({ description: 'the trace that was followed' }),
    policy: z.string().optional().meta({ description: 'the rule that denied or asked' }),
    private: z.boolean().optional().meta({ description: 'it was about notes: its words are for nobody’s history' }),
    plan_id: z.string().optional().meta({ description: 'the plan that waits for a confirmation' }),
    plan_hash: z.string().optional(),
    expires_at: z.string().optional().meta({ description: 'until when it may be confirmed' }),
    preview: z.array(z.string()).optional().meta({ description: 'what the plan would do, in lines for a person' }),
    changes: ChangesBody.optional().meta({
      description: 'what each step would change, file by file; a yes counts for exactly that',
    }),
  })
  .meta({ id: 'Outcome' })
export type OutcomeBody = z.output<typeof OutcomeBody>

/** a goal that waits for its person, as the answer to a request that waits no longer. */
export function presentQuestion(
  traceId: string,
  question: OpenQuestion,
  changes: readonly StepPreview[] | undefined,
): OutcomeBody {
  const { planId, planHash, goal, preview, expiresAt } = question
  const answer = [
    'This needs your confirmation:',
    ...preview.map((line) => `  ${line}`),
    ...tellChanges(changes ?? []).map((line) => `  ${line}`),
    `Answer with POST /confirmations/${planId} {"plan_hash": "${planHash}", "answer": "yes"}, before ${expiresAt}.`,
  ].join('\n')
  return {
    status: 'needs_confirmation',
    mode: 'none',
    answer,
    trace_id: traceId,
    cost_usd: 0,
    steps: [],
    goal,
    duration_ms: 0,
    plan_id: planId,
    plan_hash: planHash,
    expires_at: expiresAt,
    preview: [...preview],
    ...(changes === undefined ? {} : { changes: presentChanges(changes) }),
  }
}

export function presentOutcome(outcome: GoalOutcome): OutcomeBody {
  return { ...presentStory(outcome), status: outcome.status }
}

function presentStory(outcome: Omit<GoalOutcome, 'status'>): Omit<OutcomeBody, 'status'> {
  return {
    mode: outcome.mode,
    answer: outcome.answer,
    trace_id: outcome.traceId,
    cost_usd: dollars(outcome.costMicroUsd),
    steps: outcome.steps.map(({ action, args, status, text, undoId }) => ({
      action,
      args,
      status,
      ...(text === undefined ? {} : { text }),
      ...(undoId === undefined ? {} : { undo_id: undoId }),
    })),
    goal: outcome.goal,
    duration_ms: Math.round(outcome.durationMs * 100) / 100,
    ...(outcome.code === undefined ? {} : { code: outcome.code }),
    ...(outcome.clarification === undefined ? {} : { clarification: outcome.clarification }),
    ...(outcome.traceName === undefined ? {} : { trace_name: outcome.traceName }),
    ...(outcome.policy === undefined ? {} : { policy: outcome.policy }),
    ...(outcome.private === true ? { private: true } : {}),
    ...(outcome.planId === undefined ? {} : { plan_id: outcome.planId }),
    ...(outcome.planHash === undefined ? {} : { plan_hash: outcome.planHash }),
  }
}

export const RunBody = OutcomeBody.extend({
  status: z.enum([...RunStatus.options, 'running']),
  session: z.string(),
  started_at: z.string(),
  ended_at: z.string().nullable().meta({ description: 'null while it runs' }),
  explanation: z.string().meta({ description: 'why this trace, and which others were near' }),
}).meta({ id: 'Run' })
export type RunBody = z.output<typeof RunBody>

export function presentRun(run: Run): RunBody {
  return {
    ...presentStory(run),
    status: run.status,
    session: run.session,
    started_at: run.startedAt,
    ended_at: run.endedAt ?? null,
    explanation: run.explanation,
  }
}
