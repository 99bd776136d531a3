// the way of one goal: danger first, then a trace that accounts for every word, then a plan for the operator.
import type { Logger } from 'pino'
import { isLotusError, toErrorData } from '../../nucleus/errors.ts'
import type { Memory } from '../memory/contract.ts'
import type { NamedEntry, Operator, PlanOutcome } from '../operator/contract.ts'
import type { ClientContext, Intent, Proviso } from '../perception/contract.ts'
import type { Providers } from '../providers/contract.ts'
import { tellCompleted, tellDeclined, tellNeedsModel, tellNotDone, tellRefused, tellUndone } from './answer.ts'
import { createPlan } from './bind.ts'
import type { EndedRun, GoalOutcome } from './contract.ts'
import { reasoningErrors } from './errors.ts'
import { createClarifier, isWithdrawal, tellAmbiguous, tellAsked } from './clarify/clarifier.ts'
import type { Pending } from './clarify/clarifier.ts'
import { nearestTraces } from './nearest.ts'
import { bindRecall, isOpenQuestion } from './recall.ts'
import { createPrivateAnswers } from './runs/private-answers.ts'
import type { RunTable } from './runs/table.ts'
import type { Trace } from './traces/library.ts'
import { contextAfter } from './session/context.ts'
import { isShared, understandInSession } from './session/session.ts'
import { understand } from './understand.ts'
import type { BoundTrace, Focus } from './understand.ts'

export interface AcceptedGoal {
  readonly traceId: string
  readonly intent: Intent
  readonly client: ClientContext
  readonly session: string
  readonly ticket: string
  /** the intent is with perception, because the goal is about notes. */
  readonly private?: boolean | undefined
  /** the run whose question this answers. */
  readonly answers?: string | undefined
}

export interface FlowOptions {
  readonly traces: readonly Trace[]
  readonly operator: Operator
  /** absent while the module is not there: open questions then go unanswered. */
  readonly memory: () => Memory | undefined
  readonly providers: () => Providers | undefined
  readonly table: RunTable
  /** names this process: an unfinished run of another one was cut off. */
  readonly boot: string
  readonly progress: (traceId: string, text: string) => void
  readonly log: Logger
  readonly takeIntent: (traceId: string) => Promise<Intent | undefined>
  /** reads words that were put together from a goal and an answer. */
  readonly interpret: (text: string, client: ClientContext, names: readonly NamedEntry[]) => Promise<Intent>
}

type Ending = Omit<GoalOutcome, 'traceId' | 'goal' | 'durationMs'> & {
  readonly explanation: string
  readonly goal?: string
  /** what the next goal of the session may point at; nothing where it is absent. */
  readonly context?: Focus
  /** the question that it ends with. */
  readonly pending?: Pending
}

export interface Flow {
  /** works on a goal until it has ended; undefined when this goal was worked on before. */
  run(goal: AcceptedGoal): Promise<EndedRun | undefined>
  /** ends all that still runs, before its next step: for the end of the module. */
  cancelAll(): void
  /** the answer of a private run, for some minutes. */
  answerOf(traceId: string): string | undefined
  cancel(traceId: string): boolean
}

const nothing = { mode: 'none' as const, costMicroUsd: 0, steps: [] as GoalOutcome['steps'] }

const withdrawn: Ending = {
  ...nothing,
  status: 'completed',
  answer: 'All right: nothing was changed.',
  explanation: 'an open question was left',
}

/** a goal ends with a question. */
function asking(pending: Pending): Ending {
  return {
    ...nothing,
    status: 'refused',
    code: 'GOAL_UNCLEAR',
    answer: `${tellAsked(pending.clarification)}\nNothing was changed.`,
    explanation: `asked for what is missing: ${pending.clarification.missing}`,
    clarification: pending.clarification,
    pending,
  }
}

function refusalOf({ risk, danger = 'it is dangerous' }: Intent): Ending | undefined {
  if (risk !== 'critical' && risk !== 'high') return undefined
  return {
    ...nothing,
    status: 'refused',
    code: 'GOAL_DANGEROUS',
    answer: tellRefused(danger),
    explanation: `refused before anything else: ${danger}`,
  }
}

/** whether a line would be done for its own sake: `list the files` says something to do, `all txt files` is a thing. */
function isGoalByItself(intent: Intent, traces: readonly Trace[]): boolean {
  const isThing = intent.segmentations.some(
    ([clause, ...more]) =>
      clause !== undefined &&
      more.length === 0 &&
      clause.slots.some(({ type, from, to }) => things.has(type) && from === 0 && to === clause.tokens.length),
  )
  return !isThing && understand(intent, traces).bound.length > 0
}

