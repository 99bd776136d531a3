// goals about notes: their words are kept by the memory alone, so that `forget` has one place to clean.
import { settlesWithin } from '../../nucleus/scope.ts'
import type { Intent } from './contract.ts'

/** intents that wait for reasoning; it takes them within milliseconds. */
const maximumWaiting = 1000

const noteConcepts = new Set(['concept:remember', 'concept:recall', 'concept:forget'])

/** `delete the van note`, `get the van out of your memory`: what it is about stands before them. */
const noteWords = new Set(['note', 'memory', 'remember', 'recall', 'forget', 'memorise'])

/** whether a goal begins like one about notes; in doubt it does: a goal that is none loses nothing by it. */
export function isAboutNotes(intent: Intent): boolean {
  return intent.segmentations.some((clauses) =>
    clauses.some(
      (clause) =>
        clause.slots.some((slot) => slot.from <= 6 && noteConcepts.has(slot.type)) ||
        clause.tokens.some((token) => token.kind === 'word' && noteWords.has(token.lemma)) ||
        (clauses.length === 1 && clause.question),
    ),
  )
}

/** what is left of an intent once nobody shall be able to tell what it said. */
export function withoutWords(intent: Intent): Intent {
  return { ...intent, text: '', normalised: '', segmentations: [] }
}

export interface PrivateIntents {
  keep(traceId: string, intent: Intent): void
  take(traceId: string): Intent | undefined
  /** the time in which a goal is accepted: whether it is about notes shows in the middle of it. */
  during<Result>(accepting: Promise<Result>): Promise<Result>
  /**
   * for the next generation: a goal that is accepted by one may be worked on beside the other. those that are being accepted
   * are waited for.
   */
  handOver(): Promise<readonly (readonly [string, Intent])[]>
}

/** goals that are being accepted take milliseconds; a reload does not wait for one that hangs. */
const acceptingMs = 2_000

/** far below what a generation may hand over; the newest are those that somebody still asks for. */
const handedOverLength = 256 * 1024

/** @param previous - what the generation before has handed over */
export function createPrivateIntents(previous?: unknown): PrivateIntents {
  const waiting = new Map<string, Intent>(Array.isArray(previous) ? (previous as [string, Intent][]) : [])
  const underWay = new Set<Promise<unknown>>()
  return {
    async during(accepting) {
      underWay.add(accepting)
      try {
        return await accepting
      } finally {
        underWay.delete(accepting)
      }
    },
    async handOver() {
      await settlesWithin(Promise.allSettled(underWay), acceptingMs)
      let length = 0
      return [...waiting]
        .toReversed()
        .filter((entry) => (length += JSON.stringify(entry).length) <= handedOverLength)
        .toReversed()
    },
    keep(traceId, intent) {
      waiting.set(traceId, intent)
      const [oldest] = waiting.keys()
      if (waiting.size > maximumWaiting && oldest !== undefined) waiting.delete(oldest)
    },
    take(traceId) {
      const intent = waiting.get(traceId)
      waiting.delete(traceId)
      return intent
    },
  }
}
