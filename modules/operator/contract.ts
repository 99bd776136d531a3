// the operator's public face: typed plans in, decisions and results out, undo, and the tools that modules offer.
import { z } from 'zod'
import { defineEvent } from '../../nucleus/events/event.ts'
import { defineService } from '../../nucleus/services/service.ts'

/** a JSON value: all that arguments and results are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** something that must hold before or after a step; checked by the operator itself, below the granted roots. */
export type Condition =
  | { readonly exists: string }
  | { readonly absent: string }
  | { readonly file: string }
  | { readonly folder: string }
  | FactCondition

/** a fact about a file or folder: bytes for `larger` and `smaller`, milliseconds for `older` and `newer`. */
export interface FactCondition {
  readonly path: string
  readonly is: 'empty' | 'not_empty' | 'larger' | 'smaller' | 'older' | 'newer'
  readonly than?: number
}

export interface PlanStep {
  /** unique in its plan, `s1`, `s2` … */
  readonly id: string
  /** an action of the operator (`files.copy`) or a tool that a module offers (`memory.remember`). */
  readonly action: string
  /** `{ "$ref": "s1.path" }` stands for a field of an earlier step's result data. */
  readonly args: { readonly [name: string]: Json }
  readonly before?: readonly Condition[]
  readonly after?: readonly Condition[]
}

export interface Plan {
  readonly version: 1
  /** the goal in the person's words, for the audit and the confirmation. */
  readonly goal: string
  /** who made it: the trace's id, or the model's. */
  readonly origin: string
  /** true: what it is about was pointed at (`delete it`) and taken from an earlier goal; `--yes` does not answer then. */
  readonly referred?: boolean
  readonly steps: readonly PlanStep[]
}

export type Decision = 'allow' | 'confirm' | 'deny'

export type Risk = 'none' | 'low' | 'medium' | 'high' | 'critical'

export interface StepDecision {
  readonly step: string
  readonly action: string
  readonly decision: Decision
  /** the rule of the policy that decided, by name. */
  readonly policy: string
  readonly reason: string
  readonly risk: Risk
  /** what the step touches, computed from its arguments: `path:/home/a/x`, `tool:memory.forget`. */
  readonly resources: readonly string[]
  /** whether `--yes` may answer a confirm: true only for undoable changes inside the working folder. */
  readonly yesAnswers: boolean
}

export type StepStatus = 'completed' | 'failed' | 'denied' | 'skipped' | 'undone'

export interface StepResult {
  readonly id: string
  readonly action: string
  readonly args: { readonly [name: string]: Json }
  readonly status: StepStatus
  /** the result for a person, laid out as lines of text without control characters. */
  readonly text: string
  /** the result for later steps and programs. */
  readonly data: { readonly [name: string]: Json }
  readonly error?: { readonly code: string; readonly message: string; readonly fix: string }
  /** names the change for `lotus undo`; absent when nothing was changed. */
  readonly undoId?: string
}

/** what became of a plan. */
export interface PlanOutcome {
  readonly planId: string
  /** SHA-256 of the canonical JSON of plan and resources; what a confirmation is bound to. */
  readonly planHash: string
  readonly status: 'completed' | 'failed' | 'denied' | 'needs_confirmation'
  readonly decisions: readonly StepDecision[]
  readonly steps: readonly StepResult[]
  /** the decision, failure or open question in words. */
  readonly reason?: string
}

export interface SubmitOptions {
  /** the ticket that osd issued to the client; names who asks and where. */
  readonly ticket: string
  readonly traceId: string
  /** plain data about the client that tools may need: time zone, locale, width. */
  readonly client: { readonly timeZone: string; readonly locale: string; readonly width: number }
  /** ends the plan before its next step; what was done is undone. */
  readonly signal?: AbortSignal
}

export interface NamedEntry {
  /** relative to the working folder, with `/`. */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
}

export interface UndoReport {
  readonly undoId: string
  readonly status: 'completed' | 'failed' | 'denied'
  readonly text: string
}

