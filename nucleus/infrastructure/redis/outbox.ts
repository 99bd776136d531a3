// the outbox: what was appended while Redis was away waits here, on this machine's disk, in order, until it is delivered.
import type { JournalDurability } from '../../events/journal.ts'
import { createIdentifier } from '../../identifiers.ts'
import { stateError } from '../errors.ts'
import { openDatabase } from '../sqlite/open.ts'
import { openWalSync } from '../sqlite/sync.ts'

export interface OutboxOptions {
  readonly path: string
  readonly durability: JournalDurability
  /** size of the bodies that may wait, characters; then appending is refused. */
  readonly maxBytes: number
}

export interface OutboxEvent {
  /** the life of the process that appended it: with the ids it tells Redis what it has already. */
  readonly producer: string
  readonly type: string
  readonly id: string
  readonly body: string
}

export interface StoredOutboxEvent extends OutboxEvent {
  readonly number: number
}

export interface Outbox {
  /** the same in each life of this home: what a nucleus calls itself in Redis. */
  readonly nucleus: string
  readonly size: number
  readonly full: boolean
  /** resolves when they are durable; they are in order as soon as it was called. @throws STATE_FULL and its like */
  add(events: readonly OutboxEvent[]): Promise<void>
  /** the oldest ones, of one producer. */
  first(limit: number): StoredOutboxEvent[]
  /** the id of the newest one. */
  newest(): string | undefined
  /** forgets all up to this one. */
  remove(upTo: number): void
  close(): void
}

const schemaVersion = 1
const schema = `
  create table if not exists nucleus (id text not null);
  create table if not exists outbox (
    number integer primary key autoincrement, producer text not null, type text not null, id text not null, body text not null
  );
`

/** @throws STATE_READ_ONLY, STATE_FULL, STATE_DAMAGED, STATE_NEWER, STATE_BUSY */
export function openOutbox(options: OutboxOptions): Outbox {
  const { path } = options
  const database = openDatabase({ path, version: schemaVersion })
  // what was delivered is in Redis, and nowhere else.
  database.pragma('secure_delete = ON')
  database.exec(schema)
  database.pragma(`user_version = ${schemaVersion}`)
  const nucleus = database.transaction((): string => {
    const known = database.prepare('select id from nucleus').pluck().get()
    if (typeof known === 'string') return known
    const made = createIdentifier()
    database.prepare('insert into nucleus (id) values (?)').run(made)
    return made
  })()
  const walSync = options.durability === 'strict' ? openWalSync(path) : undefined
  const insert = database.prepare('insert into outbox (producer, type, id, body) values (?, ?, ?, ?)')
  const first = database.prepare('select * from outbox order by number limit ?')
  const removeUpTo = database.prepare('delete from outbox where number <= ?')
  const measure = database.prepare('select count(*) as size, coalesce(sum(length(body)), 0) as bytes from outbox')
  const last = database.prepare('select id from outbox order by number desc limit 1').pluck()
  let { size, bytes } = measure.get() as { size: number; bytes: number }
  const insertAll = database.transaction((events: readonly OutboxEvent[]) => {
    for (const { producer, type, id, body } of events) insert.run(producer, type, id, body)
  })

  return {
    nucleus,
    get size() {
      return size
    },
    get full() {
      return bytes >= options.maxBytes
    },
    add: async (events) => {
      try {
        insertAll.immediate(events)
      } catch (error) {
        throw stateError(error, path) ?? error
      }
      size += events.length
      for (const { body } of events) bytes += body.length
      await walSync?.sync()
    },
    first: (limit) => {
      const rows = first.all(limit) as StoredOutboxEvent[]
      const other = rows.findIndex((row) => row.producer !== rows[0]?.producer)
      return other === -1 ? rows : rows.slice(0, other)
    },
    newest: () => last.get() as string | undefined,
    remove: (upTo) => {
      removeUpTo.run(upTo)
      const left = measure.get() as { size: number; bytes: number }
      size = left.size
      bytes = left.bytes
    },
    close: () => {
      walSync?.close()
      database.close()
    },
  }
}
