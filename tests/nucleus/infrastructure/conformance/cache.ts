// what every cache must do, where time can be moved by the test.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Cache } from '../../../../nucleus/infrastructure/ports.ts'

export interface CacheFixture {
  readonly cache: Cache
  /** lets time pass. */
  advance(milliseconds: number): Promise<void>
  dispose?(): Promise<void>
}

export function cacheConformance(name: string, make: () => Promise<CacheFixture> | CacheFixture): void {
  describe(`cache: ${name}`, () => {
    let fixture: CacheFixture
    let cache: Cache

    beforeEach(async () => {
      fixture = await make()
      cache = fixture.cache
    })
    afterEach(() => fixture.dispose?.())

    it('gives back a copy of what was set', async () => {
      const value = { list: [1, 2], nested: { yes: true } }
      await cache.set('key', value, { ttlMs: 1_000_000 })
      value.list.push(3)
      const got = await cache.get<typeof value>('key')
      expect(got).toEqual({ list: [1, 2], nested: { yes: true } })
      got?.list.push(4)
      expect(await cache.get('key')).toEqual({ list: [1, 2], nested: { yes: true } })
    })

    it('knows nothing of what was never set', async () => {
      expect(await cache.get('nothing')).toBeUndefined()
      expect(await cache.delete('nothing')).toBe(false)
    })

    it('forgets after the time to live, which a new set begins anew', async () => {
      await cache.set('key', 1, { ttlMs: 100_000 })
      await fixture.advance(60_000)
      expect(await cache.get('key')).toBe(1)
      await cache.set('key', 2, { ttlMs: 100_000 })
      await fixture.advance(60_000)
      expect(await cache.get('key')).toBe(2)
      await fixture.advance(60_000)
      expect(await cache.get('key')).toBeUndefined()
      expect(await cache.keys('')).toEqual([])
    })

    it('deletes', async () => {
      await cache.set('key', 1, { ttlMs: 100_000 })
      expect(await cache.delete('key')).toBe(true)
      expect(await cache.get('key')).toBeUndefined()
    })

    it('lists living keys by prefix, up to a limit', async () => {
      for (const key of ['a:1', 'a:2', 'b:1']) await cache.set(key, 1, { ttlMs: 100_000 })
      await cache.set('a:0', 1, { ttlMs: 10_000 })
      await fixture.advance(50_000)
      expect((await cache.keys('a:')).toSorted()).toEqual(['a:1', 'a:2'])
      expect(await cache.keys('a:', 1)).toHaveLength(1)
    })

    it('takes a prefix for what it is, never for a pattern', async () => {
      for (const key of ['a*:1', 'ab:1', '[ab]:1', String.raw`a\:1`]) await cache.set(key, 1, { ttlMs: 100_000 })
      expect(await cache.keys('a*')).toEqual(['a*:1'])
      expect(await cache.keys('[ab]')).toEqual(['[ab]:1'])
      expect(await cache.keys('a\\')).toEqual([String.raw`a\:1`])
      expect(await cache.keys('?')).toEqual([])
    })

    it('forgets at once what is set with no time to live', async () => {
      await cache.set('key', 1, { ttlMs: 100_000 })
      await cache.set('key', 2, { ttlMs: 0 })
      expect(await cache.get('key')).toBeUndefined()
    })
  })
}
