// a start without Redis falls back to the embedded journal, and the next start with it goes on where that stopped.
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Journal } from '../../../nucleus/events/journal.ts'
import { openJournal } from '../../../nucleus/infrastructure/journal.ts'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'
import type { PrivateServer } from '../../support/servers/private-server.ts'
import { hasRedis, startRedis } from '../../support/servers/redis.ts'
import { waitFor } from '../../support/wait-for.ts'
import { silent } from '../events/support.ts'
import { collect, counted, numbersOf } from './conformance/journal.ts'
import { temporaryFolder } from './folders.ts'

const opened: Journal[] = []
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close()
})

describe.skipIf(!hasRedis())('the journal at a start', () => {
  let server: PrivateServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.dispose())

  const open = async (folder: string, redisUrl?: string): Promise<Journal> => {
    const journal = await openJournal({ folder, redisUrl, durability: 'normal', log: silent })
    opened.push(journal)
    return journal
  }

  it('is embedded and healthy where no Redis is configured', async () => {
    const journal = await open(temporaryFolder(), '')
    expect(journal.health()).toEqual({
      backend: 'sqlite',
      status: 'healthy',
      reason: 'embedded: LOTUS_REDIS_URL is not set',
    })
  })

  it('is embedded and degraded where Redis is not there', async () => {
    const journal = await open(temporaryFolder(), 'redis://127.0.0.1:1')
    await journal.append(counted(1))
    expect(journal.health()).toMatchObject({
      backend: 'sqlite',
      status: 'degraded',
      reason: expect.stringContaining('lotus restart'),
    })
  })

  it('says when a Redis that was not there is, and that a restart uses it', async () => {
    const late = await startRedis()
    try {
      await late.kill()
      const journal = await open(temporaryFolder(), late.url)
      expect(journal.health()).toMatchObject({ status: 'degraded', reason: expect.not.stringContaining('is back') })
      await late.restart()
      await waitFor(() => journal.health().reason?.startsWith('Redis is back') === true, {
        timeoutMs: 15_000,
        what: () => JSON.stringify(journal.health()),
      })
      expect(journal.health().status).toBe('degraded')
      await journal.append(counted(1))
    } finally {
      await late.dispose()
    }
  })

  it('hands over what the embedded one has not done, to the groups that it is owed, once and in order', async () => {
    const folder = temporaryFolder()
    const embedded = openSqliteJournal({ path: join(folder, 'journal.db'), log: silent })
    const first = collect(embedded, { concurrency: 4 })
    const other = collect(embedded, { name: 'other' })
    await Promise.all([1, 2, 3, 4].map((number) => embedded.append(counted(number))))
    await Promise.all([first.until(4), other.until(4)])
    first.group.acknowledge(first.got[0]!)
    first.group.acknowledge(first.got[2]!)
    first.group.park(first.got[3]!, 'it never works')
    for (const delivery of other.got) other.group.acknowledge(delivery)
    await embedded.close()

    const journal = await open(folder, server.url)
    expect(journal.backend).toBe('redis')
    const after = [collect(journal), collect(journal, { name: 'other' })] as const
    await journal.append(counted(5))
    await Promise.all([after[0].until(2), after[1].until(1)])
    expect(after.map((group) => group.numbers())).toEqual([[2, 5], [5]])
    const letters = await journal.deadLetters()
    expect(letters).toMatchObject([{ group: 'group', error: 'it never works', attempts: 1 }])
    expect(numbersOf(letters.map((letter) => letter.event))).toEqual([4])
    for (const delivery of after[0].got) after[0].group.acknowledge(delivery)
    for (const delivery of after[1].got) after[1].group.acknowledge(delivery)
    await journal.close()

    const again = await open(folder, server.url)
    const last = collect(again)
    await again.append(counted(6))
    await last.until(1)
    expect(last.numbers()).toEqual([6])
    expect(await again.deadLetters()).toHaveLength(1)
  })
})
