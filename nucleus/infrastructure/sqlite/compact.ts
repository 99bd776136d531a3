// gives free pages of a database back to the disk; for a file that nobody else has open.
import { statSync } from 'node:fs'
import Database from 'better-sqlite3'

export interface Compacted {
  readonly beforeBytes: number
  readonly afterBytes: number
}

/**
 * writes the file anew without its free pages. a kill in the middle leaves it as it was: SQLite writes beside it first.
 * @throws what SQLite says: busy, full
 */
export function compact(path: string): Compacted {
  const beforeBytes = statSync(path).size
  const database = new Database(path, { fileMustExist: true, timeout: 2_000 })
  try {
    database.exec('vacuum')
    database.pragma('wal_checkpoint(truncate)')
  } finally {
    database.close()
  }
  return { beforeBytes, afterBytes: statSync(path).size }
}

/** bytes in the file, and bytes of them that hold nothing. */
export function slackOf(database: Database.Database): { readonly bytes: number; readonly freeBytes: number } {
  const pageBytes = Number(database.pragma('page_size', { simple: true }))
  return {
    bytes: Number(database.pragma('page_count', { simple: true })) * pageBytes,
    freeBytes: Number(database.pragma('freelist_count', { simple: true })) * pageBytes,
  }
}

/** less is left to be used again: giving it back costs a copy of the whole file. */
const leastFreeBytes = 16 * 1024 * 1024
const leastFreeShare = 0.25

/** whether so much of a file is free that it is worth writing it anew. */
export function isSwollen({ bytes, freeBytes }: { readonly bytes: number; readonly freeBytes: number }): boolean {
  return freeBytes >= leastFreeBytes && freeBytes >= bytes * leastFreeShare
}
