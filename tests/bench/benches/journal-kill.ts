// kill -9 of the process that owns the journal, again and again: nothing that was acknowledged may be lost.
import { killAgainAndAgain } from '../../nucleus/infrastructure/killed-journal.ts'
import type { JournalDurability } from '../../../nucleus/events/journal.ts'
import { defineBench, type BenchResult } from '../bench.ts'

/** kills of one journal, before a fresh one is begun. */
const killsAtOnce = 20

export default defineBench({
  name: 'journal-kill',
  kind: 'soak',
  description: 'kill -9 at random moments while events are emitted and handled, in both durabilities',
  run: async ({ seconds }) => [...(await soak('normal', seconds / 2)), ...(await soak('strict', seconds / 2))],
})

async function soak(durability: JournalDurability, seconds: number): Promise<BenchResult[]> {
  const endAt = performance.now() + seconds * 1_000
  let [kills, acknowledged, lost, disordered, repeated] = [0, 0, 0, 0, 0]
  do {
    const report = await killAgainAndAgain(killsAtOnce, durability)
    kills += report.kills
    acknowledged += report.acknowledged
    lost += report.lost.length
    disordered += report.disordered.length
    repeated += report.repeated
  } while (performance.now() < endAt)
  const none = (metric: string, value: number): BenchResult => ({
    metric: `${durability}: ${metric}`,
    value,
    unit: 'events',
    target: '0',
    ok: value === 0,
  })
  return [
    { metric: `${durability}: kills`, value: kills, unit: 'kills' },
    { metric: `${durability}: acknowledged`, value: acknowledged, unit: 'events' },
    none('acknowledged and lost', lost),
    none('out of order at first delivery', disordered),
    { metric: `${durability}: handled again after a kill`, value: repeated, unit: 'events' },
  ]
}
