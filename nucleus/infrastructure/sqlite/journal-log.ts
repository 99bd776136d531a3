// the log part of the SQLite journal: rows in, envelopes out. it knows nothing of groups or of waiting.
import type Database from 'better-sqlite3'
import type { EventEnvelope } from '../../events/event.ts'
import type { ReadOptions } from '../../events/journal.ts'
import { bodyOf, eventOf, traceOf, type StoredRow } from './journal-rows.ts'
import { parsePosition } from './journal-schema.ts'

export interface LogRow {
  readonly position: number
  readonly event: EventEnvelope
  readonly body: string
}

export interface StoredEvent {
  readonly position: number
  readonly event: EventEnvelope
}

export interface JournalLog {
  /** inside a transaction only. */
  insert(rows: readonly LogRow[]): void
  /** the greatest position, or `undefined` in an empty log. */
  last(): StoredEvent | undefined
  /** events of these types after one position and up to another, oldest first. */
  after(types: readonly string[], after: number, until: number, limit: number): StoredEvent[]
  at(position: number): StoredEvent | undefined
  /** @param until - nothing beyond this position is visible yet */
  read(options: ReadOptions, until: number): EventEnvelope[]
  countAfter(types: readonly string[], after: number, until: number): number
  count(): number
  /** puts a dropped event back in its place; does nothing where it is still there. */
  restore(position: number, event: EventEnvelope): void
  /** after a rollback: forgets the numbers of types that were not made after all. */
  reloadTypes(): void
}

/** rows of one insert statement: halves the cost of a row against one statement each (measured). */
const rowsAtOnce = 20
const maxReadLimit = 1_000

export function createJournalLog(database: Database.Database): JournalLog {
  const types = new Map<string, number>()
  const allTypes = database.prepare('select id, name from types')
  const reloadTypes = (): void => {
    types.clear()
    for (const row of allTypes.all() as { id: number; name: string }[]) types.set(row.name, row.id)
  }
  reloadTypes()
  const columns = 'insert into events (position, type, trace, body) values '
  const insertOne = database.prepare(`${columns} (?, ?, ?, ?)`)
  const insertMany = database.prepare(columns + Array(rowsAtOnce).fill('(?, ?, ?, ?)').join())
  const insertType = database.prepare('insert into types (name) values (?)')
  const rows = `select position, name as type, trace, body from events join types on types.id = events.type where`
  const lastRow = database.prepare(`${rows} position = (select max(position) from events)`)
  const rowAt = database.prepare(`${rows} position = ?`)
  const range = 'position > ? and position <= ? order by position limit ?'
  const anyType = database.prepare(`${rows} ${range}`)
  const oneType = database.prepare(`${rows} events.type = ? and ${range}`)
  const oneTrace = database.prepare(`${rows} trace = ? and ${range}`)
  const countAll = database.prepare('select count(*) from events').pluck()
  const countOneType = database
    .prepare('select count(*) from events where type = ? and position > ? and position <= ?')
    .pluck()

  const ofTypes = (names: readonly string[], after: number, until: number, limit: number): StoredEvent[] => {
    // one indexed range a type, then merged: a single query over several types would sort all that ever matched.
    const found: StoredRow[] = []
    for (const name of names) {
      const type = types.get(name)
      if (type !== undefined) found.push(...(oneType.all(type, after, until, limit) as StoredRow[]))
    }
    if (names.length > 1) found.sort((left, right) => left.position - right.position)
    return found.slice(0, limit).map(toStoredEvent)
  }

  const ofTrace = (
    traceId: string,
    names: readonly string[] | undefined,
    from: number,
    until: number,
    limit: number,
  ) => {
    const found: StoredEvent[] = []
    let after = from
    for (;;) {
      const rows = (oneTrace.all(traceId, after, until, maxReadLimit) as StoredRow[]).map(toStoredEvent)
      found.push(...rows.filter((row) => names === undefined || names.includes(row.event.type)))
      const last = rows.at(-1)
      if (last === undefined || rows.length < maxReadLimit || found.length >= limit) return found.slice(0, limit)
      after = last.position
    }
  }

  /** the number of a type's name, made where it is new; inside a transaction only. */
  const typeId = (name: string): number => {
    const known = types.get(name)
    if (known !== undefined) return known
    const made = Number(insertType.run(name).lastInsertRowid)
    types.set(name, made)
    return made
  }

  return {
    reloadTypes,
    count: () => Number(countAll.get()),
    restore: (position, event) => {
      if (rowAt.get(position) !== undefined) return
      insertOne.run(position, typeId(event.type), traceOf(event), bodyOf(event, position))
    },
    insert: (rows) => {
      let at = 0
      for (; at + rowsAtOnce <= rows.length; at += rowsAtOnce) {
        const values: unknown[] = []
        for (let index = at; index < at + rowsAtOnce; index += 1) {
          const row = rows[index]!
          values.push(row.position, typeId(row.event.type), traceOf(row.event), row.body)
        }
        insertMany.run(values)
      }
      for (; at < rows.length; at += 1) {
        const row = rows[at]!
        insertOne.run(row.position, typeId(row.event.type), traceOf(row.event), row.body)
      }
    },
    last: () => toOptionalEvent(lastRow.get()),
    at: (position) => toOptionalEvent(rowAt.get(position)),
    after: ofTypes,
    read: (options, visible) => {
      const after = options.after === undefined ? Number.MIN_SAFE_INTEGER : parsePosition(options.after)
      const until = options.until === undefined ? visible : Math.min(visible, parsePosition(options.until))
      const limit = Math.max(0, Math.min(options.limit ?? 100, maxReadLimit))
      const found =
        options.traceId !== undefined
          ? ofTrace(options.traceId, options.types, after, until, limit)
          : options.types !== undefined
            ? ofTypes(options.types, after, until, limit)
            : (anyType.all(after, until, limit) as StoredRow[]).map(toStoredEvent)
      return found.map((row) => row.event)
    },
    countAfter: (names, after, until) => {
      let count = 0
      for (const name of names) {
        const type = types.get(name)
        if (type !== undefined) count += Number(countOneType.get(type, after, until))
      }
      return count
    },
  }
}

function toStoredEvent(row: StoredRow): StoredEvent {
  return { position: row.position, event: eventOf(row) }
}

function toOptionalEvent(row: unknown): StoredEvent | undefined {
  return row === undefined ? undefined : toStoredEvent(row as StoredRow)
}