const things: ReadonlySet<string> = new Set(
  'path paths file_set when date size duration number count quantity unit quoted'.split(' '),
)

export function createFlow(options: FlowOptions): Flow {
  const running = new Map<string, AbortController>()
  const answers = createPrivateAnswers()
  const clarifier = createClarifier({ ...options, survey: (ticket) => options.operator.survey(ticket) })

  /** a goal, or the answer to a question that completes one. */
  async function work(goal: AcceptedGoal, signal: AbortSignal): Promise<Ending> {
    const refused = refusalOf(goal.intent)
    if (refused !== undefined) return refused
    const pending = await pendingFor(goal)
    if (pending === undefined) return await workOn(goal, signal)
    const { text } = goal.intent
    if (isWithdrawal(text)) return withdrawn
    const whole = await clarifier.answer(pending, text, goal)
    if (whole !== undefined) {
      // an answer is given on purpose, but the next line of a session may be something else altogether.
      if (goal.answers === undefined && isGoalByItself(goal.intent, options.traces))
        return {
          ...asking(pending),
          code: 'ANSWER_AMBIGUOUS',
          answer: tellAmbiguous(pending.clarification, whole.text),
        }
      const completed = { ...goal, intent: whole }
      return { goal: whole.text, ...(refusalOf(whole) ?? (await workOn(completed, signal))) }
    }
    if (goal.answers === undefined) return await workOn(goal, signal)
    return { ...asking(pending), answer: `“${text}” does not answer that. ${tellAsked(pending.clarification)}` }
  }

  /** the question that a goal may answer: the one that it names, or that its session was asked last. */
  async function pendingFor({ answers, session }: AcceptedGoal): Promise<Pending | undefined> {
    const pending =
      answers !== undefined
        ? await options.table.pendingOf(answers)
        : isShared(session)
          ? (await options.table.contextOf(session)).pending
          : undefined
    if (pending?.clarification.answerable === true) return pending
    if (answers !== undefined) throw reasoningErrors.ANSWER_UNASKED({ value: answers })
    return undefined
  }

  async function workOn(goal: AcceptedGoal, signal: AbortSignal): Promise<Ending> {
    const { intent } = goal
    if (intent.declined !== undefined)
      return {
        ...nothing,
        status: 'refused',
        code: 'GOAL_DECLINED',
        answer: tellDeclined(intent.declined),
        explanation: `declined: ${intent.declined}`,
      }
    const { understood, isReferred, declined, context } = await understandInSession(
      intent,
      goal.session,
      options.traces,
      options.table,
    )
    const first = clarifier.ask(intent, { context, first: true })
    if (first !== undefined) return { ...asking(first), context }
    if (declined !== undefined) {
      const explanation = 'declined: what it points at is not clear'
      return { ...nothing, status: 'refused', code: 'REFERENCE_UNCLEAR', answer: declined, explanation, context }
    }
    const bound = understood.bound.length > 0 ? understood.bound : await recallAnswer(intent)
    if (bound.length === 0) {
      const asked = clarifier.ask(intent, { context, first: false }) ?? (await clarifier.askName(intent, goal))
      if (asked !== undefined) return { ...asking(asked), context }
      const models = (await options.providers()?.status()) ?? []
      const modelThere = models.some((provider) => provider.status === 'available')
      return {
        ...nothing,
        status: 'needs_model',
        code: 'NEEDS_MODEL',
        answer: tellNeedsModel(intent, nearestTraces(intent, options.traces), modelThere),
        explanation: understood.explanation,
      }
    }
    const isPrivate = bound.some((one) => one.trace.private)
    const told = isPrivate ? bound.map((one) => one.trace.description).join(', then ') : intent.text
    const { provided = [] } = understood
    const plan = createPlan(told, bound, { isReferred, provided })
    options.progress(goal.traceId, bound.map((one) => one.trace.description).join(', then '))
    const outcome = await options.operator.submit(plan, {
      ticket: goal.ticket,
      traceId: goal.traceId,
      client: goal.client,
      signal,
    })
    const explanation = understood.bound.length > 0 ? understood.explanation : 'an open question that a note answers'
    const unmet = notDoneFor(provided, outcome)
    if (unmet !== undefined) return { ...unmet, explanation, traceName: plan.origin, context }
    const ending = endingOf(bound, outcome, { explanation, isPrivate, isReferred })
    return {
      ...(isPrivate ? ending : await withOtherName(ending, outcome, goal)),
      ...(outcome.status === 'failed' && signal.aborted ? { code: reasoningErrors.RUN_CANCELLED().code } : {}),
      context: contextAfter(context, bound, outcome),
    }
  }

  /** what failed for a name that is not there ends with the question whether one nearly like it is meant. */
  async function withOtherName(ending: Ending, outcome: PlanOutcome, goal: AcceptedGoal): Promise<Ending> {
    const error = outcome.steps.find((step) => step.status === 'failed')?.error
    const path = error?.code === 'PATH_MISSING' ? /: '(.+)'$/s.exec(error.message)?.[1] : undefined
    const asked = path === undefined ? undefined : await clarifier.askOtherName(goal.intent, path, goal)
    if (asked === undefined) return ending
    const { question } = asked.clarification
    return {
      ...ending,
      answer: `${ending.answer}\n${tellAsked({ ...asked.clarification, question: question.replace(/^.+?” here\. /s, '') })}`,
      clarification: asked.clarification,
      pending: asked,
    }
  }

  /** `when is Marta's birthday?`: a question that nothing else understands may be about a note. */
  async function recallAnswer(intent: Intent): Promise<readonly BoundTrace[]> {
    const memory = options.memory()
    if (!memory || !isOpenQuestion(intent)) return []
    const found = await memory.answer({ text: intent.text })
    return found.length === 0 ? [] : bindRecall(intent, options.traces)
  }

  /** the run of a process that was killed: osd has finished its plan or rolled it back, and knows which. */
  async function interrupted(goal: AcceptedGoal): Promise<Ending> {
    const outcome = await options.operator.outcome(goal.traceId)
    const understood = understand(goal.intent, options.traces)
    if (outcome?.status === 'completed' && understood.bound.length > 0)
      return endingOf(understood.bound, outcome, {
        explanation: 'finished although LOTUS was stopped meanwhile',
        isPrivate: false,
        isReferred: false,
      })
    const error = reasoningErrors.RUN_INTERRUPTED()
    return {
      ...nothing,
      status: 'failed',
      code: error.code,
      answer: `${error.message}; ${error.fix}`,
      explanation: 'found unfinished at the start',
    }
  }

  return {
    async run(accepted) {
      const startedAt = new Date().toISOString()
      const begunAt = performance.now()
      // a private goal whose intent is gone was cut off by a restart, like one that another boot began.
      const intent = accepted.private === true ? await options.takeIntent(accepted.traceId) : accepted.intent
      const goal: AcceptedGoal = { ...accepted, intent: intent ?? accepted.intent }
      const begun = {
        traceId: goal.traceId,
        session: goal.session,
        goal: accepted.private === true ? 'a goal about notes' : goal.intent.text,
        startedAt,
      }
      let fresh: boolean
      try {
        fresh = await options.table.begin({ ...begun, boot: options.boot })
      } catch (error) {
        if (!isLotusError(error, 'SERVER_UNREACHABLE')) throw error
        // nothing is done that nobody could know to be done: the person is told at once, and nothing happens later.
        const run: EndedRun = {
          ...nothing,
          ...begun,
          status: 'failed',
          code: error.code,
          answer: `${error.message}\n${error.fix}`,
          explanation: 'the store was away, nothing was begun',
          endedAt: new Date().toISOString(),
          durationMs: performance.now() - begunAt,
        }
        await options.table.keepUnbegun(run, options.boot)
        return run
      }
      const before = fresh ? undefined : await options.table.get(goal.traceId)
      if (before && (before.endedAt !== undefined || running.has(goal.traceId))) return undefined
      const controller = new AbortController()
      running.set(goal.traceId, controller)
      try {
        const ending =
          (before && before.boot !== options.boot) || intent === undefined
            ? await interrupted(goal)
            : await attempt(() => work(goal, controller.signal), controller.signal, options.log)
        const { goal: told, context = {}, pending, ...rest } = ending
        const run: EndedRun = {
          ...rest,
          traceId: goal.traceId,
          goal: told ?? (goal.intent.text || 'a goal about notes'),
          session: goal.session,
          startedAt: before?.startedAt ?? startedAt,
          endedAt: new Date().toISOString(),
          durationMs: performance.now() - begunAt,
        }
        // what a note says is kept by the memory alone; the answer waits here for whoever asked.
        if (run.private === true) answers.keep(goal.traceId, run.answer)
        const kept = run.private === true ? { ...run, answer: '' } : run
        const isKept = isShared(goal.session) || pending !== undefined
        await options.table.end(kept, isKept ? { ...context, ...(pending && { pending }) } : undefined)
        return kept
      } finally {
        running.delete(goal.traceId)
      }
    },
    cancelAll() {
      for (const controller of running.values()) controller.abort(reasoningErrors.RUN_CANCELLED())
    },
    answerOf: (traceId) => answers.get(traceId),
    cancel(traceId) {
      const controller = running.get(traceId)
      controller?.abort(reasoningErrors.RUN_CANCELLED())
      return controller !== undefined
    },
  }
}

