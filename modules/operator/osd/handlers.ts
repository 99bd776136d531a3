// what each method of the protocol does.
import { z } from 'zod'
import type { ActionDescription, Json, NamedEntry, OperatorStatistics, TokenPurpose } from '../contract.ts'
import { showValue } from '../../../nucleus/errors.ts'
import { wireErrors } from '../../../nucleus/wire/errors.ts'
import type { Peer } from '../../../nucleus/wire/peer.ts'
import type { ActionDefinition } from './action.ts'
import type { AuditChain } from './audit/chain.ts'
import { verifyChain } from './audit/verify.ts'
import { planErrors } from './plan/errors.ts'
import type { Desktop } from './desktop.ts'
import type { Reach } from './files/reach.ts'
import type { Confirmations, Question } from './plan/confirmations.ts'
import type { PlanService } from './plan/service.ts'
import { plainText } from './plan/show.ts'
import type { Evaluator } from './policy/evaluator.ts'
import type { Credentials } from './native/libc.ts'
import { parameters, protocolVersion } from './protocol.ts'
import type { Hello, Method, OsdHealth, ParametersOf, PlanShown, TicketIssued } from './protocol.ts'
import { surveyFolder } from './survey.ts'
import { ticketErrors } from './tickets/errors.ts'
import type { Grants } from './tickets/grants.ts'
import type { Ticket, Tickets } from './tickets/tickets.ts'
import type { TokenCheck } from './tickets/token.ts'
import type { TokenHandlers } from './tickets/token-handlers.ts'
import type { ToolBook } from './tools.ts'
import type { Kept, UndoStore } from './undo/store.ts'

/** who is calling: a connection, and what the kernel says about the process behind it. */
export interface Caller {
  readonly peer: Peer
  readonly credentials: Credentials
  /** set by `nucleus.attach`. */
  attached: boolean
  /** tickets that were issued to it. */
  readonly tickets: string[]
}

export interface HandlerOptions {
  /** undefined until osd was told it: then nobody is the nucleus. */
  readonly secret: () => string | undefined
  readonly auditFolder: string
  readonly tickets: Tickets
  readonly grants: Grants
  readonly store: UndoStore
  readonly token: TokenCheck
  readonly tokens: TokenHandlers
  readonly desktop: Desktop
  readonly chain: AuditChain
  readonly plans: PlanService
  readonly confirmations: Confirmations
  readonly tools: ToolBook
  /** loads them where they are not there yet. */
  readonly actions: () => Promise<ReadonlyMap<string, ActionDefinition>>
  readonly evaluator: () => Evaluator
  readonly statistics: () => OperatorStatistics
  readonly health: () => OsdHealth
  /** a connection has proved to be the nucleus'. */
  readonly onAttach: (caller: Caller) => void
  /** whether osd ends now: no other nucleus is attached. */
  readonly onStop: (caller: Caller) => boolean
  /** whether this process is or was attached, or has started osd. */
  readonly isNucleus: (pid: number) => boolean
}

const ticketsAConnection = 64

type Handlers = {
  readonly [Name in Method]: (params: ParametersOf<Name>, caller: Caller, signal: AbortSignal) => unknown
}

