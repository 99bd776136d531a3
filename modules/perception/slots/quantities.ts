// numbers, ordinals, sizes and durations, in digits or words.
import { dictionary } from '../language/dictionary.ts'
import { takeAny } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

const small = dictionary<number>({
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  dozen: 12,
})
const tens = dictionary<number>({
  twenty: 20,
  thirty: 30,
  forty: 40,
  fourty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
})
const scales = dictionary<number>({
  hundred: 100,
  thousand: 1000,
  million: 1_000_000,
  billion: 1_000_000_000,
})
const ordinals = dictionary<number>({
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  eleventh: 11,
  twelfth: 12,
})

const sizeUnits = dictionary<number>({
  b: 1,
  byte: 1,
  bytes: 1,
  k: 1e3,
  kb: 1e3,
  kilobyte: 1e3,
  kilobytes: 1e3,
  kib: 1024,
  kibibyte: 1024,
  kibibytes: 1024,
  m: 1e6,
  mb: 1e6,
  megabyte: 1e6,
  megabytes: 1e6,
  meg: 1e6,
  megs: 1e6,
  mib: 1024 ** 2,
  mebibyte: 1024 ** 2,
  mebibytes: 1024 ** 2,
  g: 1e9,
  gb: 1e9,
  gigabyte: 1e9,
  gigabytes: 1e9,
  gig: 1e9,
  gigs: 1e9,
  gib: 1024 ** 3,
  gibibyte: 1024 ** 3,
  tb: 1e12,
  terabyte: 1e12,
  terabytes: 1e12,
  tib: 1024 ** 4,
})

const secondMs = 1000
const durationUnits = dictionary<number>({
  second: secondMs,
  sec: secondMs,
  secs: secondMs,
  s: secondMs,
  minute: 60 * secondMs,
  min: 60 * secondMs,
  mins: 60 * secondMs,
  hour: 3600 * secondMs,
  hr: 3600 * secondMs,
  hrs: 3600 * secondMs,
  h: 3600 * secondMs,
  day: 86_400 * secondMs,
  d: 86_400 * secondMs,
  week: 604_800 * secondMs,
  wk: 604_800 * secondMs,
  fortnight: 1_209_600 * secondMs,
  month: 30 * 86_400 * secondMs,
  year: 365 * 86_400 * secondMs,
  decade: 3650 * 86_400 * secondMs,
})

