// what a Redis server says of itself: is it new enough, and does it keep what it was given?
import type { Redis } from 'ioredis'
import type { JournalDurability } from '../../events/journal.ts'
import { redisErrors } from './errors.ts'

/** in health: what a person should set, or undefined where all is well. */
export type DurabilityFinding = string | undefined

/**
 * XAUTOCLAIM and ranges without their ends came with 6.2. `everysec` writes with each turn and syncs each second: the death
 * of the server loses nothing that was answered, the loss of power a second.
 * @throws REDIS_TOO_OLD; REDIS_NOT_DURABLE where strict durability is asked for
 */
export async function examineDurability(redis: Redis, durability: JournalDurability): Promise<DurabilityFinding> {
  const info = await redis.info()
  const version = lineOf(info, 'redis_version') ?? '0'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 6 || (major === 6 && minor < 2)) throw redisErrors.REDIS_TOO_OLD({ value: version })
  const appends = lineOf(info, 'aof_enabled') === '1'
  const fsync = appends ? await configured(redis, 'appendfsync') : undefined
  if (durability === 'strict' && fsync !== 'always') {
    throw redisErrors.REDIS_NOT_DURABLE({
      value: appends ? `appendfsync ${fsync ?? 'can’t be read'}` : 'appendonly no',
    })
  }
  if (!appends) {
    return 'Redis has `appendonly no`: its restart loses events; set it with `redis-cli config set appendonly yes` and in redis.conf'
  }
  const policy = lineOf(info, 'maxmemory_policy') ?? 'noeviction'
  if (lineOf(info, 'maxmemory') !== '0' && policy !== 'noeviction' && !policy.startsWith('volatile-')) {
    return `Redis has \`maxmemory-policy ${policy}\`: it may throw events away; set \`maxmemory-policy noeviction\``
  }
  return undefined
}

/** hosted servers may not let their settings be read. */
async function configured(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const pair: unknown = await redis.call('CONFIG', 'GET', name)
    return Array.isArray(pair) && typeof pair[1] === 'string' ? pair[1] : undefined
  } catch (error) {
    if (error instanceof Error && /NOPERM|unknown command/i.test(error.message)) return undefined
    throw error
  }
}

function lineOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
}
