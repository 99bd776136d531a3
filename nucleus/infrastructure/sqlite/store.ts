// the embedded store: relational storage on SQLite, one file, every call its own transaction.
import type Database from 'better-sqlite3'
import { isLotusError } from '../../errors.ts'
import { infrastructureErrors, stateError, systemCodeOf } from '../errors.ts'
import type { ResourceHealth, Statement, StatementResult, Store } from '../ports.ts'
import { openDatabase } from './open.ts'
import { migrateDatabase } from './migrations.ts'

/** counters since the store was opened, for metrics. */
export interface StoreStatistics {
  readonly calls: number
  readonly timeMs: number
}

export interface SqliteStore extends Store {
  readonly path: string
  statistics(): StoreStatistics
  /** unhealthy from a failure of the file (full, damaged, not writable) until the next call that succeeds. */
  health(): ResourceHealth
  close(): Promise<void>
}

/** compiled statements that are kept; each holds some kilobytes of SQLite's memory. */
const statementLimit = 500

/**
 * opens the store's file. integers come back as numbers; one beyond ±(2^53 − 1) comes back as bigint and is never
 * rounded. booleans are stored as 0 and 1.
 * @throws STATE_READ_ONLY, STATE_FULL, STATE_DAMAGED, STATE_NEWER, STATE_BUSY
 */
export function openSqliteStore(path: string): SqliteStore {
  const database = openDatabase({ path, version: 0 })
  database.defaultSafeIntegers(true)
  const statements = new Map<string, Database.Statement>()
  const begin = database.prepare('begin immediate')
  const commit = database.prepare('commit')
  const rollback = database.prepare('rollback')
  let calls = 0
  let timeMs = 0
  let failure: string | undefined

  const prepare = (sql: string): Database.Statement => {
    const known = statements.get(sql)
    if (known !== undefined) {
      // the map keeps insertion order: taken out and put back, the least recently used is always first.
      statements.delete(sql)
      statements.set(sql, known)
      return known
    }
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    if (statements.size > statementLimit) {
      const [oldest] = statements.keys()
      if (oldest !== undefined) statements.delete(oldest)
    }
    return statement
  }

  const run = (statement: Statement): StatementResult => {
    const prepared = prepare(statement.sql)
    const parameters = statement.parameters.map(toParameter)
    if (!prepared.reader) return { rows: [], changes: prepared.run(...parameters).changes }
    const rows = prepared.all(...parameters) as Record<string, unknown>[]
    for (const row of rows) plainIntegers(row)
    return { rows, changes: prepared.readonly ? 0 : rows.length }
  }

  const measured = async <Result>(sql: () => string, work: () => Result): Promise<Result> => {
    if (!database.open) throw infrastructureErrors.INFRASTRUCTURE_CLOSED({ detail: 'store' })
    const startedAt = performance.now()
    try {
      const result = work()
      failure = undefined
      return result
    } catch (error) {
      const reason = queryError(error, path, sql())
      if (isLotusError(reason) && reason.code.startsWith('STATE_')) failure = reason.message
      throw reason
    } finally {
      calls += 1
      timeMs += performance.now() - startedAt
    }
  }

  const transaction = (list: readonly Statement[]): StatementResult[] => {
    begin.run()
    try {
      const results = list.map(run)
      commit.run()
      return results
    } catch (error) {
      // some errors (a full disk) have already rolled it back.
      if (database.inTransaction) rollback.run()
      throw error
    }
  }

  return Object.freeze({
    dialect: 'sqlite' as const,
    path,
    query: async <Row>(statement: Statement) =>
      measured(
        () => statement.sql,
        () => run(statement).rows as unknown as Row[],
      ),
    transaction: async (list: readonly Statement[]) =>
      measured(
        () => list.map((statement) => statement.sql).join('; '),
        () => transaction(list),
      ),
    writeWhenPossible: async (list: readonly Statement[]) => {
      await measured(
        () => list.map((statement) => statement.sql).join('; '),
        () => transaction(list),
      )
    },
    migrate: async (owner: string, migrations: Parameters<Store['migrate']>[1]) =>
      measured(
        () => `migrations of ${owner}`,
        () => migrateDatabase(database, path, owner, migrations),
      ),
    statistics: () => ({ calls, timeMs }),
    health: () =>
      failure === undefined
        ? { backend: 'sqlite', status: 'healthy' as const }
        : { backend: 'sqlite', status: 'unhealthy' as const, reason: failure },
    close: async () => {
      statements.clear()
      if (!database.open) return
      database.pragma('optimize')
      database.close()
    },
  })
}

/** what SQLite can bind; a value of another kind would be stored as something else than was meant. */
function toParameter(value: unknown): string | number | bigint | Uint8Array | null {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'bigint' || value instanceof Uint8Array) return value
  // a whole number is bound as an integer: as a real it would become `1.0` where a column has no type.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  throw infrastructureErrors.STORE_PARAMETER({ value, detail: typeof value })
}

function plainIntegers(row: Record<string, unknown>): void {
  for (const name in row) {
    const value = row[name]
    if (typeof value !== 'bigint') continue
    if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) row[name] = Number(value)
  }
}

function queryError(error: unknown, path: string, sql: string): unknown {
  const code = systemCodeOf(error)
  if (code.startsWith('SQLITE_CONSTRAINT')) {
    return infrastructureErrors.STORE_CONSTRAINT({ value: error instanceof Error ? error.message : code, cause: error })
  }
  const state = stateError(error, path)
  if (state !== undefined) return state
  return infrastructureErrors.STORE_QUERY_FAILED({
    value: sql,
    detail: error instanceof Error ? error.message : String(error),
    cause: error,
  })
}
