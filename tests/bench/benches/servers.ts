// Postgres, Redis and ChromaDB killed, paused and cut off under load: LOTUS takes each up again by itself and loses nothing.
import { faults, runServerRounds, type Resource, type ServerRound } from '../../support/server-rounds.ts'
import { defineBench, type BenchResult } from '../bench.ts'
import { percentile } from '../measure.ts'

const times = 20
const usualSeconds = 10
/** about what the three faults take at the three servers, which fail beside each other. */
const roundSeconds = 12
const recoverWithinMs = 10_000

export default defineBench({
  name: 'servers',
  kind: 'soak',
  limitSeconds: 3_600,
  description:
    'Postgres, Redis, ChromaDB each killed, paused and cut 20 times under load (--seconds N: as often as fits, about)',
  run: async ({ seconds }) => {
    const each = seconds === usualSeconds ? times : Math.max(1, Math.round(seconds / roundSeconds))
    const { rounds, problems, acknowledged } = await runServerRounds({
      times: each,
      recoverWithinMs,
      random: Math.random,
    })
    for (const problem of problems.slice(0, 50)) console.error(problem)
    const resources: readonly Resource[] = ['store', 'cache', 'vectors']
    return [
      ...resources.flatMap((resource) =>
        resultsOf(
          resource,
          rounds.filter((round) => round.resource === resource),
        ),
      ),
      { metric: 'writes acknowledged', value: acknowledged, unit: '' },
      {
        metric: 'lost, doubled or done although refused',
        value: problems.length,
        unit: '',
        target: '0',
        ok: problems.length === 0,
      },
    ]
  },
})

function resultsOf(resource: Resource, rounds: readonly ServerRound[]): BenchResult[] {
  const recovered = rounds.flatMap(({ recoveredMs }) => recoveredMs ?? [])
  const noticed = rounds.map(({ noticedMs }) => noticedMs)
  return [
    {
      metric: `${resource}: recovered of ${rounds.length} (${faults.join(', ')})`,
      value: recovered.length,
      unit: '',
      target: `${rounds.length}`,
      ok: recovered.length === rounds.length,
    },
    { metric: `${resource}: recovered, p95`, value: percentile(recovered, 0.95), unit: 'ms' },
    { metric: `${resource}: recovered, longest`, value: percentile(recovered, 1), unit: 'ms' },
    { metric: `${resource}: loss noticed, p50`, value: percentile(noticed, 0.5), unit: 'ms' },
    { metric: `${resource}: loss noticed, longest`, value: percentile(noticed, 1), unit: 'ms' },
  ]
}
