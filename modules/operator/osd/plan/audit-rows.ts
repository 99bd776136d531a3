// the rows that a plan leaves in the audit chain, beside those of its steps.
import type { Plan, PlanOutcome, StepDecision } from '../../contract.ts'
import type { AuditEntry } from '../audit/row.ts'
import type { Answered } from './confirmations.ts'
import { auditArguments, plainText } from './show.ts'

interface Whose {
  readonly planId: string
  readonly planHash: string
  readonly traceId: string
  readonly uid: number
}

/** the intent: every step, what it touches and what was decided, before anything happens. */
export function decidedRow(
  whose: Whose,
  plan: Plan,
  decisions: readonly StepDecision[],
  decision: string,
  cwd: string,
): AuditEntry {
  return {
    kind: 'plan.decided',
    traceId: whose.traceId,
    uid: whose.uid,
    body: {
      plan_id: whose.planId,
      plan_hash: whose.planHash,
      goal: plainText(plan.goal).slice(0, 1_000),
      origin: plan.origin,
      cwd,
      decision,
      steps: plan.steps.map((step) => {
        const made = decisions.find((one) => one.step === step.id)
        return {
          id: step.id,
          action: step.action,
          args: auditArguments(step.args),
          decision: made?.decision,
          policy: made?.policy,
          risk: made?.risk,
          resources: made?.resources,
        }
      }),
    },
  }
}

export function answerRow({ planId, planHash, traceId, uid }: Whose, { answer, by }: Answered): AuditEntry {
  return { kind: 'plan.answered', traceId, uid, body: { plan_id: planId, plan_hash: planHash, answer, by } }
}

export function endedRow(whose: Whose, outcome: PlanOutcome, durationMs: number): AuditEntry {
  return {
    kind: `plan.${outcome.status}`,
    traceId: whose.traceId,
    uid: whose.uid,
    body: {
      plan_id: whose.planId,
      plan_hash: whose.planHash,
      duration_ms: Math.round(durationMs * 1000) / 1000,
      ...(outcome.reason === undefined ? {} : { reason: plainText(outcome.reason).slice(0, 1_000) }),
      steps: outcome.steps.map(({ id, status, undoId }) => ({
        id,
        status,
        ...(undoId === undefined ? {} : { undo_id: undoId }),
      })),
    },
  }
}
