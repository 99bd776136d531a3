// what becomes of a submitted plan, from its text to its outcome: read, judge, ask, run, record.
import type { Json, Plan, PlanOutcome, StepDecision, StepResult, ToolDescription } from '../../contract.ts'
import { openDeadline } from '../../../../nucleus/deadline.ts'
import { createIdentifier } from '../../../../nucleus/identifiers.ts'
import { toErrorData } from '../../../../nucleus/errors.ts'
import type { ActionContext, ActionResult } from '../action.ts'
import type { AuditChain } from '../audit/chain.ts'
import type { AuditEntry } from '../audit/row.ts'
import { canonicalJson, sha256 } from '../canonical.ts'
import { openTree } from '../files/tree.ts'
import { isWithin } from '../files/paths.ts'
import type { Reach } from '../files/reach.ts'
import type { Evaluator } from '../policy/evaluator.ts'
import type { StartSettings } from '../settings.ts'
import type { Ticket } from '../tickets/tickets.ts'
import { findUndoTargets, undoActionName, undoReach, wishOf } from '../undo/action.ts'
import { createJournal } from '../undo/journal.ts'
import type { Journal } from '../undo/journal.ts'
import type { UndoStore } from '../undo/store.ts'
import { answerRow, decidedRow, endedRow } from './audit-rows.ts'
import type { Answered, Confirmations, Question } from './confirmations.ts'
import { unmetAtFirst } from './conditions.ts'
import { planErrors } from './errors.ts'
import { judgeStep } from './judge.ts'
import type { Abilities, JudgeContext, JudgedStep } from './judge.ts'
import type { Locks } from './locks.ts'
import { createLookAhead } from './look-ahead.ts'
import type { LookAhead } from './look-ahead.ts'
import { notBegun } from './not-begun.ts'
import { trimOutcome, withoutWordsOf } from './outcomes.ts'
import { parsePlan } from './parse.ts'
import { runPlan, takeBack } from './run.ts'
import type { RunResult } from './run.ts'
import { plainText, previewLines } from './show.ts'

export interface Submission {
  /** the plan as it was written: osd reads it itself. */
  readonly text: string
  readonly ticket: Ticket
  readonly traceId: string
  readonly client: { readonly timeZone: string; readonly locale: string; readonly width: number }
  readonly signal: AbortSignal
}

/** Contract: called while a plan is on its way; must not throw, is not waited for. */
export interface PlanObserver {
  decided(plan: { planId: string; planHash: string; traceId: string; decision: string; policies: string[] }): void
  waiting(question: Question, traceId: string): void
  stepEnded(step: { planId: string; traceId: string; result: StepResult; durationMs: number }): void
}

export interface PlanService {
  /**
   * @throws TICKET_UNKNOWN, PLAN_INVALID and the like for what is no plan; a no is an outcome, not an error.
   */
  submit(submission: Submission): Promise<PlanOutcome>
  /** what became of the newest plan of a trace that changed something, or of any since the start. */
  outcome(traceId: string): PlanOutcome | undefined
  judge(text: string, ticket: Ticket, signal: AbortSignal): Promise<readonly StepDecision[]>
  /** takes no more plans; the ones that run are waited for at most `timeoutMs`, then cancelled. */
  drain(timeoutMs: number): Promise<void>
  readonly running: number
}

export interface PlanServiceOptions {
  readonly settings: StartSettings
  readonly abilities: Abilities
  readonly evaluator: () => Evaluator
  readonly chain: AuditChain
  readonly store: UndoStore
  readonly confirmations: Confirmations
  readonly locks: Locks
  readonly reachOf: (ticket: Ticket) => Reach
  readonly trash: string
  readonly observer: PlanObserver
  readonly runTool: (
    tool: ToolDescription,
    args: Readonly<Record<string, Json>>,
    call: { traceId: string; uid: number; receipt: string; timeZone: string; locale: string },
    signal: AbortSignal,
  ) => Promise<ActionResult>
  /** a row that could not be written although nothing was changed; for the log. */
  readonly missed: (error: unknown) => void
}

