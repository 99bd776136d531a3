// the Porter stemmer: brings the forms of an English word to one (`painting`, `paints` → `paint`).
// source: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980; the steps carry its numbers.

const isVowel = (word: string, at: number): boolean => {
  const letter = word[at]
  if (letter === undefined) return false
  return 'aeiou'.includes(letter) || (letter === 'y' && at > 0 && !isVowel(word, at - 1))
}

/** m in the paper: how many times a vowel is followed by a consonant. */
function measure(stem: string): number {
  let count = 0
  for (let at = 1; at < stem.length; at += 1) if (isVowel(stem, at - 1) && !isVowel(stem, at)) count += 1
  return count
}

const hasVowel = (stem: string): boolean => Array.from(stem).some((_, at) => isVowel(stem, at))

const endsDouble = (word: string): boolean => {
  const last = word.length - 1
  return last > 0 && word[last] === word[last - 1] && !isVowel(word, last)
}

/** *o in the paper: consonant, vowel, consonant, and the last is not w, x or y. */
const endsShort = (word: string): boolean => {
  const last = word.length - 1
  if (last < 2 || isVowel(word, last) || !isVowel(word, last - 1) || isVowel(word, last - 2)) return false
  return !'wxy'.includes(word[last]!)
}

const step2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
]
const step3: readonly (readonly [string, string])[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]
/** the longest first: `ement` also ends in `ment` and `ent`. */
const step4 = [
  'ement',
  'ance',
  'ence',
  'able',
  'ible',
  'ment',
  'ant',
  'ent',
  'ism',
  'ate',
  'iti',
  'ous',
  'ive',
  'ize',
  'al',
  'er',
  'ic',
  'ou',
] as const

/** the stem of a word in lower case; words with digits or other alphabets stay as they are. */
export function stemOf(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word
  return step5(stripDerivation(stripInflection(word)))
}

/** steps 1a, 1b and 1c: plurals, past and progressive forms, a final y. */
function stripInflection(word: string): string {
  let stem = word
  if (/.sses$|.ies$/.test(stem)) stem = stem.slice(0, -2)
  else if (stem.endsWith('s') && !stem.endsWith('ss')) stem = stem.slice(0, -1)

  if (stem.endsWith('eed')) {
    if (measure(stem.slice(0, -3)) > 0) stem = stem.slice(0, -1)
  } else {
    const ending = stem.endsWith('ed') ? 2 : stem.endsWith('ing') ? 3 : 0
    if (ending > 0 && hasVowel(stem.slice(0, -ending))) stem = mend(stem.slice(0, -ending))
  }
  return stem.endsWith('y') && hasVowel(stem.slice(0, -1)) ? `${stem.slice(0, -1)}i` : stem
}

/** the second half of step 1b: `hop(p)` and `hop(e)` after their ending is gone. */
function mend(stem: string): string {
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1)
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem
}

/** steps 2, 3 and 4: suffixes that make one word of another. */
function stripDerivation(word: string): string {
  let stem = word
  for (const table of [step2, step3]) {
    // the longest suffix counts, as `ational` also ends in `tional`.
    const rule = longest(table, stem)
    if (rule && measure(stem.slice(0, -rule[0].length)) > 0) stem = stem.slice(0, -rule[0].length) + rule[1]
  }
  const suffix = step4.find((one) => stem.endsWith(one))
  if (/[st]ion$/.test(stem)) return measure(stem.slice(0, -3)) > 1 ? stem.slice(0, -3) : stem
  if (suffix !== undefined && measure(stem.slice(0, -suffix.length)) > 1) return stem.slice(0, -suffix.length)
  return stem
}

function longest(table: typeof step2, word: string): readonly [string, string] | undefined {
  let found: readonly [string, string] | undefined
  for (const rule of table) if (word.endsWith(rule[0]) && rule[0].length > (found?.[0].length ?? 0)) found = rule
  return found
}

/** steps 5a and 5b: a final e, a double l. */
function step5(word: string): string {
  let stem = word
  if (stem.endsWith('e')) {
    const shorter = stem.slice(0, -1)
    const size = measure(shorter)
    if (size > 1 || (size === 1 && !endsShort(shorter))) stem = shorter
  }
  return stem.endsWith('ll') && measure(stem.slice(0, -1)) > 1 ? stem.slice(0, -1) : stem
}
