// what is in files: `containing x`, `that mention x but not y`, `that do not have x in them`, `with neither x nor y`.
import { ways } from '../../language/ways.ts'
import type { FileQuery } from '../file-sets.ts'
import { takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'
import { readText } from './text.ts'

const behindWords = ways(`
  in it | in them | inside | inside them | in their content | in the content | in the text |
  in their text | inside of them | in there | somewhere in them | anywhere in them | somewhere inside |
  somewhere in it | somewhere | anywhere | in their contents | appear | occur | be mention | be use |
  be define | show up | be call | at all | anywhere in it | inside it | on any line`)

export function readContent(context: SlotContext, at: number): Reading<Modifier>[] {
  return [...readHolding(context, at), ...readLacking(context, at)]
}

function readHolding(context: SlotContext, at: number): Reading<Modifier>[] {
  const start = takeAny(
    context,
    at,
    ways(`
    contain | that contain | mention | that mention | include | that include | with | have | that have |
    which contain | which mention | reference | refer to | use | that use | talk about | that talk about |
    say | that say | in which | where | do contain | hold | import | that import | define | that define |
    that reference | that refer to | whose content include | whose content contain | whose text contain |
    call | about | speak of | feature | that hold | actually contain | with a line contain |
    with line contain | that have a line with`),
  )
  if (start === undefined) return []
  const verb = context.tokens[start - 1]!.lower
  const found: Reading<Modifier>[] = []
  const both = takeAny(context, start, ways(`both | both of | either`))
  for (const text of readText(context, both ?? start, 3)) {
    const behind = takeAny(context, text.to, behindWords)
    const weak = ways(`
      with | have | has | having | where | which | called | about | use | uses | using | call | calls`).includes(verb)
    // "with x" may mean the name: only an explicit place or word says that it is the content.
    const explicit =
      /^(word|text|string|phrase|term|line)$/.test(context.tokens[start + 1]?.lower ?? '') ||
      /^(word|text|string|phrase|term)$/.test(context.tokens[start]?.lower ?? '')
    if (verb === 'called' || verb === 'named') continue
    const query: FileQuery = { contains: text.text, ignore_case: true }
    for (const more of readMoreTexts(context, text.to)) {
      const end = takeAny(context, more.to, behindWords)
      if (weak && end === undefined && !explicit) continue
      // words without quotes or `the word` in front may be anything: `mention cats and delete them`.
      if (more.sure) found.push(reading(end ?? more.to, { ...query, ...more.query }, 1, text.quoted ? 1 : 0.85))
    }
    if (both !== undefined) continue
    if (weak && behind === undefined && !explicit && !ways(`use | uses | using | call | calls`).includes(verb)) continue
    if (['where', 'which'].includes(verb) && behind === undefined) continue
    found.push(reading(behind ?? text.to, query, 1, text.quoted ? 1 : 0.85))
  }
  return found
}

interface MoreTexts {
  readonly to: number
  readonly query: FileQuery
  readonly sure: boolean
}

/** `… and y`, `… or y`, `… but not y` behind a text. */
function readMoreTexts(context: SlotContext, at: number): MoreTexts[] {
  const verbs = ways(`contain | mention | include | have | say | hold | the word | word`)
  const joined: readonly (readonly [readonly string[], (text: string) => FileQuery])[] = [
    [
      ways(`and | as well as | and also | plus | and the word | , and | along with`),
      (text) => ({ also_contains: [text] }),
    ],
    [ways(`or | or the word | or else | , or`), (text) => ({ or_contains: [text] })],
    [
      ways(`
        but not | and not | not | without | but without | but do not | and do not | but never | yet not | but no |
        , not | , but not | but lack | though not`),
      (text) => ({ except: { contains: text } }),
    ],
  ]
  const found: MoreTexts[] = []
  for (const [words, make] of joined) {
    const start = takeAny(context, at, words)
    if (start === undefined) continue
    const verb = takeAny(context, start, verbs)
    for (const from of new Set([start, verb ?? start])) {
      for (const text of readText(context, from, 2)) {
        const named = [from - 1, from, from + 1].some((place) =>
          /^(word|text|string|phrase|term)$/.test(context.tokens[place]?.lower ?? ''),
        )
        found.push({ to: text.to, query: make(text.text), sure: text.quoted || named || words.includes('but not') })
      }
    }
  }
  return found
}

/** `that do not mention x`: what a file must not have in it. */
function readLacking(context: SlotContext, at: number): Reading<Modifier>[] {
  const neither = takeAny(
    context,
    at,
    ways(`
    contain neither | that contain neither | with neither | mention neither | have neither | that have neither |
    that mention neither | include neither | in which neither | hold neither`),
  )
  const found: Reading<Modifier>[] = []
  if (neither !== undefined) {
    for (const first of readText(context, neither, 2)) {
      const nor = takeAny(context, first.to, ['nor', 'or'])
      if (nor === undefined) continue
      for (const second of readText(context, nor, 2)) {
        const behind = takeAny(context, second.to, behindWords)
        const query: FileQuery = { except: { contains: [first.text, second.text] }, ignore_case: true }
        found.push(reading(behind ?? second.to, query, 1, first.quoted && second.quoted ? 1 : 0.85))
      }
    }
  }
  const start = takeAny(
    context,
    at,
    ways(`
    do not contain | that do not contain | which do not contain | not contain | do not mention |
    that do not mention | which do not mention | not mention | do not include | that do not include |
    not include the word | lack | that lack | never mention | that never mention | do not say |
    that do not say | do not have | that do not have | which do not have | without the word |
    without the text | do not use | that do not use | have no | that have no | with no | without | do not hold |
    never say | do not talk about | do not refer to | do not reference | not have | can not contain`),
  )
  if (start === undefined) return found
  const verb = context.tokens[start - 1]!.lower
  for (const text of readText(context, start, 3)) {
    const behind = takeAny(context, text.to, behindWords)
    const explicit =
      /^(word|text|string|phrase|term)$/.test(context.tokens[start]?.lower ?? '') ||
      /^(word|text|string|phrase|term)$/.test(context.tokens[start + 1]?.lower ?? '') ||
      /^(word|text)$/.test(verb)
    const weak = ways(`have | without | no | has`).includes(verb)
    if (weak && behind === undefined && !explicit) continue
    const query: FileQuery = { except: { contains: text.text }, ignore_case: true }
    found.push(reading(behind ?? text.to, query, 1, text.quoted ? 1 : 0.85))
  }
  return found
}
