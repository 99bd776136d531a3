// the store on Postgres: every call its own transaction, whose fate is known even where the connection breaks in it.
import { setTimeout as pause } from 'node:timers/promises'
import { bulkhead, isBulkheadRejectedError } from 'cockatiel'
import type { PoolClient } from 'pg'
import type { Logger } from 'pino'
import { isLotusError } from '../../errors.ts'
import { createIdentifier } from '../../identifiers.ts'
import { infrastructureErrors } from '../errors.ts'
import { createOutbox } from '../outbox.ts'
import type { Migration, ResourceHealth, Statement, StatementResult, Store } from '../ports.ts'
import { addressOf, createServerLink, messageOf } from '../server-link.ts'
import type { StoreStatistics } from '../sqlite/store.ts'
import { isLostConnection, isRefused, statementError } from './faults.ts'
import type { DatabaseLock } from './lone.ts'
import { migratePostgres } from './migrations.ts'
import { createPostgresPool, defaultConnections, runStatement, type PostgresLimits, type PostgresPool } from './pool.ts'
import { decodeStatements, encodeStatements } from './waiting-writes.ts'

export interface PostgresStoreOptions extends PostgresLimits {
  readonly url: string
  /** a SQLite file for writes that wait; it is made with the first of them. */
  readonly outboxPath: string
  /** says that the database is ours alone; absent: several nuclei share it. */
  readonly lock?: DatabaseLock
  readonly log: Logger
}

export interface PostgresStore extends Store {
  statistics(): StoreStatistics
  health(): ResourceHealth
  close(): Promise<void>
}

/** a write that is done once, by its id. */
interface Write {
  readonly id: string
  readonly statements: readonly Statement[]
}

/** so long a transaction whose commit was not answered waits for the server's return, to hear what became of it. */
const fateLimitMs = 5_000
/** so long `lotus_writes` remembers a write whose answer may have been lost, and one that may be delivered again. */
const rememberAnswer = '1 hour'
const rememberDelivery = '30 days'
const pruneEveryMs = 600_000
const deliverAtOnce = 100
const deliverLimitMs = 15_000
/** calls that wait for a connection. */
const maxWaiting = 10_000
const ownMigrations: readonly Migration[] = [
  {
    name: '001-writes',
    statements: [
      {
        sql: `create table lotus_writes (id text primary key, outcome text not null, keep_until timestamptz not null)`,
        parameters: [],
      },
    ],
  },
]

