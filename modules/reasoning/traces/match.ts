// matches a compiled pattern against a clause: every token must be accounted for, so a goal that says more than the
// trace can do is not taken for one that it can.
import type { Clause } from '../../perception/contract.ts'
import type { SlotMatch } from './slot-match.ts'
import { slotTypes } from './slot-types.ts'
import type { PatternNode } from './pattern.ts'

export interface Match {
  readonly bindings: Readonly<Record<string, unknown>>
  /** 0 to 1: how much of the clause was understood, and how surely. */
  readonly score: number
}

interface State {
  readonly at: number
  readonly bindings: Readonly<Record<string, unknown>>
  /** the bindings as text: states with the same are one. */
  readonly bound: string
  readonly score: number
  /** words without meaning that were stepped over. */
  readonly skipped: number
  /** it ended in a person's own words: what follows belongs to them, too. */
  readonly open: boolean
}

/** states kept a step; a pattern is small, what goes beyond this is ambiguity that nobody could resolve. */
const widest = 160

/** what of a clause is looked up over and over: concept ends and skips by start. */
export interface ClauseIndex {
  readonly clause: Clause
  /** concept → by the token it begins at, where it may end. */
  readonly concepts: ReadonlyMap<string, readonly (readonly number[] | undefined)[]>
  readonly lemmas: ReadonlySet<string>
  readonly conceptNames: ReadonlySet<string>
  readonly skips: readonly (readonly number[])[]
  /** skips at the very beginning and at the very end. */
  readonly opening: readonly (readonly number[])[]
  readonly closing: readonly (readonly number[])[]
  readonly words: number
  /** what can be reached from a token by stepping over words without meaning, as far as it was asked for. */
  readonly reached: (readonly number[] | undefined)[]
  /** slot type → by the token it begins at, what it takes, as far as it was asked for: many patterns ask the same. */
  readonly taken: Map<string, (readonly SlotMatch[] | undefined)[]>
  /** slot type → whether it takes anything anywhere, as far as it was asked for. */
  readonly takes: Map<string, boolean>
}

const indexed = new WeakMap<Clause, ClauseIndex>()

/** prepares a clause for many matches; once, whoever asks. */
export function indexClause(clause: Clause): ClauseIndex {
  const known = indexed.get(clause)
  if (known !== undefined) return known
  const index = makeIndex(clause)
  indexed.set(clause, index)
  return index
}

function makeIndex(clause: Clause): ClauseIndex {
  const concepts = new Map<string, (number[] | undefined)[]>()
  const conceptNames = new Set<string>()
  const skips: number[][] = clause.tokens.map(() => [])
  const opening: number[][] = clause.tokens.map(() => [])
  const closing: number[][] = clause.tokens.map(() => [])
  for (const slot of clause.slots) {
    if (slot.type === 'skip' || slot.type === 'concept:filler') skips[slot.from]!.push(slot.to)
    else if (slot.type === 'concept:opening_filler') opening[slot.from]!.push(slot.to)
    else if (slot.type === 'concept:closing_filler') closing[slot.from]!.push(slot.to)
    if (!slot.type.startsWith('concept:')) continue
    const name = slot.type.slice('concept:'.length)
    conceptNames.add(name)
    const starts = concepts.get(name) ?? []
    concepts.set(name, starts)
    const ends = starts[slot.from]
    if (ends) ends.push(slot.to)
    else starts[slot.from] = [slot.to]
  }
  const lemmas = new Set(clause.tokens.flatMap((token) => [token.lemma, token.lower]))
  return {
    clause,
    concepts,
    conceptNames,
    lemmas,
    skips,
    opening,
    closing,
    words: clause.tokens.filter((token) => token.kind !== 'mark').length,
    reached: [],
    taken: new Map(),
    takes: new Map(),
  }
}

/** whether a clause has all that a pattern needs, wherever it stands: most patterns fail here, which is cheap to see. */
export function couldMatch(node: PatternNode, index: ClauseIndex): boolean {
  // words are there or not; what a slot takes has to be found out
  return hasNeeds(node, index, () => true) && hasNeeds(node, index, takesAnything)
}

function hasNeeds(
  node: PatternNode,
  index: ClauseIndex,
  takes: (type: string, index: ClauseIndex) => boolean,
): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.parts.every((part) => hasNeeds(part, index, takes))
    case 'choice':
      return node.options.some((option) => hasNeeds(option, index, takes))
    case 'optional':
      return true
    case 'word':
      return index.lemmas.has(node.word)
    case 'concept':
      return index.conceptNames.has(node.concept)
    case 'slot':
      return takes(node.type, index)
  }
}

function takesAnything(type: string, index: ClauseIndex): boolean {
  let takes = index.takes.get(type)
  if (takes === undefined) {
    takes = false
    for (let at = 0; at <= index.clause.tokens.length && !takes; at += 1) takes = takenAt(type, at, index).length > 0
    index.takes.set(type, takes)
  }
  return takes
}

/** what a slot of this type takes from a token on. */
function takenAt(type: string, at: number, index: ClauseIndex): readonly SlotMatch[] {
  let byToken = index.taken.get(type)
  if (byToken === undefined) index.taken.set(type, (byToken = []))
  return (byToken[at] ??= slotTypes[type]?.(index.clause, at) ?? [])
}

