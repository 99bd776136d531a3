// the errors of the infrastructure: state on disk that can't be used, queries that can't be run, limits that were hit.
import { defineErrors, isLotusError, type LotusError } from '../errors.ts'

export const infrastructureErrors = defineErrors({
  STATE_READ_ONLY: {
    title: 'the state folder can’t be written',
    fix: 'make it writable for this user, or point LOTUS_HOME at a folder that is',
  },
  STATE_FULL: {
    title: 'the disk with the state folder is full',
    fix: 'free some space there and try again; nothing that was acknowledged is lost',
    retryable: true,
  },
  STATE_DAMAGED: {
    title: 'a database of LOTUS is damaged',
    fix: '`lotus doctor` says what to do with it: restore it from a backup, or move it with its -wal and -shm away and start again; LOTUS never deletes it',
  },
  STATE_NEWER: {
    title: 'a database was written by a newer version of LOTUS',
    fix: 'use that version, or point LOTUS_HOME at another folder',
  },
  STATE_BUSY: {
    title: 'a database is in use by another process',
    fix: 'stop the other LOTUS that uses this LOTUS_HOME, then try again',
    retryable: true,
  },
  STORE_QUERY_FAILED: {
    title: 'the store refused a query',
    fix: 'look at the cause; this is an error in the module that asked',
  },
  STORE_PARAMETER: {
    title: 'the store can’t take this value as a parameter',
    fix: 'pass text, numbers, bigints, booleans, bytes or null; turn anything else into JSON text first',
  },
  STORE_CONSTRAINT: {
    title: 'the row breaks a rule of its table',
    fix: 'look at the cause: it names the table and column',
  },
  MIGRATION_CHANGED: {
    title: 'a migration was changed after it had been applied',
    fix: 'put its text back and add a new migration instead',
  },
  CACHE_VALUE_TOO_LARGE: {
    title: 'the value is too large for the cache',
    fix: 'keep it in the store, and its key in the cache',
  },
  VECTORS_BUSY: {
    title: 'too many vector searches wait',
    fix: 'try again in a moment',
    retryable: true,
  },
  VECTORS_TIMEOUT: {
    title: 'a vector search took too long',
    fix: 'try again with a smaller limit or a shorter text',
    retryable: true,
  },
  VECTORS_FAILED: {
    title: 'the vector worker failed',
    fix: 'try again; when it stays so, look at `lotus logs`',
    retryable: true,
  },
  VECTORS_DIMENSIONS: {
    title: 'the embedding has another length than those of its collection',
    fix: 'embed all items of a collection with the same model, or delete the collection’s items and embed them again',
  },
  OPEN_TIMEOUT: {
    title: 'a part of the infrastructure did not open in time',
    fix: 'look at its file or server, then start again',
    retryable: true,
  },
  SERVER_UNREACHABLE: {
    title: 'a server that LOTUS uses can’t be reached',
    fix: 'nothing of this was done: try again when it is back, which LOTUS notices by itself; `lotus infra check` says more',
    retryable: true,
  },
  SERVER_REFUSED: {
    title: 'a server does not let LOTUS in',
    fix: '`lotus infra setup` makes role and database or says what to type',
  },
  STORE_TAKEN: {
    title: 'another nucleus keeps its state in this Postgres database',
    fix: 'give each its own: name another database in LOTUS_POSTGRES_URL (`lotus infra setup postgres` makes one), or stop the other nucleus',
  },
  STORE_UNCERTAIN: {
    title: 'the connection to the store was lost while it wrote, and it is not known whether it did',
    fix: 'look whether it was done before you try again',
  },
  STORE_CONFLICT: {
    title: 'the store gave a transaction up because another one stood in its way',
    fix: 'nothing of it was done: try again',
    retryable: true,
  },
  STORE_BUSY: {
    title: 'too many calls wait for the store',
    fix: 'try again in a moment',
    retryable: true,
  },
  STORE_TIMEOUT: {
    title: 'the store took too long',
    fix: 'nothing of it was done: try again with less at once',
    retryable: true,
  },
  MOVE_VERSIONS: {
    title: 'Postgres has tables of another version of LOTUS than store.db',
    fix: 'start this version of LOTUS once on SQLite and once on Postgres, then move again',
  },
  MOVE_INCOMPLETE: {
    title: 'not everything has arrived where it was moved to',
    fix: 'the source is untouched: run `lotus infra migrate` again, and report this where it stays so',
  },
  OUTBOX_FULL: {
    title: 'too much waits for a server that is away',
    fix: 'bring the server back; `lotus health` names it',
    retryable: true,
  },
  INFRASTRUCTURE_CLOSED: {
    title: 'the infrastructure has been closed',
    fix: 'LOTUS is stopping; ask again when it is back',
    retryable: true,
  },
})

/** the code that SQLite or the operating system gave an error, or the empty text. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const readOnlyCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_AUTH'])
const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL'])
const damagedCodes = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT'])

/**
 * says what an error of the file system or of SQLite means for the person, naming the file; anything unknown comes
 * back unchanged. extended codes (`SQLITE_IOERR_WRITE`) are judged by their first part where they are not listed.
 */
export function stateError(error: unknown, path: string): LotusError | undefined {
  if (isLotusError(error)) return error
  const code = systemCodeOf(error)
  const primary = code.split('_').slice(0, 2).join('_')
  if (readOnlyCodes.has(code) || readOnlyCodes.has(primary)) {
    return infrastructureErrors.STATE_READ_ONLY({ value: path, cause: error })
  }
  if (fullCodes.has(code) || fullCodes.has(primary)) {
    return infrastructureErrors.STATE_FULL({ value: path, cause: error })
  }
  if (damagedCodes.has(code) || damagedCodes.has(primary)) {
    return infrastructureErrors.STATE_DAMAGED({ value: path, cause: error })
  }
  if (primary === 'SQLITE_BUSY' || primary === 'SQLITE_LOCKED') {
    return infrastructureErrors.STATE_BUSY({ value: path, cause: error })
  }
  if (primary === 'SQLITE_CANTOPEN' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'EEXIST') {
    const detail = error instanceof Error ? error.message : code
    return infrastructureErrors.STATE_READ_ONLY({ value: path, detail, cause: error })
  }
  if (primary === 'SQLITE_IOERR') {
    return infrastructureErrors.STATE_DAMAGED({ value: path, detail: code, cause: error })
  }
  return undefined
}
