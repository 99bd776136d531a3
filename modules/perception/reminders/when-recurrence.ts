// reads what repeats: `every day`, `every monday and thursday`, `every 2 hours`, `on the 1st of every month`, `daily`.
import { partOf, type DayPart } from './when-clock.ts'
import { readDate } from './when-date.ts'
import { readSpan, type Read, type Span } from './when-duration.ts'
import { readOrdinal, type WhenWord } from './when-words.ts'
import { unitOf, weekdayOf, type Unit } from './when-vocabulary.ts'

export type Recurrence =
  | { readonly kind: 'interval'; readonly span: Span; readonly weekday?: number }
  /** 1 is Monday. */
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'monthly'; readonly day: number | 'last' }
  | { readonly kind: 'monthly_weekday'; readonly weekday: number; readonly nth: number | 'last' }
  | { readonly kind: 'yearly'; readonly day: number; readonly month: number }

export interface RecurrenceReading {
  readonly recurrence: Recurrence
  readonly part?: DayPart
}

type Reading = Read<RecurrenceReading>

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const workingDays = [1, 2, 3, 4, 5]
const none: Span = { ms: 0, days: 0, months: 0 }

const adverbs: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ['hourly', 'hour'],
  ['daily', 'day'],
  ['everyday', 'day'],
  ['weekly', 'week'],
  ['monthly', 'month'],
  ['yearly', 'year'],
  ['annually', 'year'],
])

/** something that repeats, with its preposition. */
export function readRecurrence(words: readonly WhenWord[], at: number): Reading | undefined {
  const first = words[at]?.text ?? ''
  const adverb = adverbs.get(first)
  if (adverb !== undefined) return withAnchor(words, at + 1, unitSpan(adverb, 1))
  const position = first === 'once' ? at + 1 : at
  const marker = words[position]?.text
  if (marker === 'every' || marker === 'each' || (position > at && (marker === 'a' || marker === 'per'))) {
    return readEvery(words, words[position + 1]?.text === 'single' ? position + 2 : position + 1)
  }
  return (
    readOnDays(words, first === 'on' ? at + 1 : at, first === 'on') ?? readMonthly(words, first === 'on' ? at + 1 : at)
  )
}

/** what follows `every`. */
function readEvery(words: readonly WhenWord[], at: number): Reading | undefined {
  const text = words[at]?.text ?? ''
  const part = partOf(text)
  if (part !== undefined) return { value: { recurrence: { kind: 'weekdays', weekdays: everyDay }, part }, next: at + 1 }
  if (/^week-?days?$|^workdays?$/.test(text)) return weekdays(workingDays, at + 1)
  if (/^(?:working|work|business)$/.test(text) && /^days?$/.test(words[at + 1]?.text ?? ''))
    return weekdays(workingDays, at + 2)
  if (/^week-?end$/.test(text)) return weekdays([6], at + 1)
  const listed = readWeekdayList(words, at, { short: true })
  if (listed) return withDayPart(words, listed)
  const rank = readEveryRank(words, at)
  if (rank) return rank
  const span = readSpan(words, at)
  // `every 0 minutes` is never, or for ever
  if (span && span.value.ms + span.value.days + span.value.months === 0) return undefined
  if (span) return withAnchor(words, span.next, span.value)
  const unit = unitOf(text)
  return unit === undefined ? readYearDay(words, at) : withAnchor(words, at + 1, unitSpan(unit, 1))
}

/** `every other day`, `every second tuesday`, `every third week`, `every first monday of the month`, `every 1st of the month`. */
function readEveryRank(words: readonly WhenWord[], at: number): Reading | undefined {
  const isOther = words[at]?.text === 'other'
  const isLast = words[at]?.text === 'last'
  const rank = isOther || isLast ? { value: 2, next: at + 1 } : readOrdinal(words, at)
  if (rank === undefined) return undefined
  const monthly = isOther ? undefined : readRankOfMonth(words, at)
  if (monthly) return monthly
  if (isLast) return undefined
  const follower = words[rank.next]?.text ?? ''
  const weekday = weekdayOf(follower)
  if (weekday !== undefined) {
    const recurrence: Recurrence = { kind: 'interval', span: { ...none, days: 7 * rank.value }, weekday }
    return { value: { recurrence }, next: rank.next + 1 }
  }
  const unit = unitOf(follower)
  if (unit !== undefined) return withAnchor(words, rank.next + 1, unitSpan(unit, rank.value))
  return readYearDay(words, at)
}

/** `1st of the month`, `first monday of every month`, `last day of each month`. */
function readRankOfMonth(words: readonly WhenWord[], at: number): Reading | undefined {
  const isLast = words[at]?.text === 'last'
  const rank = isLast ? { value: 0, next: at + 1 } : readOrdinal(words, at)
  if (rank === undefined) return undefined
  const weekday = weekdayOf(words[rank.next]?.text ?? '')
  const isDay = words[rank.next]?.text === 'day'
  const end = weekday === undefined && !isDay ? rank.next : rank.next + 1
  const month = /^(?:of|in) (?:the|every|each|a) month$/.exec(
    words
      .slice(end, end + 3)
      .map((word) => word.text)
      .join(' '),
  )
  if (month === null) return undefined
  if (weekday !== undefined) {
    if (rank.value > 5) return undefined
    return {
      value: { recurrence: { kind: 'monthly_weekday', weekday, nth: isLast ? 'last' : rank.value } },
      next: end + 3,
    }
  }
  if (isLast && !isDay) return undefined
  return { value: { recurrence: { kind: 'monthly', day: isLast ? 'last' : rank.value } }, next: end + 3 }
}

