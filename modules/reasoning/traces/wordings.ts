// which wordings of which traces a clause could be: found by the words and concepts it has, not by trying them all.
import type { Trace } from './library.ts'
import { couldMatch, type ClauseIndex } from './match.ts'
import type { PatternNode } from './pattern.ts'

type Goal = Trace['compiled'][number]

export interface Wording {
  readonly trace: Trace
  readonly goal: Goal
}

type Needed = Extract<PatternNode, { kind: 'word' | 'concept' }>

/** a word or concept → the numbers of wordings. */
interface Postings {
  readonly words: Map<string, number[]>
  readonly concepts: Map<string, number[]>
}

interface WordingIndex {
  /** of all traces, in their order. */
  readonly wordings: readonly Wording[]
  /** each wording below words and concepts of which every clause of it has one, as rare ones as there are. */
  readonly byRarest: Postings
  /** the numbers of those that are nothing but slots. */
  readonly undemanding: readonly number[]
}

const indexed = new WeakMap<readonly Trace[], WordingIndex>()

function indexOf(traces: readonly Trace[]): WordingIndex {
  const known = indexed.get(traces)
  if (known !== undefined) return known
  const wordings: Wording[] = traces.flatMap((trace) => trace.compiled.map((goal) => ({ trace, goal })))
  // how often a word is needed says how rare it is
  const byAny = emptyPostings()
  for (const [number, { goal }] of wordings.entries())
    for (const node of needs(goal.pattern)) listOf(byAny, node).push(number)
  const byRarest = emptyPostings()
  const undemanding: number[] = []
  for (const [number, { goal }] of wordings.entries()) {
    const signs = signsOf(goal.pattern, (node) => listOf(byAny, node).length)
    if (signs === undefined) undemanding.push(number)
    else for (const node of signs) if (listOf(byRarest, node).at(-1) !== number) listOf(byRarest, node).push(number)
  }
  const index = { wordings, byRarest, undemanding }
  indexed.set(traces, index)
  return index
}

/** words and concepts of which every clause of a pattern has at least one, the rarest such; undefined where it need not. */
function signsOf(node: PatternNode, frequency: (node: Needed) => number): readonly Needed[] | undefined {
  if (node.kind === 'word' || node.kind === 'concept') return [node]
  if (node.kind === 'sequence') {
    const cost = (signs: readonly Needed[]): number => signs.reduce((sum, one) => sum + 1 + frequency(one), 0)
    return node.parts
      .map((part) => signsOf(part, frequency))
      .filter((signs) => signs !== undefined)
      .reduce<readonly Needed[] | undefined>(
        (best, signs) => (best === undefined || cost(signs) < cost(best) ? signs : best),
        undefined,
      )
  }
  if (node.kind !== 'choice') return undefined
  const options = node.options.map((option) => signsOf(option, frequency))
  return options.every((signs) => signs !== undefined) ? options.flat() : undefined
}

function emptyPostings(): Postings {
  return { words: new Map(), concepts: new Map() }
}

function listOf(postings: Postings, node: Needed): number[] {
  const [lists, name] = node.kind === 'word' ? [postings.words, node.word] : [postings.concepts, node.concept]
  let list = lists.get(name)
  if (list === undefined) lists.set(name, (list = []))
  return list
}

/** the words and concepts that every clause of a pattern has; what may be left out or replaced is not among them. */
function needs(node: PatternNode): Needed[] {
  if (node.kind === 'word' || node.kind === 'concept') return [node]
  return node.kind === 'sequence' ? node.parts.flatMap(needs) : []
}

/** calls `found` for each entry below a word or concept that a clause has. */
function lookUp(postings: Postings, { lemmas, conceptNames }: ClauseIndex, found: (number: number) => void): void {
  for (const lemma of lemmas) postings.words.get(lemma)?.forEach(found)
  for (const concept of conceptNames) postings.concepts.get(concept)?.forEach(found)
}

/** makes the index before it is needed; whoever looks something up makes it otherwise. */
export function indexWordings(traces: readonly Trace[]): void {
  indexOf(traces)
}

/** the wordings that a clause could be, in the order of the traces. */
export function wordingsFor(traces: readonly Trace[], index: ClauseIndex): Wording[] {
  const { wordings, byRarest, undemanding } = indexOf(traces)
  const numbers = new Set(undemanding)
  lookUp(byRarest, index, (number) => numbers.add(number))
  return [...numbers]
    .filter((number) => couldMatch(wordings[number]!.goal.pattern, index))
    .sort((left, right) => left - right)
    .map((number) => wordings[number]!)
}
