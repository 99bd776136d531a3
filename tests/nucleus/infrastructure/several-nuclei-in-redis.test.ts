// several nuclei on one Redis: a group that keeps order belongs to one of them at a time, every other is spread over all.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Delivery, Journal } from '../../../nucleus/events/journal.ts'
import { openRedisJournal } from '../../../nucleus/infrastructure/redis/journal.ts'
import type { PrivateServer } from '../../support/servers/private-server.ts'
import { hasRedis, startRedis } from '../../support/servers/redis.ts'
import { openSeverableWay } from '../../support/servers/severable.ts'
import { waitFor } from '../../support/wait-for.ts'
import { silent } from '../events/support.ts'
import { counted } from './conformance/journal.ts'
import { temporaryFolder } from './folders.ts'

const timing = { deadAfterMs: 600, touchEveryMs: 100 }
const opened: Journal[] = []
let spaces = 0
let server: PrivateServer

/** a nucleus in one group; settles what it is given when it is told to, or at once. */
interface Member {
  readonly journal: Journal
  readonly got: number[]
  /** settles everything that it has, and from now on at once. */
  settle(): Promise<void>
}

async function member(
  namespace: string,
  options: { concurrency: number; settles?: boolean; url?: string },
): Promise<Member> {
  const { concurrency, settles = true, url = server.url } = options
  const journal = await openRedisJournal({ url, folder: temporaryFolder(), namespace, timing, log: silent })
  opened.push(journal)
  const got: number[] = []
  const open: Delivery[] = []
  let isPrompt = settles
  const group = journal.join(
    { name: 'group', types: ['test.counted'], from: 'now', concurrency, credit: Math.max(2, concurrency) },
    (delivery) => {
      got.push((delivery.event.data as { number: number }).number)
      if (isPrompt) group.acknowledge(delivery)
      else open.push(delivery)
    },
  )
  await group.ready
  return {
    journal,
    got,
    settle: async () => {
      isPrompt = true
      for (const delivery of open.splice(0)) group.acknowledge(delivery)
      await journal.flush()
    },
  }
}

const appendAll = async (journals: readonly Journal[], from: number, to: number): Promise<void> => {
  for (let number = from; number <= to; number += 1) await journals[number % journals.length]!.append(counted(number))
}
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe.skipIf(!hasRedis())('several nuclei in one group', () => {
  beforeAll(async () => {
    server = await startRedis()
  })
  afterEach(async () => {
    for (const journal of opened.splice(0)) await journal.close()
  })
  afterAll(() => server.dispose())

  const space = (): string => `several-${(spaces += 1)}`
  const until = (condition: () => boolean, what: () => string): Promise<unknown> =>
    waitFor(condition, { timeoutMs: 10_000, what })

  it('keep order: the events of all go to one of them, as they were appended', async () => {
    const name = space()
    const first = await member(name, { concurrency: 1 })
    const second = await member(name, { concurrency: 1 })
    await appendAll([first.journal, second.journal], 1, 200)
    await until(
      () => first.got.length === 200,
      () => `${first.got.length} and ${second.got.length}`,
    )
    expect(first.got).toEqual(numbers(1, 200))
    expect(second.got).toEqual([])
  })

  it('share the events where several may be handled at once', async () => {
    const name = space()
    const [first, second] = [
      await member(name, { concurrency: 4, settles: false }),
      await member(name, { concurrency: 4 }),
    ]
    await appendAll([first.journal, second.journal], 1, 40)
    await until(
      () => second.got.length >= 30,
      () => `${first.got.length} and ${second.got.length}`,
    )
    await first.settle()
    await until(
      () => first.got.length + second.got.length === 40,
      () => `${first.got.length} and ${second.got.length}`,
    )
    expect([...first.got, ...second.got].toSorted((left, right) => left - right)).toEqual(numbers(1, 40))
    expect(first.got.length).toBeGreaterThan(0)
  })

  it('go on in order, and at once, when the one that had the events leaves', async () => {
    const name = space()
    const first = await member(name, { concurrency: 1, settles: false })
    const second = await member(name, { concurrency: 1 })
    await appendAll([second.journal], 1, 10)
    await until(
      () => first.got.length > 0,
      () => 'an event for the first',
    )
    expect(second.got).toEqual([])
    const startedAt = performance.now()
    await first.journal.close()
    await until(
      () => second.got.length === 10,
      () => String(second.got),
    )
    expect(second.got).toEqual(numbers(1, 10))
    // by the bell, not by what expires
    expect(performance.now() - startedAt).toBeLessThan(timing.deadAfterMs)
  })

  it('go on in order when the one that had the events is dead', async () => {
    const name = space()
    const way = await openSeverableWay(server.port)
    const first = await member(name, { concurrency: 1, settles: false, url: `redis://127.0.0.1:${way.port}` })
    const second = await member(name, { concurrency: 1 })
    await appendAll([second.journal], 1, 10)
    await until(
      () => first.got.length > 0,
      () => 'an event for the first',
    )
    await way.sever()
    await until(
      () => second.got.length === 10,
      () => String(second.got),
    )
    expect(second.got).toEqual(numbers(1, 10))
  })

  it('have one that stands by take nothing from the one that has the events, however slow that is', async () => {
    const name = space()
    const first = await member(name, { concurrency: 1, settles: false })
    const second = await member(name, { concurrency: 1 })
    await appendAll([second.journal], 1, 3)
    await until(
      () => first.got.length > 0,
      () => 'an event for the first',
    )
    const watched = performance.now() + 3 * timing.deadAfterMs
    await until(
      () => performance.now() > watched,
      () => 'three times what makes a nucleus dead',
    )
    expect(second.got).toEqual([])
    await first.settle()
    await until(
      () => first.got.length === 3,
      () => String(first.got),
    )
    expect(first.got).toEqual([1, 2, 3])
  })
})
