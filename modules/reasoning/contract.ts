// reasoning's public face: what became of a goal, step by step, and what LOTUS can do by itself.
import { z } from 'zod'
import { defineEvent } from '../../nucleus/events/event.ts'
import { defineService } from '../../nucleus/services/service.ts'

export const RunStatus = z.enum(['completed', 'failed', 'denied', 'refused', 'needs_confirmation', 'needs_model'])
export type RunStatus = z.output<typeof RunStatus>

export const RunMode = z.enum(['innate', 'follower', 'learner', 'none'])
export type RunMode = z.output<typeof RunMode>

export const RunStep = z.object({
  action: z.string(),
  args: z.record(z.string(), z.json()),
  status: z.enum(['completed', 'failed', 'denied', 'skipped', 'undone']),
  text: z.string().optional(),
  undoId: z.string().optional(),
})
export type RunStep = z.output<typeof RunStep>

/** one question that would settle a goal, which was not begun. */
export const Clarification = z.object({
  question: z.string(),
  /** the name of what is missing or in doubt: `to`, `when`, `path` … */
  missing: z.string(),
  /** a whole goal, as it could have been said. */
  example: z.string(),
  /** what it could be, where LOTUS knows it. */
  choices: z.array(z.string()),
  /** whether an answer alone is enough: stated as `answers` of this run, or as the next goal of its session. */
  answerable: z.boolean(),
})
export type Clarification = z.output<typeof Clarification>

/** how a goal ended; the last line of `lotus run --json` is made of it. */
export const GoalOutcome = z.object({
  traceId: z.string(),
  goal: z.string(),
  status: RunStatus,
  mode: RunMode,
  /** the text for the person. */
  answer: z.string(),
  /** true: the answer quotes notes. the event and the run are without it; `Reasoning.run` has it for some minutes. */
  private: z.boolean().optional(),
  /** a code where it did not complete: an error's, `POLICY_DENIED`, `NEEDS_MODEL` … */
  code: z.string().optional(),
  /** where one question would settle it. */
  clarification: Clarification.optional(),
  /** the trace that matched. */
  traceName: z.string().optional(),
  /** the rule of the policy that denied or asked. */
  policy: z.string().optional(),
  /** an open confirmation: which plan waits. */
  planId: z.string().optional(),
  planHash: z.string().optional(),
  costMicroUsd: z.number().int(),
  durationMs: z.number(),
  steps: z.array(RunStep),
})
export type GoalOutcome = z.output<typeof GoalOutcome>

export const GoalCompleted = defineEvent({
  type: 'goal.completed',
  durability: 'journaled',
  description: 'a goal has ended, with the status that says how; emitted once a run by reasoning.',
  data: GoalOutcome,
})

export const GoalProgressed = defineEvent({
  type: 'goal.progressed',
  durability: 'transient',
  description: 'something worth telling happened on the way: a trace was chosen, a step began or ended.',
  data: z.object({ traceId: z.string(), text: z.string(), step: z.string().optional() }),
})

/** a run that has ended. */
export type EndedRun = Run & { readonly status: RunStatus; readonly endedAt: string }

/** the story of one goal. */
export interface Run extends Omit<GoalOutcome, 'status'> {
  /** `running` until it has ended. */
  readonly status: RunStatus | 'running'
  readonly session: string
  readonly startedAt: string
  /** absent while it runs. */
  readonly endedAt?: string
  /** why this trace, in words; which others were near. */
  readonly explanation: string
}

export interface Ability {
  /** the trace's name. */
  readonly name: string
  readonly category: string
  readonly description: string
  /** goals that it serves, as a person would say them. */
  readonly examples: readonly string[]
}

export interface ReasoningStatistics {
  /** runs since the start, `mode/status` → count. */
  readonly runs: Readonly<Record<string, number>>
  readonly costMicroUsd: number
  readonly durationMs: readonly number[]
}

export interface Reasoning {
  run(traceId: string): Promise<Run | undefined>
  runs(options?: { limit?: number; session?: string }): Promise<Run[]>
  /** forgets ended runs that began longer ago; gives how many, and forgets none where it is only asked. */
  dropRuns(options: { olderThanMs: number; dryRun: boolean }): Promise<number>
  /** ends a run before its next step; what its plan had done is undone. */
  cancel(traceId: string): Promise<boolean>
  /** innate traces by category, with examples. */
  abilities(): Promise<Ability[]>
  statistics(): Promise<ReasoningStatistics>
}

export const Reasoning = defineService<Reasoning>('reasoning', {
  run: 'call',
  runs: 'call',
  dropRuns: 'call',
  cancel: 'call',
  abilities: 'call',
  statistics: 'call',
})
