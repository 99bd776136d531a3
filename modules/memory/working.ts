// working memory: small values that live for a while, in the cache, under a prefix of their own.
import type { Cache } from '../../nucleus/infrastructure/ports.ts'
import { memoryErrors } from './errors.ts'

const prefix = 'memory:working:'

export interface Working {
  set(key: string, value: unknown, ttlMs: number): Promise<void>
  get(key: string): Promise<unknown>
  /** drops the values that quote one of these texts. */
  forgetQuotes(texts: readonly string[]): Promise<void>
}

export function createWorking(cache: Cache): Working {
  return Object.freeze({
    set: async (key: string, value: unknown, ttlMs: number) => {
      if (key === '' || key.length > 200 || !(ttlMs > 0)) throw memoryErrors.WORKING_KEY_INVALID({ value: key })
      await cache.set(prefix + key, value, { ttlMs })
    },
    get: async (key: string) => await cache.get(prefix + key),
    forgetQuotes: async (texts: readonly string[]) => {
      const quotes = texts.map((text) => text.toLowerCase())
      for (const key of await cache.keys(prefix, 10_000)) {
        const value = JSON.stringify((await cache.get(key)) ?? null).toLowerCase()
        // as JSON has it, since the value is compared as JSON.
        const isQuote = quotes.some((quote) => value.includes(JSON.stringify(quote).slice(1, -1)))
        if (isQuote) await cache.delete(key)
      }
    },
  })
}
