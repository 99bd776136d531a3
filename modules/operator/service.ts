// the operator's service: each method is a call to lotus-osd, in its words.
import type {
  ActionDescription,
  AuditRow,
  AuditVerification,
  NamedEntry,
  Operator,
  OperatorStatistics,
  Plan,
  PlanOutcome,
  PolicyRules,
  StepDecision,
} from './contract.ts'
import { isLotusError } from '../../nucleus/errors.ts'
import type { CallOptions } from '../../nucleus/wire/peer.ts'
import type { OsdLink } from './link/osd-link.ts'
import type { ToldQuestions } from './link/told-questions.ts'
import type { PlanShown, TicketIssued } from './osd/protocol.ts'

// a plan may wait for its person and then run for minutes; osd has the shorter limits of its own.
const submitTimeoutMs = 24 * 3_600_000
const undoTimeoutMs = 120_000
// a chain of years takes a while to walk.
const verifyTimeoutMs = 600_000
// timers take no more than this many milliseconds.
const longestTimeoutMs = 2_147_483_647

export interface ServiceOptions {
  /** makes sure that osd has heard of these actions and tools, as far as anybody has. */
  knowAll(names: readonly string[]): Promise<void>
  readonly questions: Pick<ToldQuestions, 'take' | 'drop'>
}

export function createOperatorService(link: OsdLink, options: ServiceOptions): Operator {
  /** submits a plan; where osd dies before it answers, its successor knows whether the plan was done or taken back. */
  async function submitPlan(params: { plan: string; trace_id: string }, call: CallOptions): Promise<PlanOutcome> {
    try {
      return (await link.call('plan.submit', params, call)) as PlanOutcome
    } catch (error) {
      if (!isLotusError(error, 'WIRE_CLOSED')) throw error
      const outcome = (await link.call('plan.outcome', { trace_id: params.trace_id })) as PlanOutcome | null
      // a goal may have had another plan before this one
      const { steps } = JSON.parse(params.plan) as Pick<Plan, 'steps'>
      const isOfPlan = outcome?.steps.map(({ action }) => action).join() === steps.map(({ action }) => action).join()
      if (outcome?.status === 'completed' && isOfPlan) return outcome
      throw error
    } finally {
      options.questions.drop(params.trace_id)
    }
  }

  return {
    async submit(plan, { ticket, traceId, client, signal }) {
      await options.knowAll(plan.steps.map(({ action }) => action))
      const params = {
        plan: JSON.stringify(plan),
        ticket,
        trace_id: traceId,
        client: {
          time_zone: client.timeZone,
          locale: client.locale,
          width: Math.min(10_000, Math.max(1, Math.trunc(client.width))),
        },
      }
      const timeoutMs = Math.min(submitTimeoutMs, longestTimeoutMs)
      return await submitPlan(params, {
        timeoutMs,
        ...(signal === undefined ? {} : { signal }),
        cancelGraceMs: 15_000,
      })
    },
    async survey(ticket) {
      const { entries } = (await link.call('tree.survey', { ticket })) as { entries: NamedEntry[] }
      return entries
    },
    async undo({ ticket, undoId, traceId }) {
      const args = undoId === undefined ? {} : { undo_id: undoId }
      const plan = { version: 1, goal: 'undo', origin: 'undo', steps: [{ id: 's1', action: 'undo.last', args }] }
      const params = {
        plan: JSON.stringify(plan),
        ticket,
        trace_id: traceId,
        client: { time_zone: 'UTC', locale: 'en', width: 80 },
      }
      const outcome = await submitPlan(params, { timeoutMs: undoTimeoutMs })
      const [step] = outcome.steps
      const undone = step?.data['undo_id']
      return {
        undoId: typeof undone === 'string' ? undone : (undoId ?? ''),
        status: outcome.status === 'completed' || outcome.status === 'denied' ? outcome.status : 'failed',
        text: outcome.status === 'completed' ? (step?.text ?? '') : (outcome.reason ?? 'it could not be undone'),
      }
    },
    async actions() {
      const { actions } = (await link.call('actions.list')) as { actions: ActionDescription[] }
      return actions
    },
    async audit({ limit, traceId, after, before }) {
      const params = {
        ...(limit === undefined ? {} : { limit }),
        ...(traceId === undefined ? {} : { trace_id: traceId }),
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
      }
      const { rows } = (await link.call('audit.rows', params)) as { rows: AuditRow[] }
      return rows
    },
    async verifyAudit() {
      return (await link.call('audit.verify', {}, { timeoutMs: verifyTimeoutMs })) as AuditVerification
    },
    async outcome(traceId) {
      return ((await link.call('plan.outcome', { trace_id: traceId })) as PlanOutcome | null) ?? undefined
    },
    async ticketForToken(token) {
      return ((await link.call('ticket.forToken', { token })) as TicketIssued).ticket
    },
    async admit(token) {
      const { ticket, entries } = (await link.call('ticket.forToken', { token, survey: true })) as TicketIssued
      return { ticket, ...(entries === undefined ? {} : { names: entries }) }
    },
    async confirm({ planId, planHash, token, yes }) {
      const params = { plan_id: planId, plan_hash: planHash, token, answer: yes ? 'yes' : 'no' }
      const { trace_id: traceId } = (await link.call('plan.answerWithToken', params)) as { trace_id: string }
      return { traceId }
    },
    async question(traceId) {
      const told = options.questions.take(traceId)
      if (told !== undefined) return told
      const shown = (await link.call('plan.question', { trace_id: traceId })) as PlanShown | null
      if (shown === null) return undefined
      const { plan_id: planId, plan_hash: planHash, goal, preview, expires_at: expiresAt, via } = shown
      return { planId, planHash, goal, preview, expiresAt, via }
    },
    async changes({ planId, planHash }) {
      const params = { plan_id: planId, plan_hash: planHash, changes: true }
      return ((await link.call('plan.show', params)) as PlanShown).changes ?? []
    },
    async rules() {
      return (await link.call('policy.rules')) as PolicyRules
    },
    async explain({ ticket, action, args }) {
      return (await link.call('policy.explain', { ticket, action, args })) as StepDecision
    },
    async statistics() {
      return (await link.call('statistics')) as OperatorStatistics
    },
    async notify({ title, text }) {
      return (await link.call('desktop.notify', { title, text })) as { shown: boolean; reason?: string }
    },
  }
}
