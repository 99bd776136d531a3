// finds the time phrase of a goal: which words say when, as opposed to what; pure grammar, no clock and no calendar.
import { inPart, readClock, readDayPart, type ClockTime, type DayPart } from './when-clock.ts'
import { dateOfSpan, readDate, type DateSpec } from './when-date.ts'
import { isCalendarSpan, readSpan, type Read, type Span } from './when-duration.ts'
import { readRecurrence, type Recurrence } from './when-recurrence.ts'
import { readWords, type WhenWord } from './when-words.ts'

/** what a goal says about when, before anybody asks what time it is. */
export interface WhenPhrase {
  /** time that passes on a clock, from now. */
  readonly span?: Span
  readonly date?: DateSpec
  readonly part?: DayPart
  readonly clocks: readonly ClockTime[]
  readonly recurrence?: Recurrence
  /** true where the date is a distance (`in two weeks`), which keeps the hour of now unless a clock is named. */
  readonly keepsHour: boolean
  /** true where the goal is about waking up: an open hour is then a morning's. */
  readonly wakes: boolean
  /** offsets of the words that it was read from, in order, not overlapping. */
  readonly spans: readonly { readonly from: number; readonly to: number }[]
}

interface Candidate {
  span?: Span
  date?: DateSpec
  part?: DayPart
  clocks: ClockTime[]
  recurrence?: Recurrence
  keepsHour: boolean
  /** first word and the one after the last. */
  from: number
  to: number
}

/** words after which a phrase may end without being torn out of a noun: not `the 9 am train`. */
const boundaries: ReadonlySet<string> = new Set([
  'to',
  'that',
  'about',
  'remind',
  'please',
  'wake',
  'tell',
  'ping',
  'nudge',
  'alert',
  'notify',
  'and',
  'or',
  'because',
  'so',
  'thanks',
  'thank',
  'with',
  'regarding',
  'concerning',
  "don't",
  'set',
  'then',
  'if',
  'when',
  'for',
  'i',
])
/** words right before a phrase that make it the answer to `when`, whatever follows. */
const heads: ReadonlySet<string> = new Set([
  'me',
  'us',
  'reminder',
  'reminders',
  'timer',
  'alarm',
  'alert',
  'countdown',
  'note',
  'notification',
])
const politeness = /^(?:hey|hi|hello|ok|okay|lotus|please|could|can|would|will|you|kindly|and|,)$/
const timerNouns = /^(?:timers?|countdown|alarm|alarms|stopwatch)$/
/** a limit on a repetition would be lost: rather not understood than done for ever. */
const limits = /^(?:until|till|except|between|starting|beginning|unless|during|but)$/

/** the time phrase of a goal, or undefined where it has none that is understood for certain. */
export function findWhen(text: string): WhenPhrase | undefined {
  const words = readWords(text)
  const candidates = findCandidates(words)
  const base = chooseBase(words, candidates)
  if (base === undefined || isLimited(words, base)) return undefined
  const merged = mergeOthers(words, candidates, base)
  if (isContradicted(words, candidates, merged.parts)) return undefined
  const spans = [...merged.parts].sort((left, right) => left.from - right.from)
  const { candidate } = merged
  return {
    ...(candidate.span === undefined ? {} : { span: candidate.span }),
    ...(candidate.date === undefined ? {} : { date: candidate.date }),
    ...(candidate.part === undefined ? {} : { part: candidate.part }),
    ...(candidate.recurrence === undefined ? {} : { recurrence: candidate.recurrence }),
    keepsHour: candidate.keepsHour,
    clocks: candidate.clocks.map((time) => (candidate.part === undefined ? time : inPart(time, candidate.part))),
    wakes: words.some((word) => /^(?:wake|alarm|awake|wakeup)$/.test(word.text)),
    spans: spans.map(({ from, to }) => ({ from: words[from]!.from, to: words[to - 1]!.to })),
  }
}

function findCandidates(words: readonly WhenWord[]): Candidate[] {
  const candidates: Candidate[] = []
  let at = 0
  while (at < words.length) {
    const candidate = readCandidate(words, at)
    if (candidate && isWhole(words, candidate)) {
      candidates.push(candidate)
      at = candidate.to
    } else at += 1
  }
  return candidates
}

/** the longest run of time words that begins here. */
function readCandidate(words: readonly WhenWord[], from: number): Candidate | undefined {
  const candidate: Candidate = { clocks: [], keepsHour: false, from, to: from }
  for (;;) {
    const text = words[candidate.to]?.text
    const isJoined = candidate.to > from && (text === ',' || text === 'and')
    if (readPiece(words, candidate, candidate.to)) continue
    if (!isJoined || !readPiece(words, candidate, candidate.to + 1)) break
  }
  return candidate.to === from ? undefined : candidate
}

