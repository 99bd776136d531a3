// opens a SQLite file the way all parts of LOTUS do: WAL, private to its owner, with errors that name the file.
import { chmodSync, closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { infrastructureErrors, stateError } from '../errors.ts'

export interface OpenOptions {
  readonly path: string
  /** the schema version that this code writes; a file with a greater one is refused. 0 where tables are migrated. */
  readonly version: number
  /** how long a statement waits for another connection's lock, milliseconds. default 2,000. */
  readonly busyTimeoutMs?: number
  /** pages in the WAL that make SQLite write them back by itself; 0 leaves that to the caller. default 1,000. */
  readonly autoCheckpointPages?: number
  /** what its connection may keep of the file in memory, KiB. default 4,096. */
  readonly cacheKiB?: number
}

// most reads find their page in the system's cache, too: a larger one of our own is memory for nothing, and is never
// given back. better-sqlite3 would let it grow to 16,000 KiB.
const usualCacheKiB = 4_096

/**
 * opens or makes a database in WAL mode with `synchronous = NORMAL`: a commit survives the death of the process.
 * @throws STATE_READ_ONLY, STATE_FULL, STATE_DAMAGED, STATE_NEWER, STATE_BUSY
 */
export function openDatabase(options: OpenOptions): Database.Database {
  const { path } = options
  let database: Database.Database | undefined
  try {
    // made by hand first, so that it is never readable by others, not even for a moment.
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
    database = new Database(path, { timeout: options.busyTimeoutMs ?? 2_000 })
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    database.pragma('trusted_schema = OFF')
    database.pragma('temp_store = MEMORY')
    database.pragma(`wal_autocheckpoint = ${options.autoCheckpointPages ?? 1_000}`)
    database.pragma(`cache_size = -${options.cacheKiB ?? usualCacheKiB}`)
    // keeps the WAL file from staying as large as the largest burst ever made it.
    database.pragma('journal_size_limit = 16777216')
    const found = Number(database.pragma('user_version', { simple: true }))
    if (found > options.version) {
      throw infrastructureErrors.STATE_NEWER({
        value: path,
        detail: `it has schema ${found}, this version knows ${options.version}`,
      })
    }
    return database
  } catch (error) {
    database?.close()
    throw stateError(error, path) ?? error
  }
}
