// how long to wait before an event is tried again.

export interface Backoff {
  /** wait after the first failed try, milliseconds. */
  readonly baseMs: number
  /** greatest wait, milliseconds. */
  readonly maxMs: number
}

export const defaultBackoff: Backoff = { baseMs: 200, maxMs: 60_000 }

/**
 * doubles with each failed try; half of it is random, so that many events that failed together don't come back together
 * ("equal jitter", AWS Architecture Blog, Exponential Backoff And Jitter, 2015).
 */
export function backoffMs(backoff: Backoff, failedTries: number, random: () => number = Math.random): number {
  const fullMs = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(failedTries - 1, 30))
  return Math.round(fullMs / 2 + (fullMs / 2) * random())
}
