// hands goals in and watches them: one subscription an event for all goals, and all who wait for one.
import type { Logger } from 'pino'
import { traceIdOf } from '../../../nucleus/identifiers.ts'
import type { ModuleContext } from '../../../nucleus/modules/module.ts'
import { ConfirmationRequested, type OpenQuestion, type Operator } from '../../operator/contract.ts'
import { GoalCompleted, GoalProgressed, type Reasoning } from '../../reasoning/contract.ts'
import { gatewayErrors } from '../errors.ts'
import type { Way } from './way.ts'
import { createGoalWatch, type GoalNews, type GoalNotice, type GoalWatch } from './goal-watch.ts'

// what a goal does after its module was restarted is told to nobody: then its run is asked
const askAgainMs = 2_000
const hurriedMs = 50
// plans whose run is remembered, so that an answer finds it
const maxPlans = 1_000

export interface GoalDesk {
  /** begins to listen; must come before the goal is handed in. @throws GATEWAY_FULL, GATEWAY_CLOSING */
  watch(traceId: string): GoalWatch
  /**
   * what is told about a goal, in order; the last notice is its outcome. it ends without one when the watch is closed.
   * @param late - the goal was handed in before the watch began: first it is looked where it stands
   * @throws GOAL_STILL_RUNNING after the longest wait, MODULE_DOWN, GATEWAY_CLOSING
   */
  notices(watch: GoalWatch, late?: boolean): AsyncGenerator<GoalNotice>
  /** the run that waits for the confirmation of this plan, as far as is remembered. */
  runOfPlan(planId: string): string | undefined
  waiting(): number
  /**
   * nobody waits for the answer to this goal's question any more: it stays open, and the oldest of such is given up where
   * there are too many. a question keeps its goal at work, and others wait for its place.
   */
  leaveOpen(traceId: string): void
  /** goals that have put a question to their person, who waits for the answer. */
  asked(): readonly string[]
  /** goals whose question was told and that nobody watches any more. */
  abandoned(): readonly string[]
  /** from now on events may not come any more: runs are asked at short intervals. */
  hurry(): void
  /** ends all watches; goals go on. */
  close(): void
}

export interface GoalDeskOptions {
  readonly reasoning: Reasoning
  readonly operator: Operator
  readonly way: Way
  readonly log: Logger
  readonly maxGoals: number
  readonly maxOpenQuestions: number
  readonly goalWaitMs: number
}

