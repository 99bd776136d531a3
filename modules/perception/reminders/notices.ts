// notices: what came due and is still to be told. each is told once a person: it is lent to whoever shows it, and told
// only when that one says that it was shown; who dies in between gives it back by saying nothing.
import { createIdentifier } from '../../../nucleus/identifiers.ts'
import type { Statement, Store } from '../../../nucleus/infrastructure/ports.ts'
import { noticeStatements as statements, type NoticeRow, type StoredNotice } from './notice-table.ts'
import { nextOccurrence } from './repeat.ts'
import type { ReminderRow } from './table.ts'

/** the time that a client has to show what it was lent; a screen needs milliseconds. */
export const loanMs = 10_000
const atOnce = 50
const listed = 100
const keptMs = 7 * 86_400_000
/** slots that one notice counts: a reminder of every minute over a week off is said to be due often, and no more. */
const countedSlots = 500

export interface Notices {
  /** what one slot, and those that were missed after it, make of the table; run together with the reminder's claim. */
  note(row: ReminderRow, late: boolean, now: number): Promise<Statement[]>
  /** the last slot of a reminder that is in a notice; undefined where none is any more. */
  lastNoted(reminderId: string): Promise<number | undefined>
  /** what this person was not told, and nobody shows at this moment. */
  untold(person: string): Promise<NoticeRow[]>
  /** the same, lent to the caller for {@link loanMs}: nobody else gets it meanwhile. */
  lend(person: string): Promise<NoticeRow[]>
  /** gives how many of them were told by this call. */
  told(person: string, ids: readonly string[], now: number): Promise<number>
  /** told or not, as long as nobody is done with it. */
  open(person: string): Promise<NoticeRow[]>
  find(id: string): Promise<NoticeRow | undefined>
  done(id: string, now: number): Promise<boolean>
  prune(now: number): Promise<void>
}

/** @param clock - of the process, so that loans end in time whatever the clock of the wall does; tests replace it. */
export function createNotices(store: Store, clock: () => number = () => performance.now()): Notices {
  /** when each loan ends, by person and notice. */
  const loans = new Map<string, number>()
  const keyOf = (person: string, id: string): string => `${id} ${person}`

  const query = async (statement: Statement): Promise<NoticeRow[]> =>
    (await store.query<StoredNotice>(statement)).map(toNotice)

  const endLoans = (): void => {
    for (const [key, until] of loans) if (until <= clock()) loans.delete(key)
  }
  const isLent = (id: string): boolean => [...loans.keys()].some((key) => key.startsWith(`${id} `))

  const untold = async (person: string): Promise<NoticeRow[]> => {
    const rows = await query(statements.untold(person, atOnce))
    endLoans()
    return rows.filter((row) => !loans.has(keyOf(person, row.id)))
  }

  return Object.freeze({
    async note(row: ReminderRow, late: boolean, now: number) {
      const { times, last } = await slotsUntil(row, now)
      const next = {
        id: createIdentifier(),
        reminder_id: row.id,
        text: row.text,
        kind: row.kind,
        time_zone: row.time_zone,
        due_at: row.due_at,
        last_due_at: last,
        times,
        late: late ? 1 : 0,
      }
      endLoans()
      const [newest] = row.repeats === null ? [] : await query(statements.newestOf(row.id))
      // one that is on a screen this moment must stay what it is there.
      const folded = newest === undefined || isLent(newest.id) ? [] : [statements.fold(newest.id, next)]
      return [...folded, statements.add(next, now)]
    },
    lastNoted: async (reminderId: string) => (await query(statements.newestOf(reminderId)))[0]?.last_due_at,
    untold,
    async lend(person: string) {
      const found = await query(statements.untold(person, atOnce))
      endLoans()
      // nothing is waited for between this look and the loan: two who ask at once do not get the same
      const rows = found.filter((row) => !loans.has(keyOf(person, row.id)))
      for (const row of rows) loans.set(keyOf(person, row.id), clock() + loanMs)
      return rows
    },
    async told(person: string, ids: readonly string[], now: number) {
      if (ids.length === 0) return 0
      const results = await store.transaction(ids.map((id) => statements.tell(id, person, now)))
      for (const id of ids) loans.delete(keyOf(person, id))
      return results.reduce((sum, { changes }) => sum + changes, 0)
    },
    open: (person: string) => query(statements.open(person, listed)),
    find: async (id: string) => (await query(statements.byId(id)))[0],
    async done(id: string, now: number) {
      const [result] = await store.transaction([statements.done(id, now)])
      return (result?.changes ?? 0) > 0
    },
    async prune(now: number) {
      await store.transaction(statements.prune(now - keptMs))
    },
  })
}

/** how many slots of a reminder lie between its own and now, and the last of them. */
async function slotsUntil(row: ReminderRow, now: number): Promise<{ times: number; last: number }> {
  let times = 1
  let last = row.due_at
  if (row.repeats === null) return { times, last }
  for (; times < countedSlots; times += 1) {
    const next = await nextOccurrence(row.repeats, row.time_zone, last)
    if (next === undefined || next > now) break
    last = next
  }
  return { times, last }
}

function toNotice(row: StoredNotice): NoticeRow {
  return {
    ...(row as unknown as NoticeRow),
    due_at: Number(row.due_at),
    last_due_at: Number(row.last_due_at),
    times: Number(row.times),
    late: Number(row.late),
    told_at: row.told_at === null ? null : Number(row.told_at),
  }
}
