// two workers against one: the same events, each of which waits for something slow, as far as they come in a time.
import { setTimeout as pause } from 'node:timers/promises'
import { openNucleiSystem } from '../../support/nuclei/system.ts'
import { compared, defineBench } from '../bench.ts'

const settleMs = 2_000
const batch = 500

export default defineBench({
  name: 'workers',
  kind: 'bench',
  description:
    'events that two workers do in a time, each with 10 ms of waiting and a write to Postgres, against one worker',
  run: async ({ seconds }) => {
    const one = await rateOf(1, seconds)
    const two = await rateOf(2, seconds)
    return [
      compared({
        metric: 'events that two workers do',
        unit: 'events/s',
        value: two,
        peer: { name: 'one worker', value: one },
        atLeast: 1.6,
      }),
    ]
  },
})

/** there is always something to do; what is done within the time counts. */
async function rateOf(workers: number, seconds: number): Promise<number> {
  const system = await openNucleiSystem({ workers, roles: ['worker'] })
  const stop = new AbortController()
  try {
    for (const nucleus of system.nuclei) await nucleus.start()
    let appended = 0
    let done = 0
    const feeding = (async () => {
      while (!stop.signal.aborted) {
        if (appended - done > 4 * batch) await pause(20)
        else await Promise.all(Array.from({ length: batch }, () => system.append((appended += 1))))
      }
    })()
    await pause(settleMs)
    const count = async (): Promise<number> => (done = await system.tries())
    const [before, startedAt] = [await count(), performance.now()]
    while (performance.now() - startedAt < seconds * 500) {
      await pause(200)
      await count()
    }
    const rate = ((await count()) - before) / ((performance.now() - startedAt) / 1_000)
    stop.abort()
    await feeding
    return rate
  } finally {
    stop.abort()
    await system.dispose()
  }
}
