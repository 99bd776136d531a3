// ranks notes against a question: BM25 over stems, raised by what stands beside a note and by what its source is about.
import { kinshipOf } from './kinship.ts'
import type { NoteReader } from './note-reader.ts'
import type { Question } from './question.ts'
import type { Word } from './words.ts'

export interface Note {
  readonly id: string
  readonly text: string
  readonly source: string
}

export interface RankedNote {
  readonly note: Note
  readonly score: number
  /** 0 to 1: share of the question's words that it has, by how much each of them says. */
  readonly relevance: number
  /** for each strong word of the question how well it is met, 0 to 1. */
  readonly strong: readonly number[]
  readonly weak: readonly number[]
}

/** BM25 (Robertson and Walker): for notes, which are short, length and repetition say less than in documents. */
const saturation = 0.9
const lengthShare = 0.3
/** words of an average note; fixed, so that a score doesn't change with its neighbours in the answer. */
const averageWords = 12
/**
 * what a conversation or document says before and after an item belongs to it: shares of the score of the nearest and
 * the next items of the same source, and of the source as a whole. tuned on the five dev conversations of LoCoMo
 * (`npm run eval -- recall`), where the exact values matter little: cov@10 stays within two points from half to double.
 */
const nearestShare = 0.5
const nextShare = 0.25
const sourceShare = 1

interface Read {
  readonly note: Note
  readonly words: readonly Word[]
  readonly strong: number[]
  readonly weak: number[]
  own: number
}

/**
 * @param notes - candidates in order of their ids, neighbours of the same source beside each other
 * @param total - how many notes there are in all: the candidates are those of them that share a word
 */
export function rankNotes(
  question: Question,
  notes: readonly Note[],
  total: number,
  reader: Pick<NoteReader, 'read'>,
): RankedNote[] {
  const read = notes.map((note): Read => ({ note, words: reader.read(note), strong: [], weak: [], own: 0 }))
  const terms = [
    ...question.strong.map((word) => ({ word, isStrong: true })),
    ...question.weak.map((word) => ({ word, isStrong: false })),
  ]
  const weights = terms.map(({ word, isStrong }) => {
    const isKnown = read.some((one) => one.words.some((other) => other.stem === word.stem))
    const kinships = { words: new Map<string, number>(), names: new Map<string, number>() }
    let found = 0
    const counts = read.map((one) => {
      let best = 0
      let count = 0
      for (const other of one.words) {
        const known = other.isName ? kinships.names : kinships.words
        let kinship = known.get(other.text)
        if (kinship === undefined) known.set(other.text, (kinship = kinshipOf(word, other, !isKnown)))
        if (kinship === 0) continue
        best = Math.max(best, kinship)
        count += kinship
      }
      if (best > 0) found += 1
      ;(isStrong ? one.strong : one.weak).push(best)
      return count
    })
    const weight = rarity(found, Math.max(total, notes.length))
    for (const [index, count] of counts.entries())
      read[index]!.own += weight * saturate(count, read[index]!.words.length)
    return weight
  })
  const most = weights.reduce((sum, weight) => sum + weight, 0)
  const bySource = scoreSources(read, terms.length)
  return read
    .map((one, index) => ({
      note: one.note,
      score: one.own + besides(read, index) + sourceShare * (bySource.get(one.note.source) ?? 0),
      relevance: most === 0 ? 0 : relevanceOf(one, terms.length, question.strong.length, weights) / most,
      strong: one.strong,
      weak: one.weak,
    }))
    .filter((one) => one.score > 0)
    .sort((left, right) => right.score - left.score || (left.note.id < right.note.id ? -1 : 1))
}

/** how much a word says that `found` of `total` notes have; one that none has says most. */
function rarity(found: number, total: number): number {
  return Math.log(1 + (total - found + 0.5) / (found + 0.5))
}

function saturate(count: number, words: number): number {
  if (count === 0) return 0
  return (count * (saturation + 1)) / (count + saturation * (1 - lengthShare + (lengthShare * words) / averageWords))
}

function relevanceOf(read: Read, terms: number, strong: number, weights: readonly number[]): number {
  let sum = 0
  for (let index = 0; index < terms; index += 1) {
    const met = index < strong ? read.strong[index]! : read.weak[index - strong]!
    sum += met * weights[index]!
  }
  return sum
}

/** notes that a person gave one by one have nothing to do with each other; those of one source are a text. */
function isText(source: string): boolean {
  return source !== 'person'
}

/** the part of the neighbours' scores that a note is given. */
function besides(read: readonly Read[], index: number): number {
  const { source } = read[index]!.note
  if (!isText(source)) return 0
  const at = (offset: number) => {
    const other = read[index + offset]
    return other?.note.source === source ? other.own : 0
  }
  return nearestShare * (at(-1) + at(1)) + nextShare * (at(-2) + at(2))
}

/** each source as one document: which of them is the question about? */
function scoreSources(read: readonly Read[], terms: number): ReadonlyMap<string, number> {
  const sums = new Map<string, number[]>()
  for (const one of read) {
    if (!isText(one.note.source)) continue
    let sum = sums.get(one.note.source)
    if (sum === undefined) sums.set(one.note.source, (sum = Array.from({ length: terms }, () => 0)))
    const met = [...one.strong, ...one.weak]
    for (let index = 0; index < sum.length; index += 1) sum[index]! += met[index]!
  }
  const weights = Array.from({ length: terms }, (_, index) => {
    const found = Array.from(sums.values()).filter((sum) => sum[index]! > 0).length
    return rarity(found, Math.max(2, sums.size))
  })
  const scores = new Map<string, number>()
  for (const [source, sum] of sums) {
    const score = sum.reduce((all, count, index) => all + weights[index]! * ((count * 2.2) / (count + 1.2)), 0)
    scores.set(source, score)
  }
  return scores
}
