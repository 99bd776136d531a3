// which wordings of which traces a clause could be: found by the words and concepts it has, not by trying them all.
import type { Trace } from './library.ts'
import type { ClauseIndex } from './match.ts'
import type { PatternNode } from './pattern.ts'

type Goal = Trace['compiled'][number]

interface Wording {
  readonly trace: Trace
  readonly goal: Goal
  /** how many words and concepts a clause must have for it. */
  readonly needed: number
}

type NeededBy = ReadonlyMap<string, readonly number[]>

interface WordingIndex {
  /** of all traces, in their order. */
  readonly wordings: readonly Wording[]
  /** a word → the numbers of the wordings that need it, once for each time they do. */
  readonly byWord: NeededBy
  readonly byConcept: NeededBy
  /** the numbers of those that need nothing. */
  readonly undemanding: readonly number[]
}

const indexed = new WeakMap<readonly Trace[], WordingIndex>()

function indexOf(traces: readonly Trace[]): WordingIndex {
  const known = indexed.get(traces)
  if (known !== undefined) return known
  const wordings: Wording[] = []
  const byWord = new Map<string, number[]>()
  const byConcept = new Map<string, number[]>()
  const undemanding: number[] = []
  for (const trace of traces) {
    for (const goal of trace.compiled) {
      const number = wordings.length
      const needed = needs(goal.pattern)
      wordings.push({ trace, goal, needed: needed.length })
      if (needed.length === 0) undemanding.push(number)
      for (const node of needed) {
        if (node.kind === 'word') note(byWord, node.word, number)
        else note(byConcept, node.concept, number)
      }
    }
  }
  const index = { wordings, byWord, byConcept, undemanding }
  indexed.set(traces, index)
  return index
}

function note(numbers: Map<string, number[]>, name: string, number: number): void {
  const list = numbers.get(name)
  if (list === undefined) numbers.set(name, [number])
  else list.push(number)
}

type Needed = Extract<PatternNode, { kind: 'word' | 'concept' }>

/** the words and concepts that every clause of a pattern has; what may be left out or replaced is not among them. */
function needs(node: PatternNode): Needed[] {
  if (node.kind === 'word' || node.kind === 'concept') return [node]
  return node.kind === 'sequence' ? node.parts.flatMap(needs) : []
}

/** the wordings of which a clause has something, in the order of the traces, with how much of what they need it has. */
export function wordingsFor(
  traces: readonly Trace[],
  { lemmas, conceptNames }: ClauseIndex,
): (Wording & { readonly found: number })[] {
  const { wordings, byWord, byConcept, undemanding } = indexOf(traces)
  const found = new Map<number, number>(undemanding.map((number) => [number, 0]))
  const count = (numbers: readonly number[] = []): void => {
    for (const number of numbers) found.set(number, (found.get(number) ?? 0) + 1)
  }
  for (const lemma of lemmas) count(byWord.get(lemma))
  for (const concept of conceptNames) count(byConcept.get(concept))
  return [...found]
    .sort(([left], [right]) => left - right)
    .map(([number, there]) => ({ ...wordings[number]!, found: there }))
}
