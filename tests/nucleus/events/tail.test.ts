import { describe, expect, it } from 'vitest'
import type { EventEnvelope } from '../../../nucleus/events/event.ts'
import { Kept, openBus, Passing } from './support.ts'

function numberOf(event: EventEnvelope): number {
  return (event.data as { number: number }).number
}

async function take(tail: AsyncIterable<EventEnvelope>, count: number): Promise<number[]> {
  const numbers: number[] = []
  for await (const event of tail) {
    numbers.push(numberOf(event))
    if (numbers.length === count) break
  }
  return numbers
}

describe('tail', () => {
  it('gives what comes from now on, transient events too', async () => {
    const { bus } = openBus()
    await bus.emit('tester', Kept, { number: 0 })
    const taken = take(bus.tail(), 2)
    await new Promise(setImmediate)
    await bus.emit('tester', Kept, { number: 1 })
    await bus.emit('tester', Passing, { number: 2 })
    expect(await taken).toEqual([1, 2])
  })

  it('resumes after a position with nothing lost or doubled while events keep coming', async () => {
    const { bus } = openBus()
    const [first] = await Promise.all([0, 1, 2].map((number) => bus.emit('tester', Kept, { number })))
    const taken = take(bus.tail({ after: first! }), 1_000)
    for (let number = 3; number <= 1_000; number += 1) {
      const emitted = bus.emit('tester', Kept, { number })
      if (number % 7 === 0) await emitted
    }
    expect(await taken).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1))
  })

  it('reads from the journal again what a slow reader had no room for', async () => {
    const { bus } = openBus()
    const tail = bus.tail()[Symbol.asyncIterator]()
    const first = tail.next()
    await new Promise(setImmediate)
    for (let number = 0; number < 2_500; number += 1) void bus.emit('tester', Kept, { number })
    await bus.journal.flush()
    const numbers = [numberOf((await first).value as EventEnvelope)]
    while (numbers.length < 2_500) numbers.push(numberOf((await tail.next()).value as EventEnvelope))
    await tail.return?.()
    expect(numbers).toEqual(Array.from({ length: 2_500 }, (_, index) => index))
  })

  it('gives only the types that were asked for', async () => {
    const { bus } = openBus()
    const taken = take(bus.tail({ types: ['test.kept'] }), 1)
    await new Promise(setImmediate)
    await bus.emit('tester', Passing, { number: 1 })
    await bus.emit('tester', Kept, { number: 2 })
    expect(await taken).toEqual([2])
  })

  it('ends with its signal and with the bus', async () => {
    const { bus } = openBus()
    const abort = new AbortController()
    const [first, second] = [take(bus.tail({ signal: abort.signal }), 1), take(bus.tail(), 1)]
    await new Promise(setImmediate)
    abort.abort()
    expect(await first).toEqual([])
    await bus.close()
    expect(await second).toEqual([])
  })

  it('refuses a position that is none', async () => {
    const { bus } = openBus()
    await expect(take(bus.tail({ after: 'x' }), 1)).rejects.toMatchObject({ code: 'INVALID_POSITION' })
  })
})
