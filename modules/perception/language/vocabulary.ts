// from a word to its base form: inflection removed, contractions already opened, light misspellings mended.
import { closingFillers, fillers, openingFillers, skippable } from './fillers.ts'
import { irregular } from './inflections.ts'
import { concepts } from './lexicon.ts'

/** words of the grammar that are in no concept: units, prepositions, question words and the like. */
const grammarWords = `
what which who whom whose where when why how that there here it its they them their he she we you your me my i mine
be do have can could will would shall should may might must not no none nothing never without and or but nor if then than as
with by for from to into in on at of off over under up down out about after before since until till during within between among
all any every each some both either neither many much few more most less least other another same such only very too also
one ones two three four five six seven eight nine ten eleven twelve dozen half quarter hundred thousand million
today yesterday tomorrow tonight now ago week weekday weekend month year day hour minute second fortnight decade century morning afternoon evening night noon midnight
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
big bigger biggest large larger largest huge small smaller smallest tiny long longer longest short old older oldest new newer newest young younger youngest recent latest heavy heavier heaviest
size sized byte kilobyte megabyte gigabyte terabyte kib mib gib meg gig
file folder directory subfolder image picture photo video movie film clip song music audio sound spreadsheet document archive script executable markdown python javascript typescript html json yaml pdf text source code program backup log temporary hidden empty link readme config configuration configuration setting presentation slide ebook font database
name named call called title titled extension ending suffix prefix start begin end match contain mention include hold
modify change edit update touch alter create save write access add
last past previous next this recent
exclude excluding except apart besides
percent per cent plus minus time multiply divide squared cubed square cube root power modulo mod remainder sum product difference average double triple third fourth fifth sixth seventh eighth ninth tenth
metre meter kilometre kilometer centimetre centimeter millimetre mile yard foot feet inch inches gram kilogram kilo pound ounce stone ton tonne litre liter millilitre gallon pint celsius fahrenheit kelvin degree mph kph knot
upper lower case reverse reversed order alphabetical alphabetically numerical numerically number numbers numbered numeric line word character
use using used take taking up keep tell know like love want need see look much space room
please thanks installed install running alive listen listening open port process memory
insertion deletion stat statistics diff summary staged unstaged untracked uncommitted modified tracked committed commit hash message
version info information detail details owner permission permissions mode type kind writable readable executable
machine computer alphabet cpu core ip
blank duplicate unique distinct
repeat daily hourly weekly monthly
list show find delete move copy rename create
anything everything something nothing
total totally altogether overall combined
left top bottom middle
tree recursive recursively deep
thing item stuff
print display exceed exceeding
column header frequent commonest several maximum minimum shorten shortest repeatedly penultimate involve
through quotient often raise late timestamp zone timezone later breakdown utilisation utilization enough plenty almost nearly fullest tiniest lightest weigh truncate against whether follow along whatever anymore rubbish recycle waste basket garbage rest metadata property attribute symlink anywhere verify test existence someone anybody somebody modification age belong loud aloud screen terminal flag mark readonly protect hide contribute busiest yet statistic stat affect responsible happen subject anyone description limit restrict remote url origin configure uncommitted unsaved dirty according unversioned unknown tracked stage ready offer handle support master useful audit trail chain healthy fine alright online awake shape properly correctly side smoothly normally feel perform problem issue trouble error fault reach reachable attach instal load finish owe expensive pay step way restart boot reboot startup introduce note concern regarding recite single countdown remain egg kitchen stopwatch card adapter brand overview consumption provide whoever listener hog eater consumer guzzler greediest enable default group capitalise lack concatenate combine merge glue stitch reduce cut somewhere hit throughout everywhere rather invert flip declare describe backward upside correspond equate yield subtract deduct compare commit restore revert term compress
`

/** base forms that the language module knows. */
export const vocabulary: ReadonlySet<string> = collectVocabulary()

function collectVocabulary(): Set<string> {
  const words = new Set<string>(grammarWords.split(/\s+/).filter(Boolean))
  for (const phrases of [...Object.values(concepts), fillers, openingFillers, closingFillers]) {
    for (const phrase of phrases) for (const word of phrase.split(' ')) if (/^[a-z]/.test(word)) words.add(word)
  }
  for (const word of Object.values(irregular)) words.add(word)
  for (const word of skippable) words.add(word)
  return words
}