/**
 * connects, makes its own table and delivers what an earlier process has kept.
 * @throws SERVER_UNREACHABLE, SERVER_REFUSED, STORE_TAKEN
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { url, lock, log } = options
  const address = addressOf(url)
  const outbox = createOutbox(options.outboxPath)
  const onError = (error: Error): void => log.debug({ err: error }, 'a connection to Postgres broke')
  const pool = createPostgresPool(url, options, onError)
  // a probe that waited for others would take a busy server for a lost one.
  const probes = createPostgresPool(url, { ...options, maxConnections: 1 }, onError)
  // who waits for a connection waits here, so that the pool's own limit is that of connecting.
  const turns = bulkhead(options.maxConnections ?? defaultConnections, maxWaiting)
  let calls = 0
  let timeMs = 0
  let closed = false

  const withClient = async <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> => {
    try {
      return await turns.execute(() => useClient(pool, work))
    } catch (error) {
      if (!isBulkheadRejectedError(error)) throw error
      throw infrastructureErrors.STORE_BUSY({ value: maxWaiting })
    }
  }

  /**
   * the write's id is in its transaction, so that it can be asked after when the answer to the commit is lost.
   * @throws the loss itself where nothing was done, STORE_UNCERTAIN where that can't be known
   */
  const transact = async <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> => {
    let id = ''
    let done: { readonly result: Result } | undefined
    try {
      return await onceMore(
        () =>
          withClient(async (client) => {
            id = createIdentifier()
            await client.query(`begin; ${noteWrite(id)}`)
            const result = await work(client)
            done = { result }
            await client.query('commit')
            return result
          }),
        // the server takes back what was never committed.
        () => done === undefined,
      )
    } catch (error) {
      if (!isLostConnection(error) || done === undefined) throw error
      const outcome = await outcomeOf(id)
      if (outcome === 'done') return done.result
      if (outcome === 'given up') throw error
      throw infrastructureErrors.STORE_UNCERTAIN({ value: address, detail: messageOf(error), cause: error })
    }
  }

  /**
   * gives the write up where it was not done: its id is then taken, so it can't be done any more. where it is still under
   * way, the insert waits for its end. (a transaction's own number is no name for it: after a crash it is given again.)
   */
  const outcomeOf = async (id: string): Promise<string | undefined> => {
    const endMs = Date.now() + fateLimitMs
    while (Date.now() < endMs) {
      if (!(await link.untilUp(endMs - Date.now()))) return undefined
      try {
        return await withClient(async (client) => {
          await client.query(`${noteWrite(id, 'given up')} on conflict do nothing`)
          const { rows } = await client.query<{ outcome: string }>('select outcome from lotus_writes where id = $1', [
            id,
          ])
          return rows[0]?.outcome
        })
      } catch (error) {
        log.debug({ err: error }, 'what became of a write could not be asked')
        await pause(50)
      }
    }
    return undefined
  }

  const runList = async (client: PoolClient, list: readonly Statement[]): Promise<StatementResult[]> => {
    const results: StatementResult[] = []
    for (const statement of list) {
      try {
        results.push(await runStatement(client, statement))
      } catch (error) {
        throw isLostConnection(error) ? error : statementError(error, statement.sql)
      }
    }
    return results
  }

  const applyMigrations = async (client: PoolClient, owner: string, list: readonly Migration[]): Promise<void> =>
    await migratePostgres(client, (statement) => runList(client, [statement]), address, owner, list)

  const inTransaction = async (work: (client: PoolClient) => Promise<void>): Promise<void> =>
    await onceMore(() =>
      withClient(async (client) => {
        await client.query('begin')
        await work(client)
        await client.query('commit')
      }),
    )
  /** each once, however often it is tried: its id goes in with it, so nobody needs to ask what became of it. */
  const writeOnce = async (writes: readonly Write[]): Promise<void> =>
    await inTransaction(async (client) => {
      const { rows } = await client.query<{ id: string }>(
        `insert into lotus_writes (id, outcome, keep_until)
         select unnest($1::text[]), 'done', now() + interval '${rememberDelivery}' on conflict do nothing returning id`,
        [writes.map(({ id }) => id)],
      )
      const isNew = new Set(rows.map(({ id }) => id))
      for (const { id, statements } of writes) if (isNew.has(id)) await runList(client, statements)
    })
  const isPassing = (error: unknown): boolean => isLostConnection(error) || (isLotusError(error) && error.retryable)
  /** together, or where one of them is refused one by one, so that only that one is put aside. */
  const deliverBatch = async (writes: readonly Write[]): Promise<void> => {
    // nobody else breaks a connection that says nothing while things are handed over.
    const limit = setTimeout(pool.reset, deliverLimitMs)
    try {
      await writeOnce(writes)
      return outbox.remove(writes.map(({ id }) => id))
    } catch (error) {
      if (isPassing(error)) throw error
    } finally {
      clearTimeout(limit)
    }
    for (const write of writes) {
      try {
        await writeOnce([write])
        outbox.remove([write.id])
      } catch (error) {
        if (isPassing(error)) throw error
        log.error({ err: error, write: write.id }, 'Postgres refuses a write that had waited for it')
        outbox.refuse(write.id, messageOf(error))
      }
    }
  }

  /** whether something was kept since everything was delivered. */
  let hasWaiting = true
  let delivering: Promise<void> | undefined
  const deliver = (): Promise<void> => {
    delivering ??= deliverAll().finally(() => {
      delivering = undefined
    })
    return delivering
  }
  const deliverAll = async (): Promise<void> => {
    hasWaiting = false
    try {
      await deliverBatches()
      outbox.tidy()
    } catch (error) {
      hasWaiting = true
      throw error
    }
  }
  const deliverBatches = async (): Promise<void> => {
    for (;;) {
      const batch = outbox.next(deliverAtOnce)
      if (batch.length === 0) return
      await deliverBatch(batch.map(({ id, payload }) => ({ id, statements: decodeStatements(payload) })))
    }
  }

  const link = createServerLink({
    name: 'Postgres',
    address,
    isLoss: isLostConnection,
    // where the database is ours alone, the connection that holds its lock is asked: a server that has given the lock to
    // another nucleus is as good as away.
    probe: () =>
      lock?.ensure() ??
      useClient(probes, async (client) => {
        await client.query('select 1')
      }),
    onBack: deliver,
    onLost: () => {
      pool.reset()
      probes.reset()
      lock?.reset()
    },
    log,
  })

  const prune = async (): Promise<void> => {
    await withClient((client) => client.query('delete from lotus_writes where keep_until < now()'))
  }

  try {
    await lock?.take()
    await inTransaction((client) => applyMigrations(client, 'lotus.writes', ownMigrations))
    await prune()
    await deliver()
  } catch (error) {
    closed = true
    await link.close()
    for (const one of [pool, probes]) {
      one.reset()
      await one.close()
    }
    await lock?.close()
    outbox.close()
    if (isLotusError(error)) throw error
    if (isLostConnection(error)) throw link.unreachable(error)
    if (!isRefused(error)) throw statementError(error, 'select 1')
    const value = `Postgres at ${address}`
    throw infrastructureErrors.SERVER_REFUSED({ value, detail: messageOf(error), cause: error })
  }

  const runAlone = async (statement: Statement): Promise<StatementResult[]> => {
    const run = (client: PoolClient): Promise<StatementResult[]> => runList(client, [statement])
    if (writes.test(statement.sql)) return await transact(run)
    if (reads.test(statement.sql)) return await onceMore(() => withClient(run))
    try {
      return await withClient(run)
    } catch (error) {
      if (!isLostConnection(error)) throw error
      throw infrastructureErrors.STORE_UNCERTAIN({ value: statement.sql, detail: messageOf(error), cause: error })
    }
  }

  const pruning = setInterval(() => {
    // while the server is away there is nothing to prune, and the next time comes.
    link.call(prune).catch((error: unknown) => log.debug({ err: error }, 'old writes could not be forgotten'))
  }, pruneEveryMs)
  pruning.unref()

  const measured = async <Result>(sql: () => string, work: () => Promise<Result>): Promise<Result> => {
    if (closed) throw infrastructureErrors.INFRASTRUCTURE_CLOSED({ detail: 'store' })
    const startedAt = performance.now()
    try {
      return await link.call(async () => {
        // what was kept in the moment of the server's return comes first as well.
        if (hasWaiting) await deliver()
        return await work()
      })
    } catch (error) {
      throw isLostConnection(error) ? link.unreachable(error) : statementError(error, sql())
    } finally {
      calls += 1
      timeMs += performance.now() - startedAt
    }
  }
  const sqlOf = (list: readonly Statement[]) => (): string => list.map((statement) => statement.sql).join('; ')

  return Object.freeze({
    dialect: 'postgres' as const,
    query: async <Row>(statement: Statement) =>
      await measured(
        () => statement.sql,
        async () => {
          const [result] = await runAlone(statement)
          return (result?.rows ?? []) as unknown as Row[]
        },
      ),
    transaction: async (list: readonly Statement[]) =>
      await measured(sqlOf(list), () => transact((client) => runList(client, list))),
    writeWhenPossible: async (list: readonly Statement[]) => {
      const id = createIdentifier()
      try {
        await measured(sqlOf(list), () => writeOnce([{ id, statements: list }]))
      } catch (error) {
        // where it is not known whether it was done, the id says so when it is delivered.
        const mayWait = isLotusError(error, 'SERVER_UNREACHABLE') || isLotusError(error, 'STORE_UNCERTAIN')
        if (!mayWait) throw error
        outbox.add({ id, payload: encodeStatements(list) })
        hasWaiting = true
      }
    },
    migrate: async (owner: string, migrations: readonly Migration[]) =>
      await measured(
        () => `migrations of ${owner}`,
        () => inTransaction((client) => applyMigrations(client, owner, migrations)),
      ),
    statistics: () => ({ calls, timeMs }),
    health: (): ResourceHealth => {
      const waiting = outbox.waiting()
      const fault = link.fault()
      if (fault !== undefined) {
        const kept = waiting === 0 ? '' : `; ${waiting} writes wait for it on this machine`
        return { backend: 'postgres', status: 'degraded', reason: `${fault}${kept}` }
      }
      const refused = outbox.refused()
      if (refused === 0) return { backend: 'postgres', status: 'healthy' }
      return {
        backend: 'postgres',
        status: 'degraded',
        reason: `${refused} writes that had waited were refused by Postgres; they are kept in ${options.outboxPath}, table refused`,
      }
    },
    close: async () => {
      if (closed) return
      closed = true
      clearInterval(pruning)
      // what hangs at a server that is away is not waited for.
      if (!link.isUp()) pool.reset()
      await link.close()
      for (const one of [pool, probes]) {
        if (!link.isUp()) one.reset()
        await one.close()
      }
      if (!link.isUp()) lock?.reset()
      await lock?.close()
      outbox.close()
    },
  })
}

/** statements that change rows get a transaction that can be asked after; the rest runs alone, `vacuum` must. */
const writes = /^\s*(insert|update|delete|merge|with)\b/i

/** a connection of the pool may be that of a server which was started anew meanwhile: the next one is not. */
async function onceMore<Result>(work: () => Promise<Result>, mayRepeat = (): boolean => true): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!isLostConnection(error) || !mayRepeat()) throw error
    return await work()
  }
}

async function useClient<Result>(pool: PostgresPool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    // a connection that broke, or was left inside of a transaction, is not for the next call.
    client.release(isLostConnection(error) || !(await isClean(client)))
    throw error
  }
}

/** @param id - made here, of digits and dashes */
function noteWrite(id: string, outcome: 'done' | 'given up' = 'done'): string {
  return `insert into lotus_writes (id, outcome, keep_until) values ('${id}', '${outcome}', now() + interval '${rememberAnswer}')`
}

/** what only reads may be asked again. */
const reads = /^\s*(select|values|show)\b/i

async function isClean(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback')
    return true
  } catch {
    // its connection is gone as well: it is thrown away.
    return false
  }
}
