// how big files are: `larger than 5 MB`, `between 2 and 5 MB`, `at most 1 KB`.
import { ways } from '../../language/ways.ts'
import type { FileQuery } from '../file-sets.ts'
import { parseSize } from '../quantities.ts'
import { takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'

export function readSize(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const tail = (to: number) =>
    takeAny(context, to, ways(`in size | of size | big | large | in total size | or so`)) ?? to
  const larger = takeAny(
    context,
    at,
    ways(`
    larger than | bigger than | greater than | more than | over | above | exceed | in excess of |
    size over | size above | with size over | heavier than | of more than | of over | with more than |
    that exceed | that be over | with a size over | with a size above | with a size of more than |
    with size greater than | with size larger than | that take up more than | take more than |
    take up more than | with a size greater than | that take more than | weigh more than |
    with a size larger than | size greater than | in size over | that weigh more than | beyond |
    upward of | upwards of | bigger then | larger then | use more than`),
  )
  const atLeast = takeAny(
    context,
    at,
    ways(`
    at least | of at least | no smaller than | not smaller than | minimum | with at least | of minimum |
    from`),
  )
  const smaller = takeAny(
    context,
    at,
    ways(`
    smaller than | less than | under | below | lighter than | of less than | size under |
    with size under | that be under | fewer than | with a size under | with a size below | of under |
    with less than | with size smaller than | with a size of less than | with a size less than |
    take less than | beneath | smaller then | not over | weigh less than`),
  )
  const atMost = takeAny(
    context,
    at,
    ways(`
    at most | of at most | no larger than | no bigger than | up to | not larger than | not bigger than |
    not exceed | maximum | no more than | of up to | not more than`),
  )
  const bounded = (start: number | undefined, make: (bytes: number) => FileQuery) => {
    if (start === undefined) return
    const size = parseSize(context, start)
    if (size) found.push(reading(tail(size.to), make(size.value)))
  }
  bounded(larger, (bytes) => ({ larger_than: bytes }))
  bounded(atLeast, (bytes) => ({ larger_than: bytes - 1 }))
  bounded(smaller, (bytes) => ({ smaller_than: bytes }))
  bounded(atMost, (bytes) => ({ smaller_than: bytes + 1 }))
  const between = takeAny(
    context,
    at,
    ways(`between | size between | with size between | with a size between | from | range from`),
  )
  const low = between === undefined ? undefined : (parseSize(context, between) ?? numberBeforeUnit(context, between))
  const high = low && takeAny(context, low.to, ['and', 'to'])
  if (low && high !== undefined) {
    const upper = parseSize(context, high)
    if (upper)
      found.push(
        reading(tail(upper.to), {
          larger_than: ('unitless' in low ? scaleLike(context, low.value, upper.to) : low.value) - 1,
          smaller_than: upper.value + 1,
        }),
      )
  }
  const exact = parseSize(context, at)
  if (exact) {
    const more = takeAny(
      context,
      exact.to,
      ways(`
      or more | or larger | or bigger | and up | and more | and larger | and bigger | and above | or above |
      or over | and over | plus`),
    )
    const less = takeAny(
      context,
      exact.to,
      ways(`or less | or smaller | and below | or below | and smaller | or under | and under`),
    )
    if (more !== undefined) found.push(reading(more, { larger_than: exact.value - 1 }))
    if (less !== undefined) found.push(reading(less, { smaller_than: exact.value + 1 }))
  }
  return found
}

/** `between 2 and 5 MB`: the first number borrows the unit of the second. */
function numberBeforeUnit(context: SlotContext, at: number): { to: number; value: number; unitless: true } | undefined {
  const token = context.tokens[at]
  return token?.kind === 'number' ? { to: at + 1, value: Number(token.value), unitless: true } : undefined
}

function scaleLike(context: SlotContext, value: number, unitEnd: number): number {
  const one = parseSize(
    {
      ...context,
      tokens: [{ ...context.tokens[unitEnd - 2]!, kind: 'number', value: '1' }, context.tokens[unitEnd - 1]!],
    },
    0,
  )
  return value * (one?.value ?? 1)
}
