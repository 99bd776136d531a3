// days and months of the calendar as spans of time: `2024-03-01`, `1 February 2024`, `March 2024`, `last month`.
import { ways } from '../language/ways.ts'
import { startOfDay } from './modifiers/calendar.ts'
import { skipArticles, take, takeAny } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

/** from the first moment of the span to the first one behind it, in milliseconds since 1970. */
export interface DateSpan {
  readonly from: number
  readonly to: number
  /** where no year was said: the beginning of the next such span that is still to come, or goes on. */
  readonly ahead?: number
}

const months = ways(`
  january | february | march | april | may | june | july | august | september | october | november | december`)
const shortMonths = ways(`jan | feb | mar | apr | may | jun | jul | aug | sep | oct | nov | dec`)

function monthAt(context: SlotContext, at: number): number | undefined {
  const word = context.tokens[at]?.lower.replace(/\.$/, '') ?? ''
  const full = months.indexOf(word)
  const short = word === 'sept' ? 8 : shortMonths.indexOf(word)
  return full >= 0 ? full : short >= 0 ? short : undefined
}

function yearAt(context: SlotContext, at: number): number | undefined {
  const text = context.tokens[at]?.text ?? ''
  return /^(?:19[7-9]|20[0-9])\d$/.test(text) ? Number(text) : undefined
}

function numberedDay(context: SlotContext, at: number): number | undefined {
  const match = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(context.tokens[at]?.lower ?? '')
  return match ? Number(match[1]) : undefined
}

function dayAt(context: SlotContext, at: number): number | undefined {
  const day = numberedDay(context, at)
  return day !== undefined && day >= 1 && day <= 31 ? day : undefined
}

/** how many days a month has; the month counts from 0. */
const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate()

const exists = (year: number, month: number, day = 1): boolean => day >= 1 && day <= daysIn(year, month)

/** `there is no 30 February`, for a day that no month of that year has. */
const tellNoSuchDay = (year: number | undefined, month: number, day: number): string => {
  const name = months[month]!
  const isLeapDay = month === 1 && day === 29
  return `there is no ${day} ${name[0]!.toUpperCase()}${name.slice(1)}${isLeapDay && year !== undefined ? ` in ${year}` : ''}`
}

/** why what stands at `at` is written as a date and is none; undefined where it is one, or no date at all. */
export function impossibleDate(context: SlotContext, at: number): string | undefined {
  const start = context.tokens[at]
  if (start === undefined || start.kind === 'quoted') return undefined
  const numeric = numericAt(context, at)
  if (numeric !== undefined) {
    const { year, month, day } = numeric
    if (month < 1 || month > 12) return `there is no month ${month}`
    return day === undefined || exists(year, month - 1, day) ? undefined : tellNoSuchDay(year, month - 1, day)
  }
  const first = numberedDay(context, at)
  const of = take(context, at + 1, 'of') ?? at + 1
  const behind = first === undefined ? undefined : monthAt(context, of)
  // `30 april 31 …`: that month has its day already
  const isTaken = at > 0 && numberedDay(context, at - 1) !== undefined
  const month = behind ?? (isTaken ? undefined : monthAt(context, at))
  const second = skipArticles(context, at + 1)
  const day = behind === undefined ? numberedDay(context, second) : first
  if (month === undefined || day === undefined) return undefined
  const to = behind === undefined ? second + 1 : of + 1
  // `may 50 files` is no date
  if (day > 31 || day < 1) return undefined
  const comma = context.tokens[to]?.text === ',' || context.tokens[to]?.lower === 'of' ? to + 1 : to
  const year = yearAt(context, comma)
  // without a year 29 February is a day of some year
  return exists(year ?? 2000, month, day) ? undefined : tellNoSuchDay(year, month, day)
}

/** midnight at the beginning of a day at the person's place; months and days beyond their end go on. */
function midnight(year: number, month: number, day: number, timeZone: string): number {
  return startOfDay(Date.UTC(year, month, day, 12), timeZone)
}

