// outcomes that are remembered, so that the same goal is answered the same way after a crash; long texts are cut.
import type { PlanOutcome, StepResult } from '../../contract.ts'

const maxBytes = 64 * 1024
const cutTextAt = 2_000

/** an outcome that is small enough to be kept; what a step did stays, what it told is cut where it is long. */
export function trimOutcome(outcome: PlanOutcome): PlanOutcome {
  if (Buffer.byteLength(JSON.stringify(outcome)) <= maxBytes) return outcome
  const steps = outcome.steps.map((step): StepResult => {
    const text = step.text.length > cutTextAt ? `${step.text.slice(0, cutTextAt)}…` : step.text
    const isLarge = Buffer.byteLength(JSON.stringify([step.data, step.args])) > cutTextAt
    return isLarge ? { ...step, text, data: {}, args: {} } : { ...step, text }
  })
  return { ...outcome, steps }
}

/**
 * an outcome without what these steps were told and answered: a tool keeps its own things (a note, a reminder), and must
 * be able to forget them for good.
 */
export function withoutWordsOf(outcome: PlanOutcome, isMeant: (action: string) => boolean): PlanOutcome {
  return {
    ...outcome,
    steps: outcome.steps.map((step) => (isMeant(step.action) ? { ...step, text: '', data: {}, args: {} } : step)),
  }
}
