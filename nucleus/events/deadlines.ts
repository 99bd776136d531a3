// one timer for all the running handlers of a subscription: setting one for each would cost more than most handlers.

export interface Deadlines<Run extends { startedAt: number }> {
  start(run: Run): void
  end(run: Run): void
  close(): void
}

/**
 * `late` is called for each run that has not ended `timeoutMs` after its start; it is forgotten then.
 * all runs have the same limit, so the oldest is always the next one to be late.
 */
export function createDeadlines<Run extends { startedAt: number }>(
  timeoutMs: number,
  late: (run: Run) => void,
): Deadlines<Run> {
  const running = new Set<Run>()
  let timer: NodeJS.Timeout | undefined

  const check = (): void => {
    timer = undefined
    const now = performance.now()
    for (const run of running) {
      const leftMs = run.startedAt + timeoutMs - now
      if (leftMs > 0) {
        timer = setTimeout(check, leftMs + 1)
        timer.unref()
        return
      }
      running.delete(run)
      late(run)
    }
  }

  return {
    start: (run) => {
      running.add(run)
      if (timer !== undefined) return
      timer = setTimeout(check, timeoutMs)
      timer.unref()
    },
    end: (run) => {
      running.delete(run)
    },
    close: () => {
      clearTimeout(timer)
      timer = undefined
      running.clear()
    },
  }
}
