// a goal that points at something which nobody can tell: LOTUS says what it could be, and asks for a name.
import type { Intent } from '../../perception/contract.ts'
import type { Trace } from '../traces/library.ts'
import { understand } from '../understand.ts'
import type { Focus } from '../understand.ts'

const shownCandidates = 12

// a world in which every pronoun means something: what is understood there fails for want of a meaning only.
const many = Array.from({ length: 500 }, (_, index) => `thing-${index + 1}`)
const somewhere = { list: many.slice(0, 2), folder: 'place', file: 'a.txt', archive: 'a.zip', results: many }
const worlds: readonly Focus[] = [
  { ...somewhere, it: 'thing' },
  { ...somewhere, it: 'a.txt' },
  { ...somewhere, it: 'copy.txt', origin: 'a.txt' },
  { ...somewhere, it: 'a.txt', kinds: Object.fromEntries(many.map((path) => [path, 'file'])) },
  { ...somewhere, it: 'thing', kinds: Object.fromEntries(many.map((path) => [path, 'folder'])) },
]

/** the words of a goal that point at something, where it would be understood if they meant anything. */
export function pointingWords(intent: Intent, traces: readonly Trace[]): string | undefined {
  const words = pointingIn(intent)
  if (words === undefined) return undefined
  return worlds.some((world) => understand(intent, traces, world).bound.length > 0) ? words.text : undefined
}

/** the words of a goal that points at something and says nothing else. */
export function onlyPointing(intent: Intent): string | undefined {
  const words = pointingIn(intent)
  return words?.isAll === true ? words.text : undefined
}

function pointingIn(intent: Intent): { text: string; isAll: boolean } | undefined {
  const clause = intent.segmentations
    .flat()
    .find(({ slots }) => slots.some(({ type, value }) => type === 'path' && hasPronoun(value)))
  // the longest way to read them: `the second one`, not `one`.
  const slot = clause?.slots
    .filter(({ type, value }) => type === 'path' && hasPronoun(value))
    .toSorted((left, right) => right.to - right.from - (left.to - left.from))[0]
  if (clause === undefined || slot === undefined) return undefined
  const start = clause.tokens[0]!.at
  const text = clause.text.slice(clause.tokens[slot.from]!.at - start, clause.tokens[slot.to - 1]!.end - start)
  const rest = clause.tokens.filter(({ kind }, at) => kind !== 'mark' && (at < slot.from || at >= slot.to))
  return { text, isAll: rest.length === 0 && intent.segmentations[0]?.length === 1 }
}

const hasPronoun = (value: unknown): boolean => typeof value === 'object' && value !== null && 'pronoun' in value

/** the answer to such a goal. */
export function tellUnclear(words: string, context: Focus): string {
  const { results, it, origin, folder } = context
  // both ends of a copy are nearer than a list before it.
  if (results !== undefined && results.length > 0 && origin === undefined) {
    const shown = results.slice(0, shownCandidates).map((path, index) => `  ${index + 1}  ${path}`)
    const rest = results.length - shown.length
    return [
      `It is not clear what “${words}” means. These were listed last:`,
      ...shown,
      ...(rest > 0 ? [`  … and ${rest} more`] : []),
      'Say its name, or its place, such as “the second one”.',
    ].join('\n')
  }
  const candidates = [...new Set([origin, it, folder])].filter((path) => path !== undefined)
  if (candidates.length > 0) return `It is not clear what “${words}” means: ${candidates.join(' or ')}? Say its name.`
  return `It is not clear what “${words}” means: the goal before this one left nothing that it could be. Say its name.`
}

/** the answer to a goal that names a thing and no deed. */
export function tellNothingToDo(words: string): string {
  return `What shall be done with “${words}”? Say all of it at once, such as “show ${words}”.`
}
