// opens the infrastructure: all resources in parallel within a time limit, each with its health, one way to close them.
import { accessSync, chmodSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import { createBus, type Bus, type BusOptions } from '../events/bus.ts'
import type { Journal, JournalDurability } from '../events/journal.ts'
import type { Flows } from '../flows/flow.ts'
import { createMemoryCache } from './cache.ts'
import { createDatabaseCare, shrinkSwollen } from './sqlite/database-care.ts'
import { infrastructureErrors, stateError, systemCodeOf } from './errors.ts'
import { openFlowsPart } from './flows-part.ts'
import { openJournal } from './journal.ts'
import type { Part } from './part.ts'
import type { Cache, Infrastructure, ResourceHealth, Store, Vectors } from './ports.ts'
import { openSqliteStore, type StoreStatistics } from './sqlite/store.ts'
import { openVectorsOrNone } from './sqlite/vectors-damaged.ts'

/** the part of the core's settings that the infrastructure reads; empty text: not set. */
export interface InfrastructureSettings {
  readonly postgresUrl?: string
  readonly redisUrl?: string
  readonly chromaUrl?: string
  /** a worker shares Redis and Postgres with the nucleus of a system, and waits for them at its start. default `nucleus`. */
  readonly role?: 'nucleus' | 'worker'
  readonly journalDurability?: JournalDurability
  /** events older than this are dropped once every group has acknowledged them. default 30 days. */
  readonly journalMaxAge?: number
  /** the journal's size beyond which its oldest events are dropped. default 512 MiB. */
  readonly journalMaxSize?: number
  /** how often the databases are checked in the background; 0 never. default a day. */
  readonly databaseCheckInterval?: number
}

export interface OpenInfrastructureOptions {
  /** LOTUS_HOME; made where it is missing. */
  readonly home: string
  readonly settings: InfrastructureSettings
  readonly log: Logger
  /** for the embedded parts. default 10,000; servers have limits of their own, and what was kept for them takes its time. */
  readonly timeoutMs?: number
  readonly onFailure?: BusOptions['onFailure']
}

export type InfrastructureHealth = Readonly<Record<'store' | 'journal' | 'cache' | 'vectors' | 'flows', ResourceHealth>>

export interface OpenInfrastructure extends Infrastructure {
  readonly bus: Bus
  readonly journal: Journal
  health(): InfrastructureHealth
  /** looks now whether the databases are whole; health says what was found. */
  checkDatabases(): Promise<void>
  /** room that is left on the disk of LOTUS_HOME. */
  diskFreeBytes(): number
  /** counters of the store, for metrics. */
  storeStatistics(): StoreStatistics
  /** closes the bus, then the resources in reverse; a second call waits for the first. */
  close(): Promise<void>
}

const dayMs = 86_400_000
const retentionEveryMs = 600_000

/**
 * @throws STATE_READ_ONLY, STATE_FULL, STATE_DAMAGED, STATE_NEWER, STATE_BUSY, OPEN_TIMEOUT; what was opened by then is
 * closed again
 */
export async function openInfrastructure(options: OpenInfrastructureOptions): Promise<OpenInfrastructure> {
  const { settings, log } = options
  const folder = makeDataFolder(options.home)
  const opened: { close(): Promise<void> }[] = []
  const keep = <Resource extends { close(): Promise<void> }>(resource: Resource): Resource => {
    opened.push(resource)
    return resource
  }
  try {
    const usesServers = [settings.postgresUrl, settings.redisUrl, settings.chromaUrl].some(isSet)
    const [store, journal, cache, vectors] = await withinLimit(
      Promise.all([
        openStore(folder, settings, log).then(keep),
        openJournal({
          folder,
          redisUrl: settings.redisUrl,
          durability: settings.journalDurability ?? 'normal',
          isWorker: settings.role === 'worker',
          log,
        }).then(keep),
        openCache(settings, log).then(keep),
        openVectorSearch(folder, settings, log).then(keep),
      ]),
      options.timeoutMs ?? (usesServers ? 60_000 : 10_000),
    )
    const flows = keep(
      openFlowsPart({
        folder,
        dialect: store.resource.dialect,
        postgresUrl: settings.postgresUrl,
        durability: settings.journalDurability ?? 'normal',
        log,
      }),
    )
    const bus = createBus({
      journal,
      log,
      ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
    })
    const stopRetention = keepWithinLimits(journal, settings, log)
    const stopForgetting = forgetEndedFlows(flows.resource, log)
    const names = { store: 'store.db', journal: 'journal.db', vectors: 'vectors.db', flows: 'flows.db' } as const
    const inUse = Object.values(names).filter((name) => existsSync(join(folder, name)) || !usesServers)
    const care = createDatabaseCare({
      folder,
      names: inUse,
      checkEveryMs: settings.databaseCheckInterval ?? dayMs,
      log,
    })
    const cared = (resource: keyof typeof names, health: ResourceHealth): ResourceHealth => {
      const fault = care.fault(names[resource])
      if (fault === undefined || health.status === 'unhealthy') return health
      // found at the start already, and told with what it means
      if (health.reason?.startsWith(`${names[resource]} is damaged`) === true) return health
      return {
        ...health,
        status: 'unhealthy',
        reason: `${names[resource]} is damaged: ${fault}; \`lotus doctor\` says what to do`,
      }
    }
    let closed: Promise<void> | undefined
    return Object.freeze({
      store: store.resource,
      cache: cache.resource,
      vectors: vectors.resource,
      flows: flows.resource,
      bus,
      journal,
      checkDatabases: care.check,
      diskFreeBytes: () => freeBytesOf(folder),
      storeStatistics: () => store.statistics(),
      health: () => ({
        store: cared('store', withRoom(folder, store.health())),
        journal: cared('journal', journal.health()),
        cache: cache.health(),
        vectors: cared('vectors', vectors.health()),
        flows: cared('flows', flows.health()),
      }),
      close: () =>
        (closed ??= (async () => {
          stopRetention()
          stopForgetting()
          await care.close()
          await bus.close()
          await closeAll(opened, log)
          // nobody else has the files open now, and nobody waits for them
          shrinkSwollen(
            inUse.map((name) => join(folder, name)),
            log,
          )
        })()),
    })
  } catch (error) {
    await closeAll(opened, log)
    throw error
  }
}

const isSet = (url: string | undefined): url is string => url !== undefined && url !== ''

// what speaks to a server is loaded only where one is configured: a start without servers does not pay for it.

async function openStore(
  folder: string,
  { postgresUrl, role }: InfrastructureSettings,
  log: Logger,
): Promise<Part<Store> & { statistics(): StoreStatistics }> {
  const openEmbedded = () => openSqliteStore(join(folder, 'store.db'))
  if (isSet(postgresUrl)) {
    if (role === 'worker') {
      const [{ openSharedStore }, { whenReachable }] = await Promise.all([
        import('./postgres/fallback.ts'),
        import('./await-server.ts'),
      ])
      return await whenReachable(() => openSharedStore({ url: postgresUrl, folder, log }), log)
    }
    const { openStoreWithFallback } = await import('./postgres/fallback.ts')
    return await openStoreWithFallback({ url: postgresUrl, folder, openEmbedded, log })
  }
  const store = openEmbedded()
  const { statistics, close } = store
  return { resource: store, statistics, close, health: () => because(store.health(), 'LOTUS_POSTGRES_URL') }
}

async function openCache({ redisUrl }: InfrastructureSettings, log: Logger): Promise<Part<Cache>> {
  if (isSet(redisUrl)) {
    const { openRedisCache } = await import('./redis/cache.ts')
    const cache = await openRedisCache({ url: redisUrl, log })
    return { resource: cache, health: cache.health, close: cache.close }
  }
  const cache = createMemoryCache()
  const health: ResourceHealth = { backend: 'memory', status: 'healthy' }
  return { resource: cache, close: cache.close, health: () => because(health, 'LOTUS_REDIS_URL') }
}

async function openVectorSearch(
  folder: string,
  { chromaUrl }: InfrastructureSettings,
  log: Logger,
): Promise<Part<Vectors>> {
  if (isSet(chromaUrl)) {
    const { openChromaPart } = await import('./chroma/open.ts')
    return await openChromaPart({ url: chromaUrl, folder, log })
  }
  const vectors = openVectorsOrNone({ path: join(folder, 'vectors.db'), log })
  return { resource: vectors, close: vectors.close, health: () => because(vectors.health(), 'LOTUS_CHROMA_URL') }
}

/** the embedded part is what one machine needs. */
function because(health: ResourceHealth, variable: string): ResourceHealth {
  return health.status === 'healthy' ? { ...health, reason: `embedded: ${variable} is not set` } : health
}

/** @throws STATE_READ_ONLY, STATE_FULL */
function makeDataFolder(home: string): string {
  const folder = join(home, 'data')
  try {
    makeFolder(folder)
    chmodSync(folder, 0o700)
    accessSync(folder, constants.W_OK | constants.X_OK)
    return folder
  } catch (error) {
    throw stateError(error, folder) ?? infrastructureErrors.STATE_READ_ONLY({ value: folder, cause: error })
  }
}

/** one folder after the other: node's recursive mkdir never returns below /proc, where every name is refused as missing. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // another process may have been faster; what stands there is looked at by whoever asked.
    if (systemCodeOf(error) !== 'EEXIST') throw error
  }
}

async function withinLimit<Result>(work: Promise<Result>, limitMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(infrastructureErrors.OPEN_TIMEOUT({ detail: `${limitMs} ms` })), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** below it the next burst of events may find no room: a person should know before that. */
const scarceBytes = 64 * 1024 * 1024

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

function withRoom(folder: string, health: ResourceHealth): ResourceHealth {
  if (health.status !== 'healthy') return health
  const freeBytes = freeBytesOf(folder)
  if (freeBytes >= scarceBytes) return health
  const left = Math.round(freeBytes / 1024 / 1024)
  return {
    ...health,
    status: 'degraded',
    reason: `its disk has ${left} MiB left; \`lotus disk\` says what takes the room`,
  }
}

function keepWithinLimits(journal: Journal, settings: InfrastructureSettings, log: Logger): () => void {
  const limits = {
    maxAgeMs: settings.journalMaxAge ?? 30 * dayMs,
    maxBytes: settings.journalMaxSize ?? 512 * 1024 * 1024,
  }
  const timer = setInterval(() => {
    journal.retain(limits).then(
      (dropped) => {
        if (dropped > 0) log.info({ dropped }, 'old events were dropped from the journal')
      },
      (error: unknown) => log.error({ err: error }, 'old events could not be dropped from the journal'),
    )
  }, retentionEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** flows that ended longer ago than this are forgotten, and the oldest beyond the number. */
const keptFlows = { maxAgeMs: 30 * dayMs, maxEnded: 10_000 }

function forgetEndedFlows(flows: Flows, log: Logger): () => void {
  const timer = setInterval(() => {
    // what nobody has used has nothing to forget, and is not opened for that
    if (!flows.isOpen()) return
    flows.retain(keptFlows).catch((error: unknown) => log.error({ err: error }, 'ended flows could not be forgotten'))
  }, retentionEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

async function closeAll(resources: readonly { close(): Promise<void> }[], log: Logger): Promise<void> {
  for (const resource of resources.toReversed()) {
    try {
      await resource.close()
    } catch (error) {
      log.error({ err: error }, 'a part of the infrastructure did not close well')
    }
  }
}