interface Asking {
  readonly planId: string
  readonly planHash: string
  readonly plan: Plan
  readonly decisions: readonly StepDecision[]
  readonly ticket: Ticket
  readonly traceId: string
  readonly client: Submission['client']
  readonly signal: AbortSignal
  readonly ahead: LookAhead
}

interface Judged {
  readonly steps: readonly JudgedStep[]
  readonly decisions: readonly StepDecision[]
}

const maxRunning = 64
const lockTimeoutMs = 60_000
const planTimeoutMs = 600_000
const maxResultBytes = 2 * 1024 * 1024
const rememberedOutcomes = 500

export function createPlanService(options: PlanServiceOptions): PlanService {
  const { settings, abilities, chain, store, confirmations, locks } = options
  const running = new Map<string, Promise<PlanOutcome>>()
  const outcomes = new Map<string, PlanOutcome>()
  const ending = new AbortController()
  let draining = false

  function remember(traceId: string, outcome: PlanOutcome): void {
    outcomes.delete(traceId)
    outcomes.set(traceId, trimOutcome(outcome))
    for (const oldest of outcomes.keys()) {
      if (outcomes.size <= rememberedOutcomes) break
      outcomes.delete(oldest)
    }
  }

  /** the outcome of the same plan of the same goal, where it had its effect already. */
  function recorded(traceId: string, key: string): PlanOutcome | undefined {
    const planId = store.planOfTrace(traceId)
    const end = planId === undefined ? undefined : store.story(planId)?.end
    const saved = end?.outcome as { key: string; outcome: PlanOutcome } | undefined
    return end?.status === 'completed' && saved?.key === key ? saved.outcome : undefined
  }

  async function submit(submission: Submission): Promise<PlanOutcome> {
    if (draining) throw planErrors.OSD_DRAINING()
    const plan = parsePlan(submission.text)
    const { ticket, traceId } = submission
    const key = sha256(canonicalJson({ plan, trace: traceId, uid: ticket.uid }))
    const same = running.get(key)
    if (same !== undefined) return same
    const before = recorded(traceId, key)
    if (before !== undefined) return before
    if (running.size >= maxRunning) throw planErrors.PLANS_BUSY({ value: running.size })
    using deadline = openDeadline(planTimeoutMs + settings.confirmationMs)
    const signal = AbortSignal.any([submission.signal, ending.signal, deadline.signal])
    const work = carryOut({ ...submission, signal }, plan, key)
    running.set(key, work)
    try {
      const outcome = await work
      remember(traceId, outcome)
      return outcome
    } finally {
      running.delete(key)
    }
  }

  /** where a plan with an undo in it reaches: where the plan reached that it takes back. */
  function reachFor(plan: Plan, ticket: Ticket): Reach {
    const reach = options.reachOf(ticket)
    const undo = plan.steps.find(({ action }) => action === undoActionName)
    if (undo === undefined) return reach
    try {
      const targets = findUndoTargets(store, ticket.uid, wishOf(undo.args, reach))
      // whoever comes with a token only may take back what was done where the token reaches.
      const roots = targets.flatMap(({ story }) => story.begin.roots)
      const beyond = roots.some((root) => !reach.roots.some((own) => isWithin(root, own)))
      return ticket.via === 'token' && beyond ? reach : undoReach(targets, reach)
    } catch {
      // there is nothing to undo: the action says so itself.
      return reach
    }
  }

  /** @param steps filled as far as it goes: where it throws, the step after the last one was the reason. */
  async function judgeAll(plan: Plan, context: JudgeContext, steps: JudgedStep[] = []): Promise<Judged> {
    let filesChange = false
    for (const step of plan.steps) {
      steps.push(await judgeStep(step, step.args, context, filesChange))
      filesChange ||= context.abilities.action(step.action)?.effect === 'files'
    }
    return { steps, decisions: steps.map(({ decision }) => decision) }
  }

  function changesFiles(plan: Plan): boolean {
    return plan.steps.some(({ action }) => abilities.action(action)?.effect === 'files')
  }

  async function carryOut(submission: Submission, plan: Plan, key: string): Promise<PlanOutcome> {
    const { ticket, traceId, signal, client } = submission
    const startedMs = performance.now()
    const planId = createIdentifier()
    const reach = reachFor(plan, ticket)
    const tree = openTree(reach, signal)
    const writes = changesFiles(plan)
    const evaluator = options.evaluator()
    const context: ActionContext = {
      tree,
      cwd: reach.cwd,
      home: reach.home,
      uid: ticket.uid,
      environment: ticket.environment,
      ...client,
      signal,
      // handed out for each step, held to what was decided on it.
      changes: undefined as never,
    }
    const judge: JudgeContext = { abilities, evaluator, reach, tree, action: context }
    // plans that change files in the same folders wait for each other from the judgement to the end.
    const take = async (): Promise<() => void> =>
      writes ? locks.take(reach.roots, { signal, timeoutMs: lockTimeoutMs }) : () => undefined
    let release = await take()
    let journal: Journal | undefined
    const rows: AuditEntry[] = []
    try {
      const before: JudgedStep[] = []
      let judged: Judged
      try {
        judged = await judgeAll(plan, judge, before)
      } catch (error) {
        const outcome = notBegun(planId, plan, before.length, error)
        await write(
          [endedRow({ planId, planHash: '', traceId, uid: ticket.uid }, outcome, performance.now() - startedMs)],
          false,
        )
        return outcome
      }
      const planHash = hashOf(plan, judged.steps, ticket)
      const whose = { planId, planHash, traceId, uid: ticket.uid }
      const decision = strictest(judged.decisions)
      rows.push(decidedRow(whose, plan, judged.decisions, decision, reach.cwd))
      const policies = [...new Set(judged.decisions.map(({ policy }) => policy))]
      options.observer.decided({ planId, planHash, traceId, decision, policies })
      const end = async (outcome: PlanOutcome, effect: boolean): Promise<PlanOutcome> => {
        rows.push(endedRow(whose, outcome, performance.now() - startedMs))
        await write(rows.splice(0), effect)
        return outcome
      }
      const unrun = (status: 'denied' | 'needs_confirmation' | 'failed', reason: string): PlanOutcome => ({
        planId,
        planHash,
        status,
        decisions: judged.decisions,
        steps: plan.steps.map(({ id, action, args }, index) => ({
          id,
          action,
          args,
          status: judged.decisions[index]?.decision === 'deny' ? 'denied' : 'skipped',
          text: '',
          data: {},
        })),
        reason,
      })
      if (decision === 'deny') {
        const first = judged.decisions.find((one) => one.decision === 'deny')
        return await end(unrun('denied', first?.reason ?? 'the policy says no'), false)
      }
      let approvedBy: 'nobody' | 'person' | 'yes_flag' = 'nobody'
      // becomes durable while the plan is judged once more
      let intent: Promise<void> | undefined
      const effectful = writes || plan.steps.some(({ action }) => (abilities.tool(action)?.risk ?? 'none') !== 'none')
      if (decision === 'confirm') {
        // nobody is asked about what would not be done.
        const unmet = await unmetAtFirst(plan, tree)
        if (unmet !== undefined) {
          const { steps, reason, status } = notBegun(planId, plan, 0, unmet)
          return await end({ ...unrun('denied', reason ?? ''), status, steps }, false)
        }
        release()
        release = () => undefined
        const ahead = createLookAhead({ steps: judged.steps, abilities, reach, context })
        const { decisions } = judged
        const question = { planId, planHash, plan, decisions, ticket, traceId, client, signal, ahead }
        const answered = await askOnRecord(question, rows.splice(0))
        rows.push(answerRow(whose, answered))
        const asked = judged.decisions.find((one) => one.decision === 'confirm')
        if (answered.answer !== 'yes') return await end(unrun(...refusal(answered, asked?.reason ?? '')), false)
        approvedBy = answered.by
        if (effectful) intent = onRecord(rows.splice(0))
        release = await take()
        const again = await judgeAll(plan, judge)
        if (hashOf(plan, again.steps, ticket) !== planHash || !(await ahead.stillHolds())) {
          const stale = planErrors.PLAN_STALE()
          return await end(unrun('failed', stale.message), false)
        }
        judged = again
      }
      // the intent is durable before anything has an effect; what only reads is on record with its end.
      if (effectful) await (intent ?? onRecord(rows.splice(0)))
      const result = await runPlan({
        planId,
        traceId,
        uid: ticket.uid,
        receipt: `${traceId}/${key.slice(0, 16)}`,
        steps: judged.steps,
        judge,
        context,
        signal,
        approvedBy,
        limits: { maxChanges: settings.maxChanges, maxBytes: settings.maxWriteBytes, maxResultBytes },
        trash: options.trash,
        journal() {
          journal ??= createJournal(store.folder, {
            planId,
            traceId,
            uid: ticket.uid,
            goal: plan.goal.slice(0, 1_000),
            startedMs: Date.now(),
            roots: reach.roots,
            cwd: reach.cwd,
            home: reach.home,
          })
          return journal
        },
        openedJournal: () => journal,
        audit: (...entries) => write([...rows.splice(0), ...entries], effectful),
        runTool: (tool, args, receipt, toolSignal) =>
          options.runTool(
            tool,
            args,
            { traceId, uid: ticket.uid, receipt, timeZone: client.timeZone, locale: client.locale },
            toolSignal,
          ),
        stepEnded: (step, durationMs) => options.observer.stepEnded({ planId, traceId, result: step, durationMs }),
      })
      const outcome = outcomeOf(planId, planHash, judged.decisions, result)
      rows.push(...result.rows)
      if (journal === undefined || result.status !== 'completed') return await end(outcome, effectful)
      return await commit(journal, outcome, key, end)
    } finally {
      journal?.close()
      tree.close()
      release()
    }
  }

  /** the end of a plan that has changed something: on record first, then done for good; else it is taken back. */
  async function commit(
    journal: Journal,
    outcome: PlanOutcome,
    key: string,
    end: (outcome: PlanOutcome, effect: boolean) => Promise<PlanOutcome>,
  ): Promise<PlanOutcome> {
    const idle = journal.changes === 0 && outcome.steps.every(({ action }) => abilities.tool(action) === undefined)
    if (idle) {
      journal.discard()
      return end(outcome, true)
    }
    try {
      await end(outcome, true)
      // from here on the plan is done, also after a crash.
      const kept = withoutWordsOf(outcome, (action) => abilities.tool(action) !== undefined)
      await journal.end({ status: 'completed', outcome: { key, outcome: trimOutcome(kept) } })
      store.add(outcome.planId)
      return outcome
    } catch (error) {
      const left = await takeBack(journal)
      const { message } = toErrorData(error)
      const reason = left.length === 0 ? message : `${message}. not everything could be taken back: ${left.join('; ')}`
      const steps = outcome.steps.map(({ undoId, ...step }) =>
        undoId === undefined ? step : { ...step, status: 'undone' as const },
      )
      const failed: PlanOutcome = { ...outcome, status: 'failed', steps, reason }
      return end(failed, false)
    }
  }

  /** writes rows; where nothing was changed a full disk does not keep the answer back. */
  async function write(rows: readonly AuditEntry[], effect: boolean): Promise<void> {
    if (rows.length === 0) return
    try {
      await chain.append(...rows)
    } catch (error) {
      if (effect) throw error
      options.missed(error)
    }
  }

  /**
   * asks while the decision is being made durable; the answer counts only when it is.
   * @throws AUDIT_UNWRITABLE; the question is then open no more.
   */
  async function askOnRecord(question: Asking, decision: readonly AuditEntry[]): Promise<Answered> {
    const unwritable = new AbortController()
    const written = onRecord(decision, (error) => unwritable.abort(error))
    const answered = await ask({ ...question, signal: AbortSignal.any([question.signal, unwritable.signal]) })
    await written
    return answered
  }

  /** writes rows while something else is done; whoever waits for it later hears of a failure, `failed` at once. */
  function onRecord(rows: readonly AuditEntry[], failed?: (error: unknown) => void): Promise<void> {
    const written = chain.append(...rows)
    written.catch((error: unknown) => failed?.(error))
    return written
  }

  async function ask(question: Asking): Promise<Answered> {
    const { planId, planHash, plan, decisions, ticket, traceId, client, signal, ahead } = question
    const open: Question = {
      planId,
      planHash,
      traceId,
      uid: ticket.uid,
      via: ticket.via,
      plan,
      decisions,
      // what was not named must be seen by whoever says yes to it.
      yesAnswers: plan.referred !== true && decisions.every((one) => one.decision !== 'confirm' || one.yesAnswers),
      preview: previewLines(plan, decisions, {
        timeZone: client.timeZone,
        describe: (name) => (abilities.action(name) ?? abilities.tool(name))?.description,
      }),
      expiresMs: Date.now() + settings.confirmationMs,
      changes: ahead.look,
    }
    const answer = confirmations.ask(open, signal)
    options.observer.waiting(open, traceId)
    return answer
  }

  return {
    submit,
    outcome(traceId) {
      const known = outcomes.get(traceId)
      if (known !== undefined) return known
      const planId = store.planOfTrace(traceId)
      const end = planId === undefined ? undefined : store.story(planId)?.end
      return (end?.outcome as { outcome: PlanOutcome } | undefined)?.outcome
    },
    async judge(text, ticket, signal) {
      const plan = parsePlan(text)
      const reach = reachFor(plan, ticket)
      const tree = openTree(reach, signal)
      try {
        const action = { tree, cwd: reach.cwd, signal, uid: ticket.uid }
        return (await judgeAll(plan, { abilities, evaluator: options.evaluator(), reach, tree, action })).decisions
      } finally {
        tree.close()
      }
    },
    async drain(timeoutMs) {
      draining = true
      // nobody can answer any more; whoever asked may ask again.
      confirmations.endAll()
      const all = Promise.allSettled(running.values())
      let timer: NodeJS.Timeout | undefined
      const late = new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs)))
      await Promise.race([all, late])
      clearTimeout(timer)
      ending.abort(planErrors.OSD_DRAINING())
      await all
    },
    get running() {
      return running.size
    },
  }
}

