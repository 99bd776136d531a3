// what every store must do; a backend's test calls it with a factory that opens the same store again and again.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Migration, Store } from '../../../../nucleus/infrastructure/ports.ts'
import { queryBuilder, statementOf } from '../../../../nucleus/infrastructure/query.ts'

export interface StoreFixture {
  open(): Promise<Store & { close(): Promise<void> }>
  dispose(): Promise<void>
}

interface Tables {
  people: { id: string; age: number; height: number | null; tall: boolean | number }
}

const people: Migration = {
  name: '001-people',
  statements: [
    {
      sql: 'create table people (id text primary key, age bigint not null, height double precision, tall integer)',
      parameters: [],
    },
  ],
}

export function storeConformance(name: string, make: () => Promise<StoreFixture> | StoreFixture): void {
  describe(`store: ${name}`, () => {
    let fixture: StoreFixture
    let store: Store & { close(): Promise<void> }

    beforeEach(async () => {
      fixture = await make()
      store = await fixture.open()
      await store.migrate('test', [people])
    })
    afterEach(async () => {
      await store.close()
      await fixture.dispose()
    })

    const tables = () => queryBuilder<Tables>(store.dialect)
    const add = (id: string, age: number) =>
      statementOf(tables().insertInto('people').values({ id, age, height: null, tall: 0 }))
    const ids = async (): Promise<string[]> => {
      const rows = await store.query<{ id: string }>(
        statementOf(tables().selectFrom('people').select('id').orderBy('id')),
      )
      return rows.map((row) => row.id)
    }

    it('gives rows as plain objects with the values that went in', async () => {
      const row = { id: 'ada', age: 1_763_690_400_123, height: 1.65, tall: 1 }
      await store.query(statementOf(tables().insertInto('people').values(row)))
      const [found] = await store.query(statementOf(tables().selectFrom('people').selectAll()))
      expect(found).toEqual(row)
      expect(Object.getPrototypeOf(found)).toBe(Object.prototype)
    })

    it('never rounds an integer: beyond 2^53 it is a bigint', async () => {
      const age = 2n ** 60n + 1n
      await store.query({ ...add('old', 0), parameters: ['old', age, null, 0] })
      await store.query(add('young', 7))
      const rows = await store.query<{ age: unknown }>(
        statementOf(tables().selectFrom('people').select('age').orderBy('id')),
      )
      expect(rows.map((row) => row.age)).toEqual([age, 7])
    })

    it('gives the number of changed rows and the rows of a returning statement', async () => {
      const results = await store.transaction([
        add('ada', 1),
        add('bob', 2),
        statementOf(tables().updateTable('people').set({ age: 3 }).where('age', '>', 0)),
        statementOf(tables().deleteFrom('people').where('id', '=', 'bob').returning('id')),
      ])
      expect(results.map((result) => result.changes)).toEqual([1, 1, 2, 1])
      expect(results[3]?.rows).toEqual([{ id: 'bob' }])
    })

    it('does all of a transaction or nothing', async () => {
      await expect(store.transaction([add('ada', 1), add('ada', 2)])).rejects.toMatchObject({
        code: 'STORE_CONSTRAINT',
      })
      expect(await ids()).toEqual([])
    })

    it('refuses a query that makes no sense and a parameter that it would have to guess at', async () => {
      await expect(store.query({ sql: 'selec 1', parameters: [] })).rejects.toMatchObject({
        code: 'STORE_QUERY_FAILED',
      })
      const guess = { ...add('x', 1), parameters: [new Date(), 1, null, 0] }
      await expect(store.query(guess)).rejects.toMatchObject({ code: 'STORE_PARAMETER' })
    })

    it('keeps what it has over a close', async () => {
      await store.query(add('ada', 1))
      await store.close()
      store = await fixture.open()
      await store.migrate('test', [people])
      expect(await ids()).toEqual(['ada'])
    })

    it('refuses everything after close', async () => {
      await store.close()
      await expect(store.query(add('ada', 1))).rejects.toMatchObject({ code: 'INFRASTRUCTURE_CLOSED' })
    })

    describe('migrations', () => {
      const pets: Migration = {
        name: '002-pets',
        statements: [
          { sql: 'create table pets (name text)', parameters: [] },
          { sql: 'insert into pets values (?)', parameters: ['rex'] },
        ],
      }
      const countPets = async (): Promise<number> =>
        (await store.query({ sql: 'select * from pets', parameters: [] })).length

      it('are applied once each, in the order of their names', async () => {
        await store.migrate('test', [pets, people])
        await store.migrate('test', [people, pets])
        expect(await countPets()).toBe(1)
      })

      it('belong to their owner', async () => {
        await store.migrate('other', [{ ...pets, name: '001-people' }])
        expect(await countPets()).toBe(1)
      })

      it('are refused when their text changed', async () => {
        const changed = { ...people, statements: [{ sql: 'create table people (id text)', parameters: [] }] }
        await expect(store.migrate('test', [changed])).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' })
      })

      it('leave nothing behind when a statement of theirs fails', async () => {
        const broken = {
          ...pets,
          statements: [...pets.statements, { sql: 'insert into nowhere values (1)', parameters: [] }],
        }
        await expect(store.migrate('test', [people, broken])).rejects.toMatchObject({ code: 'STORE_QUERY_FAILED' })
        await store.migrate('test', [people, pets])
        expect(await countPets()).toBe(1)
      })

      it('that this version does not know mean that the file is newer', async () => {
        await store.migrate('test', [people, pets])
        await expect(store.migrate('test', [people])).rejects.toMatchObject({ code: 'STATE_NEWER' })
      })
    })
  })
}
