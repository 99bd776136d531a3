// the sentences with which memory answers a person.
import { topicOf, type Question } from './recall/question.ts'

/** lines of one answer: more are counted, not shown. */
const shownLines = 100

export function sayRemembered(text: string, known: boolean): string {
  return known ? `I know that already: ${text}` : `I will remember: ${text}`
}

export function sayRecalled(question: Question, texts: readonly string[]): string {
  if (texts.length === 0) return sayUnknown(question)
  if (texts.length === 1) return `You told me: ${texts[0]}`
  return ['You told me:', ...bullets(texts)].join('\n')
}

export function sayUnknown(question: Question): string {
  return `I know nothing about ${topicOf(question) ?? 'that'}.`
}

export function sayAll(texts: readonly string[], total: number): string {
  if (total === 0) return 'I remember nothing yet: you have not told me anything to keep.'
  const more = total - Math.min(texts.length, shownLines)
  const lines = bullets(texts)
  return [`I remember ${sayNotes(total)}:`, ...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n')
}

/** never quotes the notes: this answer is kept in places that forgetting does not reach. */
export function sayForgotten(question: Question, count: number): string {
  const topic = topicOf(question)
  return `Forgotten: what you told me${topic === undefined ? '' : ` about ${topic}`} (${sayNotes(count)}).`
}

export function sayNothingToForget(question: Question): string {
  return `There is nothing to forget: ${sayUnknown(question)}`
}

export function sayWhichToForget(texts: readonly string[]): string {
  return [
    `Which one? ${texts.length} notes fit, and nothing was forgotten:`,
    ...bullets(texts),
    'Say more of the one, or: forget everything about …',
  ].join('\n')
}

export function sayForgottenAll(count: number): string {
  return count === 0 ? 'There is nothing to forget: I remember nothing.' : `I have forgotten all ${sayNotes(count)}.`
}

function bullets(texts: readonly string[]): string[] {
  return texts.slice(0, shownLines).map((text) => `- ${text.replaceAll(/\s*\n\s*/g, '\n  ')}`)
}

function sayNotes(count: number): string {
  return count === 1 ? '1 note' : `${count} notes`
}
