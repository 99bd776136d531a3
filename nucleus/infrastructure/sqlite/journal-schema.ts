// the journal's tables, and how an event's id becomes a position in them.
import type Database from 'better-sqlite3'
import { eventErrors } from '../../events/errors.ts'

/** 1: a body may be the whole envelope (sqlite-journal-upgrade.ts). 2: it is what is left of it. */
export const journalSchemaVersion = 2

/**
 * the position is the row's key, so appending always writes at the right edge of the table. types are numbers: they
 * are in every row and in an index. the body is what is left of the envelope (sqlite-journal-rows.ts); a dead letter
 * keeps the whole of it, since its event may be dropped.
 */
const schema = `
  create table if not exists types (id integer primary key, name text not null unique);
  create table if not exists events (
    position integer primary key, type integer not null, trace text not null, body text not null
  );
  create index if not exists events_by_type on events (type);
  create index if not exists events_by_trace on events (trace);
  create table if not exists groups (
    id integer primary key, name text not null unique, types text not null, position integer not null,
    acknowledged text not null default '[]', session text, seen_at integer not null
  );
  create table if not exists pending (
    group_id integer not null, position integer not null, attempts integer not null, crashes integer not null,
    retry_at integer not null, error text not null, primary key (group_id, position)
  ) without rowid;
  create table if not exists dead_letters (
    id integer primary key, group_id integer not null, position integer not null, attempts integer not null,
    error text not null, parked_at integer not null, body text not null, unique (group_id, position)
  );
  create table if not exists sessions (id text primary key, started_at integer not null, clean integer not null);
`

/** makes what is missing; a newer file has been refused when it was opened, an older one is upgraded afterwards. */
export function prepareJournalSchema(database: Database.Database): void {
  database.transaction(() => {
    const isNew = Number(database.pragma('user_version', { simple: true })) === 0
    database.exec(schema)
    if (isNew) database.pragma(`user_version = ${journalSchemaVersion}`)
  })()
}

/** 2024-01-01: with 12 bits of counter below the milliseconds, positions stay exact numbers until 2093. */
const epochMs = 1_704_067_200_000
const identifierShape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

// many events fall into one millisecond, and most of an id's text is that millisecond.
let lastTime = ''
let lastTimePosition = 0

/** the milliseconds and the counter of a monotonic UUIDv7 as one number that grows like the id itself. */
export function positionOf(identifier: string): number {
  const time = identifier.slice(0, 13)
  if (time !== lastTime) {
    const milliseconds = Number.parseInt(time.slice(0, 8), 16) * 65_536 + Number.parseInt(time.slice(9), 16)
    lastTime = time
    lastTimePosition = (milliseconds - epochMs) * 4_096
  }
  return lastTimePosition + Number.parseInt(identifier.slice(15, 18), 16)
}

/** the way back: the id up to its counter. */
export function identifierHeadAt(position: number): string {
  const time = millisecondsAt(position).toString(16).padStart(12, '0')
  const counter = (((position % 4_096) + 4_096) % 4_096).toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}`
}

export function millisecondsAt(position: number): number {
  return Math.floor(position / 4_096) + epochMs
}

/** @throws INVALID_POSITION */
export function parsePosition(identifier: string): number {
  if (!identifierShape.test(identifier)) throw eventErrors.INVALID_POSITION({ value: identifier })
  return positionOf(identifier)
}

/** the smallest position of a millisecond. */
export function positionAt(milliseconds: number): number {
  return (milliseconds - epochMs) * 4_096
}
