// the lock of the one nucleus that keeps its state in a Postgres database: an advisory lock, held by a connection of its own.
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import { isLotusError } from '../../errors.ts'
import { infrastructureErrors } from '../errors.ts'
import { thisHolder } from '../holder.ts'
import { addressOf } from '../server-link.ts'

export interface DatabaseLock {
  /** waits a moment for a nucleus that is just ending. @throws STORE_TAKEN, and what Postgres says */
  take(): Promise<void>
  /** asks the connection that holds it, or takes it anew where that is gone. @throws STORE_TAKEN, and what Postgres says */
  ensure(): Promise<void>
  /** breaks the connection. */
  reset(): void
  close(): Promise<void>
}

export interface DatabaseLockOptions {
  readonly url: string
  /** LOTUS_HOME/data, which exists. */
  readonly folder: string
  readonly log: Logger
}

/** Postgres sees the end of a killed process within moments; so long a start waits for that, milliseconds. */
const takeLimitMs = 2_000
const tryEveryMs = 100
const answerMs = 2_000

/** other schemas of the database are for others. */
const lockKey = `hashtextextended('lotus nucleus ' || coalesce(current_schema(), ''), 0)`
const holderQuery = `
  select a.pid, a.application_name as name, coalesce(host(a.client_addr), 'a socket of its machine') as address
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and ((l.classid::bigint << 32) | l.objid::bigint) = ${lockKey}`

interface LockHolder {
  readonly pid: number
  readonly name: string
  readonly address: string
}

/** who holds the lock; undefined: nobody. */
export async function findLockHolder(client: pg.ClientBase): Promise<LockHolder | undefined> {
  const { rows } = await client.query<LockHolder>(holderQuery)
  return rows[0]
}

/** opens nothing yet. */
export function createDatabaseLock({ url, folder, log }: DatabaseLockOptions): DatabaseLock {
  const place = createHash('sha256').update(thisHolder(folder).folder).digest('hex').slice(0, 16)
  // a name has 63 bytes; the number comes before the machine, which may be long.
  const name = `lotus nucleus ${place} ${process.pid} ${hostname()}`.slice(0, 63)
  let held: pg.Client | undefined
  let opening: pg.Client | undefined
  let underWay: Promise<void> | undefined
  let closed = false

  const open = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
      keepAlive: true,
    })
    const forget = (): void => {
      if (held === client) held = undefined
    }
    client.on('error', (error) => {
      log.debug({ err: error }, 'the connection that holds the lock in Postgres broke')
      forget()
    })
    client.on('end', forget)
    opening = client
    try {
      await client.connect()
      // a machine that is gone says no goodbye: the server looks for it after five seconds, and gives the lock up after twenty.
      await client.query('set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3')
      const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${lockKey}) as taken`)
      if (rows[0]?.taken !== true) throw await taken(client)
      if (closed) throw infrastructureErrors.INFRASTRUCTURE_CLOSED({ detail: 'store' })
      held = client
    } catch (error) {
      destroy(client)
      throw error
    } finally {
      opening = undefined
    }
  }

  const taken = async (client: pg.Client): Promise<Error> => {
    const holder = await findLockHolder(client)
    // our folder is locked by this process, so what else holds the lock for it is what an earlier one has left.
    const isLeftover = holder?.name.split(' ')[2] === place
    if (isLeftover) await client.query('select pg_terminate_backend($1)', [holder.pid])
    const [, , , number = '?', machine = '?'] = holder?.name.split(' ') ?? []
    const value = `${machine}, process ${number}, from ${holder?.address ?? '?'}`
    return infrastructureErrors.STORE_TAKEN({ value, detail: `Postgres at ${addressOf(url)}` })
  }

  const ensure = (): Promise<void> => {
    underWay ??= (async () => {
      if (held === undefined) await open()
      else await held.query('select 1')
    })().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  const reset = (): void => {
    for (const client of [held, opening]) if (client !== undefined) destroy(client)
    held = undefined
  }

  return Object.freeze({
    take: async () => {
      const endMs = performance.now() + takeLimitMs
      for (;;) {
        try {
          return await ensure()
        } catch (error) {
          if (!isLotusError(error, 'STORE_TAKEN') || performance.now() > endMs) throw error
          await pause(tryEveryMs)
        }
      }
    },
    ensure,
    reset,
    close: async () => {
      closed = true
      const client = held
      held = undefined
      if (opening !== undefined) destroy(opening)
      if (client === undefined) return
      // the lock is given back before the next nucleus asks for it; a server that says nothing gives it back later.
      try {
        await client.query('select pg_advisory_unlock_all()')
        await client.end()
      } catch (error) {
        log.debug({ err: error }, 'the lock in Postgres ends with its connection')
        destroy(client)
      }
    },
  })
}

/** a client whose server says nothing can't be ended by saying goodbye. */
function destroy(client: pg.Client): void {
  ;(client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy()
}
