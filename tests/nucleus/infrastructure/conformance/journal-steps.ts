// what holds for every journal in whatever order things happen: everything comes until it is settled, and never after that.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Delivery, Journal } from '../../../../nucleus/events/journal.ts'
import { collect, counted, numbersOf, type JournalFixture } from './journal.ts'

/** the process dies this often at most: after ten deaths an event is parked, which is another test's. */
const mostCrashes = 8

export interface StepsFixture extends JournalFixture {
  /** what is opened next finds what a kill -9 at this moment would have left. the one before is closed at the end. */
  crash(): Promise<void> | void
  /** the server goes away, in one of its ways; absent where there is none. */
  lose?(way: LossWay): Promise<void>
  /** it is back, and the journal knows. */
  comeBack?(journal: Journal): Promise<void>
}

export type LossWay = 'killed' | 'stopped'

type Step =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'settle'; readonly pick: number; readonly how: 'acknowledge' | 'fail' | 'park' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'crash' }
  | { readonly kind: 'retain' }
  | { readonly kind: 'lose'; readonly way: LossWay }
  | { readonly kind: 'come back' }

const step = (loses: boolean): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 12 }) }),
    },
    {
      weight: 16,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        pick: fc.nat(),
        how: fc.constantFrom(
          'acknowledge' as const,
          'acknowledge' as const,
          'acknowledge' as const,
          'fail' as const,
          'park' as const,
        ),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'reopen' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'crash' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'retain' as const }) },
    ...(loses
      ? [
          {
            weight: 1,
            arbitrary: fc.record({
              kind: fc.constant('lose' as const),
              way: fc.constantFrom('killed' as const, 'stopped' as const),
            }),
          },
          { weight: 1, arbitrary: fc.constant({ kind: 'come back' as const }) },
        ]
      : []),
  )

export interface StepsOptions {
  readonly runs: number
  readonly loses: boolean
}

export function journalSteps(
  name: string,
  make: () => Promise<StepsFixture> | StepsFixture,
  options: StepsOptions,
): void {
  describe(`the journal, in any order of steps: ${name}`, () => {
    const work = async (steps: readonly Step[], credit: number): Promise<void> => {
      const fixture = await make()
      let journal = await fixture.open()
      const crashed: Journal[] = []
      let away = false
      let appended = 0
      const settled = new Set<number>()
      let held = new Map<number, Delivery>()
      let group = join()
      // first deliveries only ever go up.
      let newest = 0

      function join() {
        held = new Map()
        return collect(journal, { concurrency: 4, credit })
      }
      const comeBack = async (): Promise<void> => {
        if (away) await fixture.comeBack?.(journal)
        away = false
      }
      const notice = async (): Promise<void> => {
        await journal.flush()
        for (const delivery of group.got.splice(0)) {
          const number = numbersOf([delivery.event])[0]!
          expect(settled).not.toContain(number)
          expect(held).not.toContain(number)
          expect(number).toBeLessThanOrEqual(newest + 1)
          newest = Math.max(newest, number)
          held.set(number, delivery)
        }
        expect(held.size).toBeLessThanOrEqual(credit)
      }
      const settle = (number: number, how: 'acknowledge' | 'fail' | 'park'): void => {
        const delivery = held.get(number)!
        if (how === 'fail') group.group.noteFailure(delivery, { error: 'no', retryAtMs: 0 })
        else {
          if (how === 'park') group.group.park(delivery, 'no')
          else group.group.acknowledge(delivery)
          held.delete(number)
          settled.add(number)
        }
      }
      const take = async (one: Step): Promise<void> => {
        if (one.kind === 'append') {
          await Promise.all(Array.from({ length: one.count }, () => journal.append(counted((appended += 1)))))
        } else if (one.kind === 'retain') {
          await comeBack()
          await journal.retain({ maxAgeMs: -1_000, maxBytes: 0 })
        } else if (one.kind === 'reopen') {
          await comeBack()
          await journal.close()
          journal = await fixture.open()
          group = join()
        } else if (one.kind === 'crash') {
          // what was settled is durable with the flush; what comes after it may be given out again.
          await comeBack()
          await journal.flush()
          await fixture.crash()
          crashed.push(journal)
          journal = await fixture.open()
          group = join()
        } else if (one.kind === 'lose') {
          await comeBack()
          away = true
          await fixture.lose?.(one.way)
        } else if (one.kind === 'come back') {
          await comeBack()
        } else if (held.size > 0) {
          settle(Array.from(held.keys())[one.pick % held.size]!, one.how)
        }
      }

      try {
        for (const one of steps) {
          if (one.kind === 'crash' && crashed.length >= mostCrashes) continue
          await notice()
          await take(one)
        }
        await comeBack()
        // whatever is left comes, in the end.
        for (;;) {
          await notice()
          if (settled.size === appended) break
          expect(held.size).toBeGreaterThan(0)
          for (const number of Array.from(held.keys())) settle(number, 'acknowledge')
        }
        expect((await journal.statistics()).lag).toEqual({ group: 0 })
      } finally {
        await comeBack()
        for (const one of [...crashed, journal]) await one.close()
        await fixture.dispose()
      }
    }

    it('delivers everything until it is settled, in order, and nothing after that', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step(options.loses), { maxLength: 60 }), fc.constantFrom(2, 8, 64), work),
        {
          numRuns: options.runs,
          examples: [
            // a reopened group whose next events are all done already must read on: found by this property.
            [
              [
                { kind: 'append', count: 3 },
                { kind: 'settle', pick: 452176993, how: 'acknowledge' },
                { kind: 'settle', pick: 570180837, how: 'acknowledge' },
                { kind: 'append', count: 1 },
                { kind: 'reopen' },
                { kind: 'settle', pick: 0, how: 'acknowledge' },
                { kind: 'reopen' },
              ],
              2,
            ],
          ],
        },
      )
    }, 120_000)
  })
}
