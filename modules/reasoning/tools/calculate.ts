// sums and units by mathjs, with nothing but numbers and units let in.
import { createRequire } from 'node:module'
import type * as Library from 'mathjs'
import { reasoningErrors } from '../errors.ts'

type MathLibrary = Pick<typeof Library, 'evaluate' | 'bignumber' | 'unit' | 'format'>

let loaded: MathLibrary | undefined

/**
 * mathjs is large and most goals are no sums: it is loaded at the first one, from its single-file build. the thousand
 * small files of the other builds take fifteen times as long (237 ms against 3.7 s on a busy machine).
 */
function loadMath(): MathLibrary {
  if (loaded === undefined) {
    const library = createRequire(import.meta.url)('mathjs/lib/browser/math.js') as typeof Library
    // `all` is typed as possibly absent, but is the whole library.
    loaded = library.create(library.all ?? {}, { number: 'BigNumber', precision: 40 })
  }
  return loaded
}

const allowed = /^(?:[\d.+\-*/^()\s]|mod|sqrt|cbrt)+$/

/** works out a sum; the result is exact to twelve digits. @throws EXPRESSION_INVALID */
export async function calculate(expression: string): Promise<string> {
  // only digits, signs, brackets and three names: nothing of mathjs' own language gets in.
  if (expression.length > 500 || !allowed.test(expression))
    throw reasoningErrors.EXPRESSION_INVALID({ value: expression })
  if (/\^[^)]{0,3}\d{4,}/.test(expression) || (expression.match(/\^/g) ?? []).length > 3) {
    throw reasoningErrors.EXPRESSION_INVALID({ value: expression, detail: 'the powers in it are too large' })
  }
  const math = loadMath()
  let result: unknown
  try {
    result = math.evaluate(expression)
  } catch (error) {
    throw reasoningErrors.EXPRESSION_INVALID({ value: expression, cause: error })
  }
  const text = showNumber(math.format(result, { precision: 12, notation: 'auto', lowerExp: -9, upperExp: 15 }))
  if (!/^-?[\d.]/.test(text)) {
    const detail = /infinity/i.test(text) ? 'a division by zero' : 'it has no real result'
    throw reasoningErrors.EXPRESSION_INVALID({ value: expression, detail })
  }
  return text
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