/** an error on the way is an outcome, too: the goal failed, and the person is told why. */
async function attempt(work: () => Promise<Ending>, signal: AbortSignal, log: Logger): Promise<Ending> {
  try {
    return await work()
  } catch (error) {
    const data = toErrorData(signal.aborted ? reasoningErrors.RUN_CANCELLED({ cause: error }) : error)
    if (data.code === 'INTERNAL') log.error({ err: error }, 'a goal failed for an unforeseen reason')
    return {
      ...nothing,
      status: 'failed',
      code: data.code,
      answer: `${data.message}\n${data.fix}`,
      explanation: `failed: ${data.code}`,
    }
  }
}

function endingOf(
  bound: readonly BoundTrace[],
  outcome: PlanOutcome,
  { explanation, isPrivate, isReferred }: { explanation: string; isPrivate: boolean; isReferred: boolean },
): Ending {
  const decided = outcome.decisions.find((one) => one.decision === (outcome.status === 'denied' ? 'deny' : 'confirm'))
  const failed = outcome.steps.find((step) => step.status === 'failed')
  if (decided?.policy === 'unknown-action') return unknownAction(decided.action)
  return {
    status: outcome.status,
    mode: 'innate',
    answer: outcome.status === 'completed' ? tellCompleted(bound, outcome) : tellUndone(outcome, isReferred),
    ...codeOf(outcome, failed?.error?.code),
    traceName: bound.map((one) => one.trace.trace).join('+'),
    ...(outcome.status === 'completed' || decided === undefined ? {} : { policy: decided.policy }),
    planId: outcome.planId,
    planHash: outcome.planHash,
    costMicroUsd: 0,
    steps: outcome.steps.map((step) => ({
      action: step.action,
      // what a note says is kept by the memory alone, so that forgetting it is enough.
      args: isPrivate ? {} : JSON.parse(JSON.stringify(step.args)),
      status: step.status,
      ...(isPrivate ? {} : { text: step.text.slice(0, 2000) }),
      ...(step.undoId === undefined ? {} : { undoId: step.undoId }),
    })),
    explanation,
    ...(isPrivate ? { private: true, goal: bound.map((one) => one.trace.description).join(', then ') } : {}),
  }
}

