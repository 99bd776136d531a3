// what every journal must do; a backend's test calls it with a factory that opens the same journal again and again.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEnvelope } from '../../../../nucleus/events/envelope.ts'
import { defineEvent, type EventEnvelope } from '../../../../nucleus/events/event.ts'
import type { Delivery, GroupOptions, Journal, JournalGroup } from '../../../../nucleus/events/journal.ts'
import { createTraceId, createTraceparent } from '../../../../nucleus/identifiers.ts'
import { z } from 'zod'

export interface JournalFixture {
  /** opens the journal's state, the same one each time. */
  open(): Promise<Journal> | Journal
  /** forgets the state. */
  dispose(): Promise<void>
}

export const Counted = defineEvent({
  type: 'test.counted',
  durability: 'journaled',
  description: 'carries a number.',
  data: z.object({ number: z.number(), text: z.string().optional() }),
})
export const Noted = defineEvent({
  type: 'test.noted',
  durability: 'journaled',
  description: 'carries another number.',
  data: z.object({ number: z.number() }),
})

const traceparent = createTraceparent(createTraceId())

export function counted(number: number, trace = traceparent): EventEnvelope<{ number: number }> {
  return createEnvelope('test', Counted, { number }, trace)
}

function noted(number: number): EventEnvelope {
  return createEnvelope('test', Noted, { number }, traceparent)
}

export function numbersOf(events: readonly EventEnvelope[]): number[] {
  return events.map((event) => (event.data as { number: number }).number)
}