/** opens the desk; `on` is the context’s, so that its subscriptions end with the module. */
export function openGoalDesk(on: ModuleContext['on'], options: GoalDeskOptions): GoalDesk {
  // whoever stated a goal watches it, and whoever answers its question, too
  const watches = new Set<ReturnType<typeof createGoalWatch>>()
  const runsOfPlans = new Map<string, string>()
  let closing = false
  let hurried = false

  const tell = (traceId: string, news: GoalNews): void => {
    for (const watch of watches) if (watch.traceId === traceId) watch.tell(news)
  }
  const leftOpen = new Set<string>()
  on(
    GoalCompleted,
    (outcome) => {
      leftOpen.delete(outcome.traceId)
      tell(outcome.traceId, { kind: 'outcome', outcome })
    },
    { live: true },
  )
  on(GoalProgressed, ({ traceId, text }) => tell(traceId, { kind: 'progress', text }))
  on(ConfirmationRequested, (request, event) => {
    const traceId = traceIdOf(event.traceparent)
    if (traceId === undefined) return
    rememberPlan(request.planId, traceId)
    tell(traceId, { kind: 'confirmation', planId: request.planId })
  })

  function rememberPlan(planId: string, traceId: string): void {
    runsOfPlans.set(planId, traceId)
    const [oldest] = runsOfPlans.keys()
    if (runsOfPlans.size > maxPlans && oldest !== undefined) runsOfPlans.delete(oldest)
  }

  function leaveOpen(traceId: string): void {
    leftOpen.delete(traceId)
    leftOpen.add(traceId)
    const [oldest] = leftOpen
    if (leftOpen.size <= options.maxOpenQuestions || oldest === undefined) return
    leftOpen.delete(oldest)
    options.reasoning.cancel(oldest).then(
      () => options.log.info({ goal: oldest }, 'its question was given up: too many others are open'),
      (error: unknown) => options.log.warn({ err: error, goal: oldest }, 'its question could not be given up'),
    )
  }

  const outcomeOfRun = async (traceId: string): Promise<GoalNotice | undefined> => {
    try {
      const run = await options.reasoning.run(traceId)
      if (run?.endedAt === undefined || run.status === 'running') return undefined
      return { kind: 'outcome', outcome: { ...run, status: run.status } }
    } catch (error) {
      // reasoning is being restarted: the next look may find it
      options.log.debug({ err: error, goal: traceId }, 'a run could not be asked for')
      return undefined
    }
  }

  /** what osd waits for; the event that tells of it says nothing of the plan, and is told to one generation only. */
  const openQuestion = async (traceId: string): Promise<OpenQuestion | undefined> => {
    try {
      return await options.operator.question(traceId)
    } catch (error) {
      // osd or its module is being restarted: the next look may find it
      options.log.debug({ err: error, goal: traceId }, 'a question could not be asked for')
      return undefined
    }
  }

  async function* notices(watch: GoalWatch, late = false): AsyncGenerator<GoalNotice> {
    const { traceId } = watch
    const deadline = Date.now() + options.goalWaitMs
    const asked = new Set<string>()
    let look = late
    while (!watch.closed) {
      const leftMs = deadline - Date.now()
      if (leftMs <= 0) throw gatewayErrors.GOAL_STILL_RUNNING({ value: traceId })
      const news = look ? undefined : await watch.next(Math.min(leftMs, hurried ? hurriedMs : askAgainMs))
      look = false
      if (watch.closed) break
      if (news?.kind === 'progress') {
        yield news
        continue
      }
      if (news === undefined || news.kind === 'confirmation') {
        const question = await openQuestion(traceId)
        if (question !== undefined && !asked.has(question.planId)) {
          asked.add(question.planId)
          rememberPlan(question.planId, traceId)
          yield { kind: 'confirmation', ...question }
        }
        if (news !== undefined || question !== undefined) continue
      }
      // the event of a goal about notes is without its answer: the run has it.
      const needsRun = news === undefined || news.outcome.private === true
      const notice = needsRun ? ((await outcomeOfRun(traceId)) ?? news) : news
      if (notice === undefined) {
        // what was accepted is in the journal, and goes on when the module is there again
        const missing = closing || hurried ? undefined : await options.way.missing()
        if (missing !== undefined) throw missing
        continue
      }
      yield notice
      return
    }
    if (closing) throw gatewayErrors.GATEWAY_CLOSING({ value: watch.traceId })
  }

  return {
    watch: (traceId) => {
      if (closing) throw gatewayErrors.GATEWAY_CLOSING()
      if (watches.size >= options.maxGoals) throw gatewayErrors.GATEWAY_FULL({ detail: `${watches.size} goals` })
      const watch = createGoalWatch(traceId, () => watches.delete(watch))
      watches.add(watch)
      return watch
    },
    notices,
    leaveOpen,
    runOfPlan: (planId) => runsOfPlans.get(planId),
    waiting: () => watches.size,
    asked: () => {
      const questions = new Set(runsOfPlans.values())
      return [...new Set(Array.from(watches, ({ traceId }) => traceId))].filter((traceId) => questions.has(traceId))
    },
    abandoned: () => [...leftOpen],
    hurry: () => {
      hurried = true
      for (const watch of watches) watch.nudge()
    },
    close: () => {
      closing = true
      for (const watch of watches) watch.close()
    },
  }
}
