import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRedisCache, type RedisCache } from '../../../../nucleus/infrastructure/redis/cache.ts'
import type { PrivateServer } from '../../../support/servers/private-server.ts'
import { hasRedis, startRedis } from '../../../support/servers/redis.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { silent } from '../../events/support.ts'
import { cacheConformance } from '../conformance/cache.ts'

describe.skipIf(!hasRedis())('on a private Redis', () => {
  let server: PrivateServer
  let direct: Redis
  beforeAll(async () => {
    server = await startRedis()
    direct = connect()
  }, 30_000)
  afterAll(async () => {
    direct?.disconnect()
    await server?.dispose()
  }, 60_000)

  const connect = (): Redis => {
    const redis = new Redis(server.url)
    // the server is killed now and then.
    redis.on('error', () => undefined)
    return redis
  }
  const open = (): Promise<RedisCache> => openRedisCache({ url: server.url, log: silent })

  cacheConformance('redis', async () => {
    await direct.flushall()
    const cache = await open()
    return {
      cache,
      // the clock of Redis is nobody's to move: the ends of its keys come nearer instead.
      advance: async (milliseconds) => {
        for (const key of await direct.keys('*')) {
          const left = (await direct.pttl(key)) - milliseconds
          if (left <= 0) await direct.del(key)
          else await direct.pexpire(key, left)
        }
      },
      dispose: () => cache.close(),
    }
  })

  describe('the Redis cache', () => {
    it('is shared by all that use the same Redis', async () => {
      const [one, other] = [await open(), await open()]
      await one.set('shared', { n: 1 }, { ttlMs: 60_000 })
      expect(await other.get('shared')).toEqual({ n: 1 })
      await one.close()
      await other.close()
    })

    it('leaves the keys of others alone', async () => {
      await direct.flushall()
      await direct.set('foreign', 'x')
      const cache = await open()
      expect(await cache.keys('')).toEqual([])
      expect(await cache.delete('foreign')).toBe(false)
      await cache.close()
    })

    it('goes on without Redis, says so, and hands over what was set meanwhile', async () => {
      const cache = await open()
      await cache.set('kept', 1, { ttlMs: 60_000 })
      await cache.set('dropped', 1, { ttlMs: 60_000 })
      direct.disconnect()
      await server.kill()
      await cache.set('meanwhile', { n: 2 }, { ttlMs: 60_000 })
      await cache.delete('dropped')
      expect(await cache.get('meanwhile')).toEqual({ n: 2 })
      expect(cache.health()).toMatchObject({ backend: 'memory', status: 'degraded' })
      await server.restart()
      await waitFor(() => cache.health().status === 'healthy', { timeoutMs: 10_000, what: 'the cache to be healthy' })
      direct = connect()
      expect(await direct.get('lotus:cache:meanwhile')).toBe('{"n":2}')
      expect(await cache.get('dropped')).toBeUndefined()
      await cache.close()
    }, 30_000)

    it('does not wait for a Redis that says nothing, and takes it up when it speaks', async () => {
      server.pause()
      const cache = await open()
      expect(cache.health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('no answer') })
      server.resume()
      await waitFor(() => cache.health().status === 'healthy', { timeoutMs: 15_000, what: 'the cache to be healthy' })
      await cache.close()
    }, 30_000)

    it('begins without Redis and takes it up when it comes', async () => {
      await server.kill()
      const cache = await open()
      expect(cache.health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('ECONNREFUSED') })
      await cache.set('early', 1, { ttlMs: 60_000 })
      await server.restart()
      await waitFor(() => cache.health().status === 'healthy', { timeoutMs: 10_000, what: 'the cache to be healthy' })
      expect(await cache.get('early')).toBe(1)
      await cache.close()
    }, 30_000)
  })
})
