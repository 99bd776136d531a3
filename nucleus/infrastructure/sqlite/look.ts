// opens a database of LOTUS only to look into it, and leaves its folder as it was.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type Database from 'better-sqlite3'

const busyMs = 5_000

/**
 * a reader alone can't take away the -wal and -shm that it makes; a connection that could write, and does not, takes them
 * with it when it closes. where they are there already, LOTUS runs or was killed: they stay untouched.
 * @throws what SQLite says
 */
export function lookInto<Result>(path: string, look: (database: Database.Database) => Result): Result {
  // loaded only here: most commands never open a database
  const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof Database
  const open = (readonly: boolean): Database.Database =>
    new Sqlite(path, { readonly, fileMustExist: true, timeout: busyMs })
  const hasLog = existsSync(`${path}-wal`)
  const database = hasLog
    ? open(true)
    : openUnlessForbidden(
        () => open(false),
        () => open(true),
      )
  try {
    return look(database)
  } finally {
    database.close()
  }
}

function openUnlessForbidden<Result>(first: () => Result, second: () => Result): Result {
  try {
    return first()
  } catch (fault) {
    if (
      (fault as { code?: string }).code !== 'SQLITE_READONLY' &&
      (fault as { code?: string }).code !== 'SQLITE_CANTOPEN'
    )
      throw fault
    return second()
  }
}
