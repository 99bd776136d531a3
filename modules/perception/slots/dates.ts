// days and months of the calendar as spans of time: `2024-03-01`, `1 February 2024`, `March 2024`, `last month`.
import { ways } from '../language/ways.ts'
import { startOfDay } from './modifiers/calendar.ts'
import { skipArticles, take, takeAny } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

/** from the first moment of the span to the first one behind it, in milliseconds since 1970. */
export interface DateSpan {
  readonly from: number
  readonly to: number
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

function dayAt(context: SlotContext, at: number): number | undefined {
  const match = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(context.tokens[at]?.lower ?? '')
  const day = Number(match?.[1])
  return match && day >= 1 && day <= 31 ? day : undefined
}

/** midnight at the beginning of a day at the person's place; months and days beyond their end go on. */
function midnight(year: number, month: number, day: number, timeZone: string): number {
  return startOfDay(Date.UTC(year, month, day, 12), timeZone)
}

/** every calendar span that begins at `at`. */
export function readDates(context: SlotContext, at: number): Reading<DateSpan>[] {
  const from = skipArticles(context, at)
  return [...readWritten(context, from), ...readNumeric(context, from), ...readRelative(context, at)]
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
  const thisYear = new Date(context.nowMs).getUTCFullYear()
  // without a year the last one that has begun is meant.
  const past = (month: number, day?: number) => {
    const span = spanOf(context, thisYear, month, day)
    return span.from > context.nowMs ? spanOf(context, thisYear - 1, month, day) : span
  }
  const withYear = (to: number, month: number, day?: number) => {
    const comma = context.tokens[to]?.text === ',' || context.tokens[to]?.lower === 'of' ? to + 1 : to
    const year = yearAt(context, comma)
    if (year !== undefined) add(comma + 1, spanOf(context, year, month, day))
    else add(to, past(month, day))
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

/** `2024-03-01`, also where its parts are tokens of their own. */
function readNumeric(context: SlotContext, at: number): Reading<DateSpan>[] {
  const start = context.tokens[at]
  if (start === undefined || start.kind === 'quoted') return []
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?![\w-])/.exec(context.text.slice(start.at))
  if (!match) return []
  const to = context.tokens.findIndex((token, index) => index >= at && token.end === start.at + match[0].length)
  const [year, month, day] = [Number(match[1]), Number(match[2]), match[3] === undefined ? undefined : Number(match[3])]
  if (to < 0 || month < 1 || month > 12 || (day !== undefined && (day < 1 || day > 31))) return []
  return [{ to: to + 1, value: spanOf(context, year, month - 1, day), confidence: 1 }]
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
