// units by the words people use, as names that the convert tool (mathjs) knows, and quantities of them.
import { parseNumber } from './quantities.ts'
import { skipArticles, take } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

export interface UnitValue {
  /** mathjs' name of the unit. */
  readonly unit: string
  readonly dimension: string
}

export interface QuantityValue extends UnitValue {
  readonly value: number
}

const table: readonly (readonly [string, string, string])[] = [
  ['length', 'km', 'kilometre kilometer kilometres kilometers km kms'],
  ['length', 'm', 'metre meter metres meters m'],
  ['length', 'cm', 'centimetre centimeter centimetres centimeters cm cms'],
  ['length', 'mm', 'millimetre millimeter millimetres millimeters mm'],
  ['length', 'mi', 'mile miles mi'],
  ['length', 'yd', 'yard yards yd'],
  ['length', 'ft', 'foot feet ft'],
  ['length', 'inch', 'inch inches in'],
  ['length', 'm * 1852', 'nautical_mile'],
  ['mass', 'kg', 'kilogram kilograms kilogramme kilogrammes kilo kilos kg kgs'],
  ['mass', 'g', 'gram grams gramme grammes g'],
  ['mass', 'mg', 'milligram milligrams mg'],
  ['mass', 'lbm', 'pound pounds lb lbs'],
  ['mass', 'oz', 'ounce ounces oz'],
  ['mass', 'stone', 'stone stones st'],
  ['mass', 'tonne', 'tonne tonnes'],
  ['mass', 'ton', 'ton tons'],
  ['time', 'second', 'second seconds sec secs s'],
  ['time', 'minute', 'minute minutes min mins'],
  ['time', 'hour', 'hour hours hr hrs h'],
  ['time', 'day', 'day days'],
  ['time', 'week', 'week weeks'],
  ['time', 'month', 'month months'],
  ['time', 'year', 'year years'],
  ['time', 'ms', 'millisecond milliseconds ms'],
  ['time', 'decade', 'decade decades'],
  ['time', 'century', 'century centuries'],
  ['time', 'day * 14', 'fortnight fortnights'],
  ['temperature', 'degC', 'celsius centigrade °c degc c'],
  ['temperature', 'degF', 'fahrenheit °f degf f'],
  ['temperature', 'K', 'kelvin kelvins k'],
  ['volume', 'litre', 'litre liter litres liters l'],
  ['volume', 'millilitre', 'millilitre milliliter millilitres milliliters ml'],
  ['volume', 'gallon', 'gallon gallons gal'],
  ['volume', 'pint', 'pint pints'],
  ['volume', 'cup', 'cup cups'],
  ['volume', 'tablespoon', 'tablespoon tablespoons tbsp'],
  ['volume', 'teaspoon', 'teaspoon teaspoons tsp'],
  ['data', 'b', 'bit bits'],
  ['data', 'B', 'byte bytes b'],
  ['data', 'kB', 'kilobyte kilobytes kb'],
  ['data', 'MB', 'megabyte megabytes mb meg megs'],
  ['data', 'GB', 'gigabyte gigabytes gb gig gigs'],
  ['data', 'TB', 'terabyte terabytes tb'],
  ['data', 'KiB', 'kibibyte kibibytes kib'],
  ['data', 'MiB', 'mebibyte mebibytes mib'],
  ['data', 'GiB', 'gibibyte gibibytes gib'],
  ['data', 'TiB', 'tebibyte tebibytes tib'],
  ['speed', 'km/h', 'kph kmh km/h'],
  ['speed', 'mi/h', 'mph mi/h'],
  ['speed', 'm/s', 'm/s mps'],
  ['speed', 'knot', 'knot knots kn'],
  ['area', 'hectare', 'hectare hectares ha'],
  ['area', 'acre', 'acre acres'],
  ['area', 'm2', 'm2 m²'],
  ['area', 'km2', 'km2 km²'],
  ['area', 'sqft', 'sqft'],
  ['energy', 'J', 'joule joules'],
  ['energy', 'Wh * 1000', 'kwh'],
  ['power', 'W', 'watt watts'],
  ['power', 'hp', 'horsepower hp'],
  ['angle', 'deg', 'degree degrees'],
  ['angle', 'rad', 'radian radians'],
  ['pressure', 'bar', 'bar bars'],
  ['pressure', 'psi', 'psi'],
]

const byWord = new Map<string, UnitValue>()
for (const [dimension, unit, words] of table)
  for (const word of words.split(' ')) if (!byWord.has(word)) byWord.set(word, { unit, dimension })

/** longer names: `degrees celsius`, `square metres`, `kilometres per hour`. */
const phrases: readonly (readonly [string, UnitValue])[] = [
  ['degree celsius', { unit: 'degC', dimension: 'temperature' }],
  ['degree centigrade', { unit: 'degC', dimension: 'temperature' }],
  ['degree c', { unit: 'degC', dimension: 'temperature' }],
  ['degree fahrenheit', { unit: 'degF', dimension: 'temperature' }],
  ['degree f', { unit: 'degF', dimension: 'temperature' }],
  ['degree kelvin', { unit: 'K', dimension: 'temperature' }],
  ['kilometre per hour', { unit: 'km/h', dimension: 'speed' }],
  ['kilometer per hour', { unit: 'km/h', dimension: 'speed' }],
  ['mile per hour', { unit: 'mi/h', dimension: 'speed' }],
  ['metre per second', { unit: 'm/s', dimension: 'speed' }],
  ['meter per second', { unit: 'm/s', dimension: 'speed' }],
  ['square metre', { unit: 'm2', dimension: 'area' }],
  ['square meter', { unit: 'm2', dimension: 'area' }],
  ['square kilometre', { unit: 'km2', dimension: 'area' }],
  ['square kilometer', { unit: 'km2', dimension: 'area' }],
  ['square foot', { unit: 'sqft', dimension: 'area' }],
  ['square mile', { unit: 'mi^2', dimension: 'area' }],
  ['fluid ounce', { unit: 'fluidounce', dimension: 'volume' }],
  ['nautical mile', { unit: 'm * 1852', dimension: 'length' }],
]

/** a unit that begins at `at`. */
export function readUnit(context: SlotContext, at: number): Reading<UnitValue> | undefined {
  for (const [phrase, value] of phrases) {
    const to = take(context, at, phrase)
    if (to !== undefined) return { to, value, confidence: 1 }
  }
  const token = context.tokens[at]
  if (token === undefined || token.kind === 'quoted') return undefined
  const value = byWord.get(token.lower) ?? byWord.get(token.lemma)
  return value && { to: at + 1, value, confidence: token.lower.length > 1 ? 1 : 0.9 }
}

/** `5 km`, `two and a half hours`, `a day`, `6 feet`. */
export function readQuantity(context: SlotContext, at: number): Reading<QuantityValue> | undefined {
  const number = parseNumber(context, at)
  const from = number?.to ?? skipArticles(context, at)
  if (!number && (from === at || !/^(a|an)$/.test(context.tokens[at]!.lower))) return undefined
  const unit = readUnit(context, skipArticles(context, from))
  return unit && { to: unit.to, value: { ...unit.value, value: number?.value ?? 1 }, confidence: unit.confidence }
}
