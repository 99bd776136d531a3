// the connections to Postgres: a bounded pool with time limits, thrown away as a whole when the server is lost.
import pg from 'pg'
import type { PoolClient, QueryResult } from 'pg'
import type { Statement, StatementResult } from '../ports.ts'
import { numberPlaceholders } from './placeholders.ts'
import { toParameter, valueTypes } from './values.ts'

export interface PostgresLimits {
  /** connections of this process. default 10. */
  readonly maxConnections?: number
  /** to connect, milliseconds. default 2,000. */
  readonly connectTimeoutMs?: number
  /** a statement is given up by the server after this. default 15,000. */
  readonly statementTimeoutMs?: number
}

export const defaultConnections = 10
const closeLimitMs = 2_000

export interface PostgresPool {
  connect(): Promise<PoolClient>
  /** breaks every connection; the next call opens new ones. */
  reset(): void
  close(): Promise<void>
}

export function createPostgresPool(url: string, limits: PostgresLimits, onError: (error: Error) => void): PostgresPool {
  const statementTimeoutMs = limits.statementTimeoutMs ?? 15_000
  const clients = new Set<PoolClient>()
  const make = (): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: url,
      application_name: 'lotus',
      types: valueTypes,
      max: limits.maxConnections ?? defaultConnections,
      connectionTimeoutMillis: limits.connectTimeoutMs ?? 2_000,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      statement_timeout: statementTimeoutMs,
      lock_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
      allowExitOnIdle: true,
    })
    pool.on('error', onError)
    pool.on('connect', (client) => {
      clients.add(client)
      // a connection that breaks while nobody reads from it would end the process without a listener.
      client.on('error', onError)
    })
    pool.on('remove', (client) => clients.delete(client))
    return pool
  }
  let pool = make()
  const discard = (): void => {
    const broken = [...clients]
    clients.clear()
    const old = pool
    // connections in use are broken below, so this ends; what it says about them is known already.
    old.end().catch(onError)
    for (const client of broken) socketOf(client)?.destroy()
  }
  return Object.freeze({
    connect: () => pool.connect(),
    reset: () => {
      discard()
      pool = make()
    },
    close: async () => {
      // a server that says nothing doesn't say goodbye either.
      const limit = setTimeout(() => {
        for (const client of clients) socketOf(client)?.destroy()
      }, closeLimitMs)
      try {
        await pool.end()
      } finally {
        clearTimeout(limit)
      }
    },
  })
}

/** a client whose server says nothing can't be ended by saying goodbye: its socket is closed. */
function socketOf(client: PoolClient): { destroy(): void } | undefined {
  return (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream
}

/** @throws STORE_PARAMETER, and what Postgres says */
export async function runStatement(client: PoolClient, statement: Statement): Promise<StatementResult> {
  const values = statement.parameters.map(toParameter)
  const result: QueryResult<Record<string, unknown>> = await client.query(numberPlaceholders(statement.sql), values)
  return { rows: result.rows, changes: result.command === 'SELECT' ? 0 : (result.rowCount ?? 0) }
}
