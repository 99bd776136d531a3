// the table of reminders: rows in and out, nothing else. times are milliseconds since the epoch.
import type { Migration, Statement } from '../../../nucleus/infrastructure/ports.ts'

export interface ReminderRow {
  readonly id: string
  readonly text: string
  readonly kind: 'reminder' | 'timer'
  readonly due_at: number
  readonly repeats: string | null
  readonly time_zone: string
  /** a journal position from before its event was emitted; set while it fires, so that a kill in between is noticed. */
  readonly claim: string | null
}

/** a row as the store hands it over. */
export type StoredReminder = Omit<ReminderRow, 'due_at'> & { readonly due_at: number | string }

export const reminderMigrations: readonly Migration[] = [
  {
    name: '001-reminders',
    statements: [
      {
        sql: `create table reminders (
          id text primary key, text text not null, kind text not null, due_at bigint not null, repeats text,
          time_zone text not null, state text not null, claim text, added_by text unique, ended_by text,
          created_at bigint not null, ended_at bigint
        )`,
        parameters: [],
      },
      { sql: 'create index reminders_due on reminders (state, due_at)', parameters: [] },
    ],
  },
]

const columns = 'id, text, kind, due_at, repeats, time_zone, claim'
const make = (sql: string, ...parameters: unknown[]): Statement => ({ sql, parameters })

/** statements over the table; `waiting` is what has not fired for the last time and is not cancelled. */
export const reminderStatements = {
  waiting: () => make(`select ${columns} from reminders where state = 'waiting' order by due_at, id`),
  waitingById: (id: string) => make(`select ${columns} from reminders where state = 'waiting' and id = ?`, id),
  due: (now: number, limit: number) =>
    make(
      `select ${columns} from reminders where state = 'waiting' and due_at <= ? order by due_at, id limit ?`,
      now,
      limit,
    ),
  next: () => make(`select min(due_at) as due_at, count(*) as waiting from reminders where state = 'waiting'`),
  addedBy: (receipt: string) => make(`select ${columns} from reminders where added_by = ?`, receipt),
  endedBy: (receipt: string) =>
    make(`select ${columns} from reminders where ended_by = ? order by due_at, id`, receipt),
  add: (row: ReminderRow, receipt: string, now: number) =>
    make(
      `insert into reminders (id, text, kind, due_at, repeats, time_zone, state, added_by, created_at)
       values (?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`,
      row.id,
      row.text,
      row.kind,
      row.due_at,
      row.repeats,
      row.time_zone,
      receipt,
      now,
    ),
  claim: (row: ReminderRow, claim: string) =>
    make(`update reminders set claim = ? where id = ? and due_at = ? and state = 'waiting'`, claim, row.id, row.due_at),
  advance: (row: ReminderRow, next: number) =>
    make(`update reminders set due_at = ?, claim = null where id = ? and due_at = ?`, next, row.id, row.due_at),
  finish: (row: ReminderRow, now: number) =>
    make(
      `update reminders set state = 'done', claim = null, ended_at = ? where id = ? and due_at = ? and state = 'waiting'`,
      now,
      row.id,
      row.due_at,
    ),
  cancel: (id: string, receipt: string, now: number) =>
    make(
      `update reminders set state = 'cancelled', claim = null, ended_by = ?, ended_at = ? where id = ? and state = 'waiting'`,
      receipt,
      now,
      id,
    ),
  /** ended rows are kept a while for their receipts only. */
  prune: (before: number) => make(`delete from reminders where state <> 'waiting' and ended_at < ?`, before),
} as const
