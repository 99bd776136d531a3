// one flow while it runs in this process: its code is run from the start, what was kept of an earlier life is answered
// from there, what is new is kept.
import { isLotusError, toErrorData } from '../errors.ts'
import { flowErrors } from './errors.ts'
import type { FlowCode } from './flow.ts'
import { createFlowContext, pause, raceAbort, type FlowPrimitives } from './steps.ts'
import { packValue, unpackValue } from './values.ts'

/** one kept entry: what was done at a position, and what it gave, as JSON; null for nothing. */
export interface KeptEntry {
  readonly position: number
  readonly name: string
  readonly value: string | null
}

/** what a running flow needs of its engine; each resolves when it is as durable as the engine promises. */
export interface FlowKeeper {
  entries(): KeptEntry[]
  /** false where the flow is not this process' any more. */
  keep(entry: KeptEntry): Promise<boolean>
  /** the next message of a topic, moved into the entries; undefined where none waits. */
  take(
    entry: { position: number; name: string },
    topic: string,
  ): Promise<{ kept: boolean; body: string | null } | undefined>
  /** resolves when a message may have come, at the latest after some time. */
  messageMayHaveCome(signal: AbortSignal): Promise<void>
}

export type FlowEnding =
  | { readonly status: 'completed'; readonly result: string | null }
  | { readonly status: 'failed'; readonly error: string }
  /** it goes on elsewhere or later. */
  | { readonly status: 'suspended' }

export interface RunningFlow {
  readonly id: string
  readonly name: string
  readonly ending: Promise<FlowEnding>
  /** lets steps that run come to their end, at most this long, and nothing new begin. */
  suspend(graceMs: number): Promise<void>
  /** ends it before its next step, and tells the running one. */
  abort(reason: Error): void
}

/** runs the flow's code; never rejects. */
export function runFlow(id: string, name: string, code: FlowCode, input: unknown, keeper: FlowKeeper): RunningFlow {
  const stop = new AbortController()
  // sleeping and receiving are given up at once, a running step may have its grace
  const rest = new AbortController()
  const resting = AbortSignal.any([stop.signal, rest.signal])
  const known = new Map(keeper.entries().map((entry) => [entry.position, entry]))
  let last = -1
  for (const position of known.keys()) last = Math.max(last, position)
  let next = 0
  const takePosition = (): number => {
    // a suspended flow begins nothing new
    if (resting.aborted) throw resting.reason
    next += 1
    return next - 1
  }
  const differs = (position: number, expected: string, found: string): Error => {
    const error = flowErrors.FLOW_NOT_DETERMINISTIC({
      value: name,
      detail: `at position ${position} it did ${found}, before that ${expected}`,
    })
    stop.abort(error)
    return error
  }
  const recall = (position: number, entry: string): KeptEntry | undefined => {
    const kept = known.get(position)
    if (kept === undefined || kept.name === entry) return kept
    throw differs(position, kept.name, entry)
  }
  const lost = (): Error => {
    stop.abort(flowErrors.FLOW_SUSPENDED({ value: name, detail: 'another process works on it, or it was cancelled' }))
    return stop.signal.reason as Error
  }
  /** a log that can't be read or written is not the flow's fault: it goes on when it can. */
  const orStop = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work
    } catch (error) {
      stop.abort(error)
      throw error
    }
  }
  const keep = async (position: number, entry: string, value: unknown): Promise<void> => {
    if (stop.signal.aborted) throw stop.signal.reason
    const packed = packValue(entry, value)
    if (!(await orStop(keeper.keep({ position, name: entry, value: packed })))) throw lost()
  }
  const onceAt = async <Kept>(
    position: number,
    entry: string,
    work: (position: number) => Kept | Promise<Kept>,
  ): Promise<Kept> => {
    const before = recall(position, entry)
    if (before !== undefined) return unpackValue(before.value) as Kept
    const value = await work(position)
    await keep(position, entry, value)
    return value
  }

  const primitives: FlowPrimitives = {
    id,
    signal: stop.signal,
    once: async (entry, work) => await onceAt(takePosition(), entry, work),
    sleep: async (durationMs) => {
      const wakeAtMs = await onceAt(takePosition(), 'sleep', () => Date.now() + durationMs)
      await pause(wakeAtMs - Date.now(), resting)
    },
    take: async (topic, timeoutMs) => {
      const began = takePosition()
      const position = takePosition()
      const entry = `receive ${topic}`
      const untilMs = await onceAt(began, `wait for ${topic}`, () => Date.now() + timeoutMs)
      const before = recall(position, entry)
      if (before !== undefined) return unpackValue(before.value)
      for (;;) {
        if (resting.aborted) throw resting.reason
        const taken = await orStop(keeper.take({ position, name: entry }, topic))
        if (taken !== undefined) {
          if (!taken.kept) throw lost()
          return unpackValue(taken.body)
        }
        const leftMs = untilMs - Date.now()
        if (leftMs <= 0) {
          await keep(position, entry, undefined)
          return undefined
        }
        await raceAbort(
          keeper.messageMayHaveCome(AbortSignal.any([resting, AbortSignal.timeout(Math.min(leftMs, 2_147_483_647))])),
          resting,
        )
      }
    },
  }

  const work = async (): Promise<FlowEnding> => {
    try {
      const result = await code(createFlowContext(primitives), input as never)
      if (stop.signal.aborted || rest.signal.aborted) return suspendedOrFailed(stop.signal.reason)
      const left = known.get(next)
      if (next <= last) {
        throw differs(next, left?.name ?? 'another step', 'nothing more')
      }
      return { status: 'completed', result: packValue(`result of ${name}`, result) }
    } catch (error) {
      if (stop.signal.aborted || rest.signal.aborted) return suspendedOrFailed(stop.signal.reason)
      return failed(error)
    }
  }
  // code that hangs on something else must not hold whoever stops it
  const ending = raceAbort(work(), stop.signal).catch(() => suspendedOrFailed(stop.signal.reason))
  return {
    id,
    name,
    ending,
    suspend: async (graceMs) => {
      rest.abort(flowErrors.FLOW_SUSPENDED({ value: name }))
      const timer = setTimeout(() => stop.abort(flowErrors.FLOW_SUSPENDED({ value: name })), graceMs)
      await ending
      clearTimeout(timer)
    },
    abort: (reason) => stop.abort(reason),
  }
}

function failed(error: unknown): FlowEnding {
  const { code, message } = toErrorData(error)
  return { status: 'failed', error: JSON.stringify({ code, message }) }
}

/** a flow that was stopped goes on later, except where its own code is at fault. */
function suspendedOrFailed(reason: unknown): FlowEnding {
  return isLotusError(reason, 'FLOW_NOT_DETERMINISTIC') ? failed(reason) : { status: 'suspended' }
}