/** reads one more piece into a candidate; false where nothing here belongs to it. */
function readPiece(words: readonly WhenWord[], candidate: Candidate, at: number): boolean {
  const hasDay = candidate.date !== undefined || candidate.recurrence !== undefined
  if (candidate.span !== undefined) return false
  if (!hasDay) {
    const repeated = readRecurrence(words, at)
    if (repeated) {
      candidate.recurrence = repeated.value.recurrence
      if (repeated.value.part !== undefined) candidate.part = repeated.value.part
      return extend(candidate, repeated)
    }
    const date = readDate(words, at)
    if (date) {
      candidate.date = date.value.date
      if (date.value.part !== undefined) candidate.part = date.value.part
      return extend(candidate, date)
    }
    const elapsed = readElapsed(words, at, candidate)
    // `at noon in 5 minutes` are two times; `at noon in two weeks` is one
    const isOther = candidate.clocks.length > 0 || candidate.part !== undefined
    if (elapsed && (isCalendarSpan(elapsed.value) || !isOther)) {
      if (isCalendarSpan(elapsed.value)) {
        candidate.date = dateOfSpan(elapsed.value)
        candidate.keepsHour = true
      } else candidate.span = elapsed.value
      return extend(candidate, elapsed)
    }
  }
  const repeats = candidate.recurrence !== undefined && words[at - 1]?.text === 'and'
  if (candidate.clocks.length === 0 || repeats) {
    const clock = readClock(words, at, { bare: isBareAllowed(words, candidate, at) })
    if (clock) {
      candidate.clocks.push(clock.value)
      return extend(candidate, clock)
    }
  }
  if (candidate.part === undefined) {
    const part = readDayPart(words, at)
    if (part && (candidate.to > candidate.from || words[at]!.text !== part.value)) {
      candidate.part = part.value
      return extend(candidate, part)
    }
  }
  return false
}

/** right behind a day, or behind `at 7 and`, a number alone is an hour: `tomorrow 9`, but not `tomorrow 9 eggs`. */
function isBareAllowed(words: readonly WhenWord[], candidate: Candidate, at: number): boolean {
  if (words[at]?.kind !== 'number' || candidate.to === candidate.from) return false
  return candidate.to === at || candidate.clocks.length > 0
}

function extend(candidate: Candidate, read: Read<unknown>): true {
  candidate.to = read.next
  return true
}

/** `in 45 minutes`, `an hour from now`, `for 2 hours` behind `timer`, `75 minute` before it. */
function readElapsed(words: readonly WhenWord[], at: number, candidate: Candidate): Read<Span> | undefined {
  const first = words[at]?.text ?? ''
  const isAnnounced = first === 'in' || first === 'after' || first === 'within'
  let position = isAnnounced || first === 'for' || first === 'of' || first === 'from' ? at + 1 : at
  if (/^(?:about|around|exactly|roughly|another|like)$/.test(words[position]?.text ?? '')) position += 1
  const span = readSpan(words, position)
  if (span === undefined) return undefined
  const isTime = span.value.ms + span.value.days + span.value.months > 0
  if (!isTime || /^(?:before|after|earlier|ago|prior|old)$/.test(words[span.next]?.text ?? '')) return undefined
  const behind = words
    .slice(span.next, span.next + 2)
    .map((word) => word.text)
    .join(' ')
  if (behind === 'from now' || behind === 'from today') return { value: span.value, next: span.next + 2 }
  if (behind.startsWith("' time") || behind.startsWith("'s time")) return { value: span.value, next: span.next + 2 }
  if (isAnnounced) return { value: span.value, next: words[span.next]?.text === 'time' ? span.next + 1 : span.next }
  if (candidate.to > candidate.from) return undefined
  return isTimerSpan(words, at, span.next) ? span : undefined
}

/** whether a bare span belongs to a timer: `timer for 5 minutes`, `a 5 minute egg timer`. */
function isTimerSpan(words: readonly WhenWord[], at: number, next: number): boolean {
  const behind = words.slice(next, next + 3).findIndex((word) => timerNouns.test(word.text))
  if (behind !== -1 && words.slice(next, next + behind).every((word) => word.kind === 'word' && word.text !== 'and'))
    return true
  let before = at - 1
  while (words[before]?.kind === 'mark' || words[before]?.text === 'to') before -= 1
  const text = words[before]?.text ?? ''
  return timerNouns.test(text) || text === 'reminder' || (text === 'down' && words[before - 1]?.text === 'count')
}