export interface AuditRow {
  readonly sequence: number
  readonly time: string
  readonly kind: string
  readonly traceId: string
  readonly uid: number
  readonly hash: string
  readonly previousHash: string
  readonly body: { readonly [name: string]: Json }
}

export interface AuditVerification {
  readonly ok: boolean
  readonly rows: number
  readonly head: string
  /** the first row that does not fit, and why. */
  readonly fault?: { readonly sequence: number; readonly reason: string }
}

/** a plan that waits for the answer of its person. */
export interface OpenQuestion {
  readonly planId: string
  readonly planHash: string
  /** the goal in the person's words. */
  readonly goal: string
  /** what the plan would do, in lines for a person; escaped. */
  readonly preview: readonly string[]
  /** RFC 3339. */
  readonly expiresAt: string
  /** `peer`: its person has a process here that osd shows the changes to; `token`: only whoever asks over HTTP. */
  readonly via: 'peer' | 'token'
}

/** one change that a step would make; paths are relative to the working folder where they lie below it. */
export interface ShownChange {
  readonly kind: 'create' | 'change' | 'remove' | 'folder' | 'copy' | 'move' | 'mode'
  readonly path: string
  /** where a copy or move ends. */
  readonly to?: string
  /** hunks of a unified diff: what is there against what would be written. not escaped. */
  readonly diff?: string
  /** what there is to say beside or instead of a diff: sizes, modes. */
  readonly note?: string
  /** SHA-256 of what is there and of what would be written, where they were small enough to be read. */
  readonly before_sha256?: string
  readonly after_sha256?: string
}

/** what a step of a plan would change. */
export interface StepPreview {
  /** the step's id. */
  readonly step: string
  readonly changes: readonly ShownChange[]
  /** why not everything is shown. */
  readonly note?: string
}

/** the policy in force. */
export interface PolicyRules {
  readonly rules: readonly {
    readonly name: string
    readonly decision: Decision
    readonly description: string
    readonly file: string
  }[]
  /** why everything is denied, where the policy could not be read. */
  readonly problem?: string
}

export interface OperatorStatistics {
  readonly actions: Readonly<Record<string, number>>
  readonly decisions: Readonly<Record<Decision, number>>
  readonly failures: number
  readonly actionTimeMs: number
}

/** a description of an action or tool, for planning, policy and help. */
export interface ActionDescription {
  readonly name: string
  readonly description: string
  readonly risk: Risk
  readonly undoable: boolean
  /** JSON Schema of the arguments. */
  readonly input: Json
}

export interface Operator {
  /** decides, asks where the policy says so (the client answers osd directly), runs, audits. never throws for a "no". */
  submit(plan: Plan, options: SubmitOptions): Promise<PlanOutcome>
  /** names below the working folder of a ticket, two levels deep, at most 2,000: what a goal may be talking about. */
  survey(ticket: string): Promise<NamedEntry[]>
  /** the newest change of this uid when no id is given. */
  undo(options: { ticket: string; undoId?: string; traceId: string }): Promise<UndoReport>
  actions(): Promise<ActionDescription[]>
  /** the last rows, newest first; of one trace, or only those after and before the numbers of others. */
  audit(options: { limit?: number; traceId?: string; after?: number; before?: number }): Promise<AuditRow[]>
  verifyAudit(): Promise<AuditVerification>
  /** what happened to the plan of a run that was cut off: its outcome, or undefined when osd never saw it. */
  outcome(traceId: string): Promise<PlanOutcome | undefined>
  /** a ticket for a client without a peer: osd checks the token itself. */
  ticketForToken(token: string): Promise<string>
  /** the same for a goal that shall be understood: with what {@link Operator.survey} says, where it could be looked at. */
  admit(token: string): Promise<{ ticket: string; names?: readonly NamedEntry[] }>
  /** the answer of a client without a peer (HTTP) to a confirmation; osd checks the token itself. gives the goal it was for. */
  confirm(answer: { planId: string; planHash: string; token: string; yes: boolean }): Promise<{ traceId: string }>
  /** what a goal waits for at this moment: its open confirmation, or undefined. */
  question(traceId: string): Promise<OpenQuestion | undefined>
  /** what a plan that waits would change, file by file; from now on a yes to it counts for exactly that. */
  changes(plan: { planId: string; planHash: string }): Promise<readonly StepPreview[]>
  /** the rules in force, in the order of their files. */
  rules(): Promise<PolicyRules>
  /** what the policy in force says of one action, without doing it. */
  explain(query: { ticket: string; action: string; args: { readonly [name: string]: Json } }): Promise<StepDecision>
  statistics(): Promise<OperatorStatistics>
  /** shows a line to the person at this desktop, where there is one; says why not where it is not shown. */
  notify(notice: { title: string; text: string }): Promise<{ shown: boolean; reason?: string }>
}

