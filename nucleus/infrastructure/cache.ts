// the embedded cache: a map in this process with a time to live, bounded by entries and by bytes, oldest use out first.
import { infrastructureErrors } from './errors.ts'
import type { Cache } from './ports.ts'

export interface MemoryCacheOptions {
  /** default 10,000. */
  readonly maxEntries?: number
  /** keys and values as JSON, two bytes a character; default 32 MiB. */
  readonly maxBytes?: number
  /** milliseconds since any fixed moment; tests replace it. */
  readonly now?: () => number
}

export interface MemoryCache extends Cache {
  statistics(): { readonly entries: number; readonly bytes: number; readonly evictions: number }
  close(): Promise<void>
}

interface Entry {
  readonly json: string
  readonly bytes: number
  readonly expiresAt: number
}

/**
 * values are kept as JSON text: nobody can change another's value through a shared reference, and it is what a server
 * would do. an expired entry is dropped when it is touched or when room is needed, so no timer runs.
 */
export function createMemoryCache(options: MemoryCacheOptions = {}): MemoryCache {
  const maxEntries = options.maxEntries ?? 10_000
  const maxBytes = options.maxBytes ?? 32 * 1024 * 1024
  // monotonic by default: a clock that is set must not bring a dead entry back.
  const now = options.now ?? (() => performance.now())
  const entries = new Map<string, Entry>()
  let bytes = 0
  let evictions = 0

  const remove = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (entry === undefined) return undefined
    entries.delete(key)
    bytes -= entry.bytes
    return entry
  }

  /** the entry if it is still alive; a dead one is dropped on the way. */
  const alive = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (entry === undefined || entry.expiresAt > now()) return entry
    remove(key)
    return undefined
  }

  const makeRoom = (): void => {
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries && bytes <= maxBytes) return
      remove(oldest)
      evictions += 1
    }
  }

  return Object.freeze({
    get: async <Value>(key: string) => {
      const entry = alive(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      entries.set(key, entry)
      return JSON.parse(entry.json) as Value
    },
    set: async (key: string, value: unknown, { ttlMs }: { ttlMs: number }) => {
      const json = JSON.stringify(value) ?? 'null'
      const size = 2 * (key.length + json.length)
      if (size > maxBytes) throw infrastructureErrors.CACHE_VALUE_TOO_LARGE({ value: key, detail: `${size} bytes` })
      remove(key)
      if (!(ttlMs > 0)) return
      entries.set(key, { json, bytes: size, expiresAt: now() + ttlMs })
      bytes += size
      makeRoom()
    },
    delete: async (key: string) => {
      const existed = alive(key) !== undefined
      remove(key)
      return existed
    },
    keys: async (prefix: string, limit = 1_000) => {
      const found: string[] = []
      for (const key of Array.from(entries.keys())) {
        if (found.length >= limit) break
        if (key.startsWith(prefix) && alive(key) !== undefined) found.push(key)
      }
      return found
    },
    statistics: () => ({ entries: entries.size, bytes, evictions }),
    close: async () => {
      entries.clear()
      bytes = 0
    },
  })
}
