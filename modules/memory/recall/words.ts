// reads a text into the words that recall compares: folded, without possessives, stemmed, and marked by what they say.
import { stemOf } from './stem.ts'

export interface Word {
  /** lower case, without accents. */
  readonly text: string
  readonly stem: string
  /** offsets in the text as it was written, for showing. */
  readonly from: number
  readonly to: number
  /** begins with a capital, or has a digit: a name, a number, a code. */
  readonly isName: boolean
}

/** longer texts are read up to here: a note has at most 16 KiB, a question is a sentence. */
const maximumWords = 4_000

const wordPattern = /[\p{L}\p{N}\p{M}]+(?:(?<=\p{N})[.:,]\p{N}+)*(?:['’]\p{L}+)?/gu
/** scripts that put no spaces between words: pairs of characters stand for words there. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u

/** plain text is most of all text, and reads three times as fast by plain rules. */
const plainPattern = /[A-Za-z0-9]+(?:(?<=[0-9])[.:,][0-9]+)*(?:'[A-Za-z]+)?/g
// oxlint-disable-next-line no-control-regex
const plainText = /^[\u0000-\u007f]*$/

/**
 * the words of a text, in order.
 * @param skipped - words in lower case that are left out before anything is made of them
 */
export function readWords(text: string, skipped?: ReadonlySet<string>): Word[] {
  const words: Word[] = []
  // `wi-fi` and `e-mail` are one word, other hyphens join two.
  const joined = text.includes('-') ? text.replaceAll(/\b(wi|e)-(?=fi\b|mail)/giu, '$1\u0300') : text
  const isPlain = plainText.test(joined)
  for (const match of joined.matchAll(isPlain ? plainPattern : wordPattern)) {
    if (words.length >= maximumWords) break
    const written = match[0]
    const lower = withoutEnding(isPlain ? written.toLowerCase() : foldText(written))
    if (lower === '' || skipped?.has(lower) === true) continue
    const place = { from: match.index, to: match.index + written.length, isName: isName(written, isPlain) }
    if (isPlain || !unspaced.test(lower)) words.push({ text: lower, stem: stemOf(lower), ...place })
    else words.push(...pairsOf(lower).map((pair) => ({ text: pair, stem: pair, ...place })))
  }
  return words
}

/** `marta's` and `what's` without what hangs on them; `don't` keeps nothing of value behind its n. */
function withoutEnding(word: string): string {
  const mark = word.indexOf("'")
  if (mark === -1) return word
  return word.endsWith("n't") ? word.slice(0, mark - 1) : word.slice(0, mark)
}

function isName(written: string, isPlain: boolean): boolean {
  if (!isPlain) return /^\p{Lu}|\p{N}/u.test(written)
  const first = written.charCodeAt(0)
  return (first > 64 && first < 91) || /[0-9]/.test(written)
}

/** lower case, compatibility forms and accents folded, straight apostrophes. */
export function foldText(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase()
}

/** what makes two notes the same: case, accents, spaces and closing marks don't. */
export function normaliseNote(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s"'“]+|[\s.!"'”]+$/g, '')
}

function pairsOf(text: string): string[] {
  const characters = Array.from(text)
  if (characters.length < 3) return [text]
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
}
