// sums in words or signs: `(17 - 5) * 4 / 3`, `15% of 80`, `two to the power of ten`. gives a plain expression.
import { ways } from '../language/ways.ts'
import { parseNumber, writtenDigits } from './quantities.ts'
import { takeAny } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

export interface ExpressionValue {
  /** digits, `+ - * / ^ %` (remainder is `mod`), brackets and `sqrt()`; what the calculate tool takes. */
  readonly expression: string
  /** operators in it: a bare number is no sum. */
  readonly operators: number
}

interface Part {
  readonly to: number
  readonly text: string
  readonly operators: number
  /** it is a percentage of nothing yet: `80 minus 20%` takes off a fifth of 80. */
  readonly percent?: string
}

/** the longest sum that begins at `at`, and shorter ones. */
export function readExpressions(context: SlotContext, at: number): Reading<ExpressionValue>[] {
  const list = readList(context, at)
  if (list !== undefined) return [list]
  const sum = readSum(context, at, 0)
  if (sum === undefined || sum.operators === 0) return []
  return [{ to: sum.to, value: { expression: sum.text, operators: sum.operators }, confidence: 1 }]
}

const sums = ways(`sum of | total of | add up | sum up | add`)
const means = ways(`average of | mean of | average | mean`)
const products = ways(`product of | multiply`)

/** `the average of 3, 5 and 10`, `sum of 4, 5, 6 and 7`: three numbers or more. */
function readList(context: SlotContext, at: number): Reading<ExpressionValue> | undefined {
  const article = context.tokens[at]?.lower === 'the' ? at + 1 : at
  const sum = takeAny(context, article, sums)
  const mean = takeAny(context, article, means)
  const product = takeAny(context, article, products)
  let to = sum ?? mean ?? product
  if (to === undefined) return undefined
  const numbers: string[] = []
  for (;;) {
    const number = readDigits(context, to)
    if (number === undefined) return undefined
    numbers.push(number.text)
    to = number.to
    const separator = takeAny(context, to, [', and', ',', 'and', 'plus'])
    if (separator === undefined || numbers.length > 100) break
    to = separator
  }
  if (numbers.length < 3) return undefined
  const joined = numbers
    .map((number) => (number.startsWith('-') ? `(${number})` : number))
    .join(product === undefined ? ' + ' : ' * ')
  const expression = mean === undefined ? joined : `(${joined}) / ${numbers.length}`
  return { to, value: { expression, operators: numbers.length }, confidence: 1 }
}

const additive: readonly (readonly [readonly string[], string])[] = [
  [['+', 'plus', 'add to', 'and'], '+'],
  [['-', '–', '−', 'minus', 'less', 'take away', 'subtract'], '-'],
]
const multiplicative: readonly (readonly [readonly string[], string])[] = [
  [['*', '×', 'x', 'time', 'multiply by', 'times'], '*'],
  [['/', '÷', 'divide by', 'over', 'by'], '/'],
  [['modulo', 'mod', 'modulus', '%'], 'mod'],
]

function readSum(context: SlotContext, at: number, depth: number): Part | undefined {
  if (depth > 20) return undefined
  let left = readProduct(context, at, depth + 1)
  while (left) {
    const operator = readOperator(context, left.to, additive)
    // "and" joins only the parts of a spelled number.
    if (!operator || context.tokens[left.to]!.lower === 'and') break
    const right = readProduct(context, operator.to, depth + 1)
    if (!right) break
    const share = right.percent === undefined || left.percent !== undefined ? undefined : right.percent
    left = {
      to: right.to,
      text:
        share === undefined
          ? `${left.text} ${operator.sign} ${right.text}`
          : `(${left.text}) * (1 ${operator.sign} ${share} / 100)`,
      operators: left.operators + right.operators + 1,
    }
  }
  return left
}

function readProduct(context: SlotContext, at: number, depth: number): Part | undefined {
  let left = readPower(context, at, depth)
  while (left) {
    const operator = readOperator(context, left.to, multiplicative)
    if (!operator || context.tokens[left.to]!.lower === 'by') break
    const right = readPower(context, operator.to, depth)
    if (!right) break
    left = {
      to: right.to,
      text: `${left.text} ${operator.sign} ${right.text}`,
      operators: left.operators + right.operators + 1,
    }
  }
  return left
}

function readOperator(
  context: SlotContext,
  at: number,
  table: typeof additive,
): { to: number; sign: string } | undefined {
  for (const [words, sign] of table) {
    const to = takeAny(context, at, words)
    if (to !== undefined) return { to, sign }
  }
  return undefined
}

