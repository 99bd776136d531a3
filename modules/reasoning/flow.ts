// the way of one goal: danger first, then a trace that accounts for every word, then a plan for the operator.
import type { Logger } from 'pino'
import { toErrorData } from '../../nucleus/errors.ts'
import type { Memory } from '../memory/contract.ts'
import type { Operator, PlanOutcome } from '../operator/contract.ts'
import type { ClientContext, Intent } from '../perception/contract.ts'
import type { Providers } from '../providers/contract.ts'
import { tellCompleted, tellDeclined, tellNeedsModel, tellRefused, tellUndone } from './answer.ts'
import { createPlan } from './bind.ts'
import type { EndedRun, GoalOutcome } from './contract.ts'
import { reasoningErrors } from './errors.ts'
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
}

type Ending = Omit<GoalOutcome, 'traceId' | 'goal' | 'durationMs'> & {
  readonly explanation: string
  readonly goal?: string
  /** what the next goal of the session may point at; nothing where it is absent. */
  readonly context?: Focus
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

export function createFlow(options: FlowOptions): Flow {
  const running = new Map<string, AbortController>()
  const answers = createPrivateAnswers()

  async function work(goal: AcceptedGoal, signal: AbortSignal): Promise<Ending> {
    const { intent } = goal
    if (intent.risk === 'critical' || intent.risk === 'high') {
      const danger = intent.danger ?? 'it is dangerous'
      return {
        ...nothing,
        status: 'refused',
        code: 'GOAL_DANGEROUS',
        answer: tellRefused(danger),
        explanation: `refused before anything else: ${danger}`,
      }
    }
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
    if (declined !== undefined) {
      const explanation = 'declined: what it points at is not clear'
      return { ...nothing, status: 'refused', code: 'REFERENCE_UNCLEAR', answer: declined, explanation, context }
    }
    const bound = understood.bound.length > 0 ? understood.bound : await recallAnswer(intent)
    if (bound.length === 0) {
      const models = (await options.providers()?.status()) ?? []
      const modelThere = models.some((provider) => provider.status === 'available')
      return {
        ...nothing,
        status: 'needs_model',
        code: 'NEEDS_MODEL',
        answer: tellNeedsModel(intent, understood.nearest, modelThere),
        explanation: understood.explanation,
      }
    }
    const isPrivate = bound.some((one) => one.trace.private)
    const told = isPrivate ? bound.map((one) => one.trace.description).join(', then ') : intent.text
    const plan = createPlan(told, bound, isReferred)
    options.progress(goal.traceId, bound.map((one) => one.trace.description).join(', then '))
    const outcome = await options.operator.submit(plan, {
      ticket: goal.ticket,
      traceId: goal.traceId,
      client: goal.client,
      signal,
    })
    const explanation = understood.bound.length > 0 ? understood.explanation : 'an open question that a note answers'
    return {
      ...endingOf(bound, outcome, { explanation, isPrivate, isReferred }),
      ...(outcome.status === 'failed' && signal.aborted ? { code: reasoningErrors.RUN_CANCELLED().code } : {}),
      context: contextAfter(context, bound, outcome),
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
      const begun = performance.now()
      // a private goal whose intent is gone was cut off by a restart, like one that another boot began.
      const intent = accepted.private === true ? await options.takeIntent(accepted.traceId) : accepted.intent
      const goal: AcceptedGoal = { ...accepted, intent: intent ?? accepted.intent }
      const fresh = await options.table.begin({
        traceId: goal.traceId,
        session: goal.session,
        goal: accepted.private === true ? 'a goal about notes' : goal.intent.text,
        startedAt,
        boot: options.boot,
      })
      const before = fresh ? undefined : await options.table.get(goal.traceId)
      if (before && (before.endedAt !== undefined || running.has(goal.traceId))) return undefined
      const controller = new AbortController()
      running.set(goal.traceId, controller)
      try {
        const ending =
          (before && before.boot !== options.boot) || intent === undefined
            ? await interrupted(goal)
            : await attempt(() => work(goal, controller.signal), controller.signal, options.log)
        const { goal: told, context = {}, ...rest } = ending
        const run: EndedRun = {
          ...rest,
          traceId: goal.traceId,
          goal: told ?? (goal.intent.text || 'a goal about notes'),
          session: goal.session,
          startedAt: before?.startedAt ?? startedAt,
          endedAt: new Date().toISOString(),
          durationMs: performance.now() - begun,
        }
        // what a note says is kept by the memory alone; the answer waits here for whoever asked.
        if (run.private === true) answers.keep(goal.traceId, run.answer)
        const kept = run.private === true ? { ...run, answer: '' } : run
        await options.table.end(kept)
        if (isShared(goal.session)) await options.table.keepContext(goal.traceId, context)
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
