// words that point at what an earlier answer showed: `the second one`, `number 3`, `the first two`, `all of them`.
import { ways } from '../language/ways.ts'
import type { PathValue } from './paths.ts'
import { parseCount, parseOrdinal } from './quantities.ts'
import { skipArticles, take, takeAny } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

// what a member of a list is called; `line`, `row` and the like are parts of a text.
const members = ways(`one | result | match | hit | entry | item | of them | of those | of these`)
const fileMembers = ways(`file | document`)
const folderMembers = ways(`folder | directory`)
const wholes = ways(`all of them | all of these | all of those | them all | every one of them | each of them`)

const pointing = (pronoun: string, to: number, kind: PathValue['kind'] = 'any'): Reading<PathValue> => ({
  to,
  value: { pronoun, kind, certainty: 'pronoun', noun: kind !== 'any' },
  confidence: 0.78,
})

/**
 * readings that only a session gives a meaning: `nth:2` and `nth:-1` for one of a list, `first:2` and `last:2` for some,
 * `them` for all, `it` for `this one`.
 */
export function readReferences(context: SlotContext, at: number): Reading<PathValue>[] {
  const token = context.tokens[at]
  if (token === undefined || token.kind === 'quoted') return []
  const all = takeAny(context, at, wholes)
  if (all !== undefined) return [pointing('them', all)]
  if (token.lower === 'this') {
    const one = take(context, at, 'this one')
    return one === undefined ? [pointing('it', at + 1)] : [pointing('it', one), pointing('it', at + 1)]
  }
  const hash = /^#(\d{1,4})$/.exec(token.text)
  if (hash) return [pointing(`nth:${Number(hash[1])}`, at + 1)]
  const start = skipArticles(context, at)
  const number = numbered(context, start)
  if (number !== undefined) return [number]
  const found = ranked(context, start, start > at)
  return start > at ? [...found, ...several(context, start)] : found
}

/** `number 3`. */
function numbered(context: SlotContext, at: number): Reading<PathValue> | undefined {
  const after = takeAny(context, at, ways(`number | no | entry | result | item | match`))
  const value = after === undefined ? undefined : context.tokens[after]
  return after !== undefined && value?.kind === 'number' && /^\d{1,4}$/.test(value.value)
    ? pointing(`nth:${Number(value.value)}`, after + 1)
    : undefined
}

/** `[the] second one`, `[the] 3rd file`, `[the] last one`. */
function ranked(context: SlotContext, at: number, hasArticle: boolean): Reading<PathValue>[] {
  const isLast = context.tokens[at]?.lower === 'last'
  const ordinal = isLast ? { to: at + 1, value: -1 } : parseOrdinal(context, at)
  if (ordinal === undefined) return []
  const pronoun = `nth:${ordinal.value}`
  const member = takeAny(context, ordinal.to, members)
  if (member !== undefined) return [pointing(pronoun, member)]
  // `the last file` is the one that was changed last, and no place in a list.
  if (isLast || !hasArticle) return []
  const file = takeAny(context, ordinal.to, fileMembers)
  if (file !== undefined) return [pointing(pronoun, file, 'file')]
  const folder = takeAny(context, ordinal.to, folderMembers)
  if (folder !== undefined) return [pointing(pronoun, folder, 'folder')]
  return endsAt(context, ordinal.to) ? [pointing(pronoun, ordinal.to)] : []
}

/** `[the] first two`, `[the] last 3 of them`. */
function several(context: SlotContext, at: number): Reading<PathValue>[] {
  const side = context.tokens[at]?.lower
  if (side !== 'first' && side !== 'last') return []
  const count = parseCount(context, at + 1)
  // `the first one` is a member, and no list of one.
  if (count === undefined || count.value < 2) return []
  const member = takeAny(context, count.to, ways(`one | result | match | hit | entry | item | of them | of those`))
  if (member !== undefined) return [pointing(`${side}:${count.value}`, member)]
  return endsAt(context, count.to) ? [pointing(`${side}:${count.value}`, count.to)] : []
}

/** nothing follows that could be what is counted. */
function endsAt(context: SlotContext, at: number): boolean {
  const next = context.tokens[at]
  return next === undefined || next.kind === 'mark' || /^(?:to|into|in|as|and|again|please)$/.test(next.lower)
}