function readPower(context: SlotContext, at: number, depth: number): Part | undefined {
  const base = readAtom(context, at, depth)
  if (!base) return undefined
  const squared = takeAny(context, base.to, ['squared', 'square'])
  if (squared !== undefined) return { to: squared, text: `${base.text}^2`, operators: base.operators + 1 }
  const cubed = takeAny(context, base.to, ['cubed', 'cube'])
  if (cubed !== undefined) return { to: cubed, text: `${base.text}^3`, operators: base.operators + 1 }
  const sign = takeAny(context, base.to, [
    '^',
    '**',
    'to the power of',
    'raise to the power of',
    'to the power',
    'raise to',
  ])
  if (sign !== undefined) {
    const exponent = readPower(context, sign, depth + 1)
    if (exponent)
      return {
        to: exponent.to,
        text: `${base.text}^${exponent.text}`,
        operators: base.operators + exponent.operators + 1,
      }
    return undefined
  }
  return base
}

/** `20% off $80` is a sum of numbers all the same. */
const skipSign = (context: SlotContext, at: number): number =>
  /^[$€£]$/.test(context.tokens[at]?.text ?? '') ? at + 1 : at

function readAtom(context: SlotContext, at: number, depth: number): Part | undefined {
  const token = context.tokens[at]
  if (token === undefined || depth > 20) return undefined
  if (token.text === '(' || token.text === '[') {
    const inner = readSum(context, at + 1, depth + 1)
    const close = inner && context.tokens[inner.to]
    if (!inner || (close?.text !== ')' && close?.text !== ']')) return undefined
    return { to: inner.to + 1, text: `(${inner.text})`, operators: inner.operators + 1 }
  }
  const root = takeAny(context, at, [
    'the square root of',
    'square root of',
    'root of',
    'the root of',
    'sqrt',
    'sqrt of',
  ])
  if (root !== undefined) {
    const inner = readAtom(context, root, depth + 1)
    return inner && { to: inner.to, text: `sqrt(${inner.text})`, operators: inner.operators + 1 }
  }
  const cubeRoot = takeAny(context, at, ['the cube root of', 'cube root of'])
  if (cubeRoot !== undefined) {
    const inner = readAtom(context, cubeRoot, depth + 1)
    return inner && { to: inner.to, text: `cbrt(${inner.text})`, operators: inner.operators + 1 }
  }
  const square = takeAny(context, at, ['the square of', 'square of'])
  if (square !== undefined) {
    const inner = readAtom(context, square, depth + 1)
    return inner && { to: inner.to, text: `(${inner.text})^2`, operators: inner.operators + 1 }
  }
  const fraction = takeAny(context, at, [
    'half of',
    'a half of',
    'one half of',
    'a quarter of',
    'quarter of',
    'a third of',
    'one third of',
    'a fifth of',
    'a tenth of',
    'three quarter of',
    'two third of',
    'twice',
    'double',
    'triple',
    'thrice',
  ])
  if (fraction !== undefined) {
    const inner = readAtom(context, fraction, depth + 1)
    const words = context.tokens
      .slice(at, fraction)
      .map((one) => one.lower)
      .join(' ')
    return (
      inner && {
        to: inner.to,
        text: `${factors.find(([pattern]) => pattern.test(words))?.[1] ?? '1/2'} * ${inner.text}`,
        operators: inner.operators + 1,
      }
    )
  }
  const minus = token.text === '-' || token.lower === 'negative'
  const number = readDigits(context, minus ? at + 1 : at)
  if (!number) return undefined
  const text = `${minus ? '-' : ''}${number.text}`
  const percent = takeAny(context, number.to, ['%', 'percent', 'per cent', 'pct'])
  // `10 % 3`: between two numbers the sign is that of a remainder
  const isRemainder = percent !== undefined && context.tokens[number.to]!.text === '%' && readDigits(context, percent)
  if (percent !== undefined && !isRemainder) {
    const of = takeAny(context, percent, ['of', 'from', 'out of'])
    const whole = of === undefined ? undefined : readAtom(context, of, depth + 1)
    if (whole) return { to: whole.to, text: `(${text} / 100 * ${whole.text})`, operators: whole.operators + 1 }
    const off = takeAny(context, percent, ['off', 'off of', 'discount on', 'reduction on', 'discount off', 'off from'])
    const price = off === undefined ? undefined : readAtom(context, skipSign(context, off), depth + 1)
    if (price) return { to: price.to, text: `${price.text} * (1 - ${text} / 100)`, operators: price.operators + 1 }
    return { to: percent, text: `(${text} / 100)`, operators: 0, percent: text }
  }
  return { to: number.to, text: number.text.startsWith('-') || minus ? `(${text})` : text, operators: 0 }
}

/** a number as it goes into the sum: with every digit that was written. */
function readDigits(context: SlotContext, at: number): { to: number; text: string } | undefined {
  const written = writtenDigits(context, at)
  if (written !== undefined) return { to: written.to, text: written.digits }
  const number = parseNumber(context, at)
  return number && { to: number.to, text: String(number.value) }
}

const factors: readonly (readonly [RegExp, string])[] = [
  [/three quarter/, '3/4'],
  [/two third/, '2/3'],
  [/quarter/, '1/4'],
  [/third/, '1/3'],
  [/fifth/, '1/5'],
  [/tenth/, '1/10'],
  [/twice|double/, '2'],
  [/triple|thrice/, '3'],
  [/half/, '1/2'],
]
