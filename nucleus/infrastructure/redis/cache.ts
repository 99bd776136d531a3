// the cache on Redis; while Redis is away a cache in this process stands in, and hands over what it has when it is back.
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { createMemoryCache } from '../cache.ts'
import { infrastructureErrors } from '../errors.ts'
import type { Cache, ResourceHealth } from '../ports.ts'
import { addressOf, createServerLink, messageOf } from '../server-link.ts'

export interface RedisCacheOptions {
  readonly url: string
  readonly log: Logger
  /** so long the first connection may take before the cache begins without Redis. default 2,000. */
  readonly connectTimeoutMs?: number
}

export interface RedisCache extends Cache {
  health(): ResourceHealth
  close(): Promise<void>
}

const keyPrefix = 'lotus:cache:'
const maxValueBytes = 32 * 1024 * 1024
const scanCount = 500
/** scans of one call: with 500 keys each, a database of a million keys is looked through. */
const maxScans = 2_000
/** keys that are remembered while Redis is away; the oldest give way. */
const maxChanged = 10_000
const handOverAtOnce = 500
const defaultTimeoutMs = 2_000
/** a connection that never became ready is given up for another one. */
const askAnewMs = 5_000

/** never rejects because Redis is away: then it begins with the cache in this process. */
export async function openRedisCache(options: RedisCacheOptions): Promise<RedisCache> {
  const { url, log } = options
  const address = addressOf(url)
  const standIn = createMemoryCache()
  /** what was set, with the moment of its end, or deleted, while Redis was away. */
  const changed = new Map<string, number | 'deleted'>()
  let closed = false

  const redis = new Redis(url, {
    lazyConnect: true,
    connectionName: 'lotus-cache',
    connectTimeout: options.connectTimeoutMs ?? defaultTimeoutMs,
    // a command without a connection fails at once: the stand-in answers instead.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 200,
    keepAlive: 10_000,
  })
  // without a listener ioredis writes every failed attempt to stderr.
  let fault: string | undefined
  redis.on('error', (error: Error) => {
    fault = messageOf(error)
    log.debug({ err: error }, 'a connection to Redis broke')
  })
  redis.on('ready', () => {
    fault = undefined
  })
  /** why a connection is closed, a command doesn't know; the connection said so before. */
  const explain = (error: unknown): string => {
    const message = messageOf(error)
    return fault !== undefined && /connection is closed|isn't writeable/i.test(message) ? fault : message
  }

  const handOver = async (): Promise<void> => {
    while (changed.size > 0) {
      const batch = Array.from(changed).slice(0, handOverAtOnce)
      const pipeline = redis.pipeline()
      for (const [key, until] of batch) {
        const value = until === 'deleted' ? undefined : await standIn.get(key)
        const ttlMs = until === 'deleted' ? 0 : until - Date.now()
        if (value === undefined || ttlMs <= 0) pipeline.del(keyPrefix + key)
        else pipeline.set(keyPrefix + key, JSON.stringify(value), 'PX', ttlMs)
      }
      const results = await pipeline.exec()
      for (const [error] of results ?? []) if (error !== null) throw error
      for (const [key, until] of batch) {
        // what was changed again meanwhile stays for the next round.
        if (changed.get(key) !== until) continue
        changed.delete(key)
        await standIn.delete(key)
      }
    }
  }

  // a Redis that is stopped takes a connection and says nothing on it: the library would wait for ever.
  const connected = await within(options.connectTimeoutMs ?? defaultTimeoutMs, redis.connect()).then(
    () => undefined,
    explain,
  )
  let askedAnewMs = Date.now()
  const link = createServerLink({
    name: 'Redis',
    address,
    isUp: connected === undefined,
    ...(connected === undefined ? {} : { reason: connected }),
    probe: async () => {
      if (redis.status !== 'ready' && Date.now() - askedAnewMs > askAnewMs) {
        askedAnewMs = Date.now()
        redis.disconnect(true)
      }
      await redis.ping()
    },
    isLoss,
    explain,
    onBack: handOver,
    // what hangs there is rejected, and a new connection is made.
    onLost: () => redis.disconnect(true),
    log,
  })

  const remember = (key: string, until: number | 'deleted'): void => {
    changed.delete(key)
    changed.set(key, until)
    if (changed.size <= maxChanged) return
    const [oldest] = changed.keys()
    if (oldest !== undefined) changed.delete(oldest)
  }

  const either = async <Result>(there: () => Promise<Result>, here: () => Promise<Result>): Promise<Result> => {
    if (closed) throw infrastructureErrors.INFRASTRUCTURE_CLOSED({ detail: 'cache' })
    if (!link.isUp()) return await here()
    try {
      return await link.call(async () => {
        if (changed.size > 0) await handOver()
        return await there()
      })
    } catch (error) {
      if (link.isUp() && !isLoss(error)) throw error
      return await here()
    }
  }

  return Object.freeze({
    get: <Value>(key: string): Promise<Value | undefined> =>
      either(
        async () => {
          const json = await redis.get(keyPrefix + key)
          return json === null ? undefined : (JSON.parse(json) as Value)
        },
        () => standIn.get<Value>(key),
      ),
    set: async (key: string, value: unknown, { ttlMs }: { ttlMs: number }): Promise<void> => {
      const json = JSON.stringify(value) ?? 'null'
      const bytes = 2 * (key.length + json.length)
      if (bytes > maxValueBytes)
        throw infrastructureErrors.CACHE_VALUE_TOO_LARGE({ value: key, detail: `${bytes} bytes` })
      await either(
        async () => {
          if (ttlMs > 0) await redis.set(keyPrefix + key, json, 'PX', Math.max(1, Math.round(ttlMs)))
          else await redis.del(keyPrefix + key)
        },
        async () => {
          await standIn.set(key, value, { ttlMs })
          remember(key, ttlMs > 0 ? Date.now() + ttlMs : 'deleted')
        },
      )
    },
    delete: (key: string) =>
      either(
        async () => (await redis.del(keyPrefix + key)) > 0,
        async () => {
          const existed = await standIn.delete(key)
          remember(key, 'deleted')
          return existed
        },
      ),
    keys: (prefix: string, limit = 1_000) =>
      either(
        () => scanKeys(redis, prefix, limit),
        () => standIn.keys(prefix, limit),
      ),
    health: (): ResourceHealth => {
      const loss = link.fault()
      if (loss === undefined) return { backend: 'redis', status: 'healthy' }
      return { backend: 'memory', status: 'degraded', reason: `${loss}; a cache in this process stands in` }
    },
    close: async () => {
      if (closed) return
      closed = true
      await link.close()
      redis.disconnect()
      await standIn.close()
    },
  })
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  // what comes of it after the limit is in the state of the connection.
  work.catch(() => undefined)
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function scanKeys(redis: Redis, prefix: string, limit: number): Promise<string[]> {
  const found = new Set<string>()
  const pattern = `${(keyPrefix + prefix).replaceAll(/[\\*?[\]^-]/g, String.raw`\$&`)}*`
  let cursor = '0'
  for (let scan = 0; scan < maxScans; scan += 1) {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', scanCount)
    // a scan may name a key twice.
    for (const key of keys) found.add(key.slice(keyPrefix.length))
    cursor = next
    if (cursor === '0' || found.size >= limit) break
  }
  return Array.from(found).slice(0, limit)
}

/** Redis' own answers are no loss, but for those of a server that is not ready. */
function isLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name !== 'ReplyError') return error.name !== 'LotusError'
  return /^(LOADING|MASTERDOWN|READONLY|CLUSTERDOWN|BUSY )/.test(error.message)
}
