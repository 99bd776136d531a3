// what LOTUS can do that is near to a goal it can't: by the words that both have, the rarer the better, and by how much of
// the goal that leaves unsaid.
import type { Clause, Intent } from '../perception/contract.ts'
import type { Trace } from './traces/library.ts'
import { indexClause } from './traces/match.ts'
import type { ClauseIndex } from './traces/match.ts'
import type { PatternNode } from './traces/pattern.ts'
import { slotTypes } from './traces/slot-types.ts'

/** shown at most. */
const most = 3
/** below this a suggestion has little to do with the goal. tuned on tests/bench/samples/nearest.jsonl (`npm run eval -- nearest`). */
const threshold = 0.5
/** the second and third are shown where they are nearly as near as the first. */
const besideFirst = 0.8

/** concepts that only hang a sentence together. */
const relations: ReadonlySet<string> = new Set(
  'contain holding called into inside as with at_end at_start be do have anything everything appear'.split(' '),
)
/** words that say nothing about what a goal is about. */
const functionWords: ReadonlySet<string> = new Set(
  `a an the this that these those it its they them their there here i me my we our you your he she his her be do have can could
  will would shall should may might must of in on at to for from with by and or but not no if then than as so such into onto
  inside within under about out up off over all any some each every which what who whom whose where when why how much many
  please just now also only again too very more most other another same get let want need like know tell show see give make
  one two s`.split(/\s+/),
)
/** slots that any words fill. */
const openSlots: ReadonlySet<string> = new Set(
  'new_file new_files new_folder new_folders new_name entry_name topic text needle words word anything note topic branch_name cell process_name line_text deed named new_names replacement'.split(
    ' ',
  ),
)

/** one thing that a wording needs: any of some words and concepts. */
interface Group {
  readonly words: readonly string[]
  readonly concepts: readonly string[]
}

interface Wording {
  readonly trace: Trace
  /** what it may begin with. */
  readonly openers: Group
  readonly groups: readonly Group[]
  readonly slots: readonly string[]
}

interface Ranking {
  readonly wordings: readonly Wording[]
  /** word or `<concept>` → how much it says: the fewer traces have it, the more. */
  readonly weights: ReadonlyMap<string, number>
  readonly rarest: number
}

const ranked = new WeakMap<readonly Trace[], Ranking>()

function rankingOf(traces: readonly Trace[]): Ranking {
  const known = ranked.get(traces)
  if (known !== undefined) return known
  const wordings = traces.flatMap((trace) =>
    trace.compiled.map((goal) => ({ trace, openers: openersOf(goal.pattern), ...needsOf(goal.pattern) })),
  )
  const users = new Map<string, Set<Trace>>()
  for (const { trace, groups } of wordings) {
    for (const name of groups.flatMap(namesOf)) {
      const set = users.get(name) ?? new Set()
      users.set(name, set.add(trace))
    }
  }
  const rarest = Math.log(traces.length)
  const weights = new Map([...users].map(([name, { size }]) => [name, Math.log(traces.length / size)]))
  const ranking = { wordings, weights, rarest }
  ranked.set(traces, ranking)
  return ranking
}

const namesOf = ({ words, concepts }: Group): readonly string[] => [...words, ...concepts.map((name) => `<${name}>`)]

/** what a pattern cannot do without. */
function needsOf(pattern: PatternNode): { groups: readonly Group[]; slots: readonly string[] } {
  const groups: Group[] = []
  const slots: string[] = []
  const walk = (node: PatternNode): void => {
    if (node.kind === 'sequence') for (const part of node.parts) walk(part)
    else if (node.kind === 'slot') slots.push(node.type)
    else if (node.kind !== 'optional') {
      const group = groupOf(node)
      if (namesOf(group).length > 0) groups.push(group)
    }
  }
  walk(pattern)
  return { groups, slots }
}

/** the words that a pattern may begin with; none where it begins with a slot. */
function openersOf(node: PatternNode): Group {
  const words: string[] = []
  const concepts: string[] = []
  /** @returns whether something must stand there, so that what follows is no beginning */
  const walk = (part: PatternNode): boolean => {
    switch (part.kind) {
      case 'word':
        words.push(part.word)
        return true
      case 'concept':
        concepts.push(part.concept)
        return true
      case 'slot':
        return true
      case 'optional':
        walk(part.part)
        return false
      case 'choice':
        return part.options.map(walk).every(Boolean)
      case 'sequence':
        return part.parts.some(walk)
    }
  }
  walk(node)
  return { words, concepts }
}

/** the first words of each of the ways that a choice gives. */
function groupOf(node: PatternNode): Group {
  switch (node.kind) {
    case 'word':
      return { words: functionWords.has(node.word) ? [] : [node.word], concepts: [] }
    case 'concept':
      return { words: [], concepts: relations.has(node.concept) ? [] : [node.concept] }
    case 'choice': {
      const options = node.options.map(groupOf)
      // where one way says nothing, nothing is needed
      if (options.some((option) => namesOf(option).length === 0)) return { words: [], concepts: [] }
      return { words: options.flatMap(({ words }) => words), concepts: options.flatMap(({ concepts }) => concepts) }
    }
    case 'sequence':
      return node.parts.map(groupOf).find((group) => namesOf(group).length > 0) ?? { words: [], concepts: [] }
    default:
      return { words: [], concepts: [] }
  }
}

