// builds typed queries with Kysely and compiles them to plain statements; nothing here is connected to a database.
import { createRequire } from 'node:module'
import type * as Library from 'kysely'
import type { CompiledQuery, Kysely } from 'kysely'
import type { Statement, Store } from './ports.ts'

// Kysely is 300 files and costs 100 ms to load: a boot that needs no query must not pay for it.
let library: typeof Library | undefined

function loadLibrary(): typeof Library {
  library ??= createRequire(import.meta.url)('kysely') as typeof Library
  return library
}

/** loads the query builder ahead of its first use, without blocking; for after the boot. */
export async function warmQueryBuilder(): Promise<void> {
  library ??= await import('kysely')
}

/** the part of Kysely that starts a query; each of them ends in `.compile()`, which gives a statement. */
export type QueryBuilder<Tables> = Pick<
  Kysely<Tables>,
  'selectFrom' | 'selectNoFrom' | 'insertInto' | 'replaceInto' | 'updateTable' | 'deleteFrom' | 'with' | 'fn'
>

/**
 * a query builder for these tables. it only compiles: hand the result to the store.
 * the dialect must be the store's, since placeholders differ (`?` and `$1`); Postgres joins here when its store does.
 *
 * @example
 * const tables = queryBuilder<{ runs: { id: string } }>(context.infra.store.dialect)
 * const rows = await context.infra.store.query(statementOf(tables.selectFrom('runs').selectAll()))
 */
export function queryBuilder<Tables>(dialect: Store['dialect'] = 'sqlite'): QueryBuilder<Tables> {
  let made: Kysely<Tables> | undefined
  const kysely = (): Kysely<Tables> => (made ??= createKysely<Tables>(dialect))
  const builder = {
    selectFrom: (from: never) => kysely().selectFrom(from),
    selectNoFrom: (selection: never) => kysely().selectNoFrom(selection),
    insertInto: (table: never) => kysely().insertInto(table),
    replaceInto: (table: never) => kysely().replaceInto(table),
    updateTable: (table: never) => kysely().updateTable(table),
    deleteFrom: (table: never) => kysely().deleteFrom(table),
    with: (name: never, expression: never) => kysely().with(name, expression),
    get fn() {
      return kysely().fn
    },
  }
  // the forwarding functions can't repeat Kysely's overloads; the type that callers see is Kysely's own.
  return Object.freeze(builder) as unknown as QueryBuilder<Tables>
}

/** compiles a query to what the store takes: plain data that may cross a process wall. */
export function statementOf(query: { compile(): CompiledQuery }): Statement {
  const { sql, parameters } = query.compile()
  return { sql, parameters }
}

function createKysely<Tables>(dialect: Store['dialect']): Kysely<Tables> {
  const { Kysely, DummyDriver } = loadLibrary()
  const parts = loadLibrary()
  return dialect === 'sqlite'
    ? new Kysely<Tables>({
        dialect: {
          createAdapter: () => new parts.SqliteAdapter(),
          createDriver: () => new DummyDriver(),
          createIntrospector: (database) => new parts.SqliteIntrospector(database),
          createQueryCompiler: () => new parts.SqliteQueryCompiler(),
        },
      })
    : new Kysely<Tables>({
        dialect: {
          createAdapter: () => new parts.PostgresAdapter(),
          createDriver: () => new DummyDriver(),
          createIntrospector: (database) => new parts.PostgresIntrospector(database),
          createQueryCompiler: () => new parts.PostgresQueryCompiler(),
        },
      })
}