export const Operator = defineService<Operator>('operator', {
  submit: 'call',
  survey: 'call',
  undo: 'call',
  actions: 'call',
  audit: 'call',
  verifyAudit: 'call',
  outcome: 'call',
  ticketForToken: 'call',
  admit: 'call',
  confirm: 'call',
  question: 'call',
  changes: 'call',
  rules: 'call',
  explain: 'call',
  statistics: 'call',
  notify: 'call',
})

/**
 * what a token may be used for. `api`: everything. `hook`: to state goals, and nothing else; it can't answer their
 * questions. `module`: to read events, notes and reminders, and to keep notes; never to act.
 */
export const TokenPurpose = z.enum(['api', 'hook', 'module'])
export type TokenPurpose = z.output<typeof TokenPurpose>

/** a token that osd has made, in LOTUS_HOME/tokens.json: its hash and what is known about it, never itself. */
export const TokenRecord = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  name: z.string().max(100),
  purpose: TokenPurpose,
  /** of the token, in hexadecimal; it has 256 random bits, so that a hash without salt can't be searched. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** RFC 3339. */
  created_at: z.string(),
  expires_at: z.string().optional(),
  revoked_at: z.string().optional(),
})
export type TokenRecord = z.output<typeof TokenRecord>

/** written by osd alone; the gateway reads it at each change. */
export const TokenBook = z.strictObject({ version: z.literal(1), tokens: z.array(TokenRecord).max(1_000) })

/** what a tool is told about the plan that calls it. */
export interface ToolCall {
  readonly traceId: string
  readonly uid: number
  /** goal, step and attempt: the same receipt means the same effect, which must happen once. */
  readonly receipt: string
  readonly timeZone: string
  readonly locale: string
}

export interface ToolResult {
  readonly text: string
  readonly data: { readonly [name: string]: Json }
}

export interface ToolDescription extends ActionDescription {
  /** how long a call may take. default 10,000. */
  readonly timeoutMs?: number
}

/** offered by any module: actions that are not files or system calls. the operator decides and audits them too. */
export interface Tools {
  list(): Promise<ToolDescription[]>
  run(name: string, args: { readonly [name: string]: Json }, call: ToolCall): Promise<ToolResult>
}

export const Tools = defineService<Tools>('tools', { list: 'call', run: 'call' }, { many: true })

export const ActionCompleted = defineEvent({
  type: 'action.completed',
  durability: 'journaled',
  description: 'a step of a plan has ended, well or not; emitted by the operator.',
  data: z.object({
    planId: z.string(),
    step: z.string(),
    action: z.string(),
    status: z.enum(['completed', 'failed', 'denied', 'skipped', 'undone']),
    durationMs: z.number(),
    undoId: z.string().optional(),
  }),
})

export const PlanDecided = defineEvent({
  type: 'plan.decided',
  durability: 'journaled',
  description: 'the policy has decided on every step of a plan.',
  data: z.object({
    planId: z.string(),
    planHash: z.string(),
    decision: z.enum(['allow', 'confirm', 'deny']),
    policies: z.array(z.string()),
  }),
})

export const ConfirmationRequested = defineEvent({
  type: 'confirmation.requested',
  durability: 'transient',
  description: 'a plan waits for the person who asked; the client fetches it from osd and answers there.',
  data: z.object({ planId: z.string(), planHash: z.string(), expiresAt: z.string() }),
})