/** the traces that come nearest, best first; none where nothing is really near. */
export function nearestTraces(intent: Intent, traces: readonly Trace[]): readonly Trace[] {
  if (intent.language !== 'en') return []
  const ranking = rankingOf(traces)
  const scores = new Map<Trace, number>()
  for (const clause of intent.segmentations[0] ?? []) {
    const look = createLook(clause, ranking)
    for (const wording of ranking.wordings) {
      const score = nearness(wording, look, ranking)
      if (score > (scores.get(wording.trace) ?? 0)) scores.set(wording.trace, score)
    }
  }
  const [first, ...others] = [...scores].toSorted((left, right) => right[1] - left[1]).slice(0, most)
  if (first === undefined || first[1] < threshold) return []
  return [first, ...others.filter(([, score]) => score >= Math.max(threshold, first[1] * besideFirst))].map(
    ([trace]) => trace,
  )
}

/** a clause as it is compared: what its words weigh, and what they may be. */
interface Look {
  readonly index: ClauseIndex
  /** by token; nothing for words that say nothing. */
  readonly weights: readonly number[]
  readonly total: number
  /** the first word that is no politeness. */
  readonly start: number
  /** the tokens that a slot of a type could be. */
  covers(type: string): readonly number[]
}

function createLook(clause: Clause, { weights, rarest }: Ranking): Look {
  const index = indexClause(clause)
  const skipped = new Set(
    clause.slots
      .filter(({ type }) => type === 'concept:filler' || type === 'concept:opening_filler' || type === 'skip')
      .flatMap(({ from, to }) => Array.from({ length: to - from }, (_, offset) => from + offset)),
  )
  const own = clause.tokens.map(({ kind, lemma }, at) => {
    if (kind === 'mark' || functionWords.has(lemma)) return 0
    // names, numbers and quotations say with what, not what.
    if (kind !== 'word') return rarest / 3
    return skipped.has(at) ? 0 : (weights.get(lemma) ?? rarest)
  })
  // a word of a concept weighs what the concept does, as long as that is less.
  for (const [name, starts] of index.concepts) {
    const weight = weights.get(`<${name}>`)
    if (weight === undefined) continue
    for (const [from, ends] of starts.entries())
      for (const to of ends ?? [])
        for (let at = from; at < to; at += 1) own[at] = Math.min(own[at]!, Math.max(weight, 0.3))
  }
  const known = new Map<string, readonly number[]>()
  return {
    index,
    weights: own,
    start: clause.tokens.findIndex(({ kind }, at) => kind !== 'mark' && !skipped.has(at)),
    total: own.reduce((sum, weight) => sum + weight, 0),
    covers(type) {
      let tokens = known.get(type)
      if (tokens === undefined) known.set(type, (tokens = openSlots.has(type) ? [] : tokensOfSlot(type, clause)))
      return tokens
    },
  }
}

function tokensOfSlot(type: string, clause: Clause): readonly number[] {
  const accept = slotTypes[type]
  const found = new Set<number>()
  if (accept === undefined) return []
  for (let at = 0; at < clause.tokens.length; at += 1)
    for (const { to } of accept(clause, at)) for (let token = at; token < to; token += 1) found.add(token)
  return [...found]
}

/** how near a wording is: the harmonic mean of how much of it the clause has, and how much of the clause that is. */
function nearness({ openers, groups, slots }: Wording, look: Look, { weights }: Ranking): number {
  const { index } = look
  // what shall be done must be the same: `find the file with the name x` is far from giving a name.
  if (!namesOf(openers).some((name) => tokensOf(name, index).includes(look.start))) return 0
  const covered = new Set<number>()
  let needed = 0
  let met = 0
  let words = 0
  for (const group of groups) {
    const there = namesOf(group).filter((name) => isThere(name, index))
    const weight = Math.max(...(there.length > 0 ? there : namesOf(group)).map((name) => weights.get(name) ?? 0))
    needed += weight
    if (there.length === 0) continue
    met += weight
    words += 1
    for (const name of there) for (const at of tokensOf(name, index)) covered.add(at)
  }
  if (words === 0) return 0
  let isAlone = words === 1 && groups.length + slots.length > 1
  for (const type of slots) {
    if (openSlots.has(type)) continue
    needed += 1
    const tokens = look.covers(type)
    if (tokens.length > 0) met += 1
    isAlone &&= tokens.length === 0
    for (const at of tokens) covered.add(at)
  }
  // a verb alone is no likeness
  if (isAlone) return 0
  const said = [...covered].reduce((sum, at) => sum + look.weights[at]!, 0)
  const precision = needed === 0 ? 0 : met / needed
  const recall = look.total === 0 ? 0 : said / look.total
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

const isThere = (name: string, { conceptNames, lemmas }: ClauseIndex): boolean =>
  name.startsWith('<') ? conceptNames.has(name.slice(1, -1)) : lemmas.has(name)

function tokensOf(name: string, { concepts, clause }: ClauseIndex): readonly number[] {
  if (!name.startsWith('<'))
    return clause.tokens.flatMap(({ lemma, lower }, at) => (lemma === name || lower === name ? [at] : []))
  const starts = concepts.get(name.slice(1, -1)) ?? []
  return [...starts.entries()].flatMap(([from, ends]) =>
    (ends ?? []).flatMap((to) => Array.from({ length: to - from }, (_, offset) => from + offset)),
  )
}
