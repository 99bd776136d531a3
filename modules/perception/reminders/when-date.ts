// reads days: `tomorrow`, `next monday`, `the 9th of june`, `2026-12-24`, `in two weeks`, `the last day of the month`.
import { readAmount, readOrdinal, type WhenWord } from './when-words.ts'
import { partOf, type DayPart } from './when-clock.ts'
import { isCalendarSpan, readSpan, type Read, type Span } from './when-duration.ts'
import { isTomorrow, monthOf, weekdayOf } from './when-vocabulary.ts'

export type DateSpec =
  | { readonly kind: 'offset'; readonly days: number; readonly months: number }
  /** coming: the next one; this: in this week; next: in the week after this one. `weeks` are added. */
  | {
      readonly kind: 'weekday'
      readonly weekday: number
      readonly which: 'coming' | 'this' | 'next'
      readonly weeks: number
    }
  /** without a year or a month: the next one that fits. */
  | { readonly kind: 'calendar'; readonly day: number; readonly month?: number; readonly year?: number }
  | { readonly kind: 'month_end'; readonly months: number }
  /** a date in digits whose order the locale decides: `6/9`. */
  | { readonly kind: 'slashed'; readonly first: number; readonly second: number; readonly year?: number }

export interface DateReading {
  readonly date: DateSpec
  /** `tonight` is a day and a part of it. */
  readonly part?: DayPart
}

const feasts: ReadonlyMap<string, { day: number; month: number }> = new Map([
  ['christmas eve', { day: 24, month: 12 }],
  ['christmas day', { day: 25, month: 12 }],
  ['christmas', { day: 25, month: 12 }],
  ["new year's eve", { day: 31, month: 12 }],
  ["new year's day", { day: 1, month: 1 }],
  ['halloween', { day: 31, month: 10 }],
  ["valentine's day", { day: 14, month: 2 }],
])

/** a day with its preposition. */
export function readDate(words: readonly WhenWord[], at: number): Read<DateReading> | undefined {
  const first = words[at]?.text
  const position = first === 'on' || first === 'for' || first === 'by' || first === 'from' ? at + 1 : at
  return (
    readNear(words, position) ??
    readNamedDay(words, position) ??
    readWeekday(words, position, position > at) ??
    readCalendar(words, position, position > at) ??
    readFeast(words, first === 'at' ? at + 1 : position)
  )
}

/** `today`, `tomorrow`, `tonight`, `this evening`, `next week`, `the day after tomorrow`, `at the weekend`. */
function readNear(words: readonly WhenWord[], at: number): Read<DateReading> | undefined {
  const text = (offset: number) => words[at + offset]?.text ?? ''
  const offset = (days: number, next: number, part?: DayPart): Read<DateReading> => ({
    value: { date: { kind: 'offset', days, months: 0 }, ...(part === undefined ? {} : { part }) },
    next: at + next,
  })
  if (text(0) === 'today') return offset(0, 1)
  if (text(0) === 'tonight' || text(0) === 'tonite') return offset(0, 1, 'night')
  if (isTomorrow(text(0))) return offset(1, 1)
  if (text(0) === 'overmorrow') return offset(2, 1)
  const thisPart = text(0) === 'this' ? partOf(text(1)) : undefined
  if (thisPart !== undefined) return offset(0, 2, thisPart)
  const skip = text(0) === 'the' ? 1 : 0
  if (text(skip) === 'day' && text(skip + 1) === 'after' && isTomorrow(text(skip + 2))) return offset(2, skip + 3)
  if (text(0) === 'next' && text(1) === 'week') return offset(7, 2)
  if (text(0) === 'next' && text(1) === 'month') return months(1, at + 2)
  if (text(0) === 'next' && text(1) === 'year') return months(12, at + 2)
  const weekend = text(0) === 'at' ? 1 : 0
  const article = text(weekend) === 'the' || text(weekend) === 'this' || text(weekend) === 'next' ? 1 : 0
  if (article === 1 && /^week-?ends?$/.test(text(weekend + 1))) {
    const which = text(weekend) === 'next' ? 'next' : 'coming'
    return { value: { date: { kind: 'weekday', weekday: 6, which, weeks: 0 } }, next: at + weekend + 2 }
  }
  return readMonthEnd(words, text(0) === 'at' ? at + 1 : at)
}

function months(count: number, next: number): Read<DateReading> {
  return { value: { date: { kind: 'offset', days: 0, months: count } }, next }
}

/** `the end of the month`, `the last day of next month`. */
function readMonthEnd(words: readonly WhenWord[], at: number): Read<DateReading> | undefined {
  const phrase = words
    .slice(at, at + 6)
    .map((word) => word.text)
    .join(' ')
  const match = /^(?:the )?(?:end|last day) of (the|this|next) month\b/.exec(phrase)
  if (match === null) return undefined
  const length = match[0].split(' ').length
  return { value: { date: { kind: 'month_end', months: match[1] === 'next' ? 1 : 0 } }, next: at + length }
}

/** `thursday, 26 november`: the date says it all. */
function readNamedDay(words: readonly WhenWord[], at: number): Read<DateReading> | undefined {
  if (words[at]?.kind !== 'word' || weekdayOf(words[at].text, { short: true }) === undefined) return undefined
  const position = words[at + 1]?.text === ',' ? at + 2 : at + 1
  return readCalendar(words, words[position]?.text === 'the' ? position + 1 : position, true)
}

