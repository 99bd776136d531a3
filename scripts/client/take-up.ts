// takes up a goal whose stream has ended before it: its gateway was reloaded or restarted, and the goal goes on.
import { setTimeout as sleep } from 'node:timers/promises'
import { isLotusError } from '../../nucleus/errors.ts'
import { faultOf, isLoss } from './http.ts'
import type { Client } from './http.ts'
import { findNucleus } from './nucleus.ts'
import type { NucleusRecord, Place } from './place.ts'

// how long the gateway may be away; it is restarted within moments, or not at all.
const awayMs = 20_000
// a stream that lasted this long was a good one: what comes after it is a new loss.
const lastedMs = 5_000
const firstPauseMs = 50
const longestPauseMs = 1_000

export interface LostGoal {
  readonly traceId: string
  /** why its stream ended; thrown where it can't be taken up. */
  readonly lost: Error
  readonly place: Place
  /** the nucleus that works on it: another one knows only what became of it. */
  readonly pid: number
  readonly connect: (record: NucleusRecord) => Client
  /** the longest silence of the stream. */
  readonly silenceMs: number
  readonly signal: AbortSignal
}

/** the lines of a goal from here on; an open question is told again. @throws `lost` where there is nobody to ask */
export async function* takeUp(goal: LostGoal): AsyncGenerator<Record<string, unknown>, void> {
  const { place, pid, signal, lost } = goal
  let deadline = performance.now() + awayMs
  let pauseMs = firstPauseMs
  for (;;) {
    const record = findNucleus(place)
    if (record === undefined || record.pid !== pid || record.status === 'draining') throw lost
    const begun = performance.now()
    try {
      const lines = goal.connect(record).stream({
        path: `/goals/${encodeURIComponent(goal.traceId)}`,
        timeoutMs: goal.silenceMs,
        signal,
      })
      for await (const line of lines) {
        const fault = line['type'] === 'error' ? faultOf(line) : undefined
        if (isLoss(fault)) throw fault
        yield line
        if (line['type'] === 'outcome' || line['type'] === 'error') return
      }
    } catch (fault) {
      if (signal.aborted) throw lost
      const mayPass = isLoss(fault) || (isLotusError(fault) && fault.retryable)
      if (!mayPass) throw lost
    }
    if (performance.now() - begun > lastedMs) {
      deadline = performance.now() + awayMs
      pauseMs = firstPauseMs
    }
    if (performance.now() > deadline) throw lost
    await sleep(pauseMs)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}
