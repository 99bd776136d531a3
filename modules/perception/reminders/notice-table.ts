// the table of notices: slots of reminders that have come, and who has been told of them. times are milliseconds.
import type { Migration, Statement } from '../../../nucleus/infrastructure/ports.ts'

export interface NoticeRow {
  /** changes whenever the notice stands for more slots than before: who was told the old one was not told this one. */
  readonly id: string
  readonly reminder_id: string
  readonly text: string
  readonly kind: 'reminder' | 'timer'
  readonly time_zone: string
  /** the first slot that it stands for, and the last. */
  readonly due_at: number
  readonly last_due_at: number
  readonly times: number
  /** 1: LOTUS was not there when it was due. */
  readonly late: number
  /** when this person was told; null where that is still to be done. */
  readonly told_at: number | null
}

/** postgres hands 64-bit integers over as text. */
export type StoredNotice = Record<keyof NoticeRow, unknown>

export const noticeMigrations: readonly Migration[] = [
  {
    name: '002-notices',
    statements: [
      {
        sql: `create table reminder_notices (
          id text primary key, reminder_id text not null, text text not null, kind text not null,
          time_zone text not null, due_at bigint not null, last_due_at bigint not null, times bigint not null,
          late bigint not null, fired_at bigint not null, done_at bigint
        )`,
        parameters: [],
      },
      { sql: 'create index reminder_notices_slots on reminder_notices (reminder_id, last_due_at)', parameters: [] },
      {
        sql: `create table reminder_tellings (
          notice_id text not null, person text not null, told_at bigint not null, primary key (notice_id, person)
        )`,
        parameters: [],
      },
    ],
  },
]

const columns = 'n.id, n.reminder_id, n.text, n.kind, n.time_zone, n.due_at, n.last_due_at, n.times, n.late'
const make = (sql: string, ...parameters: unknown[]): Statement => ({ sql, parameters })

export const noticeStatements = {
  newestOf: (reminderId: string) =>
    make(
      `select ${columns}, null as told_at from reminder_notices n where n.reminder_id = ? and n.done_at is null
       order by n.last_due_at desc limit 1`,
      reminderId,
    ),
  /** the slots are added to a notice that nobody has been told yet; nothing where somebody was, or they are in it. */
  fold: (id: string, next: Omit<NoticeRow, 'told_at'>) =>
    make(
      `update reminder_notices set id = ?, last_due_at = ?, times = times + ?, late = ?
       where id = ? and done_at is null and last_due_at < ?
       and not exists (select 1 from reminder_tellings t where t.notice_id = reminder_notices.id)`,
      next.id,
      next.last_due_at,
      next.times,
      next.late,
      id,
      next.due_at,
    ),
  /** once a slot: what a kill has left half done is done again. */
  add: (row: Omit<NoticeRow, 'told_at'>, now: number) =>
    make(
      `insert into reminder_notices
         (id, reminder_id, text, kind, time_zone, due_at, last_due_at, times, late, fired_at)
       select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
       where not exists (select 1 from reminder_notices where reminder_id = ? and last_due_at >= ?)`,
      row.id,
      row.reminder_id,
      row.text,
      row.kind,
      row.time_zone,
      row.due_at,
      row.last_due_at,
      row.times,
      row.late,
      now,
      row.reminder_id,
      row.due_at,
    ),
  /** what this person has not been told, the oldest first. */
  untold: (person: string, limit: number) =>
    make(
      `select ${columns}, null as told_at from reminder_notices n where n.done_at is null
       and not exists (select 1 from reminder_tellings t where t.notice_id = n.id and t.person = ?)
       order by n.last_due_at, n.id limit ?`,
      person,
      limit,
    ),
  /** what is not done, told or not, the newest first. */
  open: (person: string, limit: number) =>
    make(
      `select ${columns}, t.told_at from reminder_notices n
       left join reminder_tellings t on t.notice_id = n.id and t.person = ?
       where n.done_at is null order by n.last_due_at desc, n.id limit ?`,
      person,
      limit,
    ),
  byId: (id: string) =>
    make(`select ${columns}, null as told_at from reminder_notices n where n.id = ? and n.done_at is null`, id),
  tell: (id: string, person: string, now: number) =>
    make(
      `insert into reminder_tellings (notice_id, person, told_at) select n.id, ?, ? from reminder_notices n
       where n.id = ? and not exists (select 1 from reminder_tellings t where t.notice_id = n.id and t.person = ?)`,
      person,
      now,
      id,
      person,
    ),
  done: (id: string, now: number) =>
    make('update reminder_notices set done_at = ? where id = ? and done_at is null', now, id),
  /** told and done ones go after a while; what nobody was told stays. */
  prune: (before: number): Statement[] => [
    make(
      `delete from reminder_notices where done_at < ?
       or exists (select 1 from reminder_tellings t where t.notice_id = reminder_notices.id and t.told_at < ?)`,
      before,
      before,
    ),
    make('delete from reminder_tellings where not exists (select 1 from reminder_notices n where n.id = notice_id)'),
  ],
} as const
