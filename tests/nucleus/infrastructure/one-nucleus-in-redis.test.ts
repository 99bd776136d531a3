// one nucleus uses a Redis database for itself: a second one is told who does, and a dead one is no obstacle.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Journal } from '../../../nucleus/events/journal.ts'
import { thisHolder } from '../../../nucleus/infrastructure/holder.ts'
import { openJournal } from '../../../nucleus/infrastructure/journal.ts'
import type { PrivateServer } from '../../support/servers/private-server.ts'
import { hasRedis, startRedis } from '../../support/servers/redis.ts'
import { waitFor } from '../../support/wait-for.ts'
import { silent } from '../events/support.ts'
import { collect, counted } from './conformance/journal.ts'
import { temporaryFolder } from './folders.ts'

const mark = 'lotus:{journal}:mark'
const opened: Journal[] = []

describe.skipIf(!hasRedis())('a Redis database', () => {
  let server: PrivateServer
  let redis: Redis
  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis(server.url)
  })
  beforeEach(async () => {
    await redis.flushall()
  })
  afterEach(async () => {
    for (const journal of opened.splice(0)) await journal.close()
  })
  afterAll(async () => {
    redis.disconnect()
    await server.dispose()
  })

  const open = async (folder = temporaryFolder(), redisUrl = server.url): Promise<Journal> => {
    const journal = await openJournal({ folder, redisUrl, durability: 'normal', log: silent })
    opened.push(journal)
    return journal
  }
  /** the mark of a nucleus that can't be looked at from here. */
  const markOfAnother = async (fields: Readonly<Record<string, string>> = {}): Promise<void> => {
    const another = {
      life: 'mars/7/1/other',
      place: 'mars',
      folder: 'mars/1:1',
      home: '/var/lib/lotus/data',
      renewals: '1',
    }
    await redis.hset(mark, { ...another, ...fields })
  }

  it('is not given to a second nucleus, which uses its embedded journal and says whose it is and what to do', async () => {
    const folder = temporaryFolder()
    expect((await open(folder)).backend).toBe('redis')
    const second = await open()
    const { backend, status, reason } = second.health()
    expect([backend, status]).toEqual(['sqlite', 'degraded'])
    expect(reason).toContain(`process ${process.pid}, ${folder}`)
    expect(reason).toContain('put another number at the end of LOTUS_REDIS_URL')
    expect(reason).toContain('lotus restart')
  })

  it('leaves goals with the nucleus that has accepted them', async () => {
    const first = await open()
    const second = await open()
    const groups = [collect(first), collect(second)] as const
    await first.append(counted(1))
    await second.append(counted(2))
    await Promise.all(groups.map((group) => group.until(1)))
    expect(groups.map((group) => group.numbers())).toEqual([[1], [2]])
  })

  it('does not hear what happens in a database with another number', async () => {
    const first = await open()
    const second = await open(temporaryFolder(), `${server.url}/1`)
    expect([first.backend, second.backend]).toEqual(['redis', 'redis'])
    const groups = [collect(first), collect(second)] as const
    await Promise.all(groups.map(({ group }) => group.ready))
    await first.append(counted(1))
    await first.flush()
    expect(second.position()).toBeUndefined()
    await second.append(counted(2))
    await Promise.all(groups.map((group) => group.until(1)))
    expect(groups.map((group) => group.numbers())).toEqual([[1], [2]])
  })

  it('is free as soon as the nucleus has closed it', async () => {
    await (await open()).close()
    expect(await redis.exists(mark)).toBe(0)
    expect((await open()).backend).toBe('redis')
  })

  it('is free at once where the nucleus was killed on this machine, for its home and for another one', async () => {
    const folder = temporaryFolder()
    for (const next of [folder, temporaryFolder()]) {
      const words = [join(import.meta.dirname, 'lone-journal-child.ts'), folder, server.url]
      const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      const [said] = (await once(child.stdout, 'data')) as [Buffer]
      expect(said.toString()).toBe('open redis\n')
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      // a mark that never expires: only its holder's death can free it.
      expect(await redis.persist(mark)).toBe(1)
      const journal = await open(next)
      expect(journal.backend).toBe('redis')
      await journal.close()
    }
  }, 30_000)

  it('is free at once for the same home in a container that was made anew', async () => {
    const folder = temporaryFolder()
    await markOfAnother({ folder: thisHolder(folder).folder })
    expect((await open(folder)).backend).toBe('redis')
  })

  it('is free when the mark of a nucleus elsewhere has expired', async () => {
    await markOfAnother()
    await redis.pexpire(mark, 700)
    expect((await open()).backend).toBe('redis')
  })

  it('is taken by a nucleus elsewhere that renews its mark', async () => {
    await markOfAnother()
    const renewing = setInterval(() => void redis.hincrby(mark, 'renewals', 1), 100)
    onTestFinished(() => clearInterval(renewing))
    const { backend, reason } = (await open()).health()
    expect([backend, reason]).toEqual(['sqlite', expect.stringContaining('mars, process 7, /var/lib/lotus/data')])
  })

  it('that another nucleus has taken meanwhile is as good as away, until that one leaves it', async () => {
    const journal = await open()
    await redis.del(mark)
    await markOfAnother()
    await waitFor(() => journal.health().status === 'degraded', { timeoutMs: 10_000, what: 'the loss to be told' })
    expect(journal.health().reason).toContain('another nucleus uses this Redis database')
    const got = collect(journal)
    await journal.append(counted(1))
    expect(await redis.exists('lotus:{journal}:log:test.counted')).toBe(0)
    await redis.del(mark)
    await got.until(1)
    await waitFor(() => journal.health().status === 'healthy', { timeoutMs: 10_000, what: 'its return' })
  }, 30_000)

  it('is marked for ten seconds at a time, with who uses it', async () => {
    const folder = temporaryFolder()
    await open(folder)
    const { dev, ino } = statSync(folder)
    expect(await redis.hgetall(mark)).toMatchObject({ home: folder, folder: expect.stringMatching(`/${dev}:${ino}$`) })
    const left = await redis.pttl(mark)
    expect(left > 0 && left <= 10_000).toBe(true)
  })
})
