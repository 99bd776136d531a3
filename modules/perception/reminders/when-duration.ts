// reads spans of time: `45 minutes`, `an hour and a half`, `three quarters of an hour`, `1h30`, `two weeks`.
import { readAmount, type WhenWord } from './when-words.ts'
import { unitOf, type Unit } from './when-vocabulary.ts'

/** what passes on a clock is milliseconds; what passes on a calendar keeps its unit, as days differ in length. */
export interface Span {
  readonly ms: number
  readonly days: number
  readonly months: number
}

export interface Read<Value> {
  readonly value: Value
  /** the word after the last one that was read. */
  readonly next: number
}

const clockMs: Readonly<Partial<Record<Unit, number>>> = { second: 1000, minute: 60_000, hour: 3_600_000 }
const dayMs = 86_400_000
/** units from the smallest to the largest: a span names them in falling order. */
const sizes: readonly Unit[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year']

/** whether a span is days, weeks, months or years and nothing smaller. */
export const isCalendarSpan = (span: Span): boolean => span.ms === 0

/** a span that begins at a word; undefined where there is none or where it makes no sense (`half a month`). */
export function readSpan(words: readonly WhenWord[], at: number): Read<Span> | undefined {
  let total: Span = { ms: 0, days: 0, months: 0 }
  let position = at
  let lastUnit: Unit | undefined
  for (;;) {
    const joined = lastUnit === undefined ? position : skipJoin(words, position)
    const part = readPart(words, joined) ?? readUnitless(words, joined, lastUnit)
    if (part === undefined) break
    // `5 minutes and 10 minutes` are two times, and nobody can tell which is meant
    if (lastUnit !== undefined && sizes.indexOf(part.value.unit) >= sizes.indexOf(lastUnit)) return undefined
    const sum = add(total, part.value)
    if (sum === undefined) return undefined
    total = sum
    position = part.next
    lastUnit = part.value.unit
  }
  return lastUnit === undefined ? undefined : { value: total, next: position }
}

interface Part {
  readonly amount: number
  readonly unit: Unit
}

function skipJoin(words: readonly WhenWord[], at: number): number {
  const text = words[at]?.text
  return text === 'and' || text === ',' ? (words[at + 1]?.text === 'and' ? at + 2 : at + 1) : at
}

/** an amount with its unit. */
function readPart(words: readonly WhenWord[], at: number): Read<Part> | undefined {
  const share = readCompact(words, at) ?? readShare(words, at)
  if (share) return share
  const amount = readCount(words, at)
  if (amount === undefined) return undefined
  let { value, next } = amount
  const fraction = readFraction(words, next)
  if (fraction) {
    value += fraction.value
    next = fraction.next
  }
  const unit = unitAt(words, next)
  if (unit === undefined) return undefined
  next += 1
  // `an hour and a half`: the half belongs to the unit before it, unless a unit of its own follows.
  const after = fraction ? undefined : readFraction(words, next)
  if (after && unitAt(words, after.next) === undefined) {
    value += after.value
    next = after.next
  }
  return { value: { amount: value, unit }, next }
}

/** `1h30`, which the reader of words took for a clock, and `1:30 hours`. */
function readCompact(words: readonly WhenWord[], at: number): Read<Part> | undefined {
  const word = words[at]
  if (word?.kind !== 'clock') return undefined
  const value: Part = { amount: word.clock!.hour * 60 + word.clock!.minute, unit: 'minute' }
  if (word.text.includes('h')) return { value, next: at + 1 }
  return unitAt(words, at + 1) === 'hour' ? { value, next: at + 2 } : undefined
}

/** `half an hour`, `a quarter of an hour`, `three quarters of an hour`, `half a minute`. */
function readShare(words: readonly WhenWord[], at: number): Read<Part> | undefined {
  let position = isArticle(words[at]) ? at + 1 : at
  let share: number | undefined
  const text = words[position]?.text
  if (text === 'half') share = 0.5
  else if (text === 'quarter') share = 0.25
  else if (words[position + 1]?.text === 'quarters') {
    const count = readAmount(words, position)
    share = count === undefined ? undefined : count.value / 4
    position += 1
  }
  if (share === undefined) return undefined
  position += 1
  if (words[position]?.text === 'of') position += 1
  if (isArticle(words[position])) position += 1
  const unit = unitAt(words, position)
  return unit === undefined ? undefined : { value: { amount: share, unit }, next: position + 1 }
}

/** `2`, `two`, `a`, `a couple of`, `a dozen`. */
function readCount(words: readonly WhenWord[], at: number): Read<number> | undefined {
  const amount = readAmount(words, at)
  if (amount) return amount
  if (!isArticle(words[at])) return undefined
  const text = words[at + 1]?.text
  if (text === 'couple') return { value: 2, next: words[at + 2]?.text === 'of' ? at + 3 : at + 2 }
  if (text === 'dozen') return { value: 12, next: at + 2 }
  if (text === 'hundred') return { value: 100, next: at + 2 }
  return { value: 1, next: at + 1 }
}

/** `and a half`, `and a quarter`, `and three quarters`, as a number. */
function readFraction(words: readonly WhenWord[], at: number): Read<number> | undefined {
  if (words[at]?.text !== 'and') return undefined
  const position = isArticle(words[at + 1]) ? at + 2 : at + 1
  const text = words[position]?.text
  if (text === 'half') return { value: 0.5, next: position + 1 }
  if (text === 'quarter') return { value: 0.25, next: position + 1 }
  if (text === 'three' && words[position + 1]?.text === 'quarters') return { value: 0.75, next: position + 2 }
  return undefined
}

/** the `30` of `1h30` and `1 hour 30`: minutes without their name, right behind hours. */
function readUnitless(words: readonly WhenWord[], at: number, lastUnit: Unit | undefined): Read<Part> | undefined {
  const word = words[at]
  if (lastUnit !== 'hour' || word?.kind !== 'number' || word.value! >= 60 || !Number.isInteger(word.value))
    return undefined
  return words[at - 1]?.to === word.from ? { value: { amount: word.value!, unit: 'minute' }, next: at + 1 } : undefined
}

function unitAt(words: readonly WhenWord[], at: number): Unit | undefined {
  const word = words[at]
  if (word === undefined || word.kind === 'opaque' || word.kind === 'mark') return undefined
  return word.text.endsWith("'s") ? undefined : unitOf(word.text)
}

function isArticle(word: WhenWord | undefined): boolean {
  return word?.text === 'a' || word?.text === 'an'
}

function add(total: Span, { amount, unit }: Part): Span | undefined {
  if (!Number.isFinite(amount) || amount < 0) return undefined
  const ms = clockMs[unit]
  if (ms !== undefined) return { ...total, ms: total.ms + Math.round(amount * ms) }
  if (unit === 'day' || unit === 'week') {
    const days = amount * (unit === 'week' ? 7 : 1)
    if (Number.isInteger(days)) return { ...total, days: total.days + days }
    // a day and a half is 36 hours: a broken day has no wall clock to keep.
    return { ...total, ms: total.ms + Math.round(days * dayMs) }
  }
  const months = amount * (unit === 'year' ? 12 : 1)
  return Number.isInteger(months) ? { ...total, months: total.months + months } : undefined
}