/** every calendar span that begins at `at`. */
export function readDates(context: SlotContext, at: number): Reading<DateSpan>[] {
  const from = skipArticles(context, at)
  return [
    ...readWritten(context, from),
    ...readNumeric(context, from),
    ...readNamed(context, from),
    ...readRelative(context, at),
    ...readComing(context, at),
  ]
}

function spanOf(context: SlotContext, year: number, month: number, day?: number): DateSpan {
  const { timeZone } = context
  return day === undefined
    ? { from: midnight(year, month, 1, timeZone), to: midnight(year, month + 1, 1, timeZone) }
    : { from: midnight(year, month, day, timeZone), to: midnight(year, month, day + 1, timeZone) }
}

function readWritten(context: SlotContext, at: number): Reading<DateSpan>[] {
  const found: Reading<DateSpan>[] = []
  const add = (to: number, span: DateSpan) => found.push({ to, value: span, confidence: 1 })
  const withYear = (to: number, month: number, day?: number) => {
    const comma = context.tokens[to]?.text === ',' || context.tokens[to]?.lower === 'of' ? to + 1 : to
    const year = yearAt(context, comma)
    if (!exists(year ?? 2000, month, day)) return
    if (year !== undefined) add(comma + 1, spanOf(context, year, month, day))
    else add(to, yearless(context, month, day))
  }
  const year = yearAt(context, at)
  if (year !== undefined)
    add(at + 1, { from: midnight(year, 0, 1, context.timeZone), to: midnight(year + 1, 0, 1, context.timeZone) })
  const day = dayAt(context, at)
  if (day !== undefined) {
    const of = take(context, at + 1, 'of') ?? at + 1
    const month = monthAt(context, of)
    if (month !== undefined) withYear(of + 1, month, day)
  }
  const month = monthAt(context, at)
  if (month === undefined) return found
  const behind = dayAt(context, skipArticles(context, at + 1))
  if (behind !== undefined) withYear(skipArticles(context, at + 1) + 1, month, behind)
  // `may` alone is a verb more often than a month.
  else if (context.tokens[at]!.lower !== 'may' || yearAt(context, at + 1) !== undefined) withYear(at + 1, month)
  return found
}

/** without a year the last one that has begun is meant, or the next one; 29 February is not in every year. */
function yearless(context: SlotContext, month: number, day?: number): DateSpan {
  const year = new Date(context.nowMs).getUTCFullYear()
  const nearest = (from: number, step: 1 | -1): DateSpan => {
    let found = from
    // two leap years are eight years apart at most
    for (let tries = 0; tries < 8 && !exists(found, month, day); tries += 1) found += step
    return spanOf(context, found, month, day)
  }
  const now = exists(year, month, day) ? spanOf(context, year, month, day) : undefined
  return {
    ...(now === undefined || now.from > context.nowMs ? nearest(year - 1, -1) : now),
    ahead: now !== undefined && now.to > context.nowMs ? now.from : nearest(year + 1, 1).from,
  }
}

/** days of the year that have a name and the same date every year. */
const named: readonly (readonly [readonly string[], number, number])[] = [
  [ways(`christmas | christmas day | xmas | xmas day`), 11, 25],
  [ways(`christmas eve | xmas eve`), 11, 24],
  [ways(`boxing day`), 11, 26],
  [ways(`new year eve | new year's eve | silvester`), 11, 31],
  [ways(`new year | new year day | new year's day | new year's`), 0, 1],
  [ways(`valentine day | valentine's day | valentines day`), 1, 14],
  [ways(`halloween`), 9, 31],
]

function readNamed(context: SlotContext, at: number): Reading<DateSpan>[] {
  const next = take(context, at, 'next') ?? at
  return named.flatMap(([words, month, day]) => {
    const to = takeAny(context, next, words)
    if (to === undefined) return []
    const year = yearAt(context, to)
    return year === undefined
      ? [{ to, value: yearless(context, month, day), confidence: 1 }]
      : [{ to: to + 1, value: spanOf(context, year, month, day), confidence: 1 }]
  })
}

