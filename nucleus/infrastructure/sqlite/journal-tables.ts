// the tables of groups, pending events and dead letters: statements only, no rules.
import type Database from 'better-sqlite3'
import type { StoredEvent } from './journal-log.ts'

export interface GroupRow {
  readonly id: number
  readonly name: string
  readonly types: string
  readonly position: number
  readonly acknowledged: string
  readonly session: string | null
}

export interface PendingRow {
  readonly position: number
  readonly attempts: number
  readonly crashes: number
  readonly retry_at: number
}

export interface DeadLetterRow {
  readonly id: number
  readonly group_id: number
  readonly name: string
  readonly position: number
  readonly attempts: number
  readonly error: string
  readonly parked_at: number
  readonly body: string
}

export type GroupTables = ReturnType<typeof createGroupTables>

/** errors are kept short: the log has the whole of them. */
const errorLength = 1_000
/** the oldest dead letters beyond this number are forgotten: nobody has looked at them for very long. */
const deadLetterLimit = 10_000

export function createGroupTables(database: Database.Database) {
  const statement = (sql: string): Database.Statement => database.prepare(sql)
  const find = statement('select * from groups where name = ?')
  const all = statement('select * from groups order by name')
  const make = statement('insert into groups (name, types, position, session, seen_at) values (?, ?, ?, ?, ?)')
  const enter = statement('update groups set types = ?, session = ?, seen_at = ? where id = ?')
  const move = statement('update groups set position = ?, acknowledged = ? where id = ?')
  const dropGroup = statement('delete from groups where id = ?')
  const dropPending = statement('delete from pending where group_id = ?')
  const dropLetters = statement('delete from dead_letters where group_id = ?')
  const pending = statement(
    'select position, attempts, crashes, retry_at from pending where group_id = ? order by position limit ?',
  )
  const addPending = statement(
    `insert into pending (group_id, position, attempts, crashes, retry_at, error) values (?, ?, ?, ?, ?, ?)
     on conflict (group_id, position) do update set attempts = excluded.attempts, crashes = excluded.crashes,
     retry_at = excluded.retry_at, error = excluded.error`,
  )
  const removePending = statement('delete from pending where group_id = ? and position = ?')
  const countPending = statement('select count(*) from pending where group_id = ?').pluck()
  const addLetter = statement(
    `insert into dead_letters (group_id, position, attempts, error, parked_at, body)
     values (?, ?, ?, ?, ?, ?)
     on conflict (group_id, position) do update set attempts = excluded.attempts, error = excluded.error,
     parked_at = excluded.parked_at`,
  )
  const trimLetters = statement(
    `delete from dead_letters where id <= (select max(id) from dead_letters) - ${deadLetterLimit}`,
  )
  const letters = statement(
    'select dead_letters.*, name from dead_letters join groups on groups.id = group_id order by dead_letters.id desc limit ?',
  )
  const letter = statement(
    'select dead_letters.*, name from dead_letters join groups on groups.id = group_id where name = ? and dead_letters.position = ?',
  )
  const removeLetter = statement('delete from dead_letters where id = ?')
  const countLetters = statement('select count(*) from dead_letters').pluck()

  return {
    find: (name: string) => find.get(name) as GroupRow | undefined,
    all: () => all.all() as GroupRow[],
    make: (name: string, types: readonly string[], position: number, session: string) => {
      make.run(name, JSON.stringify(types), position, session, Date.now())
      return find.get(name) as GroupRow
    },
    enter: (id: number, types: readonly string[], session: string) => {
      enter.run(JSON.stringify(types), session, Date.now(), id)
    },
    move: (id: number, position: number, acknowledged: string) => {
      move.run(position, acknowledged, id)
    },
    drop: (id: number) => {
      dropPending.run(id)
      dropLetters.run(id)
      dropGroup.run(id)
    },
    pendingOf: (id: number, limit: number) => pending.all(id, limit) as PendingRow[],
    setPending: (id: number, row: PendingRow, error: string) => {
      addPending.run(id, row.position, row.attempts, row.crashes, row.retry_at, error.slice(0, errorLength))
    },
    removePending: (id: number, position: number) => {
      removePending.run(id, position)
    },
    countPending: (id: number) => Number(countPending.get(id)),
    addLetter: (id: number, stored: StoredEvent, attempts: number, error: string) => {
      const { position, event } = stored
      removePending.run(id, position)
      addLetter.run(id, position, attempts, error.slice(0, errorLength), Date.now(), JSON.stringify(event))
      trimLetters.run()
    },
    letters: (limit: number) => letters.all(limit) as DeadLetterRow[],
    letter: (group: string, position: number) => letter.get(group, position) as DeadLetterRow | undefined,
    removeLetter: (id: number) => {
      removeLetter.run(id)
    },
    countLetters: () => Number(countLetters.get()),
  }
}