/** all ways in which the pattern covers the whole clause, the best first. */
export function matchPattern(pattern: PatternNode, index: ClauseIndex): Match[] {
  const starts = skipOver(index, 0, index.opening).map((at) => ({
    at,
    bindings: {},
    bound: '',
    score: 0,
    skipped: wordsBetween(index, 0, at),
    open: false,
  }))
  const ends = step(pattern, starts, index)
  const found: Match[] = []
  for (const state of ends) {
    if (!reachesEnd(index, state)) continue
    const skipped = state.skipped + wordsBetween(index, state.at, index.clause.tokens.length)
    // politeness says nothing about the goal; a little is taken off so that a pattern that uses a word beats one that skips it.
    found.push({
      bindings: state.bindings,
      score: Math.min(1, state.score / Math.max(1, index.words - skipped)) - 0.01 * skipped,
    })
  }
  return found.sort((left, right) => right.score - left.score)
}

function wordsBetween(index: ClauseIndex, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at += 1) if (index.clause.tokens[at]!.kind !== 'mark') count += 1
  return count
}

function reachesEnd(index: ClauseIndex, { at, open }: State): boolean {
  const end = index.clause.tokens.length
  // `the wifi is lotus`, `saying thank you`: in somebody's own words no word at the end is mere politeness but `please`.
  if (open) return index.clause.tokens.slice(at).every((token) => token.kind === 'mark' || token.lower === 'please')
  return skipOver(index, at, index.closing).includes(end)
}

/** positions that can be reached from `at` by stepping over words without meaning; `at` itself first. */
function skipFrom(index: ClauseIndex, at: number): readonly number[] {
  return (index.reached[at] ??= skipOver(index, at))
}

/** the same, at the edge of the clause. */
function skipOver(index: ClauseIndex, at: number, edge?: readonly (readonly number[])[]): number[] {
  const reached = [at]
  for (let next = 0; next < reached.length; next += 1) {
    const from = reached[next]!
    const token = index.clause.tokens[from]
    if (token === undefined) continue
    const ends = [...index.skips[from]!, ...(edge?.[from] ?? [])]
    if (token.kind === 'mark' && /^[,.;:!?…–—-]$/.test(token.text)) ends.push(from + 1)
    for (const end of ends) if (!reached.includes(end)) reached.push(end)
  }
  return reached
}

function step(node: PatternNode, states: readonly State[], index: ClauseIndex): State[] {
  switch (node.kind) {
    case 'sequence':
      return node.parts.reduce<State[]>(
        (reached, part) => (reached.length === 0 ? reached : prune(step(part, reached, index))),
        [...states],
      )
    case 'choice':
      return prune(node.options.flatMap((option) => step(option, states, index)))
    case 'optional':
      return prune([...step(node.part, states, index), ...states])
    case 'word':
      return advance(states, index, (at) => {
        const token = index.clause.tokens[at]
        return token &&
          token.kind !== 'quoted' &&
          (token.lower === node.word || (!node.exact && token.lemma === node.word))
          ? [{ to: at + 1, weight: 1 }]
          : []
      })
    case 'concept': {
      const starts = index.concepts.get(node.concept)
      if (starts === undefined) return []
      return advance(states, index, (at) => (starts[at] ?? []).map((to) => ({ to, weight: 1 })))
    }
    case 'slot':
      return matchSlot(node.name, node.type, states, index)
  }
}

function advance(
  states: readonly State[],
  index: ClauseIndex,
  accept: (at: number) => { to: number; weight: number }[],
): State[] {
  const reached: State[] = []
  for (const state of states) {
    for (const at of skipFrom(index, state.at)) {
      for (const { to, weight } of accept(at))
        reached.push({
          at: to,
          bindings: state.bindings,
          bound: state.bound,
          score: state.score + weight * (to - at),
          skipped: state.skipped + wordsBetween(index, state.at, at),
          open: false,
        })
    }
  }
  return reached
}

function matchSlot(name: string, type: string, states: readonly State[], index: ClauseIndex): State[] {
  const reached: State[] = []
  const free = type === 'text' || type === 'anything' || type === 'note'
  for (const state of states) {
    // free text begins where it begins: an article in front of it belongs to it.
    const starts = free ? skipMarks(index, state.at) : skipFrom(index, state.at)
    for (const at of starts) {
      for (const match of takenAt(type, at, index)) {
        const tokens = wordsBetween(index, at, match.to)
        const bindings = { ...state.bindings, [name]: match.value }
        reached.push({
          at: match.to,
          bindings,
          bound: name in state.bindings ? textOf(bindings) : state.bound + textOf({ [name]: match.value }),
          score: state.score + match.weight * tokens,
          skipped: state.skipped + wordsBetween(index, state.at, at),
          open: free,
        })
      }
    }
  }
  return reached
}

const textOf = (bindings: Readonly<Record<string, unknown>>): string =>
  Object.entries(bindings)
    .map(([name, value]) => `${name}=${JSON.stringify(value)};`)
    .join('')

function skipMarks(index: ClauseIndex, at: number): number[] {
  let from = at
  while (/^[,.;:!…–—-]$/.test(index.clause.tokens[from]?.text ?? '')) from += 1
  return [from]
}

function prune(states: State[]): State[] {
  if (states.length <= 1) return states
  const best = new Map<string, State>()
  for (const state of states) {
    const key = `${state.at}:${state.bound}`
    const known = best.get(key)
    if (!known || known.score < state.score) best.set(key, state)
  }
  const kept = [...best.values()]
  return kept.length <= widest ? kept : kept.sort((left, right) => right.score - left.score).slice(0, widest)
}
