// sums and units by mathjs, with nothing but numbers and units let in.
import { createRequire } from 'node:module'
import type * as Library from 'mathjs'
import { reasoningErrors } from '../errors.ts'

/** digits that are reckoned with; more than are ever shown, so that what is shown is exact. */
const precision = 120
/** whole numbers are shown in full up to this many digits. */
const maximumDigits = 60

type MathLibrary = Pick<typeof Library, 'evaluate' | 'bignumber' | 'unit' | 'format'>

let loaded: MathLibrary | undefined

/**
 * mathjs is large and most goals are no sums: it is loaded at the first one, from its single-file build. the thousand
 * small files of the other builds take fifteen times as long (237 ms against 3.7 s on a busy machine).
 */
function loadMath(): MathLibrary {
  if (loaded === undefined) {
    const library = createRequire(import.meta.url)('mathjs/lib/browser/math.js') as typeof Library
    // this build has no list of its parts (`all`), and settings given with an empty one are lost.
    const exact = library.create(library.all ?? {})
    exact.config({ number: 'BigNumber', precision })
    loaded = { evaluate: exact.evaluate, bignumber: exact.bignumber, format: exact.format, unit: library.unit }
  }
  return loaded
}

const allowed = /^(?:[\d.+\-*/^()\s]|mod|sqrt|cbrt)+$/

/**
 * works out a sum. a whole result is shown in full; any other to twelve digits, or as many as were written and some more
 * where it is large. @throws EXPRESSION_INVALID */
export async function calculate(expression: string): Promise<string> {
  // only digits, signs, brackets and three names: nothing of mathjs' own language gets in.
  if (expression.length > 500 || !allowed.test(expression))
    throw reasoningErrors.EXPRESSION_INVALID({ value: expression })
  if (/\^[^)]{0,3}\d{4,}/.test(expression) || (expression.match(/\^/g) ?? []).length > 3) {
    throw reasoningErrors.EXPRESSION_INVALID({ value: expression, detail: 'the powers in it are too large' })
  }
  // a remainder of what was rounded is any number
  if (expression.includes('mod') && digitsWithin(expression) > precision)
    throw reasoningErrors.EXPRESSION_INVALID({ value: expression, detail: 'the numbers in it are too large' })
  const math = loadMath()
  let result: unknown
  try {
    result = math.evaluate(expression)
  } catch (error) {
    throw reasoningErrors.EXPRESSION_INVALID({ value: expression, cause: error })
  }
  const text = showNumber(
    math.format(result, {
      precision: digitsOf(math.format(result, { notation: 'fixed' }), expression),
      notation: 'auto',
      lowerExp: -9,
      upperExp: maximumDigits,
    }),
  )
  if (!/^-?[\d.]+(?:e[+-]?\d+)?$/.test(text)) {
    const beyond = /\/|mod/.test(expression) ? 'a division by zero' : 'its result is too large'
    const detail = /infinity/i.test(text) ? beyond : 'it has no real result'
    throw reasoningErrors.EXPRESSION_INVALID({ value: expression, detail })
  }
  return text
}

/** how many digits the numbers on the way to a result may have at most. */
function digitsWithin(expression: string): number {
  let digits = 0
  const rest = expression.replace(/([\d.]+)\s*\^\s*(\d+)(?!\s*\^|[\d.])/g, (_, base: string, exponent: string) => {
    digits += (base.includes('.') ? base.length : Math.log10(Number(base) + 1)) * Number(exponent) + 1
    return ''
  })
  return rest.includes('^') ? Number.POSITIVE_INFINITY : digits + rest.replace(/\D/g, '').length
}

/** how many digits of a result are shown. */
function digitsOf(result: string, expression: string): number {
  const [, whole = '', fraction] = /^-?(\d+)(?:\.(\d+))?$/.exec(result) ?? []
  if (whole === '' || whole.length > maximumDigits) return 12
  if (fraction === undefined) return Math.max(12, whole.length)
  const written = Math.max(0, ...[...expression.matchAll(/\.(\d+)/g)].map((match) => match[1]!.length))
  return Math.max(12, Math.min(maximumDigits, whole.length + Math.max(written, whole.length >= 12 ? 4 : 0)))
}

/** converts a quantity. @throws UNITS_DIFFER, EXPRESSION_INVALID */
export async function convert(value: number, from: string, to: string): Promise<string> {
  const math = loadMath()
  const source = factorOf(from)
  const target = factorOf(to)
  let result: number
  try {
    result = math.unit(value * source.factor, source.unit).toNumber(target.unit) / target.factor
  } catch (error) {
    throw reasoningErrors.UNITS_DIFFER({ value: `${from} and ${to}`, cause: error })
  }
  return showNumber(
    math.format(math.bignumber(Number(result.toPrecision(12))), {
      precision: 8,
      notation: 'auto',
      lowerExp: -6,
      upperExp: 15,
    }),
  )
}

/** `day * 14`: a unit that mathjs does not have is a multiple of one that it has. */
function factorOf(unit: string): { unit: string; factor: number } {
  const [name, factor] = unit.split(' * ')
  return { unit: name!, factor: factor === undefined ? 1 : Number(factor) }
}

const showNumber = (text: string) => (/^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text)

const names: Readonly<Record<string, string>> = {
  degC: '°C',
  degF: '°F',
  K: 'K',
  mi: 'miles',
  lbm: 'pounds',
  oz: 'ounces',
  ft: 'feet',
  inch: 'inches',
  yd: 'yards',
  hour: 'hours',
  minute: 'minutes',
  second: 'seconds',
  day: 'days',
  week: 'weeks',
  month: 'months',
  year: 'years',
  B: 'bytes',
  b: 'bits',
  litre: 'litres',
  'day * 14': 'fortnights',
  'm * 1852': 'nautical miles',
  sqft: 'square feet',
  'mi/h': 'mph',
}

/** a unit as a person writes it. */
export const showUnit = (unit: string): string => names[unit] ?? unit
