// a day in seconds, the short form of `npm run soak -- day`: everything ends as it should, and nothing stays open.
import { describe, expect, it } from 'vitest'
import { liveThroughDay } from '../support/busy-day.ts'
import { shareLotus } from '../support/shared-lotus.ts'

const limitMs = 300_000
const own = shareLotus({ limitMs })

describe('goals, events, streams, wrong requests and reloads, all at once', () => {
  it('end as they should, and leave no descriptor, process or timer', { timeout: limitMs }, async () => {
    const { goals, reloads, streams, commands, wrong, left, errors } = await liveThroughDay(own, { seconds: 30 })
    expect(wrong).toEqual([])
    expect(errors).toEqual([])
    expect(left).toEqual([])
    expect(Math.min(goals, reloads, streams, commands)).toBeGreaterThan(0)
    // memory needs an hour to say something: `npm run soak -- day`
    expect((await own.stop()).code).toBe(0)
    expect(own.leftovers()).toEqual([])
  })
})
