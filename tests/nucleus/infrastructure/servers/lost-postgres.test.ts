import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOutbox } from '../../../../nucleus/infrastructure/outbox.ts'
import { encodeStatements } from '../../../../nucleus/infrastructure/postgres/waiting-writes.ts'
import { openPostgresStore, type PostgresStore } from '../../../../nucleus/infrastructure/postgres/store.ts'
import { startFaultProxy, type FaultProxy } from '../../../support/servers/fault-proxy.ts'
import { findPostgres, startPostgres, type PrivatePostgres } from '../../../support/servers/postgres.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { silent } from '../../events/support.ts'
import { temporaryFolder } from '../folders.ts'

const numbers = [{ name: '001', statements: [{ sql: 'create table numbers (n bigint not null)', parameters: [] }] }]
const add = (n: number) => ({ sql: 'insert into numbers (n) values (?)', parameters: [n] })

describe.skipIf(findPostgres() === undefined)('a Postgres that is lost while it is used', () => {
  let postgres: PrivatePostgres
  let proxy: FaultProxy
  let store: PostgresStore
  let url: string
  let outboxPath: string

  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres?.dispose(), 60_000)
  beforeEach(async () => {
    proxy = await startFaultProxy(postgres.port)
    url = (await postgres.createDatabase()).replace(`:${postgres.port}/`, `:${proxy.port}/`)
    outboxPath = join(temporaryFolder(), 'outbox.db')
    store = await openPostgresStore({ url, outboxPath, log: silent })
    await store.migrate('test', numbers)
  })
  afterEach(async () => {
    await store.close()
    await proxy.close()
  })

  const all = async (): Promise<number[]> => {
    const rows = await store.query<{ n: number }>({ sql: 'select n from numbers order by ctid', parameters: [] })
    return rows.map(({ n }) => n)
  }
  const untilStatus = async (status: string): Promise<boolean> =>
    await waitFor(() => store.health().status === status, { timeoutMs: 10_000, what: `the store to be ${status}` })

  it('fails with a typed error at once, names itself in health, and is taken up again by itself', async () => {
    proxy.cut()
    await expect(store.query(add(1))).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE', retryable: true })
    expect(store.health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining(`:${proxy.port}`) })
    await expect(store.transaction([add(1)])).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    proxy.restore()
    await untilStatus('healthy')
    await store.query(add(2))
    expect(await all()).toEqual([2])
  }, 30_000)

  it('lets nobody wait at a server that says nothing', async () => {
    proxy.hold()
    await expect(store.query({ sql: 'select 1', parameters: [] })).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    proxy.restore()
    await untilStatus('healthy')
  }, 30_000)

  it('closes although the server says nothing', async () => {
    proxy.hold()
    await store.close()
    proxy.restore()
  }, 15_000)

  it('takes a slow server for slow, not for lost', async () => {
    proxy.slow(40)
    await store.query(add(1))
    expect(store.health().status).toBe('healthy')
  }, 30_000)

  it('keeps what can wait and delivers it once, in order, before anything new', async () => {
    await store.writeWhenPossible([add(1)])
    proxy.cut()
    await store.writeWhenPossible([add(2), add(3)])
    await store.writeWhenPossible([add(4)])
    expect(store.health().reason).toContain('2 writes wait')
    proxy.restore()
    await untilStatus('healthy')
    await store.writeWhenPossible([add(5)])
    expect(await all()).toEqual([1, 2, 3, 4, 5])
    expect(existsSync(outboxPath)).toBe(false)
  }, 30_000)

  it('keeps what waits over the end of the process', async () => {
    proxy.cut()
    await store.writeWhenPossible([{ sql: 'insert into numbers (n) values (?)', parameters: [2n ** 60n] }])
    await store.close()
    proxy.restore()
    store = await openPostgresStore({ url, outboxPath, log: silent })
    expect(await all()).toEqual([2n ** 60n])
  }, 30_000)

  it('does nothing twice that was delivered when the process died, before it was taken out', async () => {
    const write = { id: '0193f6f2-8c00-7001-8d3f-9a4e1b7c2d10', payload: encodeStatements([add(1)]) }
    for (let time = 0; time < 2; time += 1) {
      await store.close()
      const outbox = createOutbox(outboxPath)
      outbox.add(write)
      outbox.close()
      store = await openPostgresStore({ url, outboxPath, log: silent })
    }
    expect(await all()).toEqual([1])
    expect(existsSync(outboxPath)).toBe(false)
  }, 30_000)

  it('puts aside what the server refuses for good, and says so', async () => {
    proxy.cut()
    await store.writeWhenPossible([{ sql: 'insert into nowhere values (1)', parameters: [] }])
    await store.writeWhenPossible([add(1)])
    proxy.restore()
    await waitFor(async () => (await all()).length === 1, { timeoutMs: 10_000, what: 'the second write' })
    expect(store.health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('refused') })
  }, 30_000)

  it('loses no acknowledged write and does none twice, however often the way breaks', async () => {
    const acknowledged: number[] = []
    const refused: number[] = []
    const uncertain: number[] = []
    let next = 0
    const end = new AbortController()
    const writer = async (): Promise<void> => {
      while (!end.signal.aborted) {
        const n = (next += 1)
        try {
          if (n % 2 === 0) await store.writeWhenPossible([add(n)])
          else await store.transaction([add(n)])
          acknowledged.push(n)
        } catch (error) {
          const code = (error as { code: string }).code
          if (code === 'STORE_UNCERTAIN') uncertain.push(n)
          else if (code === 'SERVER_UNREACHABLE') refused.push(n)
          else throw error
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const writers = Array.from({ length: 4 }, writer)
    const breakTheWay = async (round: number): Promise<void> => {
      const before = acknowledged.length
      await waitFor(() => acknowledged.length >= before + 40, { timeoutMs: 20_000, what: 'writes' })
      if (round % 3 === 2) {
        await postgres.kill()
        await postgres.restart()
      } else {
        if (round % 3 === 0) proxy.cut()
        else proxy.hold()
        await untilStatus('degraded')
        proxy.restore()
      }
      await untilStatus('healthy')
    }
    try {
      for (let round = 0; round < 6; round += 1) await breakTheWay(round)
    } finally {
      end.abort()
      await Promise.all(writers)
    }
    await store.writeWhenPossible([add(0)])
    // what is left of the last kill may show only now.
    const found = await waitFor(all, { timeoutMs: 10_000, what: 'the rows' })
    expect(found.length).toBe(new Set(found).size)
    expect(acknowledged.filter((n) => !found.includes(n))).toEqual([])
    expect(refused.filter((n) => found.includes(n))).toEqual([])
    expect(found.length).toBeLessThanOrEqual(acknowledged.length + uncertain.length + 1)
  }, 120_000)
})
