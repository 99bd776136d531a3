// what is spoken on osd's socket: the methods, their parameters and their results, as lines of JSON (nucleus/wire).
//
// any process of the same user may call the client's methods. the nucleus' methods need `nucleus.attach` with the
// secret that osd was started with, and its process may not call those that stand for the person.
import { z } from 'zod'
import { TokenPurpose } from '../contract.ts'
import type {
  AuditRow,
  AuditVerification,
  Decision,
  NamedEntry,
  PlanOutcome,
  Plan,
  StepDecision,
  StepPreview,
  StepStatus,
} from '../contract.ts'

export const protocolVersion = 1

const text = z.string().max(4_096)
const planName = { plan_id: z.string().max(64), plan_hash: z.string().max(64) }
const answer = z.enum(['yes', 'no', 'absent'])
/** `trash`: plans that removed something; `undo`: all. */
const keeping = { what: z.enum(['trash', 'undo']), before_ms: z.number().int().min(0) }

export const parameters = {
  /** any client. → Hello */
  'osd.hello': z.strictObject({}),
  /** any client. → OsdHealth */
  'osd.health': z.strictObject({}),
  /** the person's client: who and where it is comes from the kernel. → TicketIssued */
  'ticket.issue': z.strictObject({}),
  /** any client. → null */
  'ticket.drop': z.strictObject({ ticket: z.string().max(64) }),
  /** the person's client, or the nucleus for a client without a peer. with `changes` files are compared. → PlanShown */
  'plan.show': z.strictObject({ ...planName, changes: z.boolean().optional() }),
  /** the question that a goal has open, for whoever comes to watch it later. → PlanShown or null */
  'plan.question': z.strictObject({ trace_id: z.string().max(64) }),
  /** the person's client. → { accepted }; false: `--yes` is not answer enough, the question stays open. */
  'plan.answer': z.strictObject({ ...planName, answer, by: z.enum(['person', 'yes_flag']) }),
  /** the person's client. → Grant */
  'grant.add': z.strictObject({ path: text }),
  'grant.remove': z.strictObject({ path: text }),
  /** → { grants } */
  'grant.list': z.strictObject({}),
  /** the person's client. → { token, id, name, purpose, created_at, expires_at? }: the only time that the token is told. */
  'token.create': z.strictObject({
    purpose: TokenPurpose,
    name: z.string().max(100),
    expires_at: z.iso.datetime({ offset: true }).optional(),
    token: text.optional(),
  }),
  /** the person's client. → { tokens: TokenShown[] }, the newest first. */
  'token.list': z.strictObject({}),
  /** the person's client; by id, or by the token itself. → TokenShown */
  'token.revoke': z.strictObject({ which: text }),
  /** what `keeping.purge` would remove. → Kept, in snake_case */
  'keeping.show': z.strictObject(keeping),
  /** the person's client: removes finished plans that began before a moment, with what they hold. → Kept */
  'keeping.purge': z.strictObject(keeping),
  /** → { rows: AuditRow[] }, newest first. */
  'audit.rows': z.strictObject({
    limit: z.number().int().min(1).max(1_000).optional(),
    trace_id: z.string().max(64).optional(),
    after: z.number().int().min(0).optional(),
    before: z.number().int().min(1).optional(),
  }),
  /** → AuditVerification */
  'audit.verify': z.strictObject({}),
  /** → { rules: PolicyRule[], problem? } */
  'policy.rules': z.strictObject({}),
  /** what the policy says of one action, without doing it. → StepDecision */
  'policy.explain': z.strictObject({ ticket: z.string().max(64), action: text, args: z.record(z.string(), z.json()) }),

  /** → Hello */
  'nucleus.attach': z.strictObject({ secret: z.string().max(256) }),
  /** finishes what is under way, then ends; not while another nucleus is attached, which goes on with it. → { stops } */
  'osd.stop': z.strictObject({}),
  /** all tools of all modules, in the place of those before. → { refused: [{ name, reason }] } */
  'tools.register': z.strictObject({ tools: z.array(z.unknown()).max(1_000) }),
  /** the plan is text, so that osd reads exactly what was written. → PlanOutcome */
  'plan.submit': z.strictObject({
    plan: z.string(),
    ticket: z.string().max(64),
    trace_id: z.string().min(1).max(64),
    client: z.strictObject({
      time_zone: z.string().max(100),
      locale: z.string().max(100),
      width: z.number().int().min(1).max(10_000),
    }),
  }),
  /** → PlanOutcome or null */
  'plan.outcome': z.strictObject({ trace_id: z.string().max(64) }),
  /** → { accepted, trace_id } */
  'plan.answerWithToken': z.strictObject({ ...planName, token: text, answer: z.enum(['yes', 'no']) }),
  /** with `survey` also what lies in its working folder, in the same answer. → TicketIssued */
  'ticket.forToken': z.strictObject({ token: text, survey: z.boolean().optional() }),
  /** → { entries: NamedEntry[] } */
  'tree.survey': z.strictObject({ ticket: z.string().max(64) }),
  /** → { actions: ActionDescription[] }, tools among them. */
  'actions.list': z.strictObject({}),
  /** → { names: string[] } of osd's own actions: schemas of all of them take a while to make, and few ask for them. */
  'actions.names': z.strictObject({}),
  /** → OperatorStatistics */
  statistics: z.strictObject({}),
  /** shows a line at the person's desktop with a fixed program. → { shown, reason? } */
  'desktop.notify': z.strictObject({ title: z.string().max(200), text: z.string().max(8_192) }),
} as const

