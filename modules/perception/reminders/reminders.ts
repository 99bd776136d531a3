// reminders: kept in the store, due to the second, told as `timer.fired` once a slot whatever happens in between.
import type { z } from 'zod'
import type { Nucleus } from '../../../nucleus/contract.ts'
import { toErrorData } from '../../../nucleus/errors.ts'
import { createIdentifier, createTraceId } from '../../../nucleus/identifiers.ts'
import type { Infrastructure, Statement } from '../../../nucleus/infrastructure/ports.ts'
import type { ModuleContext, Release } from '../../../nucleus/modules/module.ts'
import { settlesWithin } from '../../../nucleus/scope.ts'
import type { Json, ToolCall, ToolDescription, ToolResult } from '../../operator/contract.ts'
import { TimerFired, type Reminder } from '../contract.ts'
import { nameTimer, sayAdded, sayAmbiguous, sayCancelled, sayList, sayNoMatch, sayNothingToCancel } from './answers.ts'
import { perceptionReminderErrors as errors } from './errors.ts'
import { isAtClock, matchWords } from './match.ts'
import { noticeMigrations, noticeStatements } from './notice-table.ts'
import { createNotices, type Notices } from './notices.ts'
import { checkPattern, nextOccurrence } from './repeat.ts'
import { isoInZone, sayMoment, type Speaker } from './say-when.ts'
import { reminderMigrations, reminderStatements as statements, type ReminderRow, type StoredReminder } from './table.ts'
import {
  addArguments,
  cancelArguments,
  describeReminderTools,
  listArguments,
  type AddArguments,
  type CancelArguments,
} from './tools.ts'

/** what reminders need of a module's context. */
export interface ReminderContext extends Pick<ModuleContext<unknown>, 'emit' | 'timer' | 'trace' | 'log'> {
  readonly infra: Pick<Infrastructure, 'store'>
}

export interface ReminderOptions {
  /** asked whether a slot's event is in the journal already, after a kill in between. */
  readonly nucleus: Pick<Nucleus, 'events'>
  /** shows what has just come due to the person at once, where that can be done; what it throws is only logged. */
  readonly show?: (due: readonly DueNow[]) => Promise<void>
  /** milliseconds since the epoch; tests replace it. */
  readonly now?: () => number
  /** default 10,000. a clock that was set and a machine that slept are noticed within this time. */
  readonly lookEveryMs?: number
}

/** a slot that is told this moment. */
export interface DueNow {
  readonly text: string
  readonly kind: Reminder['kind']
  readonly late: boolean
}

export interface Reminders {
  /** descriptions and bodies of `reminders.add`, `.list` and `.cancel`, for the module's Tools service. */
  readonly tools: {
    list(): ToolDescription[]
    has(name: string): boolean
    run(name: string, args: { readonly [name: string]: Json }, call: ToolCall): Promise<ToolResult>
  }
  /** what is waiting, the next first. */
  list(): Promise<Reminder[]>
  /** what has come due and is to be told. */
  readonly notices: Notices
  /** ends one that waits and does not repeat; undefined where none such has this id. @throws REMINDER_REPEATS */
  end(id: string): Promise<Reminder | undefined>
  /** moves one that waits, or sets one anew for a notice, to so long from now. @throws REMINDER_UNKNOWN, REMINDER_REPEATS */
  snooze(id: string, forMs: number): Promise<Reminder>
  /** makes the table and waits for what is due; missed ones are told at once, when the module is active. */
  start(): Promise<void>
}

/** more than a minute behind its time a reminder is late: the machine was off or asleep. */
const lateAfterMs = 60_000
/** a timer waits no longer than this: a clock that was set and a machine that slept are noticed within this time. */
const longestWaitMs = 10_000
/** how long a desktop may take to show something. */
const showLimitMs = 10_000
const retryMs = 5_000
const keepEndedMs = 86_400_000
const maximumWaiting = 10_000
const maximumText = 2_000
const batch = 100

