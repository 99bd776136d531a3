// what a question is about: its strong words decide, its weak ones only choose between notes that are equal else.
import { firstPerson, frameWords, plainVerbs, stopWords, weakWords } from './vocabulary.ts'
import { readWords, type Word } from './words.ts'

export interface Question {
  readonly text: string
  /** every one of them must be in a note that answers it, each once. */
  readonly strong: readonly Word[]
  readonly weak: readonly Word[]
  /** its strong words don't say whom or what it is about (`what don't I eat`). */
  readonly isGeneral: boolean
  /** it speaks of `me` and `my`. */
  readonly isPersonal: boolean
  /** it says `everything` or `all`: all that fits is meant. */
  readonly isWhole: boolean
}

export function readQuestion(text: string): Question {
  const words = readWords(text)
  const content = unique(words.filter((word, index) => !stopWords.has(word.text) && !isTail(words, index)))
  const inFrame = content.filter((word) => !frameWords.has(word.text))
  // `what do you know about notes`: where only the frame is left, it is the matter.
  const matter = inFrame.length > 0 ? inFrame : content
  const strong = matter.filter((word) => !weakWords.has(word.text))
  return {
    text,
    strong: strong.length > 0 ? strong : matter,
    weak: strong.length > 0 ? matter.filter((word) => weakWords.has(word.text)) : [],
    isGeneral: strong.every((word) => plainVerbs.has(word.text)),
    isPersonal: words.some((word) => firstPerson.has(word.text)),
    isWhole: words.some((word) => word.text === 'everything' || word.text === 'all' || word.text === 'anything'),
  }
}

/** the second half of a name for one thing: an `email address` is noted as an email. */
function isTail(words: readonly Word[], index: number): boolean {
  const before = words[index - 1]?.text
  return words[index]!.text === 'address' && (before === 'email' || before === 'mail')
}

function unique(words: readonly Word[]): Word[] {
  const seen = new Set<string>()
  return words.filter((word) => !seen.has(word.stem) && seen.add(word.stem))
}

/** the words of a note that are compared. */
export function readNote(text: string): Word[] {
  return readWords(text, stopWords)
}

/** what the question is about, as it was written: `zeppelin maintenance`; undefined where that is no one phrase. */
export function topicOf(question: Question): string | undefined {
  const first = question.strong[0]
  const last = question.strong.at(-1)
  if (first === undefined || last === undefined) return undefined
  const phrase = question.text.slice(first.from, last.to).replace(/['’]s$/, '')
  const between = readWords(phrase).filter(
    (word) => stopWords.has(word.text) && !/^(?:of|the|and|in|at|for|with|my|a)$/.test(word.text),
  )
  return between.length > 0 || phrase.length > 80 || /[\n\r]/.test(phrase) ? undefined : phrase
}
