// Redis goes away in every way a server can, and what was appended meanwhile is there afterwards, once and in order.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Journal } from '../../../nucleus/events/journal.ts'
import { openRedisJournal, type RedisJournalOptions } from '../../../nucleus/infrastructure/redis/journal.ts'
import { bodyOf } from '../../../nucleus/infrastructure/redis/entries.ts'
import { entryIdOf } from '../../../nucleus/infrastructure/redis/positions.ts'
import { openOutbox, type OutboxEvent } from '../../../nucleus/infrastructure/redis/outbox.ts'
import { openLink } from '../../../nucleus/infrastructure/redis/link.ts'
import { startFaultProxy } from '../../support/servers/fault-proxy.ts'
import type { PrivateServer } from '../../support/servers/private-server.ts'
import { hasRedis, startRedis } from '../../support/servers/redis.ts'
import { waitFor } from '../../support/wait-for.ts'
import { silent } from '../events/support.ts'
import { collect, counted, numbersOf } from './conformance/journal.ts'
import { temporaryFolder } from './folders.ts'

const opened: Journal[] = []
let spaces = 0
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close()
})

describe.skipIf(!hasRedis())('a journal whose Redis', () => {
  let server: PrivateServer
  beforeEach(async () => {
    server = await startRedis()
  })
  afterEach(() => server.dispose())

  const open = async (options: Partial<RedisJournalOptions> = {}): Promise<Journal> => {
    const folder = options.folder ?? temporaryFolder()
    const journal = await openRedisJournal({ url: server.url, log: silent, ...options, folder })
    opened.push(journal)
    return journal
  }
  const space = (): string => `loss-${(spaces += 1)}`
  const isHealthy = (journal: Journal) => (): boolean => journal.health().status === 'healthy'
  const back = (journal: Journal): Promise<unknown> =>
    waitFor(isHealthy(journal), { timeoutMs: 15_000, what: () => JSON.stringify(journal.health()) })
  const gone = (journal: Journal): Promise<unknown> =>
    waitFor(() => !isHealthy(journal)(), { timeoutMs: 15_000, what: 'the loss to be noticed' })

  it('is killed keeps what comes in its outbox and delivers it in order when it is back', async () => {
    const journal = await open({ namespace: space() })
    const group = collect(journal)
    await journal.append(counted(1))
    await group.until(1)
    await server.kill()
    await Promise.all([2, 3, 4].map((number) => journal.append(counted(number))))
    await journal.append(counted(5))
    group.group.acknowledge(group.got[0]!)
    await gone(journal)
    expect(journal.health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('4 events wait') })
    await server.restart()
    await group.until(5)
    await back(journal)
    expect(group.numbers()).toEqual([1, 2, 3, 4, 5])
    expect(numbersOf(await journal.read())).toEqual([1, 2, 3, 4, 5])
    await journal.flush()
    expect((await journal.statistics()).lag).toEqual({ group: 4 })
  })

  it('is stopped, not closed, keeps what comes too, and nothing is there twice when it goes on', async () => {
    const journal = await open({ namespace: space() })
    const group = collect(journal)
    await journal.append(counted(1))
    await group.until(1)
    server.pause()
    // in doubt: it is on its way when the server stops to answer, and is done when it goes on.
    await Promise.all([2, 3, 4].map((number) => journal.append(counted(number))))
    server.resume()
    await journal.append(counted(5))
    await back(journal)
    await group.until(5)
    await journal.flush()
    expect(numbersOf(await journal.read())).toEqual([1, 2, 3, 4, 5])
    expect(group.numbers()).toEqual([1, 2, 3, 4, 5])
  })

  it('is just coming back enters a group that joins in that moment, too', { timeout: 30_000 }, async () => {
    const proxy = await startFaultProxy(server.port)
    try {
      const url = server.url.replace(String(server.port), String(proxy.port))
      const journal = await open({ namespace: space(), url, timing: { answerMs: 5_000 } })
      const first = collect(journal)
      await journal.append(counted(1))
      await first.until(1)
      proxy.cut()
      await gone(journal)
      proxy.restore()
      // the return takes so long that the group joins in the middle of it
      proxy.slow(100)
      await back(journal)
      const second = collect(journal, { name: 'second' })
      proxy.slow(0)
      await Promise.race([second.until(1), sleep(10_000)])
      expect(second.numbers()).toEqual([1])
    } finally {
      await proxy.close()
    }
  })

  it('closes the connection for notices while we connect is not taken for one that is there', async () => {
    const connecting = openLink({
      url: server.url,
      log: silent,
      connectMs: 3_000,
      answerMs: 700,
      pingEveryMs: 250,
      channel: 'bell',
      heard: () => undefined,
      prepare: async (redis) => {
        await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
        for (let turns = 0; turns < 20; turns += 1) await redis.ping()
      },
      closed: () => undefined,
      opened: () => undefined,
    })
    await expect(connecting).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' })
  })

  it('is shared gives on at once all that a nucleus left unsettled, however much', { timeout: 30_000 }, async () => {
    const namespace = space()
    const wide = { concurrency: 256, credit: 1_024 }
    // nothing is claimed later on: what does not come at the start would not come
    const timing = { touchEveryMs: 60_000, deadAfterMs: 120_000 }
    const leaving = await open({ namespace, timing })
    const before = collect(leaving, wide)
    await Promise.all(Array.from({ length: 700 }, (_, index) => leaving.append(counted(index))))
    await before.until(700)
    await leaving.close()
    const staying = await open({ namespace, timing })
    const after = collect(staying, wide)
    await Promise.race([after.until(700), sleep(10_000)])
    expect(after.got).toHaveLength(700)
  })

  it('is away refuses what can’t wait with an error that can be tried again', async () => {
    const journal = await open({ namespace: space() })
    await server.kill()
    await gone(journal)
    await expect(journal.read()).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', retryable: true })
    await server.restart()
    await back(journal)
    expect(await journal.read()).toEqual([])
  })

  it('is away too long refuses what its outbox has no room for', async () => {
    const journal = await open({ namespace: space(), maxOutboxBytes: 300 })
    await server.kill()
    await gone(journal)
    await journal.append(counted(1))
    await journal.append(counted(2))
    await journal.append(counted(3))
    await expect(journal.append(counted(4))).rejects.toMatchObject({ code: 'JOURNAL_BUSY', retryable: true })
    await server.restart()
    await back(journal)
    expect(numbersOf(await journal.read())).toEqual([1, 2, 3])
  })

  it('has lost its data goes on with what comes', async () => {
    const journal = await open({ namespace: space() })
    const group = collect(journal)
    await journal.append(counted(1))
    await group.until(1)
    await server.kill()
    const empty = await startRedis(['--appendonly', 'yes', '--port', String(server.port)])
    await back(journal)
    await journal.append(counted(2))
    await group.until(2)
    expect(group.numbers()).toEqual([1, 2])
    await empty.dispose()
    await server.restart()
    await back(journal)
  })

  it('delivers a group that was joined while it was away what was appended after that', async () => {
    const journal = await open({ namespace: space() })
    await server.kill()
    await gone(journal)
    const group = collect(journal, { from: 'now' })
    await group.group.ready
    await journal.append(counted(1))
    await server.restart()
    await group.until(1)
    expect(group.numbers()).toEqual([1])
  })

  it('keeps the outbox of a process that died, and delivers it in the next life', async () => {
    const namespace = space()
    const folder = temporaryFolder()
    const events = [1, 2, 3].map((number) => counted(number))
    keepInOutbox(folder, events.map(outboxEvent))
    const journal = await open({ namespace, folder })
    await journal.append(counted(4))
    await journal.flush()
    expect(numbersOf(await journal.read())).toEqual([1, 2, 3, 4])
  })

  it('has an event already whose removal from the outbox was cut off by a death: it is not there twice', async () => {
    const namespace = space()
    const folder = temporaryFolder()
    const events = [1, 2, 3].map((number) => outboxEvent(counted(number)))
    keepInOutbox(folder, events.slice(0, 2))
    const first = await open({ namespace, folder })
    await first.flush()
    await first.close()
    keepInOutbox(folder, events)
    const second = await open({ namespace, folder })
    await second.flush()
    expect(numbersOf(await second.read())).toEqual([1, 2, 3])
  })

  it('has no memory left keeps what comes in the outbox until it has', async () => {
    const journal = await open({ namespace: space() })
    await journal.append(counted(1))
    const person = new Redis(server.url)
    try {
      await person.config('SET', 'maxmemory', '1')
      await journal.append(counted(2))
      await journal.append(counted(3))
      expect(journal.health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('maxmemory') })
      await person.config('SET', 'maxmemory', '0')
    } finally {
      person.disconnect()
    }
    await back(journal)
    await journal.flush()
    expect(numbersOf(await journal.read())).toEqual([1, 2, 3])
  })

  it('gives out an event that ten deaths have met no more, but the next one', async () => {
    const namespace = space()
    const folder = temporaryFolder()
    // what a killed process leaves is what one leaves that never closes.
    const dead: Journal[] = []
    for (let life = 0; life < 10; life += 1) {
      const journal = await openRedisJournal({ url: server.url, log: silent, folder, namespace })
      dead.push(journal)
      const group = collect(journal)
      if (life === 0) await Promise.all([1, 2].map((number) => journal.append(counted(number))))
      await group.until(2)
      expect(group.numbers()).toEqual([1, 2])
    }
    const journal = await open({ folder, namespace })
    const group = collect(journal)
    await group.until(1)
    await journal.flush()
    expect(group.numbers()).toEqual([2])
    expect(await journal.deadLetters()).toMatchObject([{ error: expect.stringContaining('10 times') }])
    for (const one of dead) await one.close()
  })

  it('has come back with a part of a step takes the rest of it, once', async () => {
    const namespace = space()
    const folder = temporaryFolder()
    const events = [1, 2, 3].map((number) => outboxEvent(counted(number)))
    const person = new Redis(server.url)
    // what a kill in the middle of writing a step leaves: entries without the notes about them.
    for (const { id, body } of events.slice(0, 2)) {
      await person.xadd(`${namespace}:{journal}:log:test.counted`, entryIdOf(id), 'e', body)
    }
    await person.sadd(`${namespace}:{journal}:types`, 'test.counted')
    await person.set(`${namespace}:{journal}:top`, '1-0')
    person.disconnect()
    keepInOutbox(folder, events)
    const journal = await open({ namespace, folder })
    await journal.append(counted(4))
    await journal.flush()
    expect(numbersOf(await journal.read())).toEqual([1, 2, 3, 4])
  })

  it('is shared by two nuclei gives each event of a group to one of them', async () => {
    const namespace = space()
    const [left, right] = [await open({ namespace }), await open({ namespace })]
    const groups = [collect(left, { credit: 4, concurrency: 4 }), collect(right, { credit: 4, concurrency: 4 })]
    await Promise.all(groups.map((one) => one.group.ready))
    await Promise.all([1, 2, 3, 4, 5, 6].map((number) => left.append(counted(number))))
    await waitFor(() => groups.reduce((sum, one) => sum + one.got.length, 0) === 6, {
      timeoutMs: 15_000,
      what: 'six deliveries',
    })
    await Promise.all([left.flush(), right.flush()])
    expect(groups.flatMap((one) => one.numbers()).toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6])
    expect(groups.every((one) => one.got.length > 0)).toBe(true)
  })

  it('gives an event whose id another nucleus has overtaken the next one, and says so', async () => {
    const namespace = space()
    const [left, right] = [await open({ namespace }), await open({ namespace })]
    const [early, late] = [counted(1), counted(2)]
    expect(await left.append(late)).toBe(late.id)
    const id = await right.append(early)
    expect(id > late.id).toBe(true)
    const read = await left.read()
    expect(numbersOf(read)).toEqual([2, 1])
    expect(read[1]!.id).toBe(id)
    expect(numbersOf(await left.read({ after: late.id }))).toEqual([1])
  })

  it('tells a listener what another nucleus appends, in the log’s order', async () => {
    const namespace = space()
    const [left, right] = [await open({ namespace }), await open({ namespace })]
    const heard: string[] = []
    left.listen((event) => heard.push(event.id))
    for (let number = 1; number <= 20; number += 1) await (number % 2 === 0 ? left : right).append(counted(number))
    await waitFor(() => heard.length === 20, { timeoutMs: 15_000, what: 'twenty events' })
    expect(heard).toEqual(heard.toSorted())
    expect((await right.read()).map((event) => event.id)).toEqual(heard)
  })

  it('gives what a dead nucleus held to a living one', async () => {
    const namespace = space()
    const timing = { deadAfterMs: 400, touchEveryMs: 100 }
    // it never says that it is alive, as one that was cut off.
    const dead = await open({ namespace, timing: { ...timing, touchEveryMs: 2_000_000 } })
    const lost = collect(dead, { credit: 8 })
    await lost.group.ready
    await Promise.all([1, 2].map((number) => dead.append(counted(number))))
    await lost.until(2)
    const living = await open({ namespace, timing })
    const group = collect(living, { credit: 8 })
    await group.until(2)
    expect(group.numbers()).toEqual([1, 2])
    // who is slow to settle is too late, and does no harm.
    for (const delivery of lost.got) lost.group.acknowledge(delivery)
    for (const delivery of group.got) group.group.acknowledge(delivery)
    await Promise.all([dead.flush(), living.flush()])
    expect((await living.statistics()).lag).toEqual({ group: 0 })
  })
})

