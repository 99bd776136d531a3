// how long goals take, by how they were served and how they ended; heard from the live event, once a goal.
import type { ModuleContext } from '../../../nucleus/modules/module.ts'
import { GoalCompleted } from '../../reasoning/contract.ts'
import { createDistribution, type Distribution, type DistributionSnapshot } from './distribution.ts'

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

export interface GoalTally {
  durations(): readonly DistributionSnapshot[]
}

/** begins to listen. */
export function openGoalTally(on: ModuleContext['on']): GoalTally {
  const all = new Map<string, Distribution>()
  on(
    GoalCompleted,
    ({ mode, status, durationMs }) => {
      const key = `${mode}/${status}`
      let one = all.get(key)
      if (one === undefined) all.set(key, (one = createDistribution(bounds, { mode, status })))
      one.observe(durationMs / 1_000)
    },
    { live: true, name: 'durations' },
  )
  return Object.freeze({ durations: () => Array.from(all.values(), (one) => one.snapshot()) })
}
