import { describe, expect, it } from 'vitest'
import { EventParked } from '../../../nucleus/contract.ts'
import type { Bus } from '../../../nucleus/events/bus.ts'
import { Kept, openBus, Passing, until } from './support.ts'

function handlerFailures(bus: Bus): number {
  return bus.statistics().handlerFailures
}

describe('a durable subscription', () => {
  it('handles events in order, one at a time', async () => {
    const { bus } = openBus()
    const story: string[] = []
    const subscription = bus.subscribe({
      owner: 'listener',
      definition: Kept,
      handler: async ({ number }) => {
        story.push(`begin ${number}`)
        await Promise.resolve()
        story.push(`end ${number}`)
      },
    })
    await Promise.all([1, 2, 3].map((number) => bus.emit('tester', Kept, { number })))
    await until(() => story.length === 6)
    await subscription.close()
    expect(story).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'])
  })

  it('takes whatever a handler gives beside a promise for its end', async () => {
    const { bus } = openBus()
    const heard: number[] = []
    bus.subscribe({
      owner: 'listener',
      definition: Kept,
      handler: ({ number }) => heard.push(number) as unknown as void,
    })
    bus.subscribe({
      owner: 'listener',
      definition: Passing,
      handler: ({ number }) => heard.push(number) as unknown as void,
    })
    await bus.emit('tester', Kept, { number: 1 })
    await bus.emit('tester', Passing, { number: 2 })
    await until(() => heard.length === 2)
    expect(bus.statistics().handlerFailures).toBe(0)
  })

  it('runs as many at once as its concurrency allows', async () => {
    const { bus } = openBus()
    let running = 0
    let most = 0
    let done = 0
    bus.subscribe({
      owner: 'listener',
      definition: Kept,
      options: { concurrency: 3 },
      handler: async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise(setImmediate)
        running -= 1
        done += 1
      },
    })
    await Promise.all(Array.from({ length: 20 }, (_, number) => bus.emit('tester', Kept, { number })))
    await until(() => done === 20)
    expect(most).toBe(3)
  })

  it('tries a failed event again and keeps order meanwhile', async () => {
    const { bus } = openBus()
    const tries: number[] = []
    bus.subscribe({
      owner: 'listener',
      definition: Kept,
      handler: ({ number }) => {
        tries.push(number)
        if (number === 1 && tries.length < 4) throw new Error('not yet')
      },
    })
    await Promise.all([1, 2].map((number) => bus.emit('tester', Kept, { number })))
    await until(() => tries.includes(2))
    expect(tries).toEqual([1, 1, 1, 1, 2])
  })

  it('lets others pass a failed event where order was not asked for', async () => {
    const { bus } = openBus()
    const done: number[] = []
    let tries = 0
    bus.subscribe({
      owner: 'listener',
      definition: Kept,
      options: { concurrency: 2 },
      handler: ({ number }) => {
        if (number === 1 && (tries += 1) < 3) throw new Error('not yet')
        done.push(number)
      },
    })
    await Promise.all([1, 2, 3].map((number) => bus.emit('tester', Kept, { number })))
    await until(() => done.length === 3)
    expect(done).toEqual([2, 3, 1])
  })

  it('parks an event after its last try, says so, and goes on with the next', async () => {
    const { bus } = openBus()
    const parked: unknown[] = []
    const done: number[] = []
    bus.subscribe({ owner: 'watcher', definition: EventParked, handler: (data) => void parked.push(data) })
    bus.subscribe({
      owner: 'listener',
      definition: Kept,
      options: { maxAttempts: 2 },
      handler: ({ number }) => {
        if (number === 1) throw new Error('never')
        done.push(number)
      },
    })
    const [eventId] = await Promise.all([1, 2].map((number) => bus.emit('tester', Kept, { number })))
    await until(() => done.length === 1 && parked.length === 1)
    expect(parked).toEqual([{ group: 'listener/test.kept', eventId, eventType: 'test.kept', error: 'never' }])
    expect(await bus.deadLetters()).toMatchObject([{ attempts: 2, error: 'never', event: { id: eventId } }])
  })

  it('handles a replayed dead letter with all its tries', async () => {
    const { bus } = openBus()
    let broken = true
    const done: number[] = []
    bus.subscribe({
      owner: 'listener',
      definition: Kept,
      options: { maxAttempts: 2 },
      handler: ({ number }) => {
        if (broken) throw new Error('broken')
        done.push(number)
      },
    })
    const id = await bus.emit('tester', Kept, { number: 1 })
    await until(() => handlerFailures(bus) === 2)
    await bus.journal.flush()
    broken = false
    await bus.replayDeadLetter('listener/test.kept', id)
    await until(() => done.length === 1)
    expect(await bus.deadLetters()).toEqual([])
  })

  it('counts a try that takes too long as failed', async () => {
    const failures: unknown[] = []
    const { bus } = openBus({ onFailure: ({ error }) => failures.push(error) })
    let tries = 0
    bus.subscribe({
      owner: 'listener',
      definition: Kept,
      options: { timeoutMs: 5 },
      handler: () => {
        tries += 1
        return tries === 1 ? new Promise(() => {}) : undefined
      },
    })
    await bus.emit('tester', Kept, { number: 1 })
    await until(() => tries === 2)
    expect(failures).toMatchObject([{ code: 'HANDLER_TIMEOUT' }])
  })

  it('goes on after a restart with what was not handled, with the tries so far', async () => {
    const before = openBus({ backoff: { baseMs: 60_000, maxMs: 60_000 } })
    let tries = 0
    before.bus.subscribe({
      owner: 'listener',
      definition: Kept,
      options: { maxAttempts: 2 },
      handler: () => {
        tries += 1
        throw new Error('no')
      },
    })
    await before.bus.emit('tester', Kept, { number: 1 })
    await until(() => tries === 1)
    const after = await before.reopen()
    const subscription = after.bus.subscribe({ owner: 'listener', definition: Kept, handler: () => {} })
    await until(() => subscription.pending === 1)
    // its next try is a minute away, and a restart does not make it come sooner.
    expect(tries).toBe(1)
    expect(await after.bus.deadLetters()).toEqual([])
  })

  it('waits for its running handler when it is closed, and leaves the rest', async () => {
    const { bus } = openBus()
    const gate = Promise.withResolvers<void>()
    const begun: number[] = []
    const ended: number[] = []
    const request = {
      owner: 'listener',
      definition: Kept,
      handler: async ({ number }: { number: number }) => {
        begun.push(number)
        await gate.promise
        ended.push(number)
      },
    }
    const first = bus.subscribe(request)
    await Promise.all([1, 2].map((number) => bus.emit('tester', Kept, { number })))
    await until(() => begun.length === 1)
    const closing = first.close()
    gate.resolve()
    await closing
    expect([begun, ended]).toEqual([[1], [1]])
    bus.subscribe(request)
    await until(() => ended.length === 2)
    expect(ended).toEqual([1, 2])
  })

  it('does not wait for ever for a handler that hangs', async () => {
    const { bus } = openBus({ closeTimeoutMs: 10 })
    let begun = false
    const subscription = bus.subscribe({
      owner: 'listener',
      definition: Kept,
      handler: () => {
        begun = true
        return new Promise(() => {})
      },
    })
    await bus.emit('tester', Kept, { number: 1 })
    await until(() => begun)
    await subscription.close()
  })

  it('is refused a second time under one name, and may be taken over', async () => {
    const { bus } = openBus()
    const seen: string[] = []
    const subscribe = (label: string, takeOver: boolean) =>
      bus.subscribe({
        owner: 'listener',
        definition: Kept,
        handler: ({ number }) => void seen.push(`${label} ${number}`),
        takeOver,
      })
    const old = subscribe('old', false)
    expect(() => subscribe('second', false)).toThrow(expect.objectContaining({ code: 'GROUP_TAKEN' }))
    await bus.emit('tester', Kept, { number: 1 })
    await until(() => seen.length === 1)
    const next = subscribe('new', true)
    await bus.emit('tester', Kept, { number: 2 })
    await until(() => seen.length === 2)
    await Promise.all([old.close(), bus.emit('tester', Kept, { number: 3 }), next.ready])
    await until(() => seen.length === 3)
    expect(seen.slice(0, 2)).toEqual(['old 1', 'old 2'])
    expect(seen[2]).toMatch(/^(old|new) 3$/)
    await bus.emit('tester', Kept, { number: 4 })
    await until(() => seen.length === 4)
    expect(seen[3]).toBe('new 4')
  })

  it('leaves the log to grow and not the memory when it is slow', async () => {
    const { bus } = openBus()
    const gate = Promise.withResolvers<void>()
    let handled = 0
    const subscription = bus.subscribe({
      owner: 'slow',
      definition: Kept,
      handler: async () => {
        await gate.promise
        handled += 1
      },
    })
    for (let batch = 0; batch < 10; batch += 1) {
      await Promise.all(Array.from({ length: 200 }, (_, number) => bus.emit('tester', Kept, { number })))
    }
    expect(subscription.pending).toBeLessThanOrEqual(256)
    expect((await bus.journalStatistics()).lag).toEqual({ 'slow/test.kept': 2_000 })
    gate.resolve()
    await until(() => handled === 2_000)
  })
})

describe('a live subscription', () => {
  it('hears journaled events after their commit, without a group', async () => {
    const { bus } = openBus()
    const heard: number[] = []
    const subscription = bus.subscribe({
      owner: 'listener',
      definition: Kept,
      options: { live: true },
      handler: ({ number }) => void heard.push(number),
    })
    await bus.emit('tester', Kept, { number: 1 })
    await subscription.close()
    await bus.emit('tester', Kept, { number: 2 })
    expect(heard).toEqual([1])
    expect((await bus.journalStatistics()).lag).toEqual({})
  })

  it('keeps order while its handler is busy and drops what is too much', async () => {
    const { bus } = openBus()
    const gate = Promise.withResolvers<void>()
    const heard: number[] = []
    bus.subscribe({
      owner: 'listener',
      definition: Passing,
      handler: async ({ number }) => {
        await gate.promise
        heard.push(number)
      },
    })
    for (let number = 0; number < 1_500; number += 1) await bus.emit('tester', Passing, { number })
    gate.resolve()
    await until(() => heard.length === 1_001)
    expect(heard).toEqual(Array.from({ length: 1_001 }, (_, number) => number))
  })
})