/** a goal with a condition that is not met is done by doing nothing. */
function notDoneFor(provided: readonly Proviso[], outcome: PlanOutcome): Ending | undefined {
  const error = outcome.steps[0]?.error
  const isUnmet = outcome.status === 'failed' && /^(?:CONDITION_NOT_MET|PATH_MISSING)$/.test(error?.code ?? '')
  const fact = isUnmet ? provided.find(({ path }) => error?.message.includes(`'${path}'`)) : undefined
  if (fact === undefined || error === undefined) return undefined
  const isMissing = error.code === 'PATH_MISSING' || error.message.includes('there is nothing')
  return {
    ...nothing,
    status: 'completed',
    mode: 'innate',
    code: 'CONDITION_NOT_MET',
    answer: tellNotDone(fact, isMissing),
    explanation: '',
    planId: outcome.planId,
    steps: outcome.steps.map(({ action, args }) => ({
      action,
      args: JSON.parse(JSON.stringify(args)),
      status: 'skipped',
    })),
  }
}

/** an innate trace names nothing that LOTUS lacks, so its module is not running. */
function unknownAction(action: string): Ending {
  const error = reasoningErrors.ACTION_MODULE_DOWN({ value: action })
  return {
    ...nothing,
    status: 'failed',
    code: error.code,
    answer: `${error.message}\n${error.fix}`,
    explanation: 'nobody offers the action',
  }
}

function codeOf(outcome: PlanOutcome, failure: string | undefined): { code?: string } {
  if (outcome.status === 'denied') return { code: 'POLICY_DENIED' }
  if (outcome.status === 'needs_confirmation') return { code: 'CONFIRMATION_NEEDED' }
  return outcome.status === 'failed' ? { code: failure ?? 'PLAN_FAILED' } : {}
}
