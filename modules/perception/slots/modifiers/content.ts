// what is in files: `containing x`, `that mention x`.
import { ways } from '../../language/ways.ts'
import { takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'
import { readText } from './text.ts'

export function readContent(context: SlotContext, at: number): Reading<Modifier>[] {
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
  for (const text of readText(context, start, 3)) {
    const behind = takeAny(
      context,
      text.to,
      ways(`
      in it | in them | inside | inside them | in their content | in the content | in the text |
      in their text | inside of them | in there | somewhere in them | anywhere in them | somewhere inside |
      somewhere in it | somewhere | anywhere | in their contents | appear | occur | be mention | be use |
      be define | show up | be call`),
    )
    const weak = ways(`
      with | have | has | having | where | which | called | about | use | uses | using | call | calls`).includes(verb)
    // "with x" may mean the name: only an explicit place or word says that it is the content.
    const explicit =
      /^(word|text|string|phrase|term|line)$/.test(context.tokens[start + 1]?.lower ?? '') ||
      /^(word|text|string|phrase|term)$/.test(context.tokens[start]?.lower ?? '')
    if (weak && behind === undefined && !explicit && !ways(`use | uses | using | call | calls`).includes(verb)) continue
    if (verb === 'called' || verb === 'named') continue
    if (['where', 'which'].includes(verb) && behind === undefined) continue
    found.push(reading(behind ?? text.to, { contains: text.text, ignore_case: true }, 1, text.quoted ? 1 : 0.85))
  }
  return found
}
