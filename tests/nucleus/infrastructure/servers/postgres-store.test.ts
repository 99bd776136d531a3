import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgresStore } from '../../../../nucleus/infrastructure/postgres/store.ts'
import { findPostgres, startPostgres, type PrivatePostgres } from '../../../support/servers/postgres.ts'
import { silent } from '../../events/support.ts'
import { storeConformance } from '../conformance/store.ts'
import { temporaryFolder } from '../folders.ts'

describe.skipIf(findPostgres() === undefined)('on a private Postgres', () => {
  let postgres: PrivatePostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres?.dispose(), 60_000)

  const open = async (url: string) =>
    await openPostgresStore({ url, outboxPath: join(temporaryFolder(), 'outbox.db'), log: silent })

  storeConformance('postgres', async () => {
    const url = await postgres.createDatabase()
    return { open: () => open(url), dispose: async () => {} }
  })

  describe('the Postgres store', () => {
    it('compares texts by their bytes, whatever the language of its database', async () => {
      const store = await open(await postgres.createDatabase())
      await store.migrate('test', [
        { name: '001', statements: [{ sql: 'create table words (word text primary key)', parameters: [] }] },
      ])
      for (const word of ['b', 'B', 'a', 'ä', '2026-01-01', '_']) {
        await store.query({ sql: 'insert into words values (?)', parameters: [word] })
      }
      const rows = await store.query<{ word: string }>({
        sql: 'select word from words where word < ? order by word',
        parameters: ['\uffff'],
      })
      expect(rows.map(({ word }) => word)).toEqual(['2026-01-01', 'B', '_', 'a', 'b', 'ä'])
      await store.close()
    })

    it('migrates once however many nuclei begin at the same time', async () => {
      const url = await postgres.createDatabase()
      const stores = await Promise.all([open(url), open(url), open(url), open(url)])
      const migrations = [
        {
          name: '001',
          statements: [
            { sql: 'create table once (n bigint)', parameters: [] },
            { sql: 'insert into once values (?)', parameters: [1] },
          ],
        },
      ]
      await Promise.all(stores.map((store) => store.migrate('test', migrations)))
      expect(await stores[0].query({ sql: 'select n from once', parameters: [] })).toEqual([{ n: 1 }])
      for (const store of stores) await store.close()
    })

    it('says that nobody listens, and that a database is not there', async () => {
      await expect(open('postgres://lotus@127.0.0.1:1/none')).rejects.toMatchObject({
        code: 'SERVER_UNREACHABLE',
        retryable: true,
      })
      await expect(open(postgres.url.replace(/postgres$/, 'missing'))).rejects.toMatchObject({
        code: 'SERVER_REFUSED',
        retryable: false,
      })
    })

    it('gives a statement up that takes too long', async () => {
      const url = await postgres.createDatabase()
      const outboxPath = join(temporaryFolder(), 'outbox.db')
      const store = await openPostgresStore({ url, outboxPath, log: silent, statementTimeoutMs: 100 })
      await expect(store.query({ sql: 'select pg_sleep(20)', parameters: [] })).rejects.toMatchObject({
        code: 'STORE_TIMEOUT',
        retryable: true,
      })
      expect(await store.query({ sql: 'select 1 as n', parameters: [] })).toEqual([{ n: 1 }])
      await store.close()
    })

    it('refuses a zero byte, which Postgres keeps in no text', async () => {
      const store = await open(await postgres.createDatabase())
      await expect(store.query({ sql: 'select ?::text as x', parameters: ['a\0b'] })).rejects.toMatchObject({
        code: 'STORE_PARAMETER',
      })
      await store.close()
    })
  })
})
