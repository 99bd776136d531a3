// counts of this process' runs, for metrics and for what `lotus stop` reports.
import type { ReasoningStatistics, Run } from '../contract.ts'

/** durations kept for the histogram of metrics; older ones make room. */
const maximumDurations = 1000

export interface Statistics {
  count(run: Run): void
  read(): ReasoningStatistics
  /** what was done and spent since the start, in the shape of run/last-stop.json. */
  report(): { goals: Record<string, number>; cost_usd: number }
}

export function createStatistics(): Statistics {
  const runs: Record<string, number> = {}
  const durationMs: number[] = []
  let costMicroUsd = 0
  return {
    count(run) {
      const key = `${run.mode}/${run.status}`
      runs[key] = (runs[key] ?? 0) + 1
      durationMs.push(run.durationMs)
      if (durationMs.length > maximumDurations) durationMs.shift()
      costMicroUsd += run.costMicroUsd
    },
    read: () => ({ runs: { ...runs }, costMicroUsd, durationMs: [...durationMs] }),
    report() {
      const goals: Record<string, number> = {}
      for (const [key, count] of Object.entries(runs)) {
        const status = key.split('/')[1]!
        goals[status] = (goals[status] ?? 0) + count
      }
      return { goals, cost_usd: costMicroUsd / 1e6 }
    },
  }
}
