// talks to lotus-osd on its socket: tickets, and the answers to confirmations, which the nucleus must not see or give.
import { connectPeer } from '../../nucleus/wire/peer.ts'
import type { Peer } from '../../nucleus/wire/peer.ts'
import { clientErrors } from './errors.ts'
import { fieldsOf, listOf, textOf } from './fields.ts'
import type { Fields } from './fields.ts'

/** a plan that waits for an answer, as osd itself shows it. */
export interface PlanQuestion {
  readonly goal: string
  /** what it would do, line by line. */
  readonly preview: readonly string[]
  /** whether `--yes` may answer: only for undoable changes inside the working folder. */
  readonly yesAnswers: boolean
  /** what it is about was taken from an earlier goal, not named. */
  readonly isReferred: boolean
}

/** which plan; an answer counts for exactly this content. */
export interface PlanName {
  readonly planId: string
  readonly planHash: string
}

export interface Osd {
  /** who asks and where, taken by osd from the kernel: this process must still run when it is used. */
  issueTicket(): Promise<string>
  showPlan(plan: PlanName): Promise<PlanQuestion>
  /** what it would change, step by step: osd compares the files. a yes then counts for exactly that. */
  showChanges(plan: PlanName): Promise<readonly Fields[]>
  answerPlan(plan: PlanName, answer: { answer: 'yes' | 'no' | 'absent'; by: 'person' | 'yes_flag' }): Promise<void>
  /** any other method. */
  call(method: string, params: object): Promise<Record<string, unknown>>
  close(): void
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw clientErrors.ANSWER_UNCLEAR({ value })
  return value as Record<string, unknown>
}

/** connects to osd. @throws WIRE_UNREACHABLE */
export async function connectOsd(socket: string): Promise<Osd> {
  if (socket === '')
    throw clientErrors.UNREACHABLE({
      detail: 'lotus-osd is not up: the module operator does not run',
      fix: '`lotus module load operator` starts it; `lotus module list` says why it is down',
    })
  const peer: Peer = await connectPeer(socket)
  const call = async (method: string, params: object): Promise<Record<string, unknown>> =>
    asObject(await peer.call(method, params))
  const named = ({ planId, planHash }: PlanName) => ({ plan_id: planId, plan_hash: planHash })
  return Object.freeze({
    call,
    async issueTicket() {
      const { ticket } = await call('ticket.issue', {})
      if (typeof ticket !== 'string') throw clientErrors.ANSWER_UNCLEAR({ value: ticket })
      return ticket
    },
    async showPlan(plan: PlanName) {
      const shown = await call('plan.show', named(plan))
      return {
        goal: textOf(shown, 'goal'),
        preview: Array.isArray(shown['preview']) ? shown['preview'].map(String) : [],
        yesAnswers: shown['yes_answers'] === true,
        isReferred: fieldsOf(shown['plan'])['referred'] === true,
      }
    },
    async showChanges(plan: PlanName) {
      return listOf(await call('plan.show', { ...named(plan), changes: true }), 'changes')
    },
    async answerPlan(plan: PlanName, { answer, by }: { answer: 'yes' | 'no' | 'absent'; by: 'person' | 'yes_flag' }) {
      await peer.call('plan.answer', { ...named(plan), answer, by })
    },
    close: () => peer.close(),
  })
}