/** `the 1st of every month`, `the first monday of each month`: only where a word says that it repeats. */
function readMonthly(words: readonly WhenWord[], at: number): Reading | undefined {
  const position = words[at]?.text === 'the' ? at + 1 : at
  const reading = readRankOfMonth(words, position)
  return reading && /^(?:every|each)$/.test(words[reading.next - 2]?.text ?? '') ? reading : undefined
}

/** `on mondays`, `mondays and fridays`, `on weekdays`, `at weekends`. */
function readOnDays(words: readonly WhenWord[], at: number, announced: boolean): Reading | undefined {
  const text = words[at]?.text ?? ''
  if (/^week-?days$|^workdays$/.test(text)) return weekdays(workingDays, at + 1)
  if (/^week-?ends$/.test(text)) return weekdays([6, 7], at + 1)
  if (text === 'at' && /^week-?ends$/.test(words[at + 1]?.text ?? '')) return weekdays([6, 7], at + 2)
  const listed = readWeekdayList(words, at, { short: false })
  if (listed === undefined) return undefined
  const said = words.slice(at, listed.next)
  const isPlural = said.some((word) => word.text.endsWith('s') && word.kind === 'word')
  // `on monday or tuesday` is one of the two, and nobody knows which
  if (!isPlural && said.some((word) => word.text === 'or')) return undefined
  return isPlural || (announced && listed.value.length > 1) ? withDayPart(words, listed) : undefined
}

/** `monday`, `mondays and thursdays`, `mon, wed and fri`. */
function readWeekdayList(
  words: readonly WhenWord[],
  at: number,
  options: { short: boolean },
): Read<number[]> | undefined {
  const found: number[] = []
  let position = at
  for (;;) {
    let next = position
    if (found.length > 0) while (/^(?:,|and|or|&|on|every)$/.test(words[next]?.text ?? '')) next += 1
    if (found.length > 0 && next === position) break
    const weekday = weekdayOf(words[next]?.text ?? '', { short: options.short, plural: true })
    if (weekday === undefined) break
    found.push(weekday)
    position = next + 1
  }
  return found.length === 0
    ? undefined
    : { value: [...new Set(found)].sort((left, right) => left - right), next: position }
}

function withDayPart(words: readonly WhenWord[], listed: Read<number[]>): Reading {
  const part = partOf(words[listed.next]?.text)
  const recurrence: Recurrence = { kind: 'weekdays', weekdays: listed.value }
  return part === undefined
    ? { value: { recurrence }, next: listed.next }
    : { value: { recurrence, part }, next: listed.next + 1 }
}

/** `every june 9th`, `every 9th of june`, `every christmas`. */
function readYearDay(words: readonly WhenWord[], at: number): Reading | undefined {
  const day = readDate(words, at)
  const date = day?.value.date
  if (day === undefined || date?.kind !== 'calendar' || date.month === undefined || date.year !== undefined)
    return undefined
  return { value: { recurrence: { kind: 'yearly', day: date.day, month: date.month } }, next: day.next }
}

/** a span that repeats, with the day that it is tied to: `every week on monday`, `monthly on the 1st`. */
function withAnchor(words: readonly WhenWord[], at: number, span: Span): Reading | undefined {
  const anchor = readAnchor(words, words[at]?.text === ',' ? at + 1 : at, span)
  if (anchor) return anchor
  if (span.days === 1 && span.ms === 0 && span.months === 0) return weekdays(everyDay, at)
  return { value: { recurrence: { kind: 'interval', span } }, next: at }
}

function readAnchor(words: readonly WhenWord[], at: number, span: Span): Reading | undefined {
  if (span.ms > 0 || words[at]?.text !== 'on') return undefined
  if (span.days > 0 && span.days % 7 === 0 && span.months === 0) {
    const list = readWeekdayList(words, at + 1, { short: true })
    if (list === undefined) return undefined
    if (span.days === 7) return withDayPart(words, list)
    // several days every two weeks are more than one pattern holds.
    if (list.value.length > 1) return undefined
    return { value: { recurrence: { kind: 'interval', span, weekday: list.value[0]! } }, next: list.next }
  }
  if (span.months === 12 && span.days === 0) return readYearDay(words, at)
  if (span.months !== 1 || span.days > 0) return undefined
  const position = words[at + 1]?.text === 'the' ? at + 2 : at + 1
  if (words[position]?.text === 'last' && words[position + 1]?.text === 'day') {
    return { value: { recurrence: { kind: 'monthly', day: 'last' } }, next: position + 2 }
  }
  const rank = readOrdinal(words, position)
  const weekday = rank === undefined ? undefined : weekdayOf(words[rank.next]?.text ?? '')
  if (rank && weekday !== undefined && rank.value <= 5) {
    return { value: { recurrence: { kind: 'monthly_weekday', weekday, nth: rank.value } }, next: rank.next + 1 }
  }
  if (words[position]?.text === 'last' && weekdayOf(words[position + 1]?.text ?? '') !== undefined) {
    const last = weekdayOf(words[position + 1]!.text)!
    return { value: { recurrence: { kind: 'monthly_weekday', weekday: last, nth: 'last' } }, next: position + 2 }
  }
  return rank && rank.value <= 31
    ? { value: { recurrence: { kind: 'monthly', day: rank.value } }, next: rank.next }
    : undefined
}

function weekdays(list: readonly number[], next: number): Reading {
  return { value: { recurrence: { kind: 'weekdays', weekdays: list } }, next }
}

function unitSpan(unit: Unit, count: number): Span {
  if (unit === 'second' || unit === 'minute' || unit === 'hour') {
    return { ...none, ms: count * { second: 1000, minute: 60_000, hour: 3_600_000 }[unit] }
  }
  if (unit === 'day' || unit === 'week') return { ...none, days: unit === 'week' ? 7 * count : count }
  return { ...none, months: unit === 'year' ? 12 * count : count }
}
