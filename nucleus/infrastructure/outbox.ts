// what waits on this machine for a server that is away: kept in order in a SQLite file until the server has it.
import { existsSync, rmSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { infrastructureErrors, stateError } from './errors.ts'
import { openDatabase } from './sqlite/open.ts'

export interface WaitingEntry {
  /** by which the server knows whether it was done. */
  readonly id: string
  readonly payload: string
}

export interface Outbox {
  /** @throws OUTBOX_FULL, STATE_FULL, STATE_READ_ONLY */
  add(entry: WaitingEntry): void
  /** the oldest first. */
  next(limit: number): WaitingEntry[]
  remove(ids: readonly string[]): void
  /** takes out of the way what the server refuses for good, with the reason. */
  refuse(id: string, reason: string): void
  waiting(): number
  refused(): number
  /** removes the file where nothing is in it any more: what was delivered is nobody's business here. */
  tidy(): void
  close(): void
}

const schemaVersion = 1
const defaultEntries = 100_000
const defaultBytes = 256 * 1024 * 1024

/** makes no file before something waits. */
export function createOutbox(path: string, limits: { entries?: number; bytes?: number } = {}): Outbox {
  const maxEntries = limits.entries ?? defaultEntries
  const maxBytes = limits.bytes ?? defaultBytes
  let database: Database.Database | undefined
  const open = (): Database.Database => {
    if (database !== undefined) return database
    database = openDatabase({ path, version: schemaVersion })
    database.exec(`
      create table if not exists waiting (
        position integer primary key autoincrement, id text not null unique, payload text not null
      );
      create table if not exists refused (
        id text primary key, payload text not null, reason text not null, refused_at text not null
      );
      pragma user_version = ${schemaVersion};
    `)
    return database
  }
  const opened = (): Database.Database | undefined => database ?? (existsSync(path) ? open() : undefined)
  const count = (table: string): number => Number(opened()?.prepare(`select count(*) from ${table}`).pluck().get() ?? 0)
  return Object.freeze({
    add: ({ id, payload }: WaitingEntry) => {
      try {
        const held = open()
          .prepare('select count(*) as entries, coalesce(sum(length(payload)), 0) as bytes from waiting')
          .get() as { entries: number; bytes: number }
        if (held.entries >= maxEntries || held.bytes + payload.length > maxBytes) {
          throw infrastructureErrors.OUTBOX_FULL({ value: path, detail: `${held.entries} writes, ${held.bytes} bytes` })
        }
        open().prepare('insert into waiting (id, payload) values (?, ?)').run(id, payload)
      } catch (error) {
        throw stateError(error, path) ?? error
      }
    },
    next: (limit: number) =>
      (opened()?.prepare('select id, payload from waiting order by position limit ?').all(limit) ??
        []) as WaitingEntry[],
    remove: (ids: readonly string[]) => {
      open().prepare('delete from waiting where id in (select value from json_each(?))').run(JSON.stringify(ids))
    },
    refuse: (id: string, reason: string) => {
      const here = open()
      const move = here.transaction(() => {
        here
          .prepare('insert or ignore into refused select id, payload, ?, ? from waiting where id = ?')
          .run(reason, new Date().toISOString(), id)
        here.prepare('delete from waiting where id = ?').run(id)
      })
      move.immediate()
    },
    waiting: () => count('waiting'),
    refused: () => count('refused'),
    tidy: () => {
      if (opened() === undefined || count('waiting') > 0 || count('refused') > 0) return
      database?.close()
      database = undefined
      for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
    },
    close: () => {
      database?.close()
      database = undefined
    },
  })
}
