// whatever happens in whatever order: nothing acknowledged is lost, order is kept, and what is done stays done.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numbersOf } from '../infrastructure/conformance/journal.ts'
import { Kept, openBus, until, type TestBus } from './support.ts'

interface Outcome {
  /** failed tries before the handler succeeds; more than the limit: never. */
  readonly failures: number
  /** the handler waits for a turn of the event loop. */
  readonly slow: boolean
}

const outcome: fc.Arbitrary<Outcome> = fc.record({
  failures: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
  ),
  slow: fc.boolean(),
})

const maxAttempts = 3

describe('the bus, whatever handlers do and whenever it is reopened', () => {
  const run = async (outcomes: readonly Outcome[], reopenAfter: readonly number[], concurrency: number) => {
    let test: TestBus = openBus()
    const handled: number[] = []
    const tries = new Map<number, number>()
    const subscribe = (): void => {
      test.bus.subscribe({
        owner: 'listener',
        definition: Kept,
        options: { concurrency, maxAttempts },
        handler: async ({ number }) => {
          const tried = (tries.get(number) ?? 0) + 1
          tries.set(number, tried)
          if (outcomes[number]!.slow) await new Promise(setImmediate)
          if (tried <= outcomes[number]!.failures) throw new Error('not yet')
          handled.push(number)
        },
      })
    }
    subscribe()
    for (const number of outcomes.keys()) {
      const emitted = test.bus.emit('tester', Kept, { number })
      if (!reopenAfter.includes(number)) {
        if (number % 3 === 0) await emitted
        continue
      }
      await emitted
      test = await test.reopen()
      subscribe()
    }
    const parked = outcomes.filter((one) => one.failures >= maxAttempts).length
    await until(() => handled.length >= outcomes.length - parked)
    let dead: number[] = []
    while (dead.length < parked) {
      await new Promise(setImmediate)
      dead = numbersOf((await test.bus.deadLetters(1_000)).map((letter) => letter.event))
    }
    await test.bus.close()
    await test.journal.close()
    return { handled, dead }
  }

  const arguments_ = [
    fc.array(outcome, { minLength: 1, maxLength: 40 }),
    fc.array(fc.nat(39), { maxLength: 2 }),
  ] as const

  it('keeps order and handles or parks each event once, one at a time', async () => {
    await fc.assert(
      fc.asyncProperty(...arguments_, async (outcomes, reopenAfter) => {
        const { handled, dead } = await run(outcomes, reopenAfter, 1)
        const works = outcomes.flatMap((one, number) => (one.failures < maxAttempts ? [number] : []))
        expect(handled).toEqual(works)
        expect(dead.toSorted((left, right) => left - right)).toEqual(
          outcomes.flatMap((one, number) => (one.failures < maxAttempts ? [] : [number])),
        )
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  it('handles or parks each event once, several at a time', async () => {
    await fc.assert(
      fc.asyncProperty(...arguments_, async (outcomes, reopenAfter) => {
        const { handled, dead } = await run(outcomes, reopenAfter, 4)
        expect([...handled, ...dead].toSorted((left, right) => left - right)).toEqual(Array.from(outcomes.keys()))
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})
