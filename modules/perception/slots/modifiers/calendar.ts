// when files were changed, by the calendar of the person: `today`, `this week`, `since yesterday`.
import { ways } from '../../language/ways.ts'
import { readDates } from '../dates.ts'
import type { DateSpan } from '../dates.ts'
import type { FileQuery } from '../file-sets.ts'
import { takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'

export const days = 86_400_000

const after = ways(`after | later than | newer than | younger than | past`)
const since = ways(`since | from | on or after | starting from | starting on`)
const before = ways(`before | until | till | earlier than | older than | prior to | up to`)
const during = ways(`on | in | during | of | from`)

/** `changed after 2024-05-01`, `before March 2026`, `between 1 May and 3 May`: days that are named. */
function readNamedDays(context: SlotContext, at: number, hasVerb: boolean): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const add = (words: readonly string[], needsVerb: boolean, make: (span: DateSpan) => FileQuery) => {
    const start = takeAny(context, at, words)
    if (start === undefined || (needsVerb && !hasVerb)) return
    for (const { to, value } of readDates(context, start)) found.push(reading(to, make(value), 1, hasVerb ? 1 : 0.9))
  }
  add(after, false, ({ to }) => ({ modified_after: to }))
  add(since, false, ({ from }) => ({ modified_after: from }))
  add(before, false, ({ from }) => ({ modified_before: from }))
  add(during, true, ({ from, to }) => ({ modified_after: from, modified_before: to }))
  const between = takeAny(context, at, ways(`between | from`))
  for (const first of between === undefined ? [] : readDates(context, between)) {
    const and = takeAny(context, first.to, ways(`and | to | until | till | through`))
    for (const last of and === undefined ? [] : readDates(context, and))
      if (first.value.from < last.value.to)
        found.push(reading(last.to, { modified_after: first.value.from, modified_before: last.value.to }))
  }
  return found
}

/** calendar words, and what they ask for; reckoned only where they stand, since reading clocks of time zones is slow. */
const forms: readonly (readonly [readonly string[], (nowMs: number, timeZone: string) => FileQuery])[] = [
  [
    ways(`
      today | from today | of today | since this morning | since midnight | earlier today | on this day |
      since today`),
    (nowMs, timeZone) => ({ modified_after: startOfDay(nowMs, timeZone) }),
  ],
  [
    ways(`yesterday | from yesterday`),
    (nowMs, timeZone) => {
      const midnight = startOfDay(nowMs, timeZone)
      return { modified_after: midnight - days, modified_before: midnight }
    },
  ],
  [ways(`since yesterday`), (nowMs, timeZone) => ({ modified_after: startOfDay(nowMs, timeZone) - days })],
  [
    ways(`this week | from this week | during this week | in this week | since monday`),
    (nowMs, timeZone) => ({
      modified_after: startOfDay(nowMs, timeZone) - ((weekday(nowMs, timeZone) + 6) % 7) * days,
    }),
  ],
  [
    ways(`this month | from this month | during this month | in this month`),
    (nowMs, timeZone) => ({ modified_after: startOfMonth(nowMs, timeZone) }),
  ],
  [
    ways(`this year | from this year | during this year`),
    (nowMs, timeZone) => ({ modified_after: startOfYear(nowMs, timeZone) }),
  ],
  [ways(`since last week`), () => ({ modified_within_ms: 7 * days })],
  [ways(`recently | lately`), () => ({ modified_within_ms: 7 * days })],
]

/** `today`, `yesterday`, `this week`, `since monday`: calendar words in the client's time zone. */
export function readCalendar(context: SlotContext, at: number, hasVerb: boolean): Reading<Modifier>[] {
  const found = readNamedDays(context, at, hasVerb)
  for (const [phrases, query] of forms) {
    const to = takeAny(context, at, phrases)
    if (to === undefined) continue
    const from = /^(from|of|since|this|during|in)$/.test(context.tokens[at]!.lower)
    if (hasVerb || from || phrases[0] === 'today')
      found.push(reading(to, query(context.nowMs, context.timeZone), 1, hasVerb ? 1 : 0.85))
  }
  return found
}

// the zone of one goal is asked for many times, and making a clock of it is what is slow
let clock: { readonly timeZone: string; readonly format: Intl.DateTimeFormat } | undefined

function clockOf(timeZone: string): Intl.DateTimeFormat {
  if (clock?.timeZone !== timeZone) {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    })
    clock = { timeZone, format }
  }
  return clock.format
}

function localParts(ms: number, timeZone: string): Record<string, number> {
  const parts = clockOf(timeZone).formatToParts(ms)
  return Object.fromEntries(
    parts.filter((part) => part.type !== 'literal').map((part) => [part.type, Number(part.value)]),
  )
}

/** the last local midnight before this instant. */
export function startOfDay(ms: number, timeZone: string): number {
  const parts = localParts(ms, timeZone)
  return ms - (ms % 1000) - ((parts['hour']! * 60 + parts['minute']!) * 60 + parts['second']!) * 1000
}

function weekday(ms: number, timeZone: string): number {
  return ways(`Sun | Mon | Tue | Wed | Thu | Fri | Sat`).indexOf(
    new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }).format(ms),
  )
}

function startOfMonth(ms: number, timeZone: string): number {
  return startOfDay(ms, timeZone) - (localParts(ms, timeZone)['day']! - 1) * days
}

function startOfYear(ms: number, timeZone: string): number {
  const year = localParts(ms, timeZone)['year']!
  return Date.UTC(year, 0, 1) - (Date.UTC(year, 0, 1) - startOfDay(Date.UTC(year, 0, 1, 12), timeZone))
}