/** whether a run stands where `when` stands, and is not part of a name or a noun. */
function isWhole(words: readonly WhenWord[], candidate: Candidate): boolean {
  if (candidate.span !== undefined || isHead(words, candidate)) return true
  const follower = words[candidate.to]
  if (follower === undefined || follower.kind === 'mark' || follower.kind === 'opaque') return true
  return boundaries.has(follower.text)
}

/** whether it stands at the very start, or right behind `remind me`. */
function isHead(words: readonly WhenWord[], { from }: Candidate): boolean {
  let before = from - 1
  while (before >= 0 && politeness.test(words[before]!.text)) before -= 1
  return before < 0 || heads.has(words[before]!.text)
}

/** what stands before the matter (`remind me WHEN to …`) wins over what stands in it; else the last one. */
function chooseBase(words: readonly WhenWord[], candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.find((candidate) => isHead(words, candidate)) ?? candidates.at(-1)
}

/** adds what complements the base, such as `tomorrow … at 9 am`, but nothing from inside a statement (`that …`). */
function mergeOthers(
  words: readonly WhenWord[],
  candidates: readonly Candidate[],
  base: Candidate,
): { candidate: Candidate; parts: Candidate[] } {
  const that = words.findIndex((word, index) => word.text === 'that' && index >= base.to)
  const merged: Candidate = { ...base, clocks: [...base.clocks] }
  const parts = [base]
  for (const other of candidates) {
    const isInside = that !== -1 && other.from > that
    if (other === base || isInside || !isAtEdge(words, other) || isLimited(words, other)) continue
    if (!complements(merged, other)) continue
    merged.clocks.push(...other.clocks)
    if (other.date !== undefined) {
      merged.date = other.date
      merged.keepsHour = other.keepsHour
    }
    if (other.recurrence !== undefined) merged.recurrence = other.recurrence
    if (other.part !== undefined) merged.part = other.part
    parts.push(other)
  }
  return { candidate: merged, parts }
}

/** behind a time they say that it is another one: `tomorrow yesterday`, `9 am pm`, `in 5 minutes ago`. */
const denials = /^(?:yesterday|ago|am|pm|or)$/

/** whether a time stands right beside another and was not joined with it: `tomorrow on friday`, `at 5 or at 6`. */
function isContradicted(
  words: readonly WhenWord[],
  candidates: readonly Candidate[],
  parts: readonly Candidate[],
): boolean {
  if (parts.some(({ to }) => denials.test(words[to]?.text ?? ''))) return true
  // a day that stands right before the time, which is not whole for that alone
  const isDayBefore = ({ from }: Candidate) =>
    [1, 2, 3, 4].some(
      (back) =>
        back <= from &&
        readCandidate(words, from - back)?.to === from &&
        // `the table for friday in 2 hours`: the day belongs to the matter
        !words
          .slice(Math.max(0, from - back - 1), from - back + 1)
          .some(({ text }) => /^(?:for|of|from|about)$/.test(text)),
    )
  if (parts.some(isDayBefore)) return true
  return candidates.some((other) => !parts.includes(other) && isBeside(words, parts, other))
}

function isBeside(words: readonly WhenWord[], parts: readonly Candidate[], other: Candidate): boolean {
  const joins = (from: number, to: number) =>
    from <= to && words.slice(from, to).every((word) => /^(?:,|and|or|&|also|again)$/.test(word.text))
  return parts.some((part) => joins(part.to, other.from) || joins(other.to, part.from))
}

function complements(base: Candidate, other: Candidate): boolean {
  if (base.span !== undefined || other.span !== undefined) return false
  const days = [base.date, base.recurrence, other.date, other.recurrence].filter((one) => one !== undefined)
  const parts = [base.part, other.part].filter((one) => one !== undefined)
  return days.length <= 1 && parts.length <= 1 && (base.clocks.length === 0 || other.clocks.length === 0)
}

function isAtEdge(words: readonly WhenWord[], candidate: Candidate): boolean {
  const isEnd = words.slice(candidate.to).every((word) => word.kind === 'mark' || /^(?:please|thanks)$/.test(word.text))
  return isEnd || isHead(words, candidate)
}

function isLimited(words: readonly WhenWord[], candidate: Candidate): boolean {
  const follower = words[candidate.to]?.text ?? ''
  if (candidate.recurrence === undefined) return false
  if (limits.test(follower)) return true
  return (
    (follower === 'for' || follower === 'from') &&
    (readSpan(words, candidate.to + 1) ?? readDate(words, candidate.to + 1)) !== undefined
  )
}