const weekdays = ways(`sunday | monday | tuesday | wednesday | thursday | friday | saturday`)

/** `tomorrow`, `friday`, `next friday`. */
function readComing(context: SlotContext, at: number): Reading<DateSpan>[] {
  const { nowMs, timeZone } = context
  const found: Reading<DateSpan>[] = []
  const next = take(context, at, 'next') ?? at
  const weekday = weekdays.indexOf(context.tokens[next]?.lower ?? '')
  const isTomorrow = context.tokens[at]?.lower === 'tomorrow'
  // reading the clocks of time zones is slow
  if (weekday < 0 && !isTomorrow) return found
  const today = new Date(startOfDay(nowMs, timeZone) + 12 * 3_600_000)
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()]
  const span = (first: number, length: number): DateSpan => ({
    from: midnight(year, month, day + first, timeZone),
    to: midnight(year, month, day + first + length, timeZone),
  })
  if (isTomorrow) found.push({ to: at + 1, value: span(1, 1), confidence: 1 })
  if (weekday >= 0) {
    const distance = (weekday - today.getUTCDay() + 7) % 7 || 7
    const coming = span(distance, 1)
    // a weekday alone is the last one to who asks what was, and the next one to who asks what will be
    const value = next > at ? coming : { ...span(distance - 7, 1), ahead: coming.from }
    found.push({ to: next + 1, value, confidence: 0.9 })
  }
  return found
}

interface Numeric {
  readonly to: number
  readonly year: number
  /** as it was written, from 1. */
  readonly month: number
  readonly day: number | undefined
}

/** `2024-03-01`, also where its parts are tokens of their own. */
function numericAt(context: SlotContext, at: number): Numeric | undefined {
  const start = context.tokens[at]
  if (start === undefined || start.kind === 'quoted') return undefined
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?![\w-])/.exec(context.text.slice(start.at))
  if (!match) return undefined
  const to = context.tokens.findIndex((token, index) => index >= at && token.end === start.at + match[0].length)
  if (to < 0) return undefined
  const day = match[3] === undefined ? undefined : Number(match[3])
  return { to: to + 1, year: Number(match[1]), month: Number(match[2]), day }
}

function readNumeric(context: SlotContext, at: number): Reading<DateSpan>[] {
  const numeric = numericAt(context, at)
  if (numeric === undefined) return []
  const { to, year, month, day } = numeric
  if (month < 1 || month > 12 || !exists(year, month - 1, day)) return []
  return [{ to, value: spanOf(context, year, month - 1, day), confidence: 1 }]
}

const relative: ReadonlySet<string> = new Set(['today', 'yesterday', 'this', 'last', 'previous'])

function readRelative(context: SlotContext, at: number): Reading<DateSpan>[] {
  if (!relative.has(context.tokens[at]?.lower ?? '')) return []
  const { nowMs, timeZone } = context
  const today = new Date(startOfDay(nowMs, timeZone) + 12 * 3_600_000)
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()]
  const weekday = (today.getUTCDay() + 6) % 7
  const days = (first: number, behind: number): DateSpan => ({
    from: midnight(year, month, day + first, timeZone),
    to: midnight(year, month, day + behind, timeZone),
  })
  const forms: readonly (readonly [readonly string[], DateSpan])[] = [
    [['today'], days(0, 1)],
    [['yesterday'], days(-1, 0)],
    [['this week'], days(-weekday, 7 - weekday)],
    [['last week', 'previous week'], days(-weekday - 7, -weekday)],
    [['this month'], spanOf(context, year, month)],
    [['last month', 'previous month'], spanOf(context, year, month - 1)],
    [['this year'], { from: midnight(year, 0, 1, timeZone), to: midnight(year + 1, 0, 1, timeZone) }],
    [['last year', 'previous year'], { from: midnight(year - 1, 0, 1, timeZone), to: midnight(year, 0, 1, timeZone) }],
  ]
  return forms.flatMap(([phrases, value]) => {
    const to = takeAny(context, at, phrases)
    return to === undefined ? [] : [{ to, value, confidence: 1 }]
  })
}
