// the outcome of a plan of which nothing was begun: a step could not be judged, or what it depends on does not hold.
import { toErrorData } from '../../../../nucleus/errors.ts'
import type { Plan, PlanOutcome, StepResult } from '../../contract.ts'

/** @param failedAt - the step that the error is about */
export function notBegun(planId: string, plan: Plan, failedAt: number, error: unknown): PlanOutcome {
  const { code, message, fix } = toErrorData(error)
  const steps = plan.steps.map(({ id, action, args }, index): StepResult => {
    const step = { id, action, args, status: 'skipped', text: '', data: {} } as const
    return index === failedAt ? { ...step, status: 'failed', error: { code, message, fix } } : step
  })
  return { planId, planHash: '', status: 'failed', decisions: [], steps, reason: message }
}
