// puts an answer into the goal that lacked it, and values back into words that are understood as they were meant.
import { fillText } from '../traces/template.ts'

/** where the answer stands in a goal that waits for one; no goal has a NUL of its own. */
export const answerMark = '\0answer\0'
/** the same for an answer that is a text: it is quoted. */
const quotedMark = '\0quoted\0'

/** a text in quotes; those that do not stand in it. */
export function quoted(text: string): string {
  if (/^(["'“‘«`]).+(["'”’»`])$/s.test(text)) return text
  if (!text.includes('"')) return `"${text}"`
  return text.includes('“') || text.includes('”') ? `«${text}»` : `“${text}”`
}

/** a value of a slot as words of a goal: names that are more than one word in quotes, several with `and`. */
export function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(' and ')
  const text = String(value)
  return /^[\w./~-]+$/.test(text) ? text : quoted(text)
}

/**
 * the goal that waits for an answer, made of what was said.
 * @param template - `becomes` of an ask
 * @param said - the words of the goal that the template calls `{goal}`
 */
export function waitingGoal(template: string, said: string, bindings: Readonly<Record<string, unknown>>): string {
  const goal = said.replace(/[\s.,;:!?…]+$/u, '')
  const words = Object.fromEntries(Object.entries(bindings).map(([name, value]) => [name, inWords(value)]))
  const marks = { goal, answer: answerMark, quoted: quotedMark }
  return String(fillText(template, { ...words, ...marks }))
}

/** words that an answer may bring along: `to docs`, `about the bread`. */
const seam = /(?<=\S)\s+(?:to|into|in|as|called|named|for|of|about|that|with|at|on|by|until)$/i
const beginsWithSeam = /^(?:to|into|in|as|called|named|for|of|about|that|with|at|on|by|until)\s/i

/** the goal with its answer; where both bring a word for the seam (`copy a to`, `to b`), one is left. */
export function completeGoal(waiting: string, answer: string): string {
  const said = answer.trim().replace(/[\s.!…]+$/u, '')
  if (waiting.includes(quotedMark)) return waiting.replace(quotedMark, () => quoted(said))
  const [front = '', after = ''] = waiting.split(answerMark)
  let before = front.trimEnd()
  const word = seam.exec(before)?.[0].trim().toLowerCase()
  if (beginsWithSeam.test(said)) while (seam.test(before)) before = before.replace(seam, '')
  else if (word !== undefined && before.replace(seam, '').toLowerCase().endsWith(` ${word}`))
    before = before.replace(seam, '')
  return `${before} ${said}${after}`.trimStart()
}
