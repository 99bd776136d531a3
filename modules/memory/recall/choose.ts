// chooses what answers a question: only notes that have what it is about, and of those only the ones that fit best.
import type { Question } from './question.ts'
import type { RankedNote } from './rank.ts'
import { firstPerson } from './vocabulary.ts'
import { readWords, type Word } from './words.ts'

/** from this on a word counts as met: forms, synonyms, the same root, or a slip where nothing else is near. */
const metFrom = 0.7

/**
 * the notes that answer a question, best first; none where the topic is unknown. every strong word must be met (of four
 * and more a quarter may be missing, but no name and no number). of several that do, those stay that are met better:
 * exactly instead of nearly, more of the weak words, and in the first person where the question is.
 */
export function chooseAnswers(question: Question, ranked: readonly RankedNote[]): RankedNote[] {
  const mayMiss = question.strong.length >= 4 ? Math.floor(question.strong.length / 4) : 0
  let left = ranked.filter((one) => isMet(question, one, mayMiss))
  const keepBest = (worth: (one: RankedNote) => number): void => {
    const best = Math.max(...left.map(worth))
    // sums of ninths and tenths: equal ones may differ in their last bit.
    left = left.filter((one) => worth(one) >= best - 1e-9)
  }
  if (left.length === 0) return []
  keepBest((one) => one.strong.filter((met) => met >= metFrom).length)
  keepBest((one) => Math.min(...one.strong.filter((met) => met >= metFrom)))
  keepBest((one) => one.weak.filter((met) => met >= metFrom).length)
  // `what don't I eat` is about nobody but the one who asks.
  if (question.isPersonal && question.isGeneral) keepBest((one) => Number(isPersonal(one.note.text)))
  return left
}

function isMet(question: Question, one: RankedNote, mayMiss: number): boolean {
  const missed = question.strong.filter((_, index) => one.strong[index]! < metFrom)
  return missed.length <= mayMiss && missed.every((word) => !word.isName) && missed.length < question.strong.length
}

function isPersonal(text: string): boolean {
  return readWords(text).some((word) => firstPerson.has(word.text))
}

/**
 * whether all of several notes are clearly about a topic, so that `forget` may take them all: the topic says so
 * (`everything about …`), or it names something (`Kestrel`) that each of the notes names too.
 */
export function areAllMeant(question: Question, chosen: readonly RankedNote[]): boolean {
  if (question.isWhole) return true
  return question.strong.some(
    (word, index) =>
      chosen.every((one) => one.strong[index] === 1) && chosen.every((one) => isNamedIn(word, one.note.text)),
  )
}

/** whether a text writes a word as a name: with a digit, or with a capital that its place doesn't ask for. */
function isNamedIn(word: Word, text: string): boolean {
  return readWords(text).some(
    // at the beginning everything has a capital; there the question must write it as a name too.
    (other) => other.text === word.text && other.isName && (other.from > 0 || word.isName),
  )
}
