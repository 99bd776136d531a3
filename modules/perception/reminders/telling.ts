// the part of perception's service that tells what has come due: rows in words for the one who asks.
import { perceptionReminderErrors as errors } from './errors.ts'
import type { DueReminder, Perception, ReminderListener } from '../contract.ts'
import { sayNotice } from './answers.ts'
import type { NoticeRow } from './notice-table.ts'
import type { Reminders } from './reminders.ts'
import { isoInZone } from './say-when.ts'

export type Telling = Pick<
  Perception,
  'dueReminders' | 'openReminders' | 'remindersTold' | 'reminderDone' | 'snoozeReminder'
>

/** a hundred years: beyond that a number is a mistake and not a wait. */
const longestSnoozeMs = 3.2e12

/** @param now - milliseconds since the epoch; tests replace it. */
export function createTelling(reminders: Reminders, now: () => number = Date.now): Telling {
  const { notices } = reminders
  const present = (rows: readonly NoticeRow[], listener: ReminderListener): DueReminder[] =>
    rows.map((row) => presentNotice(row, listener, now()))

  return {
    dueReminders: async ({ lend, ...listener }) =>
      present(await (lend ? notices.lend(listener.person) : notices.untold(listener.person)), listener),
    openReminders: async (listener) => present(await notices.open(listener.person), listener),
    remindersTold: ({ person, ids }) => notices.told(person, ids, now()),
    async reminderDone(id) {
      if (await notices.done(id, now())) return
      if ((await reminders.end(id)) === undefined) throw errors.REMINDER_UNKNOWN({ value: id })
    },
    async snoozeReminder({ id, forMs }) {
      if (!(forMs >= 1_000 && forMs <= longestSnoozeMs)) throw errors.REMINDER_TIME_INVALID({ value: forMs })
      return await reminders.snooze(id, Math.ceil(forMs))
    },
  }
}

function presentNotice(row: NoticeRow, { timeZone, locale }: ReminderListener, now: number): DueReminder {
  return {
    id: row.id,
    reminderId: row.reminder_id,
    text: row.text,
    kind: row.kind,
    dueAt: isoInZone(row.due_at, row.time_zone),
    lastDueAt: isoInZone(row.last_due_at, row.time_zone),
    times: row.times,
    missed: row.late === 1,
    ...(row.told_at === null ? {} : { toldAt: new Date(row.told_at).toISOString() }),
    said: sayNotice(row, { now, timeZone, locale }),
  }
}
