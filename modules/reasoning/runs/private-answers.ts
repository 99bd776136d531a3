// answers that quote notes: kept in memory for whoever waits for them, never in the journal or the store.

const maximumAnswers = 500
/** long enough for a client that lost its connection to ask again. */
const keptMs = 300_000

export interface PrivateAnswers {
  keep(traceId: string, answer: string): void
  get(traceId: string): string | undefined
}

export function createPrivateAnswers(now: () => number = Date.now): PrivateAnswers {
  const answers = new Map<string, { readonly answer: string; readonly until: number }>()
  return {
    keep(traceId, answer) {
      for (const [old, { until }] of answers) if (until <= now() || answers.size >= maximumAnswers) answers.delete(old)
      answers.set(traceId, { answer, until: now() + keptMs })
    },
    get(traceId) {
      const found = answers.get(traceId)
      return found !== undefined && found.until > now() ? found.answer : undefined
    },
  }
}
