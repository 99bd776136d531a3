// what the journal learns from a crash: which events were being handled when the process died, and how often already.
import type Database from 'better-sqlite3'
import type { GroupOptions } from '../../events/journal.ts'
import { createIdentifier } from '../../identifiers.ts'
import type { JournalLog } from './journal-log.ts'
import type { GroupRow, GroupTables } from './journal-tables.ts'

export interface JournalSession {
  readonly id: string
  /** the session before this one, where it did not end cleanly. */
  readonly crashed: string | undefined
  /** marks this session as ended cleanly. */
  end(): void
}

/** the process died this often while an event was being handled: it is parked, or the process would never live. */
const crashLimit = 10

/** notes that the journal is in use; what finds the note later knows that the process died. */
export function beginSession(database: Database.Database): JournalSession {
  const id = createIdentifier()
  const last = database.prepare('select id, clean from sessions order by id desc limit 1').get() as
    | { id: string; clean: number }
    | undefined
  database.transaction(() => {
    database.prepare('delete from sessions').run()
    database.prepare('insert into sessions (id, started_at, clean) values (?, ?, 0)').run(id, Date.now())
  })()
  return {
    id,
    crashed: last?.clean === 0 ? last.id : undefined,
    end: () => {
      database.prepare('update sessions set clean = 1 where id = ?').run(id)
    },
  }
}

export interface SuspectParts {
  readonly database: Database.Database
  readonly tables: GroupTables
  readonly rows: JournalLog
  readonly row: GroupRow
  readonly group: GroupOptions
  readonly session: JournalSession
  readonly visible: number
  readonly now: number
}

/**
 * counts a crash against the events that this group may have been handling when the process died: the first ones that
 * are not acknowledged, as many as its concurrency. an event that kills the process again and again is parked.
 */
export function suspectDeliveries(parts: SuspectParts): void {
  const { tables, rows, row, group, session } = parts
  if (session.crashed === undefined || row.session !== session.crashed) return
  const done = new Set(JSON.parse(row.acknowledged) as number[])
  const pending = tables.pendingOf(row.id, group.concurrency)
  const fresh = rows
    .after(group.types, row.position, parts.visible, group.concurrency + done.size)
    .filter((stored) => !done.has(stored.position))
    .slice(0, Math.max(0, group.concurrency - pending.length))
  parts.database.transaction(() => {
    for (const suspect of pending) countCrash(suspect)
    for (const { position } of fresh) countCrash({ position, attempts: 0, crashes: 0, retry_at: 0 })
    if (fresh.length === 0) return
    // they are pending now, so the position and its list must no longer hold them.
    const open = fresh.map((stored) => stored.position)
    tables.move(row.id, row.position, JSON.stringify([...done, ...open]))
  })()

  function countCrash(suspect: { position: number; attempts: number; crashes: number; retry_at: number }): void {
    const crashes = suspect.crashes + 1
    const error = `the process ended ${crashes} times while this event was being handled`
    const stored = crashes < crashLimit ? undefined : rows.at(suspect.position)
    if (stored === undefined) tables.setPending(row.id, { ...suspect, crashes }, error)
    else tables.addLetter(row.id, stored, suspect.attempts + crashes, error)
  }
}
