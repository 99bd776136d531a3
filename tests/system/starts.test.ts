// starts after every way to end, the short form of `npm run soak -- starts`: healthy each time, whatever was before.
import { describe, expect, it } from 'vitest'
import { shareLotus } from '../support/shared-lotus.ts'
import { compileCacheOf, runStartRound, type StartReport } from '../support/start-rounds.ts'

const limitMs = 240_000
// every way to end twice, and two starts without any cache
const rounds = 10
const own = shareLotus({
  limitMs,
  prepare: ({ environment, base }) => {
    environment['NODE_COMPILE_CACHE'] = compileCacheOf(base)
  },
})

describe('a start', () => {
  it(
    'is healthy after a stop, after kill -9 at work or in a boot, and without any cache',
    { timeout: limitMs },
    async () => {
      const reports: StartReport[] = []
      for (let round = 0; round < rounds; round += 1) {
        reports.push(await runStartRound(own, { round, random: Math.random }))
      }
      expect(reports.flatMap(({ faults }) => faults)).toEqual([])
      expect((await own.lotus(['audit', 'verify'])).code).toBe(0)
      expect((await own.stop()).code).toBe(0)
      expect(own.leftovers()).toEqual([])
    },
  )
})
