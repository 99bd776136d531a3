// from words to an intent: tokens, lemmas, clauses, typed slots, the risk of what is asked, and how much was understood.
import type { Clause, Intent, Proviso, Slot } from './contract.ts'
import { judgeDanger } from './danger.ts'
import { tellImpossible } from './impossible.ts'
import { actions } from './language/actions.ts'
import { findConcepts } from './language/concepts.ts'
import { languageOf } from './language/language.ts'
import { paraphrase } from './paraphrase/paraphrase.ts'
import type { SaidProviso } from './paraphrase/rule.ts'
import { borrowBeginning, borrowVerb, segment } from './language/segment.ts'
import { skippable } from './language/fillers.ts'
import { tokenise } from './language/tokens.ts'
import type { RawToken } from './language/tokens.ts'
import { lemmatise } from './language/vocabulary.ts'
import { parseWhen } from './reminders/when.ts'
import { readShellLine } from './shell/shell-line.ts'
import { readExpressions } from './slots/expressions.ts'
import { readDates } from './slots/dates.ts'
import { readFileSets } from './slots/file-sets.ts'
import { readNames, readPathLists, readPaths } from './slots/paths.ts'
import { parseCount, parseDuration, parseNumber, parseOrdinal, parseSize } from './slots/quantities.ts'
import { readQuantity, readUnit } from './slots/units.ts'
import { isArticle, isLetter } from './slots/slot-parser.ts'
import type { KnownName, Reading, SlotContext, WordToken } from './slots/slot-parser.ts'

export interface InterpretInput {
  readonly text: string
  readonly timeZone: string
  readonly locale: string
  readonly nowMs: number
  /** entries of the working folder, relative with `/`. */
  readonly names: readonly KnownName[]
}

/** tokens beyond this are no goal of one sentence but a text; it is left to a model. */
export const maximumTokens = 120
/** ways to cut a paraphrase; the likely ones come first. */
const maximumOfParaphrase = 4

/** interprets a goal; never throws, an empty goal has no segmentations. */
export async function interpret(input: InterpretInput): Promise<Intent> {
  const text = input.text.normalize('NFC').trim()
  const line = readShellLine(text, input.names)
  const read = readSentence(text, input)
  const { tokens } = read.context
  const others = line === undefined && read.isComplete ? paraphrase(text, tokens, input.names) : []
  // what is asked for in other words is as dangerous: `the whole disk should be wiped`
  const danger =
    line?.judged === undefined
      ? (judgeDanger(text, tokens) ?? first(others, ({ text: said }) => judgePlain(withBase(said))))
      : judgePlain(line.judged)
  const words = tokens.filter((token) => token.kind === 'word')
  const understood = words.length === 0 ? 1 : words.filter((token) => token.known).length / words.length
  const impossible = line === undefined && read.isComplete ? tellImpossible(read.context) : line?.declined
  const segmentations: Clause[][] = []
  if (line !== undefined) {
    if (line.says !== undefined)
      segmentations.push(...(await readSegmentations(readSentence(line.says, input).context)))
  } else if (read.isComplete) {
    segmentations.push(...(await readSegmentations(read.context)))
    for (const other of others) {
      const provided = other.provided.map((fact) => readProviso(fact, input))
      if (!provided.every((fact) => fact !== undefined)) continue
      const sentence = readSentence(other.text, input)
      const limits = {
        ...(other.forbids.length === 0 ? {} : { forbids: [...other.forbids] }),
        ...(provided.length === 0 ? {} : { provided }),
      }
      for (const [first, ...rest] of (await readSegmentations(sentence.context)).slice(0, maximumOfParaphrase))
        if (first) segmentations.push([{ ...first, ...limits }, ...rest])
    }
  }
  return {
    text,
    normalised: tokens
      .filter((token) => token.kind !== 'mark' && !isArticle(token))
      .map((token) => token.lemma)
      .join(' '),
    segmentations,
    risk: danger?.risk ?? 'none',
    ...(danger ? { danger: danger.danger } : {}),
    ...(impossible === undefined ? {} : { declined: impossible }),
    language: languageOf(text, words),
    confidence: understood,
  }
}