function strictest(decisions: readonly StepDecision[]): 'allow' | 'confirm' | 'deny' {
  if (decisions.some(({ decision }) => decision === 'deny')) return 'deny'
  return decisions.some(({ decision }) => decision === 'confirm') ? 'confirm' : 'allow'
}

/** what a confirmation is bound to: the plan, everything it touches, who asks and where. */
function hashOf(plan: Plan, steps: readonly JudgedStep[], { uid, cwd }: Ticket): string {
  return sha256(canonicalJson({ plan, resources: steps.map(({ resources }) => resources), uid, cwd }))
}

function outcomeOf(
  planId: string,
  planHash: string,
  decisions: readonly StepDecision[],
  result: RunResult,
): PlanOutcome {
  const late = new Map(result.lateDecisions.map((decision) => [decision.step, decision]))
  return {
    planId,
    planHash,
    status: result.status,
    decisions: decisions.map((decision) => late.get(decision.step) ?? decision),
    steps: result.steps,
    ...(result.reason === undefined ? {} : { reason: plainText(result.reason) }),
  }
}

function refusal({ answer }: Answered, asked: string): ['denied' | 'needs_confirmation' | 'failed', string] {
  if (answer === 'absent') return ['needs_confirmation', asked]
  if (answer === 'cancelled') return ['failed', 'the goal was cancelled before anybody said yes; nothing was changed']
  return ['denied', answer === 'expired' ? 'nobody answered in time, which counts as a no' : 'the person said no']
}
