// cuts a goal into tokens: words, numbers, quoted texts, path-like words and marks, each with its place in the text.
import { dictionary } from './dictionary.ts'

/** a token before its lemma is known. */
export interface RawToken {
  readonly text: string
  readonly kind: 'word' | 'number' | 'quoted' | 'path' | 'mark'
  /** what stands inside the quotes, or the opened contraction (`'s` is `be`). */
  readonly value: string
  readonly at: number
  readonly end: number
}

const closingQuotes = dictionary<string>({
  '"': '"”',
  "'": "'’",
  '`': '`',
  '“': '”"“',
  '‘': "’'",
  '«': '»',
  '„': '“”"',
})

const contractionEnds: readonly (readonly [RegExp, string])[] = [
  [/^(what|where|who|when|how|that|there|here|it|which|he|she|everything|why)(['’]s)$/i, 'be'],
  [/^(i)(['’]m)$/i, 'be'],
  [/^(you|we|they|what|there)(['’]re)$/i, 'be'],
  [/^(i|you|we|they|he|she|it|who|what)(['’]d)$/i, 'would'],
  [/^(i|you|we|they|who|what)(['’]ve)$/i, 'have'],
  [/^(i|you|we|they|he|she|it|that|what)(['’]ll)$/i, 'will'],
  [/^(let)(['’]s)$/i, 'us'],
  [/^(do|does|did|is|are|was|were|has|have|had|would|should|could|must|need|ai)(n['’]t)$/i, 'not'],
]

const irregularNegations = dictionary<readonly [string, string]>({
  "can't": ['can', 'not'],
  cannot: ['can', 'not'],
  "won't": ['will', 'not'],
  dont: ['do', 'not'],
  doesnt: ['do', 'not'],
  isnt: ['be', 'not'],
  im: ['i', 'be'],
  ive: ['i', 'have'],
  whats: ['what', 'be'],
  wheres: ['where', 'be'],
  todays: ['today', 'of'],
})

const numberPattern = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^[+-]?\d+(?:\.\d+)?$/
const numberWithUnit = /^(\d+(?:[.,]\d+)?)(%|°|[a-zµ°]{1,10})$/i
const unitsThatStick =
  /^(%|°|°?[cf]|[kmgt]i?b|b|bytes?|[kmgt]|km|cm|mm|m|mi|ft|in|yd|kg|g|mg|lb|lbs|oz|l|ml|s|sec|secs|min|mins|h|hr|hrs|d|days?|w|weeks?|mb|gb|kb|tb|megs?|gigs?)$/i
const pathPattern =
  /^(?:~|\.{1,2})(?:\/|$)|\/|^\.[\w-]+|^[^\s]*[^\s.\d]\.[A-Za-z0-9_~-]{1,12}$|^[^\s]+\.(?:[A-Za-z]\w{0,11}|\d{1,3}|7z|mp[34])$|^[*?][^\s]*$/u
const urlPattern = /^[a-z][a-z0-9+.-]*:\/\//i
const operatorOnly = /^(?:[-+*/^×÷=<>&|,;:!?()[\]{}%.…—–]|\*\*|&&|\|\|)$/u

function isBoundary(character: string | undefined): boolean {
  return character === undefined || /[\s.,;:!?()[\]]/u.test(character)
}

function findClosing(text: string, from: number, open: string): number {
  const closers = closingQuotes[open] ?? open
  for (let index = from; index < text.length; index += 1) {
    const character = text[index]!
    if (closers.includes(character) && isBoundary(text[index + 1])) return index
  }
  return -1
}

/** whether a word looks like the name of a file or folder: has a slash, an extension, or starts like one. */
export function looksLikePath(word: string): boolean {
  if (urlPattern.test(word) || numberPattern.test(word)) return false
  if (/^\d+(?:\.\d+)+$/.test(word)) return false
  if (word === '/' || word === '~') return true
  if (/^[-+*/^\d().,]+$/.test(word) && !/^\d{4}\/\d/.test(word)) return false
  if (/^(?:e\.g|i\.e|etc|a\.m|p\.m|vs)\.?$/i.test(word)) return false
  // `files/folders` and `and/or` are alternatives
  if (
    /^(?:and|or|files?|folders?|dirs?|director(?:y|ies)|yes|his|her)(?:\/(?:and|or|files?|folders?|dirs?|director(?:y|ies)|no|his|her))+$/i.test(
      word,
    )
  )
    return false
  return pathPattern.test(word)
}

/** cuts a goal into tokens; the text itself is never changed, tokens only point into it. */
export function tokenise(text: string): RawToken[] {
  const tokens: RawToken[] = []
  const push = (kind: RawToken['kind'], at: number, end: number, value = text.slice(at, end)) =>
    tokens.push({ text: text.slice(at, end), kind, value, at, end })
  let at = 0
  while (at < text.length) {
    const character = text[at]!
    if (/\s/u.test(character)) {
      at += 1
      continue
    }
    if (character in closingQuotes && (at === 0 || /[\s(,:=]/u.test(text[at - 1]!))) {
      const close = findClosing(text, at + 1, character)
      if (close > at) {
        push('quoted', at, close + 1, text.slice(at + 1, close))
        at = close + 1
        continue
      }
    }
    let end = at
    while (end < text.length && !/\s/u.test(text[end]!)) end += 1
    cutWord(text, at, end, push)
    at = end
  }
  return tokens
}

type Push = (kind: RawToken['kind'], at: number, end: number, value?: string) => void

/** cuts what stands between two spaces: marks at its edges, then one word, number or path. */
function cutWord(text: string, from: number, to: number, push: Push): void {
  let at = from
  let end = to
  const trailing: number[] = []
  while (at < end && /[([{,;:!]/u.test(text[at]!) && !looksLikePath(text.slice(at, end))) {
    push('mark', at, at + 1)
    at += 1
  }
  while (end > at && /[)\]},;:!?.…]/u.test(text[end - 1]!) && !/^\.{1,2}$/.test(text.slice(at, end))) {
    end -= 1
    trailing.unshift(end)
  }
  const word = text.slice(at, end)
  if (word !== '') pushWord(word, at, end, push)
  for (const mark of trailing) push('mark', mark, mark + 1)
}

function pushWord(word: string, at: number, end: number, push: Push): void {
  if (operatorOnly.test(word) && word !== '/' && word !== '.') return push('mark', at, end)
  if (numberPattern.test(word)) return push('number', at, end, word.replaceAll(',', ''))
  const stuck = numberWithUnit.exec(word)
  if (stuck && unitsThatStick.test(stuck[2]!)) {
    const split = at + stuck[1]!.length
    push('number', at, split, stuck[1]!.replace(',', '.'))
    return push('word', split, end)
  }
  if (/^\d/.test(word) && /^[\d.]+(?:[-+*/^×÷]|\*\*)[\d.()]+/u.test(word) && !/[a-z]/i.test(word)) {
    return cutArithmetic(word, at, push)
  }
  if (/^[()\d.+\-*/^×÷%]+$/u.test(word) && /[()]/.test(word) && /\d/.test(word)) return cutArithmetic(word, at, push)
  const irregular = irregularNegations[word.toLowerCase().replace('’', "'")]
  if (irregular) {
    const split =
      at +
      Math.max(
        1,
        irregular[0].length === word.length ? word.length - 1 : Math.min(irregular[0].length, word.length - 1),
      )
    push('word', at, split, irregular[0])
    return push('word', split, end, irregular[1])
  }
  for (const [pattern, opened] of contractionEnds) {
    const match = pattern.exec(word)
    if (!match) continue
    const split = at + match[1]!.length
    push('word', at, split)
    return push('word', split, end, opened)
  }
  push(looksLikePath(word) ? 'path' : 'word', at, end)
}

/** `3^5`, `2*(3+4)`: numbers and operators without spaces. */
function cutArithmetic(word: string, at: number, push: Push): void {
  for (const match of word.matchAll(/\d+(?:\.\d+)?|\*\*|./gu)) {
    const from = at + match.index
    const isNumber = /^\d/.test(match[0])
    push(isNumber ? 'number' : 'mark', from, from + match[0].length)
  }
}
