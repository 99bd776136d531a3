// reasoning: takes accepted goals, finds the trace that serves them, has the plan done, and keeps the story of it.
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Nucleus } from '../../nucleus/contract.ts'
import { createIdentifier } from '../../nucleus/identifiers.ts'
import { defineModule } from '../../nucleus/modules/module.ts'
import { Memory } from '../memory/contract.ts'
import { Operator, type Tools } from '../operator/contract.ts'
import { GoalAccepted, Perception } from '../perception/contract.ts'
import { Providers } from '../providers/contract.ts'
import { GoalCompleted, GoalProgressed } from './contract.ts'
import type { EndedRun, GoalOutcome, Reasoning, Run } from './contract.ts'
import { createRunTable, runMigrations } from './runs/table.ts'
import { createStatistics } from './runs/statistics.ts'
import { settings } from './settings.ts'

/** unfinished runs of another boot were cut off by a kill. */
const boot = createIdentifier()
const pruneEveryMs = 3_600_000
/** how long goals may go on once the module is to end; one that waits for a person would wait for minutes. */
const drainMs = 3_000

export default defineModule({
  settings,
  async start(context) {
    await context.infra.store.migrate('reasoning', runMigrations)
    const table = createRunTable(context.infra.store)
    const operator = context.use(Operator)
    const memory = context.use(Memory)
    const providers = context.use(Providers)
    const optionalProviders = () => (context.available(Providers) ? providers : undefined)
    const optionalMemory = () => (context.available(Memory) ? memory : undefined)
    const statistics = createStatistics()

    let knownTraces: number | undefined
    const traces = context.lazy('innate traces', async () => {
      const { loadThroughCache } = await import('./traces/trace-cache.ts')
      const innate = join(import.meta.dirname, 'innate')
      const loaded = await loadThroughCache({
        cache: join(context.settings.home, 'cache', 'innate-traces.json'),
        sources: [innate, join(import.meta.dirname, 'traces')],
        load: async () => (await import('./traces/library.ts')).loadTraces(innate),
        onProblem: (error) => context.log.debug({ err: error }, 'the compiled traces could not be kept'),
      })
      knownTraces = loaded.length
      return loaded
    })
    const flow = context.lazy('flow', async () => {
      const { createFlow } = await import('./flow.ts')
      const { indexWordings } = await import('./traces/wordings.ts')
      indexWordings(await traces())
      const made = createFlow({
        traces: await traces(),
        operator,
        memory: optionalMemory,
        providers: optionalProviders,
        table,
        boot,
        log: context.log,
        takeIntent: (traceId) => context.use(Perception).takeIntent(traceId),
        interpret: (text, client, names) => context.use(Perception).interpret({ text, client, names }),
        progress: (traceId, text) => {
          context
            .emit(GoalProgressed, { traceId, text })
            .catch((error: unknown) => context.log.warn({ err: error }, 'progress could not be told'))
        },
      })
      context.signal.addEventListener('abort', () => setTimeout(() => made.cancelAll(), drainMs).unref(), {
        once: true,
      })
      return made
    })
    const tools = context.lazy('tools', async () => {
      const { createReasoningTools } = await import('./tools/tools.ts')
      return createReasoningTools({
        nucleus: context.use(Nucleus),
        operator,
        providers: optionalProviders,
        table,
        traces: await traces(),
      })
    })

    context.on(
      GoalAccepted,
      async (goal) => {
        const run = await (await flow()).run(goal)
        if (run === undefined) return
        statistics.count(run)
        await context.emit(GoalCompleted, outcomeOf(run))
        // whoever waits for the goal is told first
        await setImmediate()
        context.log.info(
          { status: run.status, mode: run.mode, trace: run.traceName, duration_ms: Math.round(run.durationMs) },
          'a goal has ended',
        )
        await keepInSession(run)
      },
      { name: 'goals', concurrency: context.settings.concurrency, timeoutMs: context.settings.goalTimeout },
    )
    context.timer('prune runs', pruneEveryMs, async () => {
      const { keepRuns: keep, runsMaxAge: maxAgeMs, runsMaxSize: maxBytes } = context.settings
      const removed = await table.prune({ keep, maxAgeMs, maxBytes })
      if (removed > 0) context.log.info({ removed }, 'old runs were removed')
    })

    /** the session's memory is a convenience: its loss must not fail a goal that was done. */
    async function keepInSession(run: Run): Promise<void> {
      const tier = optionalMemory()
      if (tier === undefined) return
      try {
        await tier.appendSession(run.session, { role: 'person', text: run.goal, traceId: run.traceId })
        if (run.traceName === undefined || !run.traceName.includes('memory.'))
          await tier.appendSession(run.session, {
            role: 'lotus',
            text: run.answer.slice(0, 4000),
            traceId: run.traceId,
          })
      } catch (error) {
        context.log.warn({ err: error }, 'the session could not be kept')
      }
    }

    const reasoning: Reasoning = {
      async run(traceId) {
        const found = await table.get(traceId)
        if (found === undefined) return undefined
        const { boot: _, ...run } = found
        const answer = (await flow()).answerOf(traceId)
        return answer === undefined ? run : { ...run, answer, private: true }
      },
      runs: (options) =>
        table.list({
          limit: Math.min(1000, options?.limit ?? 20),
          ...(options?.session === undefined ? {} : { session: options.session }),
        }),
      dropRuns: ({ olderThanMs, dryRun }) => table.drop({ beforeMs: Date.now() - olderThanMs, dryRun }),
      cancel: async (traceId) => (await flow()).cancel(traceId),
      abilities: async () =>
        (await traces()).map(({ trace, category, description, examples }) => ({
          name: trace,
          category,
          description,
          examples,
        })),
      statistics: async () => statistics.read(),
    }

    return {
      services: {
        reasoning,
        tools: {
          list: async () => (await tools()).list(),
          run: async (...asked: Parameters<Tools['run']>) => (await tools()).run(...asked),
        },
      },
      health: () => ({
        status: 'healthy',
        ...(knownTraces === undefined ? {} : { details: { innate_traces: knownTraces } }),
      }),
      report: () => statistics.report(),
    }
  },
})

function outcomeOf({
  session: _session,
  startedAt: _startedAt,
  endedAt: _endedAt,
  explanation: _explanation,
  ...outcome
}: EndedRun): GoalOutcome {
  return outcome
}
