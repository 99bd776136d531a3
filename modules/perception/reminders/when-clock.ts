// reads times of day: `23:55`, `9 am`, `noon`, `half past six`, `quarter to five`, `4 o'clock`, `14h30`, `in the evening`.
import { readAmount, type WhenWord } from './when-words.ts'
import type { Read } from './when-duration.ts'

export interface ClockTime {
  /** 0 to 23; below 13 and `halfDayOpen` where nothing says which half of the day is meant. */
  readonly hour: number
  readonly minute: number
  /** true for `six`, `half past six`, `8:30`: it could be morning or evening. */
  readonly halfDayOpen: boolean
  /** written with digits and a colon: in places with a 24-hour clock that settles it. */
  readonly digital: boolean
}

/** the parts of a day, with the hour that stands for them when no clock is named. */
export type DayPart = 'morning' | 'afternoon' | 'evening' | 'night'

export const hourOfPart: Readonly<Record<DayPart, number>> = { morning: 9, afternoon: 15, evening: 19, night: 21 }

const named: ReadonlyMap<string, number> = new Map([
  ['noon', 12],
  ['midday', 12],
  ['noontime', 12],
  ['lunchtime', 12],
  ['midnight', 24],
])

/** words that may stand before a clock. `announced` ones make a bare number a time. */
const announcing: ReadonlySet<string> = new Set(['at', '@', 'by', 'around', 'about', 'until', 'till'])

/** what may follow a bare `at 5`; before any other word it may count things: `look at 5 houses`. */
const afterBareHour: ReadonlySet<string> = new Set([
  'to',
  'that',
  'about',
  'on',
  'in',
  'tomorrow',
  'today',
  'tonight',
  'every',
  'each',
  'for',
  'and',
  'please',
  'with',
  'sharp',
  'this',
  'next',
  'daily',
  'remind',
  'wake',
  'tell',
  'thanks',
  'when',
  'if',
  'because',
  'or',
  'so',
  'of',
  'i',
  'call',
  'exactly',
  'as',
  'regarding',
])

/** a time of day with its preposition; `bare` allows a number alone (right behind a date). */
export function readClock(
  words: readonly WhenWord[],
  at: number,
  options: { bare?: boolean } = {},
): Read<ClockTime> | undefined {
  let position = at
  let announced = options.bare === true
  while (announcing.has(words[position]?.text ?? '') && position - at < 2) {
    if (words[position]!.text !== 'about') announced = true
    position += 1
  }
  // `an alarm for 6:45`, `a reminder for 7`; elsewhere a number behind `for` counts things.
  if (position === at && words[at]?.text === 'for') {
    announced ||= /^(?:alarm|reminder|call)$/.test(words[at - 1]?.text ?? '')
    position += 1
  }
  const time = readTime(words, position, announced)
  if (time === undefined) return undefined
  let next = time.next
  if (words[next]?.text === 'sharp' || words[next]?.text === 'exactly') next += 1
  return { value: time.value, next }
}

/** `morning`, `in the evening`, `at night`, `this afternoon`. */
export function readDayPart(words: readonly WhenWord[], at: number): Read<DayPart> | undefined {
  let position = at
  const first = words[position]?.text
  if (first === 'in' || first === 'during') {
    position += 1
    if (words[position]?.text === 'the') position += 1
    else return undefined
  } else if (first === 'at' && words[position + 1]?.text === 'night') position += 1
  else if (first === 'early' || first === 'late') position += 1
  const part = partOf(words[position]?.text)
  return part === undefined ? undefined : { value: part, next: position + 1 }
}

export function partOf(text: string | undefined): DayPart | undefined {
  if (text === 'morning' || text === 'mornings') return 'morning'
  if (text === 'afternoon' || text === 'afternoons') return 'afternoon'
  if (text === 'evening' || text === 'evenings') return 'evening'
  if (text === 'night' || text === 'nights') return 'night'
  return undefined
}

/** puts an open hour into the half of the day that a part names. */
export function inPart(time: ClockTime, part: DayPart): ClockTime {
  if (!time.halfDayOpen) return time
  const hour = time.hour % 12
  if (part === 'morning') return { ...time, hour, halfDayOpen: false }
  // `12 at night` and `2 at night` lie behind midnight, `11 at night` before it.
  if (part === 'night') return { ...time, hour: hour === 0 || hour < 5 ? hour : hour + 12, halfDayOpen: false }
  return { ...time, hour: hour + 12, halfDayOpen: false }
}

function readTime(words: readonly WhenWord[], at: number, announced: boolean): Read<ClockTime> | undefined {
  const word = words[at]
  if (word === undefined || word.kind === 'opaque') return undefined
  const name = named.get(word.text)
  if (name !== undefined) return { value: closed(name, 0), next: at + 1 }
  return readSpoken(words, at) ?? readDigital(words, at, announced) ?? readHour(words, at, announced)
}