const plainToken = (token: RawToken): WordToken => ({
  ...token,
  lower: token.value.toLowerCase(),
  lemma: token.value.toLowerCase(),
  known: true,
})

/** `wiped the disk`, said of what should be wiped, as `wipe the disk`. */
const withBase = (said: string): string =>
  said.replace(/^[a-z]+/i, (word) => lemmatise(word, { mayMend: () => false }).lemma)

const judgePlain = (said: string) => judgeDanger(said, tokenise(said).map(plainToken))

/** the first answer that is one. */
function first<Item, Answer>(items: readonly Item[], answer: (item: Item) => Answer | undefined): Answer | undefined {
  for (const item of items) {
    const found = answer(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** a fact with its size or age as a number; undefined where that is neither. */
function readProviso({ path, is, than }: SaidProviso, input: InterpretInput): Proviso | undefined {
  if (than === undefined) return { path, is }
  const { context } = readSentence(than, input)
  const amount = is === 'older' || is === 'newer' ? parseDuration(context, 0) : parseSize(context, 0)
  return amount?.to === context.tokens.length ? { path, is, than: amount.value } : undefined
}

interface Sentence {
  readonly context: SlotContext
  /** false: it has more tokens than a sentence. */
  readonly isComplete: boolean
}

/** tokens and lemmas of a text, with the names that it may be talking about. */
function readSentence(text: string, input: InterpretInput): Sentence {
  const raw = tokenise(text)
  // needed for words that nobody knows, and a folder may have thousands of names
  let nameWords: ReadonlySet<string> | undefined
  const isInName = (word: string): boolean => {
    nameWords ??= new Set(input.names.flatMap((name) => name.path.toLowerCase().split(/[^\p{L}\p{N}]+/u)))
    return nameWords.has(word)
  }
  const tokens: WordToken[] = raw.slice(0, maximumTokens).map((token) => {
    if (token.kind === 'quoted' || token.kind === 'path') return plainToken(token)
    if (token.kind === 'mark') return { ...token, lower: token.text, lemma: token.text, known: true }
    if (token.kind === 'number') return { ...token, lower: token.value, lemma: token.value, known: true }
    // a contraction ('s, n't) carries its opened form; a word that is part of a file's name is never mended.
    const opened = token.value !== token.text
    const word = lemmatise(token.value, {
      mayMend: () =>
        !opened && !/^[A-Z]/.test(token.text.slice(token.at === 0 ? 1 : 0)) && !isInName(token.value.toLowerCase()),
    })
    return { ...token, lower: token.value.toLowerCase(), lemma: word.lemma, known: word.known }
  })
  const base: SlotContext = {
    text,
    tokens,
    names: input.names,
    timeZone: input.timeZone,
    locale: input.locale,
    nowMs: input.nowMs,
  }
  const announced = announcedNames(base)
  return {
    context: announced.length === 0 ? base : { ...base, names: [...input.names, ...announced] },
    isComplete: raw.length <= maximumTokens,
  }
}

/** the ways to cut a sentence, each clause with its readings. */
async function readSegmentations(context: SlotContext): Promise<Clause[][]> {
  const cache = new Map<string, Clause>()
  const segmentations: Clause[][] = []
  for (const segments of segment(context)) {
    const clauses: Clause[] = []
    for (const { tokens: own } of segments) {
      const key = `${own[0]!.at}-${own.at(-1)!.end}`
      let clause = cache.get(key)
      if (!clause) cache.set(key, (clause = await readClause({ ...context, tokens: own })))
      clauses.push(clause)
    }
    segmentations.push(
      clauses.map((clause, at) => (at > 0 && !hasVerb(clause) ? { ...clause, verbless: true } : clause)),
    )
    const borrowed: Clause[] = [clauses[0]!]
    for (const one of segments.slice(1)) {
      const longer = borrowVerb(context, one, segments[0]!)
      if (longer) borrowed.push({ ...(await readClause({ ...context, tokens: longer.tokens })), borrowed: true })
    }
    if (segments.length > 1 && borrowed.length === segments.length) segmentations.push(borrowed)
    const shared: Clause[] = [clauses[0]!]
    for (const one of segments.slice(1)) {
      const longer = borrowBeginning(one, segments[0]!, (tokens, at) => namedPathsAt({ ...context, tokens }, at))
      if (longer)
        shared.push({ ...(await readClause({ ...context, tokens: longer.tokens })), borrowed: true, shared: true })
    }
    if (segments.length > 1 && shared.length === segments.length) segmentations.push(shared)
  }
  return segmentations
}

/** the ends of paths that are named surely, from one token on. */
const namedPathsAt = (context: SlotContext, at: number): number[] =>
  readPaths(context, at, { location: false })
    .filter(({ value }) => value.path !== undefined && (value.certainty !== 'bare' || value.noun))
    .map(({ to }) => to)

const questionWords = new Set(['who', 'what', 'which', 'where', 'when', 'how', 'be', 'do', 'have'])

/** whether a clause begins with something to do, or with a question of its own. */
const hasVerb = (clause: Clause): boolean =>
  questionWords.has(clause.tokens[0]!.lemma) ||
  clause.slots.some(({ type, from }) => from === 0 && type.startsWith('concept:') && type.slice(8) in actions)

/** folders and files that the goal itself announces (`make a folder named ferry, then …`): later clauses may name them. */
function announcedNames(context: SlotContext): KnownName[] {
  const found: KnownName[] = []
  for (let at = 0; at < context.tokens.length; at += 1) {
    for (const reading of readPaths(context, at, { location: false })) {
      const { path, kind, certainty, noun } = reading.value
      if (path === undefined || !noun || certainty === 'known' || kind === 'any' || path.split(' ').length > 3) continue
      if (context.names.some((name) => name.path === path)) continue
      // a bare word counts only where it was introduced by `called` or stands right behind `folder`.
      if (certainty === 'bare' && context.tokens[reading.to - 1]!.lemma === 'folder') continue
      if (certainty === 'bare' && path.length < 3) continue
      if (reading.to < context.tokens.length) found.push({ path, kind })
    }
  }
  return found.slice(0, 8)
}

const nounConcepts = new Set(['file', 'archive'])

async function readClause(context: SlotContext): Promise<Clause> {
  const slots: Slot[] = []
  const add = <Value>(type: string, from: number, reading: Reading<Value> | undefined) => {
    if (reading && reading.to > from)
      slots.push({ type, from, to: reading.to, value: plain(reading.value), confidence: reading.confidence })
  }
  for (const span of findConcepts(
    context.tokens.map((token) => (token.kind === 'quoted' ? { lemma: '', lower: '' } : token)),
  )) {
    // in `copy a.txt to docs as b.txt` the folder `docs` is no word for a file
    const isName = span.to === span.from + 1 && nounConcepts.has(span.concept)
    if (isName && context.names.some((name) => name.path === context.tokens[span.from]!.lower)) continue
    slots.push({ type: `concept:${span.concept}`, from: span.from, to: span.to, value: span.words, confidence: 1 })
  }
  for (let at = 0; at < context.tokens.length; at += 1) {
    if (context.tokens[at]!.kind === 'word' && skippable.has(context.tokens[at]!.lower) && !isLetter(context, at))
      slots.push({ type: 'concept:filler', from: at, to: at + 1, value: 1, confidence: 1 })
    for (const reading of best(readPaths(context, at))) if (!isChoice(reading)) add('path', at, reading)
    for (const reading of best(readNames(context, at, { bare: 'run' }))) add('name', at, reading)
    for (const reading of best(readPathLists(context, at, false)).slice(0, 6))
      add('paths', at, { ...reading, value: { items: reading.value } })
    for (const reading of best(readPathLists(context, at, true)).slice(0, 6))
      add('names', at, { ...reading, value: { items: reading.value } })
    for (const reading of readFileSets(context, at)) add('file_set', at, reading)
    for (const reading of readExpressions(context, at)) add('expression', at, reading)
    add('number', at, parseNumber(context, at))
    add('count', at, parseCount(context, at))
    add('ordinal', at, parseOrdinal(context, at))
    add('size', at, parseSize(context, at))
    add('duration', at, parseDuration(context, at))
    add('quantity', at, readQuantity(context, at))
    add('unit', at, readUnit(context, at))
    for (const reading of readDates(context, at)) add('date', at, reading)
    const token = context.tokens[at]!
    if (token.kind === 'quoted') add('quoted', at, { to: at + 1, value: token.value, confidence: 1 })
  }
  await addWhen(context, slots)
  const last = context.tokens.at(-1)!
  return {
    // a borrowed verb stands before the clause's own words, so the text begins at the earliest token.
    text: context.text.slice(context.tokens[0]!.at, last.end),
    tokens: context.tokens.map(({ text, lemma, lower, kind, at, end, value }) => ({
      text: kind === 'quoted' ? value : text,
      lemma,
      lower,
      kind,
      at,
      end,
    })),
    slots,
    question: last.text === '?',
  }
}

const remindWords = new Set([
  'remind',
  'reminder',
  'timer',
  'alarm',
  'wake',
  'alert',
  'notify',
  'ping',
  'nudge',
  'forget',
  'buzz',
  'warn',
  'tell',
  'let',
  'schedule',
  'countdown',
])

/** the time in a reminder; only where somebody wants to be reminded, since reading dates is slow. */
async function addWhen(context: SlotContext, slots: Slot[]): Promise<void> {
  if (!context.tokens.some((token) => remindWords.has(token.lemma))) return
  const offset = context.tokens[0]!.at
  const text = context.text.slice(offset, context.tokens.at(-1)!.end)
  const when = await parseWhen(text, {
    now: new Date(context.nowMs),
    timeZone: context.timeZone,
    locale: context.locale,
  })
  if (!when) return
  const value = {
    ...(when.at === undefined ? {} : { at: when.at }),
    ...(when.in_ms === undefined ? {} : { in_ms: when.in_ms }),
    ...(when.cron === undefined ? {} : { cron: when.cron }),
  }
  // words further on that belong to the same time are stepped over by whoever matches.
  for (const [index, span] of when.spans.entries()) {
    const from = context.tokens.findIndex((token) => token.end > offset + span.from)
    const last = context.tokens.findLastIndex((token) => token.at < offset + span.to)
    if (from < 0 || last < from) continue
    slots.push({
      type: index === 0 ? 'when' : 'skip',
      from,
      to: last + 1,
      value: index === 0 ? value : null,
      confidence: 1,
    })
  }
}

/** one reading an end: the most confident. */
function best<Value>(readings: readonly Reading<Value>[]): Reading<Value>[] {
  const byEnd = new Map<string, Reading<Value>>()
  for (const reading of readings) {
    const value = reading.value as { kind?: string; pronoun?: string }
    const key = `${reading.to}:${value.kind ?? ''}:${value.pronoun ?? ''}`
    const known = byEnd.get(key)
    if (!known || known.confidence < reading.confidence) byEnd.set(key, reading)
  }
  return [...byEnd.values()]
}

/** `the biggest folder` is one of several and no folder of that name. */
const isChoice = ({ value }: Reading<{ readonly certainty: string; readonly path?: string | undefined }>): boolean =>
  value.certainty === 'bare' &&
  /^(?:biggest|largest|smallest|newest|oldest|longest|shortest|heaviest|lightest|tiniest|youngest|latest|best|worst|fullest|emptiest|busiest|fattest)$/i.test(
    value.path ?? '',
  )

/** slots cross process walls: what is undefined is left out. */
const plain = (value: unknown): Slot['value'] => JSON.parse(JSON.stringify(value)) as Slot['value']