/** makes the reminders of perception; nothing runs before `start`. */
export function createReminders(context: ReminderContext, options: ReminderOptions): Reminders {
  const { infra, log } = context
  const now = options.now ?? Date.now
  const lookEveryMs = options.lookEveryMs ?? longestWaitMs
  const notices = createNotices(infra.store)
  let pending: Release | undefined
  let firing: Promise<void> | undefined
  let started = false

  const query = async (statement: Statement): Promise<ReminderRow[]> => {
    const rows = await infra.store.query<StoredReminder>(statement)
    // postgres hands 64-bit integers over as text.
    return rows.map((row) => ({ ...row, due_at: Number(row.due_at) }))
  }

  /**
   * one timer at a time, through the context: it runs only while this generation serves, and ends with it. the one before
   * is not waited for: it may be what runs this, or wait for what does.
   */
  const wait = (ms: number | undefined): void => {
    const previous = pending
    pending = ms === undefined ? undefined : context.timer('next reminder', Math.max(1, Math.ceil(ms)), fireDue)
    previous?.().catch((error: unknown) => log.debug({ err: error }, 'a timer of reminders ended badly'))
  }

  const arm = async (): Promise<void> => {
    if (!started) return
    let dueAt: number | string | null | undefined
    try {
      const [next] = await infra.store.query<{ due_at: number | string | null }>(statements.next())
      dueAt = next?.due_at
    } catch (error) {
      // a store that is away for a moment must not end the waiting for good.
      log.warn({ error: toErrorData(error) }, 'the next reminder could not be looked up')
      return wait(retryMs)
    }
    wait(dueAt === null || dueAt === undefined ? undefined : Math.min(lookEveryMs, Number(dueAt) - now()))
  }

  /** never twice at once: a timer that was set meanwhile joins the run. */
  const fireDue = (): Promise<void> => (firing ??= fireAll().finally(() => (firing = undefined)))

  const fireAll = async (): Promise<void> => {
    let failed = false
    try {
      const due = await query(statements.due(now(), batch))
      const told: DueNow[] = []
      for (const row of due) {
        try {
          const shown = await fire(row)
          if (shown !== undefined) told.push(shown)
        } catch (error) {
          failed = true
          log.error({ reminder: row.id, error: toErrorData(error) }, 'a reminder could not be told')
        }
      }
      if (told.length > 0) show(told)
      if (due.length > 0) {
        await infra.store.query(statements.prune(now() - keepEndedMs))
        await notices.prune(now())
      }
    } catch (error) {
      failed = true
      throw error
    } finally {
      if (failed) wait(retryMs)
      else await arm()
    }
  }

  /** nobody waits for a desktop: a bubble that does not come up is a bubble less, and the notice is still to be told. */
  const show = (told: readonly DueNow[]): void => {
    if (options.show === undefined) return
    settlesWithin(options.show(told), showLimitMs).catch((error: unknown) =>
      log.debug({ err: error }, 'what is due could not be shown on the desktop'),
    )
  }

  /**
   * tells one slot. the notice and the claim are written before the event, and the claim is taken away with the advance,
   * so after a kill in between the journal is asked whether the event made it: the slot is told once.
   */
  const fire = async (row: ReminderRow): Promise<DueNow | undefined> => {
    const dueAt = isoInZone(row.due_at, row.time_zone)
    // one moment for all of it: a slot that comes while this one is told is the next, not lost between two looks.
    const at = now()
    const late = at - row.due_at > lateAfterMs
    let shown: DueNow | undefined
    if (row.claim === null || !(await isInJournal(row.claim, row.id, dueAt))) {
      if (row.claim === null) {
        const noted = await notices.note(row, late, at)
        await infra.store.transaction([...noted, statements.claim(row, positionBefore(at))])
      }
      await context.trace(createTraceId(), () =>
        context.emit(TimerFired, { reminderId: row.id, text: row.text, dueAt, late }),
      )
      log.info({ reminder: row.id, due_at: dueAt, late }, 'a reminder is due')
      shown = { text: row.text, kind: row.kind, late }
    }
    await infra.store.query(await after(row, at))
    return shown
  }

  /** goes on from the last slot that was noted: those that came since, over a kill for example, are still to be told. */
  const after = async (row: ReminderRow, at: number): Promise<Statement> => {
    if (row.repeats === null) return statements.finish(row, at)
    const last = Math.max(row.due_at, (await notices.lastNoted(row.id)) ?? row.due_at)
    const next = await nextOccurrence(row.repeats, row.time_zone, last)
    return next === undefined ? statements.finish(row, at) : statements.advance(row, next)
  }

  const isInJournal = async (claim: string, reminderId: string, dueAt: string): Promise<boolean> => {
    let after = claim
    for (;;) {
      const events = await options.nucleus.events({ after, types: [TimerFired.type], limit: 1000 })
      const isThis = (data: unknown) => {
        const fired = data as { reminderId?: unknown; dueAt?: unknown }
        return fired.reminderId === reminderId && fired.dueAt === dueAt
      }
      if (events.some((event) => isThis(event.data))) return true
      if (events.length < 1000) return false
      after = events.at(-1)!.id
    }
  }

  const speakerOf = (call: ToolCall): Speaker => ({ now: now(), timeZone: call.timeZone, locale: call.locale })

  const add = async (args: AddArguments, call: ToolCall): Promise<ToolResult> => {
    const [known] = await query(statements.addedBy(call.receipt))
    if (known !== undefined) return result(sayAdded(known, speakerOf(call)), [known])
    const dueAt = await firstDue(args, call.timeZone, now())
    const text = args.text.trim() === '' && args.kind === 'timer' ? nameTimer(args.in_ms) : args.text.trim()
    if (text === '' || text.length > maximumText) throw errors.REMINDER_TEXT_INVALID({ value: text })
    const [count] = await infra.store.query<{ waiting: number | string }>(statements.next())
    if (Number(count?.waiting ?? 0) >= maximumWaiting) throw errors.REMINDER_LIMIT_REACHED()
    const row: ReminderRow = {
      id: createIdentifier(),
      text,
      kind: args.kind,
      due_at: dueAt,
      repeats: args.cron ?? null,
      time_zone: call.timeZone,
      claim: null,
    }
    await infra.store.query(statements.add(row, call.receipt, now()))
    await arm()
    return result(sayAdded(row, speakerOf(call)), [row])
  }

  const listTool = async (kind: ReminderRow['kind'] | undefined, call: ToolCall): Promise<ToolResult> => {
    const rows = (await query(statements.waiting())).filter((row) => kind === undefined || row.kind === kind)
    return result(sayList(rows, kind, speakerOf(call)), rows)
  }

  const cancel = async (args: CancelArguments, call: ToolCall): Promise<ToolResult> => {
    const speaker = speakerOf(call)
    const ended = await query(statements.endedBy(call.receipt))
    if (ended.length > 0) return result(sayCancelled(ended, speaker), ended)
    const rows = (await query(statements.waiting())).filter((row) => args.kind === undefined || row.kind === args.kind)
    if (rows.length === 0) return result(sayNothingToCancel(args.kind), [])
    const said = (row: ReminderRow) => `${row.text} ${row.kind} ${sayMoment(row.due_at, speaker)}`
    if (args.except !== undefined) {
      const kept = matchWords(args.except, rows, said, true)
      // without one that stays the words were not understood, and everything would go.
      if (kept.matches.length === 0) return result(sayNoMatch(args.except, kept.near, speaker), [])
      return await end(
        rows.filter((row) => !kept.matches.includes(row)),
        speaker,
        call,
      )
    }
    const words = args.text?.trim() ?? ''
    const isDueThen = isAtClock(words)
    const { matches, near } =
      isDueThen !== undefined
        ? { matches: rows.filter((row) => isDueThen(isoInZone(row.due_at, call.timeZone).slice(11, 16))), near: rows }
        : words === ''
          ? { matches: rows, near: [] }
          : matchWords(words, rows, said, args.all)
    if (matches.length === 0) return result(sayNoMatch(words, near, speaker), [])
    if (matches.length > 1 && args.all !== true) return result(sayAmbiguous(matches, speaker), [])
    return await end(matches, speaker, call)
  }

  const end = async (rows: readonly ReminderRow[], speaker: Speaker, call: ToolCall): Promise<ToolResult> => {
    if (rows.length === 0) return result('There is nothing else to cancel.', [])
    await infra.store.transaction(rows.map((row) => statements.cancel(row.id, call.receipt, now())))
    await arm()
    return result(sayCancelled(rows, speaker), rows)
  }

  const waitingOne = async (id: string): Promise<ReminderRow | undefined> => {
    const [row] = await query(statements.waitingById(id))
    if (row !== undefined && row.repeats !== null) throw errors.REMINDER_REPEATS({ value: row.text })
    return row
  }

  const endWaiting = async (id: string): Promise<Reminder | undefined> => {
    const row = await waitingOne(id)
    if (row === undefined) return undefined
    await infra.store.query(statements.finish(row, now()))
    await arm()
    return toReminder(row)
  }

  const snooze = async (id: string, forMs: number): Promise<Reminder> => {
    const dueAt = now() + forMs
    const waiting = await waitingOne(id)
    if (waiting !== undefined) {
      await infra.store.query(statements.advance(waiting, dueAt))
      await arm()
      return toReminder({ ...waiting, due_at: dueAt })
    }
    const notice = await notices.find(id)
    if (notice === undefined) throw errors.REMINDER_UNKNOWN({ value: id })
    const { text, kind, time_zone } = notice
    const row = { id: createIdentifier(), text, kind, due_at: dueAt, repeats: null, time_zone, claim: null }
    // once a notice: the same request that comes again finds no notice that is still open.
    await infra.store.transaction([
      statements.add(row, `snooze/${notice.id}`, now()),
      noticeStatements.done(notice.id, now()),
    ])
    await arm()
    return toReminder(row)
  }

  const run = async (name: string, args: { readonly [name: string]: Json }, call: ToolCall): Promise<ToolResult> => {
    if (name === 'reminders.add') return await add(parse(name, addArguments, args), call)
    if (name === 'reminders.list') return await listTool(parse(name, listArguments, args).kind, call)
    if (name === 'reminders.cancel') return await cancel(parse(name, cancelArguments, args), call)
    throw errors.REMINDER_TOOL_UNKNOWN({ value: name })
  }

  // asked for whenever any module comes or goes, and always the same.
  let described: ToolDescription[] | undefined
  return Object.freeze({
    tools: Object.freeze({
      list: () => (described ??= describeReminderTools()),
      has: (name: string) => /^reminders\.(?:add|list|cancel)$/.test(name),
      run,
    }),
    list: async () => (await query(statements.waiting())).map(toReminder),
    notices,
    end: endWaiting,
    snooze,
    start: async () => {
      await infra.store.migrate('perception.reminders', [...reminderMigrations, ...noticeMigrations])
      started = true
      await arm()
    },
  })
}

