// kill -9 of the process that owns the journal, again and again: nothing that was acknowledged may be lost.
import { killAgainAndAgain, type KilledServer } from '../../nucleus/infrastructure/killed-journal.ts'
import type { JournalDurability } from '../../../nucleus/events/journal.ts'
import { hasRedis, startRedis } from '../../support/servers/redis.ts'
import { defineBench, type BenchResult } from '../bench.ts'

/** kills of one journal, before a fresh one is begun. */
const killsAtOnce = 20

export default defineBench({
  name: 'journal-kill',
  kind: 'soak',
  description: 'kill -9 at random moments while events are emitted and handled: SQLite in both durabilities, Redis',
  run: async ({ seconds }) => [
    ...(await soak('normal', 'normal', seconds / 3)),
    ...(await soak('strict', 'strict', seconds / 3)),
    ...(hasRedis() ? await soakRedis(seconds / 3) : []),
  ],
})

/** Redis is killed as well, in half of the rounds. */
async function soakRedis(seconds: number): Promise<BenchResult[]> {
  const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always'])
  try {
    return await soak('Redis, strict', 'strict', seconds, server)
  } finally {
    await server.dispose()
  }
}

async function soak(
  name: string,
  durability: JournalDurability,
  seconds: number,
  server?: KilledServer,
): Promise<BenchResult[]> {
  const endAt = performance.now() + seconds * 1_000
  let [kills, acknowledged, lost, disordered, repeated] = [0, 0, 0, 0, 0]
  do {
    const report = await killAgainAndAgain(killsAtOnce, durability, Math.random, server)
    kills += report.kills
    acknowledged += report.acknowledged
    lost += report.lost.length
    disordered += report.disordered.length
    repeated += report.repeated
  } while (performance.now() < endAt)
  const none = (metric: string, value: number): BenchResult => ({
    metric: `${name}: ${metric}`,
    value,
    unit: 'events',
    target: '0',
    ok: value === 0,
  })
  return [
    { metric: `${name}: kills`, value: kills, unit: 'kills' },
    { metric: `${name}: acknowledged`, value: acknowledged, unit: 'events' },
    none('acknowledged and lost', lost),
    none('out of order at first delivery', disordered),
    { metric: `${name}: handled again after a kill`, value: repeated, unit: 'events' },
  ]
}