export function createHandlers(
  options: HandlerOptions,
): (method: string, params: unknown, caller: Caller, signal: AbortSignal) => Promise<unknown> {
  const { tickets, grants, chain, plans, confirmations, store } = options

  function issued(ticket: Ticket, { roots } = tickets.reach(ticket)): TicketIssued {
    return {
      ticket: ticket.id,
      uid: ticket.uid,
      cwd: ticket.cwd,
      roots,
      expires_at: new Date(ticket.expiresMs).toISOString(),
      ...(ticket.cwdRefused === undefined ? {} : { cwd_refused: ticket.cwdRefused }),
    }
  }

  const hello = (): Hello => ({
    version: protocolVersion,
    pid: process.pid,
    profile: 'user',
    uid: process.getuid?.() ?? 0,
  })

  /** who takes a ticket has a plan in mind: what it needs is loaded meanwhile. a failure shows there, and in health. */
  function prepareActions(): void {
    options.actions().catch(() => undefined)
  }

  function mustBeAttached(caller: Caller): void {
    if (!caller.attached) throw ticketErrors.NOT_ATTACHED()
  }

  /** what stands for the person is refused to the process that plans are submitted by. */
  function mustBePerson(caller: Caller): void {
    if (caller.attached || options.isNucleus(caller.credentials.pid)) throw ticketErrors.PEER_IS_NUCLEUS()
  }

  /** where relative paths of a grant are meant: the caller's folder, from the kernel. */
  function placeOf(caller: Caller): { uid: number; cwd: string; home: string; drop: () => void } {
    const { id, uid, cwd, home } = tickets.issue(caller.credentials)
    return { uid, cwd, home, drop: () => tickets.drop(id) }
  }

  const auditGrant = (kind: string, caller: Caller, path: string): Promise<void> =>
    chain.append({ kind, traceId: '', uid: caller.credentials.uid, body: { path, pid: caller.credentials.pid } })

  async function describeAll(): Promise<ActionDescription[]> {
    const own = [...(await options.actions()).values()].map(({ name, description, risk, undoable, input }) => ({
      name,
      description,
      risk,
      undoable,
      input: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as unknown as Json,
    }))
    const offered = options.tools
      .list()
      .map(({ name, description, risk, undoable, input }) => ({ name, description, risk, undoable, input }))
    return [...own, ...offered]
  }

  const handlers: Handlers = {
    'osd.hello': hello,
    'osd.health': () => options.health(),
    async 'ticket.issue'(_, caller) {
      mustBePerson(caller)
      try {
        const ticket = tickets.issue(caller.credentials)
        prepareActions()
        caller.tickets.push(ticket.id)
        // a client that asks again and again keeps the last ones.
        for (const old of caller.tickets.splice(0, caller.tickets.length - ticketsAConnection)) tickets.drop(old)
        return issued(ticket)
      } catch (error) {
        const { pid, uid } = caller.credentials
        await chain.append({ kind: 'ticket.refused', traceId: '', uid, body: { pid, reason: String(error) } })
        throw error
      }
    },
    'ticket.drop': ({ ticket }) => tickets.drop(ticket),
    async 'plan.show'({ plan_id, plan_hash, changes }, caller): Promise<PlanShown> {
      const question = confirmations.show(plan_id, plan_hash, caller.credentials.uid)
      return { ...shown(question), ...(changes === true ? { changes: await question.changes() } : {}) }
    },
    'plan.question'({ trace_id }, caller) {
      mustBeAttached(caller)
      const question = confirmations.ofGoal(trace_id, caller.credentials.uid)
      return question === undefined ? null : shown(question)
    },
    'plan.answer': ({ plan_id, plan_hash, answer, by }, caller) => {
      mustBePerson(caller)
      const { accepted } = confirmations.answer(plan_id, plan_hash, caller.credentials.uid, { answer, by })
      return { accepted }
    },
    async 'grant.add'({ path }, caller) {
      mustBePerson(caller)
      const { drop, ...place } = placeOf(caller)
      try {
        const grant = grants.add(path, place)
        await auditGrant('grant.added', caller, grant.path)
        return grant
      } finally {
        drop()
      }
    },
    async 'grant.remove'({ path }, caller) {
      mustBePerson(caller)
      const { drop, ...place } = placeOf(caller)
      try {
        const grant = grants.remove(path, place)
        await auditGrant('grant.removed', caller, grant.path)
        return grant
      } finally {
        drop()
      }
    },
    'grant.list': (_, caller) => ({ grants: grants.list(caller.credentials.uid) }),
    'token.create'(wanted, caller) {
      mustBePerson(caller)
      return options.tokens.create(wanted, caller)
    },
    'token.list'(_, caller) {
      mustBePerson(caller)
      return options.tokens.list()
    },
    'token.revoke'({ which }, caller) {
      mustBePerson(caller)
      return options.tokens.revoke(which, caller)
    },
    'keeping.show': ({ what, before_ms: beforeMs }) => presentKept(store.older({ beforeMs, trash: what === 'trash' })),
    async 'keeping.purge'({ what, before_ms: beforeMs }, caller) {
      mustBePerson(caller)
      const { pid, uid } = caller.credentials
      const than = { beforeMs, trash: what === 'trash' }
      // the row comes first: what is removed for good must not be removed unseen
      const { plans, bytes } = store.older(than)
      const body = { what, before: new Date(beforeMs).toISOString(), plans, bytes, pid }
      if (plans > 0) await chain.append({ kind: 'keeping.purged', traceId: '', uid, body })
      return presentKept(store.drop(than))
    },
    async 'audit.rows'({ limit = 50, trace_id: wanted, after, before }) {
      const rows = await chain.rows({ limit, traceId: wanted, after, before })
      return {
        rows: rows.map(({ sequence, time, kind, trace_id: traceId, uid, hash, previous_hash: previousHash, body }) => ({
          sequence,
          time,
          kind,
          traceId,
          uid,
          hash,
          previousHash,
          body,
        })),
      }
    },
    'audit.verify': () => verifyChain(options.auditFolder),
    'policy.rules'() {
      const { rules, problem } = options.evaluator()
      return {
        rules: rules.map(({ name, decision, description, file }) => ({ name, decision, description, file })),
        ...(problem === undefined ? {} : { problem }),
      }
    },
    async 'policy.explain'({ ticket, action, args }, _, signal) {
      await options.actions()
      const plan = { version: 1, goal: '', origin: 'policy.explain', steps: [{ id: 's1', action, args }] }
      const [decision] = await plans.judge(JSON.stringify(plan), tickets.take(ticket), signal)
      return decision
    },
    'nucleus.attach'({ secret }, caller) {
      if (secret !== options.secret()) throw ticketErrors.NOT_ATTACHED()
      options.onAttach(caller)
      return hello()
    },
    'osd.stop'(_, caller) {
      mustBeAttached(caller)
      return { stops: options.onStop(caller) }
    },
    async 'tools.register'({ tools }, caller) {
      mustBeAttached(caller)
      const actions = await options.actions()
      return { refused: options.tools.register(tools, caller.peer, (name) => actions.has(name)) }
    },
    async 'plan.submit'({ plan, ticket, trace_id, client }, caller, signal) {
      mustBeAttached(caller)
      await options.actions()
      return await plans.submit({
        text: plan,
        ticket: tickets.take(ticket),
        traceId: trace_id,
        client: { timeZone: client.time_zone, locale: client.locale, width: client.width },
        signal,
      })
    },
    'plan.outcome'({ trace_id }, caller) {
      mustBeAttached(caller)
      return plans.outcome(trace_id) ?? null
    },
    async 'plan.answerWithToken'({ plan_id, plan_hash, token, answer }, caller) {
      mustBeAttached(caller)
      await checkToken(token, caller, 'api')
      const given = confirmations.answer(plan_id, plan_hash, process.getuid?.() ?? 0, { answer, by: 'person' })
      return { accepted: given.accepted, trace_id: given.traceId }
    },
    async 'ticket.forToken'({ token, survey = false }, caller): Promise<TicketIssued> {
      mustBeAttached(caller)
      await checkToken(token, caller, 'api', 'hook')
      const ticket = tickets.issueForToken()
      const reach = tickets.reach(ticket)
      return { ...issued(ticket, reach), ...(survey ? surveyed(reach) : {}) }
    },
    'tree.survey'({ ticket }, caller) {
      mustBeAttached(caller)
      return { entries: surveyFolder(tickets.reach(tickets.take(ticket))) }
    },
    'actions.list': async () => ({ actions: await describeAll() }),
    'actions.names': async () => ({ names: [...(await options.actions()).keys()] }),
    statistics: () => options.statistics(),
    'desktop.notify'(notice, caller) {
      mustBeAttached(caller)
      return options.desktop.notify(notice, caller.credentials.uid)
    },
  }

  function surveyed(reach: Reach): { entries?: NamedEntry[] } {
    try {
      return { entries: surveyFolder(reach) }
    } catch {
      // the ticket is good without it; whoever needs the names asks for them and is told what is in the way
      return {}
    }
  }

  function shown({ planId, planHash, plan, decisions, preview, yesAnswers, via, expiresMs }: Question): PlanShown {
    return {
      plan_id: planId,
      plan_hash: planHash,
      goal: plainText(plan.goal),
      plan,
      decisions,
      preview,
      yes_answers: yesAnswers,
      via,
      expires_at: new Date(expiresMs).toISOString(),
    }
  }

  async function checkToken(
    token: string,
    { credentials }: Caller,
    ...purposes: readonly TokenPurpose[]
  ): Promise<void> {
    try {
      options.token.check(token, ...purposes)
    } catch (error) {
      await chain.append({ kind: 'token.refused', traceId: '', uid: credentials.uid, body: { pid: credentials.pid } })
      throw error
    }
  }

  return async (method, params, caller, signal) => {
    if (!Object.hasOwn(parameters, method)) throw wireErrors.WIRE_METHOD_UNKNOWN({ value: method })
    const name = method as Method
    const parsed = parameters[name].safeParse(params ?? {})
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw planErrors.PARAMETERS_INVALID({
        value: method,
        detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? showValue(params)}`,
      })
    }
    const handle = handlers[name] as (params: unknown, caller: Caller, signal: AbortSignal) => unknown
    return handle(parsed.data, caller, signal)
  }
}

function presentKept({ plans, withContent, bytes, oldestMs }: Kept): object {
  const oldest = oldestMs === undefined ? {} : { oldest_at: new Date(oldestMs).toISOString() }
  return { plans, with_content: withContent, bytes, ...oldest }
}
