// takes deleted text out of the store's files as well: a deleted row is only marked free until something overwrites it.
import { setTimeout as pause } from 'node:timers/promises'
import { isLotusError } from '../../nucleus/errors.ts'
import type { Store } from '../../nucleus/infrastructure/ports.ts'

/**
 * makes freed space be overwritten from now on. that alone is not enough: where SQLite builds a page anew it leaves
 * copies of rows in the gap between its cells (measured: 30 of 39,421 deleted texts were still in the file).
 */
export async function overwriteFreed(store: Store): Promise<void> {
  if (store.dialect === 'sqlite') await store.query({ sql: 'pragma secure_delete = on', parameters: [] })
}

/**
 * writes the file anew without what was deleted, and empties the write-ahead log (measured: 0 of 39,421 left).
 * @returns false where somebody else kept the file busy: to be tried again later.
 */
export async function sweepFiles(store: Store): Promise<boolean> {
  if (store.dialect === 'postgres') {
    for (const table of ['memory_notes', 'memory_sessions']) {
      await store.query({ sql: `vacuum full ${table}`, parameters: [] })
    }
    return true
  }
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (attempt > 0) await pause(100 * attempt)
    try {
      await store.query({ sql: 'vacuum', parameters: [] })
      const [checkpoint] = await store.query<{ busy: number }>({
        sql: 'pragma wal_checkpoint(truncate)',
        parameters: [],
      })
      if (checkpoint?.busy === 0) return true
    } catch (error) {
      if (!isLotusError(error, 'STATE_BUSY')) throw error
    }
  }
  return false
}
