// a nucleus and workers of one system, each killed at random moments under load; their bench is in workers.ts.
import { killNucleiAgainAndAgain } from '../../support/nuclei/rounds.ts'
import { defineBench, type BenchResult } from '../bench.ts'
import { percentile } from '../measure.ts'

const fullKills = 200
/** about what a kill and the start after it take; the runner's usual ten seconds: all of them. */
const roundSeconds = 1.5
const usualSeconds = 10

export default defineBench({
  name: 'nuclei',
  kind: 'soak',
  limitSeconds: 3_600,
  description:
    'a nucleus and two workers, one killed at 200 random moments under load (--seconds N: as many as fit, about)',
  run: async ({ seconds }) => {
    const kills = seconds === usualSeconds ? fullKills : Math.max(2, Math.round(seconds / roundSeconds))
    const rounds = await killNucleiAgainAndAgain({ workers: 2, kills, eventsPerSecond: 200, random: Math.random })
    const none = (metric: string, value: number): BenchResult => ({
      metric,
      value,
      unit: '',
      target: '0',
      ok: value === 0,
    })
    return [
      { metric: 'kills of the nucleus', value: rounds.kills.nucleus, unit: '' },
      { metric: 'kills of workers', value: rounds.kills.workers, unit: '' },
      { metric: 'events acknowledged', value: rounds.acknowledged, unit: '' },
      none('acknowledged and lost', rounds.lost),
      none('effects twice', rounds.doubled),
      { metric: 'work begun once more, without a second effect', value: rounds.repeated, unit: '' },
      { metric: 'processes that had a part in it', value: rounds.lives, unit: '' },
      { metric: 'healthy again after a kill, p95', value: percentile([...rounds.recoveredMs], 0.95), unit: 'ms' },
      { metric: 'everything done after the last event', value: rounds.settledMs, unit: 'ms' },
    ]
  },
})
