// kill -9 at random moments, the short form of `npm run soak -- kill`: what was under way is done or not done, never half.
import { describe, expect, it } from 'vitest'
import { runKillRound, type RoundReport } from '../support/kill-rounds.ts'
import { shareLotus } from '../support/shared-lotus.ts'

const limitMs = 240_000
const rounds = 12
const own = shareLotus({ limitMs })

describe('kill -9 of nucleus and osd while goals run', () => {
  it(
    'leaves each effect done or not done, the chain whole and the next start healthy',
    { timeout: limitMs },
    async () => {
      const reports: RoundReport[] = []
      for (let round = 0; round < rounds; round += 1) {
        const victim = round % 2 === 0 ? 'nucleus' : 'osd'
        reports.push(await runKillRound(own, { round, victim, clients: 2, random: Math.random }))
        const verified = await own.lotus(['audit', 'verify', '--json'])
        expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true })
      }
      expect(reports.flatMap(({ faults }) => faults)).toEqual([])
      expect(reports.flatMap(({ mistold }) => mistold)).toEqual([])
      // a kill that never falls into a deed would prove nothing
      expect(reports.reduce((sum, { doneAfterAll, notDone }) => sum + doneAfterAll + notDone, 0)).toBeGreaterThan(0)
      expect((await own.stop()).code).toBe(0)
      expect(own.leftovers()).toEqual([])
      expect((await own.lotus(['audit', 'verify'])).code).toBe(0)
    },
  )
})