export type Method = keyof typeof parameters
export type ParametersOf<Name extends Method> = z.output<(typeof parameters)[Name]>

export interface Hello {
  readonly version: number
  readonly pid: number
  readonly profile: 'user'
  readonly uid: number
}

export interface TicketIssued {
  readonly ticket: string
  readonly uid: number
  readonly cwd: string
  /** folders that plans of this ticket may touch. */
  readonly roots: readonly string[]
  /** RFC 3339; every use moves it. */
  readonly expires_at: string
  /** why the working folder is not among the roots. */
  readonly cwd_refused?: string
  /** where they were asked for and the folder could be looked at. */
  readonly entries?: readonly NamedEntry[]
}

export interface PlanShown {
  readonly plan_id: string
  readonly plan_hash: string
  readonly goal: string
  readonly plan: Plan
  readonly decisions: readonly StepDecision[]
  /** for a person, escaped. */
  readonly preview: readonly string[]
  readonly yes_answers: boolean
  /** how its person reaches osd. */
  readonly via: 'peer' | 'token'
  readonly expires_at: string
  /** where they were asked for: what each step would change. paths and diffs are as they are, not escaped. */
  readonly changes?: readonly StepPreview[]
}

/** a token as a person sees it: without its hash. */
export interface TokenShown {
  readonly id: string
  readonly name: string
  readonly purpose: TokenPurpose
  readonly status: 'in_force' | 'expired' | 'revoked'
  readonly created_at: string
  readonly expires_at?: string
  readonly revoked_at?: string
}

export interface OsdHealth {
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly problems: readonly string[]
  readonly details: {
    readonly tickets: number
    readonly running: number
    readonly waiting: number
    readonly audit_rows: number
    /** rows of the chain that were found whole after the start; 0 until that is known. */
    readonly audit_checked: number
    readonly rules: number
  }
}

export interface PolicyRuleShown {
  readonly name: string
  readonly decision: Decision
  readonly description: string
  readonly file: string
}

/** told by osd to every attached connection. */
export interface Notices {
  /** a line of the log, once the process that started osd no longer reads its output. */
  'osd.log': {
    readonly level: 'info' | 'warn' | 'error'
    readonly message: string
    readonly fields: Readonly<Record<string, unknown>>
  }
  'plan.decided': {
    readonly plan_id: string
    readonly plan_hash: string
    readonly trace_id: string
    readonly decision: Decision
    readonly policies: readonly string[]
  }
  /** goal and preview are left to `plan.question` where they are long. */
  'plan.waiting': Pick<PlanShown, 'plan_id' | 'plan_hash' | 'expires_at' | 'via'> &
    Partial<Pick<PlanShown, 'goal' | 'preview'>> & { readonly trace_id: string }
  'step.ended': {
    readonly plan_id: string
    readonly trace_id: string
    readonly step: string
    readonly action: string
    readonly status: StepStatus
    readonly duration_ms: number
    readonly undo_id?: string
  }
}

/** results that are made of the operator's contract, for callers' types. */
export interface Results {
  'plan.submit': PlanOutcome
  'plan.outcome': PlanOutcome | null
  'audit.rows': { readonly rows: readonly AuditRow[] }
  'audit.verify': AuditVerification
  'tree.survey': { readonly entries: readonly NamedEntry[] }
  'policy.explain': StepDecision
}
