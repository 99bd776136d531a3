import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryCache } from '../../../nucleus/infrastructure/cache.ts'
import { cacheConformance } from './conformance/cache.ts'

cacheConformance('memory', () => {
  let now = 0
  return {
    cache: createMemoryCache({ now: () => now }),
    advance: async (milliseconds) => {
      now += milliseconds
    },
  }
})

describe('the memory cache', () => {
  it('drops what was used longest ago when there are too many', async () => {
    const cache = createMemoryCache({ maxEntries: 2 })
    await cache.set('one', 1, { ttlMs: 1_000 })
    await cache.set('two', 2, { ttlMs: 1_000 })
    await cache.get('one')
    await cache.set('three', 3, { ttlMs: 1_000 })
    expect((await cache.keys('')).toSorted()).toEqual(['one', 'three'])
    expect(cache.statistics().evictions).toBe(1)
  })

  it('refuses a value that is larger than all its room', async () => {
    const cache = createMemoryCache({ maxBytes: 100 })
    await expect(cache.set('key', 'x'.repeat(100), { ttlMs: 1 })).rejects.toMatchObject({
      code: 'CACHE_VALUE_TOO_LARGE',
    })
  })

  it('never holds more than it may, whatever is done', async () => {
    const action = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      size: fc.nat(60),
      kind: fc.constantFrom('set', 'get', 'delete'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(action), async (actions) => {
        const cache = createMemoryCache({ maxBytes: 200, maxEntries: 3 })
        for (const { key, size, kind } of actions) {
          if (kind === 'set') await cache.set(key, 'x'.repeat(size), { ttlMs: 1_000 })
          else if (kind === 'get') await cache.get(key)
          else await cache.delete(key)
          const { bytes, entries } = cache.statistics()
          expect(bytes).toBeLessThanOrEqual(200)
          expect(entries).toBeLessThanOrEqual(3)
          expect(entries).toBe((await cache.keys('')).length)
        }
      }),
    )
  })
})