/** @throws REMINDER_ARGUMENTS_INVALID */
function parse<Schema extends z.ZodType>(name: string, schema: Schema, args: unknown): z.output<Schema> {
  const parsed = schema.safeParse(args)
  if (parsed.success) return parsed.data
  const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw errors.REMINDER_ARGUMENTS_INVALID({ value: name, detail })
}

/**
 * when a new reminder is due first.
 * @throws REMINDER_TIME_MISSING, REMINDER_TIME_INVALID, REMINDER_TIME_PAST, REMINDER_TOO_OFTEN
 */
async function firstDue(args: AddArguments, timeZone: string, nowMs: number): Promise<number> {
  const given = [args.at, args.in_ms, args.cron].filter((one) => one !== undefined)
  if (given.length !== 1)
    throw errors.REMINDER_TIME_MISSING({ value: given.length === 0 ? undefined : given.join(', ') })
  if (args.in_ms !== undefined) {
    // a hundred years: beyond that a number is a mistake and not a wait.
    if (!(args.in_ms > 0 && args.in_ms <= 3.2e12)) throw errors.REMINDER_TIME_INVALID({ value: args.in_ms })
    return nowMs + Math.ceil(args.in_ms)
  }
  if (args.at !== undefined) {
    const moment = /(?:Z|[+-]\d\d:?\d\d)$/i.test(args.at) ? Date.parse(args.at) : Number.NaN
    if (Number.isNaN(moment)) throw errors.REMINDER_TIME_INVALID({ value: args.at })
    if (moment <= nowMs) throw errors.REMINDER_TIME_PAST({ value: args.at })
    return moment
  }
  await checkPattern(args.cron!, timeZone)
  const first = await nextOccurrence(args.cron!, timeZone, nowMs)
  if (first === undefined) throw errors.REMINDER_TIME_PAST({ value: args.cron })
  return first
}

/** a journal position safely before this moment: identifiers begin with their milliseconds. */
function positionBefore(nowMs: number): string {
  const time = Math.max(0, nowMs - 10_000)
    .toString(16)
    .padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

function toReminder(row: ReminderRow): Reminder {
  return {
    id: row.id,
    text: row.text,
    kind: row.kind,
    dueAt: isoInZone(row.due_at, row.time_zone),
    ...(row.repeats === null ? {} : { repeats: row.repeats }),
    timeZone: row.time_zone,
  }
}

function result(text: string, rows: readonly ReminderRow[]): ToolResult {
  const reminders = rows.map((row) => ({
    id: row.id,
    text: row.text,
    kind: row.kind,
    due_at: isoInZone(row.due_at, row.time_zone),
  }))
  return { text, data: { count: rows.length, reminders } }
}