describe.skipIf(!hasRedis())('a Redis that keeps nothing', () => {
  let server: PrivateServer
  beforeAll(async () => {
    server = await startRedis(['--appendonly', 'no'])
  })
  afterAll(() => server.dispose())

  it('is used and makes health degraded, with the setting to change', async () => {
    const journal = await openRedisJournal({ url: server.url, folder: temporaryFolder(), log: silent })
    opened.push(journal)
    expect(journal.health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('appendonly yes') })
  })

  it('is told again what it has forgotten of the last seconds, and nobody handles it twice', async () => {
    const journal = await openRedisJournal({
      url: server.url,
      folder: temporaryFolder(),
      log: silent,
      namespace: 'told',
    })
    opened.push(journal)
    const group = collect(journal)
    await Promise.all([1, 2, 3].map((number) => journal.append(counted(number))))
    await group.until(3)
    group.group.acknowledge(group.got[0]!)
    await journal.flush()
    await server.kill()
    await journal.append(counted(4))
    await server.restart()
    await group.until(4)
    await journal.flush()
    expect(group.numbers()).toEqual([1, 2, 3, 4])
    expect(numbersOf(await journal.read())).toEqual([1, 2, 3, 4])
    expect((await journal.statistics()).lag).toEqual({ group: 3 })
  })

  it('is refused where strict durability is asked for', async () => {
    const options = { url: server.url, folder: temporaryFolder(), log: silent, durability: 'strict' } as const
    await expect(openRedisJournal(options)).rejects.toMatchObject({ code: 'REDIS_NOT_DURABLE' })
  })
})

describe('a Redis that is not there', () => {
  it('can’t be opened, and the error shows no password', async () => {
    const url = 'redis://somebody:secret@127.0.0.1:1'
    const failed = openRedisJournal({ url, folder: temporaryFolder(), log: silent })
    await expect(failed).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' })
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('secret') })
  })
})

function outboxEvent(event: ReturnType<typeof counted>): OutboxEvent {
  return { producer: 'an-earlier-life', type: event.type, id: event.id, body: bodyOf(event) }
}

/** what a process leaves that dies before it can deliver. */
function keepInOutbox(folder: string, events: readonly OutboxEvent[]): void {
  const outbox = openOutbox({ path: join(folder, 'journal-outbox.db'), durability: 'normal', maxBytes: 1_000_000 })
  void outbox.add(events)
  outbox.close()
}
