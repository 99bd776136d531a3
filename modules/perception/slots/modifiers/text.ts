// a text to look for in names and contents: quoted, path-like, or a few plain words.
import { ways } from '../../language/ways.ts'
import { skipArticles, takeAny } from '../slot-parser.ts'
import type { SlotContext } from '../slot-parser.ts'

/** a text to look for: quoted, path-like, or one to three plain words. */
export function readText(
  context: SlotContext,
  at: number,
  longest: number,
): { to: number; text: string; quoted: boolean }[] {
  const start = takeAny(
    context,
    at,
    ways(`
    the word | the text | the string | the phrase | the term | the name | the expression | the letter |
    the character | the pattern | word | text | string | phrase | term | the keyword | keyword |
    the identifier | the sequence | the words | words | a line say | the line | line with | the symbol |
    the suffix | the prefix | the letters`),
  )
  const texts: { to: number; text: string; quoted: boolean }[] = []
  for (const from of new Set([start ?? at, at, skipArticles(context, at)])) {
    const token = context.tokens[from]
    if (token === undefined) continue
    if (token.kind === 'quoted') texts.push({ to: from + 1, text: token.value, quoted: true })
    else {
      for (let to = from; to < Math.min(context.tokens.length, from + longest); to += 1) {
        const next = context.tokens[to]!
        if (
          next.kind === 'quoted' ||
          (next.kind === 'mark' && !/^[=<>&|*+%$#@]+$/.test(next.text)) ||
          (next.kind === 'word' && notText.has(next.lower))
        )
          break
        const text = context.text.slice(token.at, next.end)
        if (!describes.test(text)) texts.push({ to: to + 1, text, quoted: false })
      }
    }
  }
  return texts
}

/** `that begin with a number`, `containing whitespaces`: kinds of texts, which stand nowhere in these words. */
const describes =
  /^(?:\d+ |a |an )?(?:(?:capital|upper ?case|lower ?case|small|single|leading|trailing|specific|certain|particular|given|regular) )*(?:numbers?|digits?|letters?|vowels?|consonants?|capitals?|characters?|words?|spaces?|white ?spaces?|blanks?|dots?|expressions?|regex(?:es|ps?)?|recursion)$/i

const notText: ReadonlySet<string> = new Set(
  'a an the in inside under of from to and or but with by as is are was were be that which who it them its their at on for anything something everything nothing none except other than only file files folder folders any all some this these those his her my your no not neither nor both either more less fewer'.split(
    ' ',
  ),
)