/** `half past six`, `quarter to five`, `ten past two`, `half six`, `twenty-five minutes to nine`. */
function readSpoken(words: readonly WhenWord[], at: number): Read<ClockTime> | undefined {
  let position = words[at]?.text === 'a' ? at + 1 : at
  let minutes: number | undefined
  if (words[position]?.text === 'half') minutes = 30
  else if (words[position]?.text === 'quarter') minutes = 15
  if (minutes !== undefined) position += 1
  else {
    const amount = readAmount(words, position)
    if (amount === undefined || amount.value > 59 || !Number.isInteger(amount.value)) return undefined
    minutes = amount.value
    position = amount.next
    if (/^min(?:ute)?s?$/.test(words[position]?.text ?? '')) position += 1
  }
  const relation = words[position]?.text
  const isPast = relation === 'past' || relation === 'after'
  const isTo = relation === 'to' || relation === 'before' || relation === 'til' || relation === 'till'
  const isHalfHour = minutes === 30 && words[position - 1]?.text === 'half' && !isPast && !isTo
  if (!isPast && !isTo && !isHalfHour) return undefined
  const hour = readHourName(words, isHalfHour ? position : position + 1)
  if (hour === undefined) return undefined
  const total = (hour.value.hour * 60 + (isTo ? -minutes : minutes) + 1440) % 1440
  return withMeridiem(
    words,
    hour.next,
    Math.floor(total / 60),
    total % 60,
    !hour.value.named && hour.value.hour < 13,
    false,
  )
}

/** the hour in a spoken time: `six`, `6`, `noon`. */
function readHourName(words: readonly WhenWord[], at: number): Read<{ hour: number; named: boolean }> | undefined {
  const name = named.get(words[at]?.text ?? '')
  if (name !== undefined) return { value: { hour: name, named: true }, next: at + 1 }
  const amount = readAmount(words, at)
  if (amount === undefined || !Number.isInteger(amount.value) || amount.value < 1 || amount.value > 23) return undefined
  return { value: { hour: amount.value, named: false }, next: amount.next }
}

/** `23:55`, `8:30 pm`, `9.30`, `14h30`. */
function readDigital(words: readonly WhenWord[], at: number, announced: boolean): Read<ClockTime> | undefined {
  const word = words[at]!
  if (word.kind === 'clock') {
    const { hour, minute, padded } = word.clock!
    if (hour === 24 && minute > 0) return undefined
    return withMeridiem(words, at + 1, hour, minute, hour > 0 && hour < 13 && !padded, true)
  }
  // `at 9.30` is a time, `9.30` alone is a number.
  const dotted = word.kind === 'number' ? /^(\d{1,2})\.(\d{2})$/.exec(word.text) : null
  const isTime = dotted !== null && (announced || isMeridiem(words[at + 1]))
  if (!isTime || Number(dotted[1]) > 23 || Number(dotted[2]) > 59) return undefined
  const hour = Number(dotted[1])
  return withMeridiem(words, at + 1, hour, Number(dotted[2]), hour > 0 && hour < 13, true)
}

/** `9 am`, `4 o'clock`, `at nine`, `at 14h`, `at 1430`. */
function readHour(words: readonly WhenWord[], at: number, announced: boolean): Read<ClockTime> | undefined {
  const amount = readAmount(words, at)
  if (amount === undefined || !Number.isInteger(amount.value)) return undefined
  const follower = words[amount.next]
  const written = words[at]!.text
  if (
    announced &&
    /^\d{4}$/.test(written) &&
    amount.value < 2400 &&
    amount.value % 100 < 60 &&
    endsBareHour(follower)
  ) {
    return {
      value: { ...closed(Math.floor(amount.value / 100), amount.value % 100), digital: true },
      next: amount.next,
    }
  }
  if (amount.value > 24) return undefined
  const open = amount.value > 0 && amount.value < 13 && !/^0\d/.test(written)
  if (isMeridiem(follower)) return withMeridiem(words, amount.next, amount.value, 0, open, false)
  if (follower?.text === "o'clock" || follower?.text === 'oclock') {
    return withMeridiem(words, amount.next + 1, amount.value, 0, open, false)
  }
  if (follower?.text === 'o' && words[amount.next + 1]?.text === 'clock') {
    return withMeridiem(words, amount.next + 2, amount.value, 0, open, false)
  }
  if (follower?.text === 'h' && follower.from === words[amount.next - 1]!.to) {
    return { value: closed(amount.value, 0), next: amount.next + 1 }
  }
  if (readDayPart(words, amount.next) && follower?.text !== 'morning') {
    return { value: { hour: amount.value % 24, minute: 0, halfDayOpen: open, digital: false }, next: amount.next }
  }
  if (!announced || !endsBareHour(follower)) return undefined
  return { value: { hour: amount.value % 24, minute: 0, halfDayOpen: open, digital: false }, next: amount.next }
}

function endsBareHour(word: WhenWord | undefined): boolean {
  if (word === undefined || word.kind === 'mark' || word.kind === 'opaque') return true
  return afterBareHour.has(word.text) || /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/.test(word.text)
}

function isMeridiem(word: WhenWord | undefined): boolean {
  return word?.text === 'am' || word?.text === 'pm'
}

function withMeridiem(
  words: readonly WhenWord[],
  at: number,
  hour: number,
  minute: number,
  halfDayOpen: boolean,
  digital: boolean,
): Read<ClockTime> | undefined {
  const half = words[at]?.text
  if (half !== 'am' && half !== 'pm') {
    return { value: { hour: hour % 24, minute, halfDayOpen, digital }, next: at }
  }
  // `13 pm` says the same twice, `15 am` contradicts itself.
  if (hour > 12 && half === 'am') return undefined
  const value = hour > 12 ? hour : (hour % 12) + (half === 'pm' ? 12 : 0)
  return { value: { hour: value % 24, minute, halfDayOpen: false, digital }, next: at + 1 }
}

function closed(hour: number, minute: number): ClockTime {
  return { hour: hour % 24, minute, halfDayOpen: false, digital: false }
}
