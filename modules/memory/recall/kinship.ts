// how near two words are: forms of one word, one word made of the other, synonyms, or a slip of the pen.
import type { Word } from './words.ts'
import { areSynonyms } from './vocabulary.ts'

/** endings that make one word of another beyond what the stemmer joins: `allergic` and `allergies`. */
const endings = [
  'ations',
  'ation',
  'ional',
  'ingly',
  'ically',
  'ments',
  'ment',
  'ities',
  'ity',
  'ives',
  'ive',
  'ions',
  'ion',
  'ings',
  'ists',
  'ist',
  'isms',
  'ism',
  'ances',
  'ance',
  'ants',
  'ant',
  'ents',
  'ent',
  'ence',
  'ures',
  'ure',
  'ical',
  'ics',
  'ic',
  'ies',
  'iers',
  'ier',
  'ers',
  'er',
  'ors',
  'or',
  'ous',
  'ary',
  'al',
  'ed',
  'es',
  'e',
  'y',
  's',
] as const
const shortestRoot = 5

/** roots of a word: itself without each ending that leaves enough of it. */
function rootsOf(word: string): string[] {
  const roots = endings.filter((ending) => word.endsWith(ending)).map((ending) => word.slice(0, -ending.length))
  return [word, ...roots].filter((root) => root.length >= shortestRoot)
}

/**
 * 1 for forms of one word, 0.9 for a synonym, 0.8 for a word of the same root, 0.7 for what may be a slip; 0 else.
 * numbers have no relatives, and short names neither: `Marta` is not `Maria`, and 7443 not 7444.
 * @param mayBeSlip - true where the first word is found nowhere, so that it may be misspelt
 */
export function kinshipOf(word: Word, other: Word, mayBeSlip: boolean): number {
  if (word.stem === other.stem) return 1
  if (/\p{N}/u.test(word.text + other.text)) return 0
  if (areSynonyms(word.text, other.text)) return 0.9
  if (word.text[0] !== other.text[0]) return 0
  if (word.isName && other.isName) return mayBeSlip && word.text.length > 6 && isSlip(word.text, other.text) ? 0.7 : 0
  if (shareRoot(word.text, other.text)) return 0.8
  return mayBeSlip && isSlip(word.text, other.text) ? 0.7 : 0
}

function shareRoot(left: string, right: string): boolean {
  if (left.length < shortestRoot || right.length < shortestRoot || left.slice(0, 4) !== right.slice(0, 4)) return false
  const roots = new Set(rootsOf(left))
  return rootsOf(right).some((root) => roots.has(root))
}

/** one letter too many, too few, exchanged or swapped; two in words from nine letters on. */
function isSlip(left: string, right: string): boolean {
  if (left.length < 5 || right.length < 5) return false
  return distance(left, right, left.length >= 9 ? 2 : 1)
}

/** whether the optimal string alignment distance (Damerau 1964, restricted) is within a limit. */
function distance(left: string, right: string, limit: number): boolean {
  if (Math.abs(left.length - right.length) > limit) return false
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1]
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (isSame ? 0 : 1))
      const isSwap = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (isSwap) cost = Math.min(cost, beforeLast[column - 2]! + 1)
      current.push(cost)
    }
    if (Math.min(...current) > limit) return false
    beforeLast = last
    last = current
  }
  return last.at(-1)! <= limit
}
