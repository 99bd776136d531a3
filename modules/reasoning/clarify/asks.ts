// goals that are understood but for one thing: the asks of the traces, looked for in a goal that is cut into clauses.
import type { Clause, Intent } from '../../perception/contract.ts'
import type { CompiledAsk, Trace } from '../traces/library.ts'
import { couldMatch, indexClause, matchPattern } from '../traces/match.ts'
import type { ClauseIndex } from '../traces/match.ts'
import { fillText } from '../traces/template.ts'
import { bestMatch, changes, focusFor, nextFocus, resolve } from '../understand.ts'
import type { Focus } from '../understand.ts'
import { waitingGoal } from './wording.ts'

/** a question, and the goal that waits for its answer. */
export interface Asked {
  readonly trace: Trace
  readonly ask: CompiledAsk
  readonly question: string
  /** the whole goal, with a mark where the answer belongs. */
  readonly waiting: string
  readonly clauses: number
}

/** an ask explains a goal wholly or not at all; politeness costs a little. */
const threshold = 0.5

/**
 * the question that would settle a goal: all its clauses are understood, one of them but for one thing.
 * @param options.first - only what is asked before anything else is tried
 */
export function findAsk(
  intent: Intent,
  traces: readonly Trace[],
  options: { readonly context: Focus; readonly first: boolean },
): Asked | undefined {
  const asking = traces.filter(({ compiledAsks }) => compiledAsks.some(({ first }) => first || !options.first))
  for (const clauses of intent.segmentations) {
    if (!clauses.every((clause) => isAsSaid(clause, intent.text))) continue
    const found = askIn(clauses, intent.text, { ...options, traces, asking })
    if (found !== undefined) return found
  }
  return undefined
}

/** whether a clause is the person's own words: an answer is put among them. */
function isAsSaid(clause: Clause, text: string): boolean {
  const start = clause.tokens[0]!.at
  const end = clause.tokens.at(-1)!.end
  const isLimited = clause.forbids !== undefined || clause.provided !== undefined
  const isWhole = !clause.borrowed && !clause.verbless && !isLimited
  return isWhole && text.slice(start, end) === clause.text
}

interface Looking {
  readonly context: Focus
  readonly first: boolean
  readonly traces: readonly Trace[]
  readonly asking: readonly Trace[]
}

function askIn(clauses: readonly Clause[], text: string, looking: Looking): Asked | undefined {
  // most goals lack nothing: that is seen before it is found out what their clauses mean
  if (!clauses.some((clause) => mayAsk(indexClause(clause), looking))) return undefined
  let focus = looking.context
  let asked: Asked | undefined
  for (const clause of clauses) {
    const index = indexClause(clause)
    const ask = asked === undefined ? askOf(index, focus, looking) : undefined
    if (ask !== undefined) {
      // `sort and show …`: a verb whose object may come later
      if (clauses.length > 1 && Object.keys(ask.bindings).length === 0 && wordsOf(clause) < 2) return undefined
      const { at } = clause.tokens[0]!
      const { end } = clause.tokens.at(-1)!
      const waiting = waitingGoal(ask.ask.becomes, clause.text, ask.bindings)
      asked = {
        trace: ask.trace,
        ask: ask.ask,
        question: String(fillText(ask.ask.question, ask.bindings)),
        waiting: text.slice(0, at) + waiting + text.slice(end),
        clauses: clauses.length,
      }
      // what is missing may be what a later clause would point at
      focus = {}
      continue
    }
    const bound = bestMatch(index, looking.traces, focus)
    if (bound === undefined) return undefined
    focus = nextFocus(bound, focus)
  }
  return asked
}

const wordsOf = (clause: Clause): number => clause.tokens.filter(({ kind }) => kind !== 'mark').length

/** whether an ask may fit a clause. */
function mayAsk(index: ClauseIndex, { asking, first }: Looking): boolean {
  return asking.some(({ compiledAsks }) =>
    compiledAsks.some((ask) => (ask.first || !first) && ask.patterns.some((pattern) => couldMatch(pattern, index))),
  )
}

function askOf(
  index: ClauseIndex,
  focus: Focus,
  { asking, first }: Looking,
): { trace: Trace; ask: CompiledAsk; bindings: Readonly<Record<string, unknown>> } | undefined {
  let best: { trace: Trace; ask: CompiledAsk; bindings: Readonly<Record<string, unknown>>; score: number } | undefined
  for (const trace of asking) {
    for (const ask of trace.compiledAsks) {
      if (first && !ask.first) continue
      for (const pattern of ask.patterns) {
        if (!couldMatch(pattern, index)) continue
        const [match] = matchPattern(pattern, index)
        if (match === undefined || match.score < threshold || (best !== undefined && match.score <= best.score))
          continue
        const bindings = resolve(match.bindings, focusFor(trace, focus), changes(trace))
        if (bindings !== undefined) best = { trace, ask, bindings, score: match.score }
      }
    }
  }
  return best
}
