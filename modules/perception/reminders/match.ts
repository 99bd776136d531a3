// finds the reminder that a few words mean: all of them must fit, and only one reminder may fit best.
import { isOneSlip } from './when-vocabulary.ts'

/**
 * whether a time of day, `HH:MM`, is the one that words name: `9`, `9:30`, `9 am`, `9 o'clock`. undefined where the words
 * are no time of day. without `am` or `pm` an hour up to twelve is either.
 */
export function isAtClock(words: string): ((time: string) => boolean) | undefined {
  const match = /^(?:at )?(\d{1,2})(?:[:.](\d{2}))?\s*(?:(a|p)\.?m\.?|o['’]?clock|h|uhr)?$/i.exec(words.trim())
  if (match === null || Number(match[1]) > 24) return undefined
  const [, hour = '', minute = '0', half] = match
  return (time) => {
    const [ownHour = 0, ownMinute = 0] = time.split(':').map(Number)
    if (ownMinute !== Number(minute)) return false
    if (half !== undefined) return ownHour === (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
    return ownHour === Number(hour) % 24 || (Number(hour) <= 12 && ownHour % 12 === Number(hour) % 12)
  }
}

const empty: ReadonlySet<string> = new Set([
  'a',
  'an',
  'the',
  'my',
  'me',
  'i',
  'to',
  'of',
  'for',
  'about',
  'on',
  'in',
  'at',
  'that',
  'this',
  'it',
  'and',
  'or',
  'reminder',
  'reminders',
  'timer',
  'timers',
  'alarm',
  'alarms',
  'remind',
  'one',
  'with',
  'please',
  'is',
  'am',
  'are',
  'be',
  'do',
  'your',
  'you',
  'from',
  'by',
  'which',
  'set',
  'due',
  'off',
  'up',
  'out',
])

/** words of a text that say something; all of its words where none does. */
function contentWords(text: string): string[] {
  const words =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/\d+(?:[:.]\d+)*|[\p{L}\p{N}]+(?:'\p{L}+)?/gu) ?? []
  const plain = words.map((word) => word.replace(/'s?$|'s$/, ''))
  const full = plain.filter((word) => !empty.has(word))
  return full.length > 0 ? full : plain
}

/** forms of one word: `water` and `watering`, `tomato` and `tomatoes`; short words must be equal. */
function isSameWord(left: string, right: string): boolean {
  if (left === right) return true
  if (/\d/.test(left + right)) return false
  const shared = Math.min(left.length, right.length)
  if (shared >= 4 && Math.abs(left.length - right.length) <= 3 && left.slice(0, shared) === right.slice(0, shared))
    return true
  if (
    shared >= 5 &&
    left.slice(0, -1) === right.slice(0, left.length - 1) &&
    Math.abs(left.length - right.length) <= 3
  ) {
    return true
  }
  return shared >= 5 && isOneSlip(left, right)
}

export interface MatchResult<Item> {
  /** fit all words, best first; several mean that the words don't decide. */
  readonly matches: readonly Item[]
  /** fit some of the words: what may have been meant where nothing fits all. */
  readonly near: readonly Item[]
}

/**
 * @param haystack - what may be said of an item: its text, and when it is due
 * @param all - true: everything that fits is meant, also what fits by other forms of the words
 */
export function matchWords<Item>(
  query: string,
  items: readonly Item[],
  haystack: (item: Item) => string,
  all = false,
): MatchResult<Item> {
  const wanted = contentWords(query)
  const scored = items.map((item) => {
    const present = contentWords(haystack(item))
    const found = wanted.filter((word) => present.some((one) => isSameWord(word, one)))
    const exact = found.filter((word) => present.includes(word))
    return { item, share: wanted.length === 0 ? 0 : found.length / wanted.length, exact: exact.length }
  })
  const full = scored.filter((one) => one.share === 1)
  const mostExact = Math.max(0, ...full.map((one) => one.exact))
  return {
    matches: full.filter((one) => all || one.exact === mostExact).map((one) => one.item),
    near: scored.filter((one) => one.share > 0 && one.share < 1).map((one) => one.item),
  }
}