/** `monday`, `next monday`, `this friday`, `friday week`, `a week on tuesday`, `in a week from tuesday`. */
function readWeekday(words: readonly WhenWord[], at: number, announced: boolean): Read<DateReading> | undefined {
  let position = at
  let which: 'coming' | 'this' | 'next' = 'coming'
  let weeks = 0
  const ahead = readSpan(words, position)
  if (ahead && isCalendarSpan(ahead.value) && ahead.value.days % 7 === 0 && ahead.value.months === 0) {
    const link = words[ahead.next]?.text
    if (link !== 'from' && link !== 'on') return undefined
    weeks = ahead.value.days / 7
    position = ahead.next + 1
  }
  const marker = words[position]?.text
  if (marker === 'next' || marker === 'this' || marker === 'coming') {
    which = marker
    position += 1
  } else if (
    marker === 'the' &&
    (words[position + 1]?.text === 'coming' || words[position + 1]?.text === 'following')
  ) {
    position += 2
  }
  const name = words[position]
  if (name?.kind !== 'word') return undefined
  // `sun` and `sat` alone are words; with `on`, `next` or a clock behind them they are days.
  const short = announced || position > at || /^(?:at|@)$/.test(words[position + 1]?.text ?? '')
  const weekday = weekdayOf(name.text, { short })
  if (weekday === undefined) return undefined
  position += 1
  if (words[position]?.text === 'week') {
    weeks += 1
    position += 1
  } else if (words[position]?.text === 'next' && words[position + 1]?.text === 'week') {
    which = 'next'
    position += 2
  }
  return { value: { date: { kind: 'weekday', weekday, which, weeks } }, next: position }
}

/** `the 9th of june`, `june 9, 2027`, `9 june`, `2026-12-24`, `24.12.`, `6/9`, `the 15th`. */
function readCalendar(words: readonly WhenWord[], at: number, announced: boolean): Read<DateReading> | undefined {
  const word = words[at]
  if (word?.kind === 'date') return readDigits(word, at + 1)
  const hasArticle = word?.text === 'the'
  const position = hasArticle ? at + 1 : at
  const month = monthAt(words, position)
  if (month !== undefined) {
    const dayAt = words[position + 1]?.text === 'the' ? position + 2 : position + 1
    const day = readDay(words, dayAt)
    return day === undefined ? undefined : withYear(words, day.next, day.value, month)
  }
  const day = readDay(words, position)
  if (day === undefined) return undefined
  const monthWord = words[day.next]?.text === 'of' ? day.next + 1 : day.next
  const named = monthAt(words, monthWord)
  if (named !== undefined) return withYear(words, monthWord + 1, day.value, named)
  const isRank = readOrdinal(words, position) !== undefined && words[position]?.text !== 'second'
  if (!isRank || !(hasArticle || announced)) return undefined
  const ofMonth = words
    .slice(day.next, day.next + 3)
    .map((one) => one.text)
    .join(' ')
  if (/^of (?:the|this) month\b/.test(ofMonth)) {
    return { value: { date: { kind: 'calendar', day: day.value } }, next: day.next + 3 }
  }
  return { value: { date: { kind: 'calendar', day: day.value } }, next: day.next }
}

function monthAt(words: readonly WhenWord[], at: number): number | undefined {
  const word = words[at]
  return word?.kind === 'word' ? monthOf(word.text) : undefined
}

/** the day of a month: `9`, `9th`, `ninth`; a number with a unit, meridiem or clock behind it is none. */
function readDay(words: readonly WhenWord[], at: number): Read<number> | undefined {
  const rank = readOrdinal(words, at)
  if (rank) return rank.value <= 31 ? rank : undefined
  const amount = words[at]?.kind === 'number' ? readAmount(words, at) : undefined
  if (amount === undefined || !Number.isInteger(amount.value) || amount.value < 1 || amount.value > 31) return undefined
  const follower = words[amount.next]?.text
  return follower === 'am' || follower === 'pm' ? undefined : amount
}

function withYear(words: readonly WhenWord[], at: number, day: number, month: number): Read<DateReading> | undefined {
  const yearAt = words[at]?.text === ',' ? at + 1 : at
  const year = words[yearAt]
  const isYear = year?.kind === 'number' && /^20\d\d$/.test(year.text)
  const date: DateSpec = { kind: 'calendar', day, month, ...(isYear ? { year: year.value! } : {}) }
  return { value: { date }, next: isYear ? yearAt + 1 : at }
}

function readDigits(word: WhenWord, next: number): Read<DateReading> | undefined {
  const { parts, mark } = word.date!
  const [first = 0, second = 0, third] = parts
  if (mark === '-') return { value: { date: { kind: 'calendar', year: first, month: second, day: third ?? 0 } }, next }
  const year = third === undefined ? {} : { year: third }
  if (mark === '.') return { value: { date: { kind: 'calendar', day: first, month: second, ...year } }, next }
  return { value: { date: { kind: 'slashed', first, second, ...year } }, next }
}

function readFeast(words: readonly WhenWord[], at: number): Read<DateReading> | undefined {
  for (const length of [3, 2, 1]) {
    const phrase = words.slice(at, at + length)
    const feast = phrase.length === length ? feasts.get(phrase.map((word) => word.text).join(' ')) : undefined
    if (feast) return { value: { date: { kind: 'calendar', ...feast } }, next: at + length }
  }
  return undefined
}

/** a calendar span as a day: `in two weeks`, `in 3 days`. */
export function dateOfSpan(span: Span): DateSpec {
  return { kind: 'offset', days: span.days, months: span.months }
}
