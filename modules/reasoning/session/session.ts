// what a session adds to understanding: pronouns get a meaning from the goals before, or the goal is declined.
import type { Intent } from '../../perception/contract.ts'
import { ClientContext } from '../../perception/contract.ts'
import type { RunTable } from '../runs/table.ts'
import type { Trace } from '../traces/library.ts'
import { understand } from '../understand.ts'
import type { BoundTrace, Focus, Understanding } from '../understand.ts'
import { onlyPointing, pointingWords, tellNothingToDo, tellUnclear } from './unclear.ts'
import { lastChangeOf, nothingToUndo, oneAtATime } from './undo.ts'

/** goals of one channel without a session of their own are strangers to each other. */
const channels: ReadonlySet<string> = new Set(ClientContext.shape.channel.options)

/** runs that are looked through for the last change. */
const lookedThrough = 200

export interface Referred {
  readonly understood: Understanding
  /** what it is about was taken from an earlier goal. */
  readonly isReferred: boolean
  /** why it is declined, for the person. */
  readonly declined?: string
  /** what the goal could point at. */
  readonly context: Focus
}

/** whether goals of this session share context. */
export function isShared(session: string): boolean {
  return !channels.has(session)
}

/** understands a goal by itself, and only where that fails by what its session has spoken of. */
export async function understandInSession(
  intent: Intent,
  session: string,
  traces: readonly Trace[],
  table: RunTable,
): Promise<Referred> {
  const alone = understand(intent, traces)
  if (!isShared(session)) return { understood: alone, isReferred: false, context: {} }
  const { pending: _, ...context } = await table.contextOf(session)
  if (alone.bound.length > 0) return await withUndo(alone, context, session, table)
  const together = understand(intent, traces, context)
  if (together.bound.length > 0) {
    const explanation = `${together.explanation}; what it points at is from the goal before`
    return { understood: { ...together, explanation }, isReferred: true, context }
  }
  return { understood: alone, isReferred: false, context, ...declineOf(intent, traces, context) }
}

function declineOf(intent: Intent, traces: readonly Trace[], context: Focus): { declined?: string } {
  const only = onlyPointing(intent)
  if (only !== undefined) return { declined: tellNothingToDo(only) }
  const words = pointingWords(intent, traces)
  return words === undefined ? {} : { declined: tellUnclear(words, context) }
}

/** an undo without an id gets the id of this session's last change. */
async function withUndo(
  understood: Understanding,
  context: Focus,
  session: string,
  table: RunTable,
): Promise<Referred> {
  const plain = { understood, isReferred: false, context }
  const [only] = understood.bound
  if (only?.trace.trace === 'lotus.undo_several') return { ...plain, declined: oneAtATime }
  if (only?.trace.trace !== 'lotus.undo' || understood.bound.length > 1) return plain
  const planId = lastChangeOf(await table.list({ limit: lookedThrough, session }))
  if (planId === undefined) return { ...plain, declined: nothingToUndo }
  const bound: BoundTrace = { ...only, bindings: { ...only.bindings, undo_id: planId } }
  return { ...plain, understood: { ...understood, bound: [bound] } }
}
