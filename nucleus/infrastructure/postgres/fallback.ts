// the store where Postgres is configured: Postgres, or for this one start SQLite, which is said and never mixed.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { isLotusError } from '../../errors.ts'
import type { ResourceHealth, Store } from '../ports.ts'
import type { Part } from '../part.ts'
import { addressOf } from '../server-link.ts'
import type { SqliteStore, StoreStatistics } from '../sqlite/store.ts'
import { createDatabaseLock, findLockHolder } from './lone.ts'
import { createPostgresPool } from './pool.ts'
import { openPostgresStore } from './store.ts'

export interface StorePart extends Part<Store> {
  statistics(): StoreStatistics
}

export interface StoreFallbackOptions {
  readonly url: string
  /** LOTUS_HOME/data. */
  readonly folder: string
  readonly openEmbedded: () => SqliteStore
  readonly log: Logger
}

/** what a start can do without Postgres for. */
const standIns: ReadonlySet<string> = new Set(['SERVER_UNREACHABLE', 'SERVER_REFUSED', 'STORE_TAKEN'])
/** how often a server that was away at the start is looked for. */
const lookEveryMs = 3_000

/** that store.db holds what Postgres doesn't: written where a start did without it, removed by `lotus infra migrate`. */
export interface FallbackMark {
  readonly since: string
  readonly address: string
}

export function markPath(folder: string): string {
  return join(folder, 'store-fallback.json')
}

export function readMark(folder: string): FallbackMark | undefined {
  const path = markPath(folder)
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as FallbackMark
  } catch {
    // that it is there says enough.
    return { since: 'an earlier start', address: 'Postgres' }
  }
}

export function removeMark(folder: string): void {
  rmSync(markPath(folder), { force: true })
}

/**
 * a store is never changed under running modules: what they have read would not be what they write to.
 * @throws what the embedded store throws where that is opened
 */
export async function openStoreWithFallback(options: StoreFallbackOptions): Promise<StorePart> {
  const { url, folder, log } = options
  try {
    const lock = createDatabaseLock({ url, folder, log })
    const store = await openPostgresStore({ url, outboxPath: join(folder, 'store-outbox.db'), lock, log })
    return {
      resource: store,
      statistics: store.statistics,
      health: () => withLeftBehind(store.health(), folder),
      close: store.close,
    }
  } catch (error) {
    if (!isLotusError(error) || !standIns.has(error.code)) throw error
    log.warn({ err: error }, 'Postgres can’t be used: this start keeps its state in store.db')
    return useEmbedded(options, error.code === 'STORE_TAKEN' ? `${error.message}; ${error.fix}` : error.message)
  }
}

/** the store of a worker: that of the nucleus whose system it joins, or none. @throws SERVER_UNREACHABLE, SERVER_REFUSED */
export async function openSharedStore(options: Omit<StoreFallbackOptions, 'openEmbedded'>): Promise<StorePart> {
  const { url, folder, log } = options
  const store = await openPostgresStore({ url, outboxPath: join(folder, 'store-outbox.db'), log })
  return { resource: store, statistics: store.statistics, health: store.health, close: store.close }
}

function useEmbedded({ url, folder, openEmbedded, log }: StoreFallbackOptions, why: string): StorePart {
  const store = openEmbedded()
  const address = addressOf(url)
  if (readMark(folder) === undefined) {
    const mark: FallbackMark = { since: new Date().toISOString(), address }
    writeFileSync(markPath(folder), JSON.stringify(mark), { mode: 0o600 })
  }
  let isBack = false
  const pool = createPostgresPool(url, { maxConnections: 1 }, (error) => log.debug({ err: error }, 'still no Postgres'))
  const look = async (): Promise<void> => {
    try {
      const client = await pool.connect()
      const holder = await findLockHolder(client).finally(() => client.release())
      if (!isBack && holder === undefined) log.info({ address }, 'Postgres is there; the next start uses it')
      isBack = holder === undefined
    } catch {
      // the reason is in health since the start; nothing has changed.
      isBack = false
    }
  }
  let looking: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    looking = look()
  }, lookEveryMs)
  timer.unref()
  const meanwhile = 'what is written until then stays in store.db, and `lotus infra migrate` carries it over'
  return {
    resource: store,
    statistics: store.statistics,
    health: () => {
      const health = store.health()
      if (health.status === 'unhealthy') return health
      const reason = isBack
        ? `Postgres at ${address} is back, but this start keeps its state in store.db: \`lotus restart\` uses Postgres; ${meanwhile}`
        : `${why}: this start keeps its state in store.db; ${meanwhile}`
      return { backend: 'sqlite', status: 'degraded', reason }
    },
    close: async () => {
      clearInterval(timer)
      await looking
      await pool.close()
      await store.close()
    },
  }
}

/** what earlier starts have left in store.db is neither hidden nor mixed in. */
function withLeftBehind(health: ResourceHealth, folder: string): ResourceHealth {
  if (health.status !== 'healthy') return health
  const mark = readMark(folder)
  if (mark !== undefined) {
    const reason = `what was written since ${mark.since} while Postgres was away is in store.db: \`lotus infra migrate\` carries it over`
    return { ...health, status: 'degraded', reason }
  }
  if (!existsSync(join(folder, 'store.db')) || existsSync(join(folder, 'store-migrated.json'))) return health
  return { ...health, reason: 'store.db of earlier starts is not in it: `lotus infra migrate` moves it' }
}