/** the digits of the number at `at` just as they were written; undefined where it is said in words, or with a scale. */
export function writtenDigits(context: SlotContext, at: number): { to: number; digits: string } | undefined {
  const token = context.tokens[at]
  if (token?.kind !== 'number' || !/^[+-]?\d+(?:\.\d+)?$/.test(token.value)) return undefined
  if (half(context, at + 1) !== undefined || (context.tokens[at + 1]?.lower ?? '') in scales) return undefined
  return { to: at + 1, digits: token.value.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1') }
}

/** whether a number keeps what was written: from 2^53 on whole numbers are rounded, and so is a long fraction. */
const isKept = (value: number, digits: string): boolean =>
  Number.isInteger(value) && !digits.includes('.')
    ? Number.isSafeInteger(value)
    : digits.replace(/^[+-]?[0.]*|\./g, '').length <= 17

/** a number in digits or words: `7`, `seven`, `twenty-five`, `two and a half`, `a dozen`, `half a` (0.5). one that would be rounded is none. */
export function parseNumber(context: SlotContext, at: number): Reading<number> | undefined {
  const reading = readNumber(context, at)
  if (reading === undefined) return undefined
  const first = context.tokens[context.tokens[at]!.kind === 'number' ? at : at + 1]
  return isKept(reading.value, first?.kind === 'number' ? first.value : '') ? reading : undefined
}

function readNumber(context: SlotContext, at: number): Reading<number> | undefined {
  const token = context.tokens[at]
  if (token === undefined) return undefined
  let sign = 1
  let start = at
  if ((token.lower === 'minus' || token.lower === '-') && context.tokens[at + 1]) {
    sign = -1
    start = at + 1
  }
  const first = context.tokens[start]!
  if (first.kind === 'number') {
    const fraction = half(context, start + 1)
    const value = Number(first.value) + (fraction === undefined ? 0 : 0.5)
    return withScale(context, { to: fraction ?? start + 1, value: sign * value, confidence: 1 })
  }
  const words = numberWords(context, start)
  return words && { ...words, value: sign * words.value }
}

function withScale(context: SlotContext, reading: Reading<number>): Reading<number> {
  const scale = scales[context.tokens[reading.to]?.lower ?? '']
  return scale === undefined ? reading : { ...reading, to: reading.to + 1, value: reading.value * scale }
}

/** `and a half` after a number. */
function half(context: SlotContext, at: number): number | undefined {
  return takeAny(context, at, ['and a half', 'and half'])
}

function numberWords(context: SlotContext, at: number): Reading<number> | undefined {
  const phrase = takeAny(context, at, ['half a', 'half an', 'half'])
  if (phrase !== undefined) return { to: phrase, value: 0.5, confidence: 0.9 }
  const quarters = takeAny(context, at, ['three quarter of a', 'three quarter of an'])
  if (quarters !== undefined) return { to: quarters, value: 0.75, confidence: 0.9 }
  const quarter = takeAny(context, at, ['quarter of a', 'quarter of an', 'a quarter of a', 'a quarter of an'])
  if (quarter !== undefined) return { to: quarter, value: 0.25, confidence: 0.9 }
  const dozen = takeAny(context, at, ['a dozen', 'a couple of', 'couple of'])
  if (dozen !== undefined)
    return { to: dozen, value: context.tokens[dozen - 1]!.lower === 'dozen' ? 12 : 2, confidence: 0.9 }
  let total = 0
  let current = 0
  let index = at
  for (; index < context.tokens.length; index += 1) {
    const parts = context.tokens[index]!.lower.split('-')
    if (!parts.every((part) => part in small || part in tens || part in scales)) {
      if (index > at && context.tokens[index]!.lower === 'and' && isNumberWord(context, index + 1)) continue
      break
    }
    for (const part of parts) {
      if (part in scales) {
        const scale = scales[part]!
        if (scale === 100) current = Math.max(1, current) * 100
        else {
          total += Math.max(1, current) * scale
          current = 0
        }
      } else current += small[part] ?? tens[part]!
    }
    // "three four" is two numbers, "twenty four" is one.
    const next = context.tokens[index + 1]?.lower ?? ''
    const last = parts.at(-1) ?? ''
    if (!(next in scales) && next !== 'and' && !(last in tens && next in small) && !(last in scales)) {
      index += 1
      break
    }
  }
  if (index === at) return undefined
  if (context.tokens[index - 1]!.lower === 'and') index -= 1
  const fraction = half(context, index)
  return { to: fraction ?? index, value: total + current + (fraction === undefined ? 0 : 0.5), confidence: 0.95 }
}

function isNumberWord(context: SlotContext, at: number): boolean {
  const word = context.tokens[at]?.lower ?? ''
  return word in small || word in tens
}

/** a whole number above zero. */
export function parseCount(context: SlotContext, at: number): Reading<number> | undefined {
  const number = parseNumber(context, at)
  return number && Number.isInteger(number.value) && number.value > 0 ? number : undefined
}

/** `third`, `2nd`, `number 4`. */
export function parseOrdinal(context: SlotContext, at: number): Reading<number> | undefined {
  const token = context.tokens[at]
  if (token === undefined) return undefined
  const digits = /^(\d+)(?:st|nd|rd|th)$/.exec(token.lower)
  if (digits) return { to: at + 1, value: Number(digits[1]), confidence: 1 }
  const value = ordinals[token.lower]
  return value === undefined ? undefined : { to: at + 1, value, confidence: 1 }
}

function parseWithUnit(
  context: SlotContext,
  at: number,
  units: Readonly<Record<string, number>>,
): Reading<number> | undefined {
  let number = parseNumber(context, at)
  if (number === undefined) {
    const article = context.tokens[at]?.lower
    if (article !== 'a' && article !== 'an' && article !== 'one') return undefined
    number = { to: at + 1, value: 1, confidence: 0.9 }
  }
  const unit = context.tokens[number.to]
  if (unit === undefined || unit.kind === 'quoted') return undefined
  const factor = units[unit.lower] ?? units[unit.lemma]
  if (factor === undefined) return undefined
  const fraction = half(context, number.to + 1)
  return {
    to: fraction ?? number.to + 1,
    value: (number.value + (fraction === undefined ? 0 : 0.5)) * factor,
    confidence: number.confidence,
  }
}

/** bytes: `5 MB` is decimal, `5 MiB` binary, `half a megabyte`, `a gig`. */
export function parseSize(context: SlotContext, at: number): Reading<number> | undefined {
  const size = parseWithUnit(context, at, sizeUnits)
  return size && { ...size, value: Math.round(size.value) }
}

/** milliseconds: `3 hours`, `a week`, `two and a half days`. a month is 30 days, a year 365. */
export function parseDuration(context: SlotContext, at: number): Reading<number> | undefined {
  const duration = parseWithUnit(context, at, durationUnits)
  if (duration === undefined || duration.value < 0) return undefined
  // "2 hours and 30 minutes"
  const and = context.tokens[duration.to]?.lower === 'and' ? duration.to + 1 : duration.to
  const more = parseWithUnit(context, and, durationUnits)
  return more && more.value < duration.value && more.to > and
    ? { ...more, value: duration.value + more.value }
    : duration
}

/** the unit alone, as in "the past week". */
export function durationUnit(lemma: string): number | undefined {
  return durationUnits[lemma]
}
