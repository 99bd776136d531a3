// how a goal ended, as the nucleus tells it, and how it is shown.
import { clientErrors } from './errors.ts'
import { escapeLine, escapeText, jsonLine } from './escape.ts'
import { formatCost, formatDuration } from './format.ts'
import type { Terminal } from './terminal.ts'

export interface Outcome {
  readonly status: string
  readonly mode: string
  readonly answer: string
  readonly trace_id: string
  readonly cost_usd: number
  readonly steps: readonly Record<string, unknown>[]
  readonly [field: string]: unknown
}

/** checks what came over the wire. @throws ANSWER_UNCLEAR */
export function parseOutcome(value: unknown): Outcome {
  const outcome = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const { status, mode, answer, trace_id: traceId, cost_usd: cost, steps, ...rest } = outcome
  if (typeof status !== 'string' || typeof answer !== 'string') throw clientErrors.ANSWER_UNCLEAR({ value })
  return {
    status,
    mode: typeof mode === 'string' ? mode : 'none',
    answer,
    trace_id: typeof traceId === 'string' ? traceId : '',
    cost_usd: typeof cost === 'number' ? cost : 0,
    steps: Array.isArray(steps) ? (steps as Record<string, unknown>[]) : [],
    ...rest,
  }
}

/** one line about an outcome: which way, what it cost, how to take it back. */
export function footerOf(outcome: Outcome, undoWith = 'lotus undo'): string {
  // what an undo did is not what the next undo takes back.
  const undo = outcome.steps.some(
    (step) => step['undo_id'] !== undefined && step['status'] === 'completed' && step['action'] !== 'undo.last',
  )
  const duration = outcome['duration_ms']
  const parts = [
    outcome.status === 'completed' ? '' : outcome.status.replaceAll('_', ' '),
    outcome.mode === 'none' ? '' : outcome.mode,
    formatCost(outcome.cost_usd),
    typeof duration === 'number' ? formatDuration(duration) : '',
    undo ? `take it back with \`${undoWith}\`` : '',
  ]
  return escapeLine(parts.filter((part) => part !== '').join(' · '))
}

/** shows an outcome: one line of JSON, or the answer on stdout with a dim line about it on stderr. */
export function showOutcome(outcome: Outcome, how: { json: boolean; quiet: boolean; terminal: Terminal }): void {
  const { json, quiet, terminal } = how
  if (json) return terminal.print(jsonLine(outcome))
  const text = escapeText(outcome.answer.replace(/\n+$/, ''))
  if (text !== '') terminal.print(text)
  if (!quiet) terminal.note(terminal.noteStyle.dim(footerOf(outcome)))
}
