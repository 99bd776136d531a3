// the sentences with which reminders answer a person.
import type { NoticeRow } from './notice-table.ts'
import type { ReminderRow } from './table.ts'
import { sayPattern } from './repeat.ts'
import { sayClock, sayDuration, sayMoment, sayWhen, type Speaker } from './say-when.ts'

/** `lock the shed — today at 23:55 (in 3 h 12 min)`. */
export function sayReminder(row: ReminderRow, speaker: Speaker): string {
  const when = sayWhen(row.due_at, speaker)
  if (row.repeats === null) return `${row.text} — ${when}`
  const pattern = sayPattern(row.repeats, (hour, minute) => sayClock(hour, minute, speaker.locale))
  return `${row.text} — ${pattern}, next ${when}`
}

/** what has come due: `reminder: tea — due today at 16:00 (5 min ago)`, `missed reminder: tea — was due yesterday at 09:00`. */
export function sayNotice(row: NoticeRow, speaker: Speaker): string {
  const again = row.times === 1 ? '' : `, ${row.times} times, first ${sayMoment(row.due_at, speaker)}`
  const head = row.late === 1 ? `missed ${row.kind}` : row.kind
  return `${head}: ${row.text} — ${row.late === 1 ? 'was due' : 'due'} ${sayWhen(row.last_due_at, speaker)}${again}`
}

export function sayAdded(row: ReminderRow, speaker: Speaker): string {
  return `${row.kind === 'timer' ? 'Timer' : 'Reminder'} set: ${sayReminder(row, speaker)}`
}

export function sayList(rows: readonly ReminderRow[], kind: ReminderRow['kind'] | undefined, speaker: Speaker): string {
  if (rows.length === 0) return `You have no ${kind === undefined ? 'reminders and no timers' : `${kind}s`}.`
  return rows.map((row) => sayReminder(row, speaker)).join('\n')
}

export function sayCancelled(rows: readonly ReminderRow[], speaker: Speaker): string {
  if (rows.length === 1) return `Cancelled: ${sayReminder(rows[0]!, speaker)}`
  return [`Cancelled ${count(rows)}:`, ...rows.map((row) => `- ${row.text}`)].join('\n')
}

export function sayNothingToCancel(kind: ReminderRow['kind'] | undefined): string {
  return `There is nothing to cancel: you have no ${kind === undefined ? 'reminders and no timers' : `${kind}s`}.`
}

export function sayNoMatch(query: string, near: readonly ReminderRow[], speaker: Speaker): string {
  const none = `No reminder is about ${query.trim()}; nothing was cancelled.`
  if (near.length === 0) return none
  return [none, 'The nearest:', ...near.slice(0, 5).map((row) => `- ${sayReminder(row, speaker)}`)].join('\n')
}

export function sayAmbiguous(rows: readonly ReminderRow[], speaker: Speaker): string {
  const lines = rows.slice(0, 20).map((row) => `- ${sayReminder(row, speaker)}`)
  return [`Which one? ${rows.length} fit, and nothing was cancelled:`, ...lines].join('\n')
}

/** the name of a timer that was set without words. */
export function nameTimer(ms: number | undefined): string {
  return ms === undefined ? 'timer' : `timer of ${sayLong(ms)}`
}

function sayLong(ms: number): string {
  const minutes = ms / 60_000
  if (minutes % 60 === 0) return minutes === 60 ? '1 hour' : `${minutes / 60} hours`
  if (Number.isInteger(minutes)) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  return sayDuration(ms)
}

function count(rows: readonly ReminderRow[]): string {
  const of = (kind: ReminderRow['kind']) => {
    const number = rows.filter((row) => row.kind === kind).length
    return number === 0 ? [] : [`${number} ${kind}${number === 1 ? '' : 's'}`]
  }
  return [...of('reminder'), ...of('timer')].join(' and ')
}