/** the base form of a word that is spelled right, or undefined when the word is unknown. */
function knownBase(word: string): string | undefined {
  const special = irregular[word]
  if (special !== undefined) return special
  const candidates: string[] = []
  if (word.endsWith('ies')) candidates.push(`${word.slice(0, -3)}y`)
  if (word.endsWith('s') && !word.endsWith('ss')) candidates.push(word.slice(0, -1))
  if (word.endsWith('es')) candidates.push(word.slice(0, -2))
  if (word.endsWith("'s") || word.endsWith('’s')) candidates.push(word.slice(0, -2))
  if (word.endsWith('ied')) candidates.push(`${word.slice(0, -3)}y`)
  if (word.endsWith('ed')) candidates.push(word.slice(0, -1), word.slice(0, -2), undouble(word.slice(0, -2)))
  if (word.endsWith('ing')) candidates.push(word.slice(0, -3), `${word.slice(0, -3)}e`, undouble(word.slice(0, -3)))
  // 'files' is 'file' and 'changed' is 'change'; what is a word of its own (`sorted`) stays only if nothing is under it.
  for (const candidate of candidates) if (candidate.length > 1 && vocabulary.has(candidate)) return candidate
  return vocabulary.has(word) ? word : undefined
}

function undouble(stem: string): string {
  return stem.length > 2 && stem.at(-1) === stem.at(-2) ? stem.slice(0, -1) : stem
}

/** edits between two words: insertion, deletion, substitution, swap of neighbours (optimal string alignment), up to `limit`. */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1
  let before: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1]
      let cost = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (same ? 0 : 1))
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        cost = Math.min(cost, before[column - 2]! + 1)
      }
      current.push(cost)
    }
    before = previous
    previous = current
  }
  return previous[right.length]!
}

const spellingCache = new Map<string, string | undefined>()

/**
 * the nearest known word of a misspelled one, or undefined where there is none or more than one. short words are mended
 * only where letters were swapped, left out or doubled: one substituted letter makes another real word too easily.
 */
function mend(word: string): string | undefined {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return undefined
  // `renumber` is a word of its own, and no misspelled `remember`
  const [, stem] = /^(?:re|un|dis|pre|mis)([a-z]{4,})$/.exec(word) ?? []
  if (stem !== undefined && knownBase(stem) !== undefined) return undefined
  if (spellingCache.has(word)) return spellingCache.get(word)
  let best: string | undefined
  let bestDistance = Infinity
  const limit = word.length >= 9 ? 2 : 1
  for (const candidate of inflectedVocabulary()) {
    if (candidate.length < 4 || candidate[0] !== word[0]) continue
    const distance = editDistance(word, candidate, limit)
    if (distance > limit) continue
    const substituted = candidate.length === word.length && sortedLetters(candidate) !== sortedLetters(word)
    if (word.length <= 5 && substituted) continue
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    } else if (distance === bestDistance && best !== undefined && knownBase(best) !== knownBase(candidate)) {
      best = undefined
    }
  }
  // bounded: a long-running nucleus meets many words.
  if (spellingCache.size > 5000) spellingCache.clear()
  spellingCache.set(word, best)
  return best
}

let inflected: readonly string[] | undefined

function inflectedVocabulary(): readonly string[] {
  inflected ??= [
    ...new Set([
      ...vocabulary,
      ...Object.keys(irregular),
      ...[...vocabulary].flatMap((word) => (word.endsWith('s') ? [] : [`${word}s`])),
    ]),
  ]
  return inflected
}

const sortedLetters = (word: string) => word.split('').sort().join('')

export interface Lemma {
  readonly lemma: string
  /** whether the word is in the vocabulary, perhaps after mending. */
  readonly known: boolean
  readonly mended: boolean
}

/** the base form of a word; an unknown word is its own lower-case lemma, or what it was probably meant to be. */
export function lemmatise(text: string, options: { mayMend: () => boolean }): Lemma {
  const word = text.toLowerCase().replace('’', "'").normalize('NFC')
  const base = knownBase(word)
  if (base !== undefined) return { lemma: base, known: true, mended: false }
  const mended = options.mayMend() ? mend(word) : undefined
  if (mended !== undefined) return { lemma: knownBase(mended) ?? mended, known: true, mended: true }
  return { lemma: word, known: false, mended: false }
}