/** a group that keeps what it gets and lets the test settle it. */
export function collect(
  journal: Journal,
  options: Partial<GroupOptions> = {},
): { group: JournalGroup; got: Delivery[]; numbers(): number[]; until(count: number): Promise<void> } {
  const got: Delivery[] = []
  let wake: (() => void) | undefined
  const group = journal.join(
    { name: 'group', types: ['test.counted'], from: 'beginning', concurrency: 1, credit: 16, ...options },
    (delivery) => {
      got.push(delivery)
      wake?.()
    },
  )
  return {
    group,
    got,
    numbers: () => numbersOf(got.map((delivery) => delivery.event)),
    until: async (count) => {
      while (got.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

export function journalConformance(name: string, make: () => Promise<JournalFixture> | JournalFixture): void {
  describe(`journal: ${name}`, () => {
    let fixture: JournalFixture
    let journal: Journal

    beforeEach(async () => {
      fixture = await make()
      journal = await fixture.open()
    })
    afterEach(async () => {
      await journal.close()
      await fixture.dispose()
    })

    const reopen = async (): Promise<void> => {
      await journal.close()
      journal = await fixture.open()
    }
    const append = async (...numbers: number[]): Promise<string[]> =>
      Promise.all(numbers.map((number) => journal.append(counted(number))))

    describe('append and read', () => {
      it('gives back what was appended, in order', async () => {
        const event = counted(1)
        await journal.append(event)
        await journal.append(noted(2))
        const read = await journal.read()
        expect(read[0]).toEqual(event)
        expect(numbersOf(read)).toEqual([1, 2])
      })

      it('reads by position, type, trace and limit', async () => {
        const other = createTraceparent(createTraceId())
        const ids = await append(1, 2, 3, 4)
        await journal.append(noted(5))
        await journal.append(counted(6, other))
        expect(numbersOf(await journal.read({ after: ids[1]! }))).toEqual([3, 4, 5, 6])
        expect(numbersOf(await journal.read({ after: ids[0]!, until: ids[2]! }))).toEqual([2, 3])
        expect(numbersOf(await journal.read({ types: ['test.noted'] }))).toEqual([5])
        expect(numbersOf(await journal.read({ types: ['test.noted', 'test.counted'], limit: 2 }))).toEqual([1, 2])
        expect(numbersOf(await journal.read({ traceId: other.split('-')[1]! }))).toEqual([6])
        expect(numbersOf(await journal.read({ types: ['test.never'] }))).toEqual([])
      })

      it('keeps everything over a close', async () => {
        await append(1, 2)
        await reopen()
        expect(numbersOf(await journal.read())).toEqual([1, 2])
        await append(3)
        expect(numbersOf(await journal.read())).toEqual([1, 2, 3])
      })

      it('knows its newest position', async () => {
        expect(journal.position()).toBeUndefined()
        const [id] = await append(1)
        expect(journal.position()).toBe(id)
        await reopen()
        expect(journal.position()).toBe(id)
      })

      it('refuses an id that is not greater than the newest', async () => {
        const early = counted(1)
        await append(2)
        await expect(journal.append(early)).rejects.toMatchObject({ code: 'JOURNAL_ORDER' })
      })

      it('refuses what is too large or not plain', async () => {
        const large = createEnvelope('test', Counted, { number: 1, text: 'x'.repeat(1_100_000) }, traceparent)
        await expect(journal.append(large)).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' })
        const odd = { ...counted(1), data: { number: 1n } }
        await expect(journal.append(odd)).rejects.toMatchObject({ code: 'EVENT_NOT_PLAIN' })
      })

      it('refuses a position that is none', async () => {
        await expect(journal.read({ after: 'yesterday' })).rejects.toMatchObject({ code: 'INVALID_POSITION' })
      })

      it('refuses everything after close', async () => {
        await journal.close()
        await expect(journal.append(counted(1))).rejects.toMatchObject({ code: 'JOURNAL_CLOSED' })
        await expect(journal.read()).rejects.toMatchObject({ code: 'JOURNAL_CLOSED' })
      })
    })

    describe('groups', () => {
      it('deliver in order what comes, once', async () => {
        const group = collect(journal)
        await append(1, 2, 3)
        await group.until(3)
        for (const delivery of group.got) group.group.acknowledge(delivery)
        await journal.flush()
        expect(group.numbers()).toEqual([1, 2, 3])
      })

      it('begin now or at the beginning', async () => {
        await append(1, 2)
        const late = collect(journal, { name: 'late', from: 'now' })
        const early = collect(journal, { name: 'early', from: 'beginning' })
        await append(3)
        await early.until(3)
        await late.until(1)
        expect(late.numbers()).toEqual([3])
        expect(early.numbers()).toEqual([1, 2, 3])
      })

      it('go on after the last acknowledged event', async () => {
        const before = collect(journal)
        await append(1, 2, 3)
        await before.until(3)
        before.group.acknowledge(before.got[0]!)
        await reopen()
        const after = collect(journal, { from: 'now' })
        await after.until(2)
        expect(after.numbers()).toEqual([2, 3])
        expect(after.got.map((delivery) => delivery.attempts)).toEqual([0, 0])
      })

      it('remember what was acknowledged out of order', async () => {
        const before = collect(journal, { concurrency: 4 })
        await append(1, 2, 3, 4)
        await before.until(4)
        before.group.acknowledge(before.got[1]!)
        before.group.acknowledge(before.got[3]!)
        await reopen()
        const after = collect(journal, { concurrency: 4 })
        await after.until(2)
        await append(5)
        await after.until(3)
        expect(after.numbers()).toEqual([1, 3, 5])
      })

      it('get no other types', async () => {
        const group = collect(journal)
        await journal.append(noted(1))
        await append(2)
        await group.until(1)
        expect(group.numbers()).toEqual([2])
      })

      it('hold no more than their credit and go on when some is free', async () => {
        const group = collect(journal, { credit: 4 })
        await append(...Array.from({ length: 20 }, (_, index) => index))
        await journal.flush()
        expect(group.got).toHaveLength(4)
        const settled = new Set<Delivery>()
        while (settled.size < 20) {
          for (const delivery of group.got) {
            if (settled.has(delivery)) continue
            settled.add(delivery)
            group.group.acknowledge(delivery)
          }
          expect(group.got.length - settled.size).toBeLessThanOrEqual(4)
          if (settled.size < 20) await group.until(settled.size + 1)
        }
        expect(group.numbers()).toEqual(Array.from({ length: 20 }, (_, index) => index))
      })

      it('go on behind an event that takes long, which is delivered again when it was not done', async () => {
        const before = collect(journal, { concurrency: 4 })
        const count = 1_500
        await append(0)
        await before.until(1)
        for (let number = 1; number <= count; number += 1) {
          await append(number)
          await before.until(number + 1)
          before.group.acknowledge(before.got[number]!)
        }
        expect(before.numbers()).toEqual(Array.from({ length: count + 1 }, (_, index) => index))
        await journal.flush()
        expect((await journal.statistics()).lag).toEqual({ group: 1 })
        await reopen()
        const after = collect(journal, { concurrency: 4 })
        await after.until(1)
        expect(after.numbers()).toEqual([0])
        expect(after.got[0]).toMatchObject({ attempts: 0 })
        after.group.acknowledge(after.got[0]!)
        await reopen()
        const last = collect(journal, { concurrency: 4 })
        await append(count + 1)
        await last.until(1)
        expect(last.numbers()).toEqual([count + 1])
      })

      it('know how often an event has failed, over a close', async () => {
        const before = collect(journal)
        await append(1, 2)
        await before.until(2)
        const retryAtMs = Date.now() + 60_000
        before.group.noteFailure(before.got[0]!, { error: 'no', retryAtMs })
        before.group.noteFailure(before.got[0]!, { error: 'no', retryAtMs })
        before.group.acknowledge(before.got[1]!)
        await reopen()
        const after = collect(journal)
        await after.until(1)
        expect(after.numbers()).toEqual([1])
        expect(after.got[0]).toMatchObject({ attempts: 2, notBeforeMs: retryAtMs })
        after.group.acknowledge(after.got[0]!)
        await reopen()
        const last = collect(journal)
        await append(3)
        await last.until(1)
        expect(last.numbers()).toEqual([3])
      })

      it('can be held once only', () => {
        collect(journal)
        expect(() => collect(journal)).toThrow(expect.objectContaining({ code: 'GROUP_TAKEN' }))
      })

      it('are taken over where the one before stopped', async () => {
        const old = collect(journal)
        await append(1, 2)
        await old.until(2)
        const next = collect(journal, { takeOver: true })
        await append(3)
        await old.until(3)
        old.group.acknowledge(old.got[0]!)
        await old.group.close()
        await next.group.ready
        await next.until(2)
        expect(next.numbers()).toEqual([2, 3])
      })

      it('ignore what is settled after they were left', async () => {
        const old = collect(journal)
        await append(1)
        await old.until(1)
        await old.group.close()
        old.group.acknowledge(old.got[0]!)
        const next = collect(journal)
        await next.until(1)
        expect(next.numbers()).toEqual([1])
      })

      it('show their lag', async () => {
        const group = collect(journal, { credit: 2 })
        await append(1, 2, 3)
        await group.until(2)
        expect((await journal.statistics()).lag).toEqual({ group: 3 })
        group.group.acknowledge(group.got[0]!)
        expect((await journal.statistics()).lag).toEqual({ group: 2 })
      })
    })

    describe('dead letters', () => {
      const park = async (): Promise<string> => {
        const group = collect(journal)
        const [id] = await append(1)
        await group.until(1)
        group.group.park(group.got[0]!, 'it never works')
        await group.group.close()
        return id!
      }

      it('are listed with group, event, tries and reason', async () => {
        const id = await park()
        const [letter] = await journal.deadLetters()
        expect(letter).toMatchObject({ group: 'group', attempts: 1, error: 'it never works', event: { id } })
        expect((await journal.statistics()).deadLetters).toBe(1)
      })

      it('are not delivered again by themselves', async () => {
        await park()
        await reopen()
        const group = collect(journal)
        await append(2)
        await group.until(1)
        expect(group.numbers()).toEqual([2])
      })

      it('are delivered once more when replayed, also after retention', async () => {
        const id = await park()
        await journal.retain({ maxAgeMs: -1_000, maxBytes: 0 })
        expect(await journal.read()).toEqual([])
        const group = collect(journal)
        await journal.replayDeadLetter('group', id)
        await group.until(1)
        expect(group.got[0]).toMatchObject({ attempts: 0, event: { id } })
        expect(await journal.deadLetters()).toEqual([])
      })

      it('can be dropped, once', async () => {
        const id = await park()
        await journal.dropDeadLetter('group', id)
        expect(await journal.deadLetters()).toEqual([])
        await expect(journal.dropDeadLetter('group', id)).rejects.toMatchObject({ code: 'DEAD_LETTER_UNKNOWN' })
      })
    })

    describe('replay', () => {
      it('delivers a range to one group again', async () => {
        const group = collect(journal)
        const ids = await append(1, 2, 3, 4)
        await group.until(4)
        for (const delivery of group.got) group.group.acknowledge(delivery)
        expect(await journal.replay('group', { after: ids[0]!, until: ids[2]! })).toBe(2)
        await group.until(6)
        expect(group.numbers()).toEqual([1, 2, 3, 4, 2, 3])
      })

      it('refuses a group that nobody knows', async () => {
        await expect(journal.replay('nobody', {})).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' })
      })
    })

    describe('retention', () => {
      it('drops what every group has acknowledged and nothing else', async () => {
        const fast = collect(journal, { name: 'fast' })
        const slow = collect(journal, { name: 'slow' })
        await append(1, 2, 3)
        await journal.append(noted(4))
        await Promise.all([fast.until(3), slow.until(3)])
        for (const delivery of fast.got) fast.group.acknowledge(delivery)
        slow.group.acknowledge(slow.got[0]!)
        slow.group.noteFailure(slow.got[1]!, { error: 'no', retryAtMs: 0 })
        await journal.flush()
        expect(await journal.retain({ maxAgeMs: -1_000, maxBytes: Number.MAX_SAFE_INTEGER })).toBe(2)
        expect(numbersOf(await journal.read())).toEqual([2, 3])
      })

      it('keeps what is young', async () => {
        await append(1)
        expect(await journal.retain({ maxAgeMs: 60_000, maxBytes: Number.MAX_SAFE_INTEGER })).toBe(0)
      })

      it('waits for a group that is not joined now, until it is dropped', async () => {
        const group = collect(journal)
        await group.group.close()
        await append(1)
        expect(await journal.retain({ maxAgeMs: -1_000, maxBytes: 0 })).toBe(0)
        await journal.dropGroup('group')
        expect(await journal.retain({ maxAgeMs: -1_000, maxBytes: 0 })).toBe(1)
      })
    })

    it('tells a listener every event after its commit, and a throw stops nobody', async () => {
      const heard: number[] = []
      const second = Promise.withResolvers<void>()
      const third = Promise.withResolvers<void>()
      journal.listen(() => {
        throw new Error('a bad listener')
      })
      const stop = journal.listen((event) => {
        heard.push(...numbersOf([event]))
        if (heard.length === 2) second.resolve()
      })
      await append(1, 2)
      await second.promise
      stop()
      journal.listen((event) => {
        if (numbersOf([event])[0] === 3) third.resolve()
      })
      await append(3)
      await third.promise
      expect(heard).toEqual([1, 2])
    })
  })
}
