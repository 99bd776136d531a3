// how often a module may be restarted: Erlang/OTP's restart intensity, a number of restarts within a period.

export interface RestartBudget {
  /** takes one restart; false when there were more than `intensity` within the period. */
  take(): boolean
  /** restarts within the period, the last ones. */
  spent(): number
  /** how long to wait before the next restart, milliseconds; doubles with each one spent. */
  delayMs(): number
}

const firstDelayMs = 100
const maxDelayMs = 10_000

/**
 * a sliding window over the times of restarts (https://www.erlang.org/doc/system/sup_princ.html, "Maximum Restart
 * Intensity"); the growing delay is ours, OTP has none.
 */
export function createRestartBudget(
  limits: { readonly intensity: number; readonly periodMs: number },
  now: () => number = Date.now,
): RestartBudget {
  let times: number[] = []
  const forget = (): void => {
    const since = now() - limits.periodMs
    times = times.filter((time) => time > since)
  }
  return Object.freeze({
    take: () => {
      forget()
      if (times.length >= limits.intensity) return false
      times.push(now())
      return true
    },
    spent: () => {
      forget()
      return times.length
    },
    delayMs: () => Math.min(maxDelayMs, firstDelayMs * 2 ** Math.max(0, times.length - 1)),
  })
}
