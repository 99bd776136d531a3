// questions as osd has just told of them: whoever hears of one asks next what it is about, and gets it without a way to
// osd and back.
import type { OpenQuestion } from '../contract.ts'

export interface ToldQuestions {
  keep(traceId: string, question: OpenQuestion): void
  /** the question of a goal, once, and only for a moment: after that only osd knows whether it is still open. */
  take(traceId: string): OpenQuestion | undefined
  /** its plan has ended. */
  drop(traceId: string): void
}

const momentMs = 500
// whoever hears of a question asks at once; more than these wait for nobody
const most = 64

/** @param clock - milliseconds that never go back; tests replace it. */
export function createToldQuestions(clock: () => number = () => performance.now()): ToldQuestions {
  const told = new Map<string, { readonly question: OpenQuestion; readonly at: number }>()
  return Object.freeze({
    keep: (traceId: string, question: OpenQuestion) => {
      told.delete(traceId)
      told.set(traceId, { question, at: clock() })
      const [oldest] = told.keys()
      if (told.size > most && oldest !== undefined) told.delete(oldest)
    },
    take: (traceId: string) => {
      const one = told.get(traceId)
      told.delete(traceId)
      return one === undefined || clock() - one.at > momentMs ? undefined : one.question
    },
    drop: (traceId: string) => void told.delete(traceId),
  })
}
