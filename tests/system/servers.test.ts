import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from '../support/private-lotus.ts'
import { hasChroma, startChroma } from '../support/servers/chroma.ts'
import { findPostgres, startPostgres, type PrivatePostgres } from '../support/servers/postgres.ts'
import type { PrivateServer } from '../support/servers/private-server.ts'
import { hasRedis, startRedis } from '../support/servers/redis.ts'
import { waitFor } from '../support/wait-for.ts'

interface Parts {
  readonly store: Part
  readonly cache: Part
  readonly vectors: Part
}

interface Part {
  readonly backend: string
  readonly status: string
  readonly reason?: string
}

describe.skipIf(findPostgres() === undefined || !hasRedis() || !hasChroma())('LOTUS on real servers', () => {
  let postgres: PrivatePostgres
  let redis: PrivateServer
  let chroma: PrivateServer
  let lotus: PrivateLotus

  beforeAll(async () => {
    ;[postgres, redis, chroma] = await Promise.all([startPostgres(), startRedis(), startChroma()])
  }, 60_000)
  afterAll(async () => {
    await Promise.all([postgres?.dispose(), redis?.dispose(), chroma?.dispose()])
  }, 60_000)
  beforeEach(async () => {
    lotus = createPrivateLotus({
      LOTUS_POSTGRES_URL: await postgres.createDatabase(),
      LOTUS_REDIS_URL: redis.url,
      LOTUS_CHROMA_URL: chroma.url,
    })
  })
  afterEach(async () => {
    await lotus.stop()
    await lotus.dispose()
  })

  const parts = async (): Promise<Parts> => {
    const { body } = await lotus.get('/health')
    return body['infrastructure'] as Parts
  }
  const untilPart = async (name: keyof Parts, status: string): Promise<Part> =>
    await waitFor(
      async () => {
        const part = (await parts())[name]
        return part.status === status ? part : undefined
      },
      { timeoutMs: 15_000, what: `${name} to be ${status}` },
    )

  it('keeps its runs in Postgres and finds its notes again', async () => {
    await lotus.start()
    expect(await parts()).toMatchObject({
      store: { backend: 'postgres', status: 'healthy' },
      cache: { backend: 'redis', status: 'healthy' },
      vectors: { backend: 'chroma', status: 'healthy' },
    })
    expect(await lotus.goal('make a folder boats')).toMatchObject({ code: 0, status: 'completed' })
    expect(await lotus.goal('remember that the mooring is number 14')).toMatchObject({ code: 0 })
    expect((await lotus.goal('which number is the mooring?')).answer).toContain('14')
    const rows = await postgres.query(
      'select goal from runs order by started_at',
      lotus.environment['LOTUS_POSTGRES_URL'],
    )
    expect(rows[0]).toEqual({ goal: 'make a folder boats' })
    const listed = await lotus.lotus(['runs', '--json'])
    expect(listed.stdout).toContain('make a folder boats')
    expect((await lotus.lotus(['restart'])).code).toBe(0)
    expect((await lotus.goal('which number is the mooring?')).answer).toContain('14')
  }, 120_000)

  it('says while it runs that Postgres is gone, and goes on by itself when it is back', async () => {
    await lotus.start()
    await postgres.kill()
    expect((await untilPart('store', 'degraded')).reason).toContain('Postgres at')
    // a goal is told at once; nothing is done of it, now or later
    expect(await lotus.goal('make a folder canoes')).toMatchObject({
      code: 1,
      status: 'failed',
      answer: expect.stringContaining('can’t be reached'),
    })
    await postgres.restart()
    await untilPart('store', 'healthy')
    expect(existsSync(join(lotus.folder, 'canoes'))).toBe(false)
    const kept = await lotus.lotus(['runs', '--json'])
    expect(kept.stdout).toContain('make a folder canoes')
    expect(await lotus.goal('make a folder boats')).toMatchObject({ code: 0, status: 'completed' })
  }, 120_000)

  it('starts without Postgres, says where its state is, and does not change stores under way', async () => {
    await postgres.kill()
    const started = await lotus.start()
    expect(started.stdout).toContain('this start keeps its state in store.db')
    expect(await lotus.goal('make a folder boats')).toMatchObject({ code: 0, status: 'completed' })
    await postgres.restart()
    await waitFor(async () => (await parts()).store.reason?.includes('is back'), {
      timeoutMs: 15_000,
      what: 'the store to notice that Postgres is back',
    })
    expect((await parts()).store).toMatchObject({ backend: 'sqlite', status: 'degraded' })
    expect((await lotus.lotus(['restart'])).code).toBe(0)
    expect((await parts()).store).toMatchObject({
      backend: 'postgres',
      status: 'degraded',
      reason: expect.stringContaining('lotus infra migrate'),
    })
  }, 120_000)
})
