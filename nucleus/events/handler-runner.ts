// runs the handler of one subscription: in the event's trace, with a time limit, never throwing at whoever delivers.
import type { EventHandler } from '../modules/module.ts'
import { currentTrace, runInTrace } from '../trace.ts'
import { createDeadlines } from './deadlines.ts'
import { eventErrors } from './errors.ts'
import type { EventEnvelope } from './event.ts'

interface Run<Work> {
  readonly event: EventEnvelope
  readonly work: Work
  readonly startedAt: number
  over: boolean
}

export interface HandlerRunner<Work> {
  /** how many run; a field and no getter, since it is read on every event. */
  readonly load: { readonly running: number }
  /**
   * true: the handler has succeeded already, and `ended` is not called. false: `ended` is called exactly once, maybe
   * before this returns.
   * @param inTrace - this call is made inside the event's trace
   */
  run(event: EventEnvelope, work: Work, inTrace: boolean): boolean
  /** resolves when nothing runs any more, or after `limitMs`; gives the number of those that still run. */
  drain(limitMs: number): Promise<number>
  close(): void
}

export interface RunnerOptions<Work> {
  readonly owner: string
  readonly handler: EventHandler<never>
  readonly timeoutMs: number
  /** `error` is undefined after success. */
  readonly ended: (work: Work, error: unknown) => void
}

export function createHandlerRunner<Work>(options: RunnerOptions<Work>): HandlerRunner<Work> {
  const { owner, timeoutMs, ended } = options
  const handler = options.handler as EventHandler<unknown>
  // what goes on after the handler has returned must run as its owner's; one that has always ended at once leaves
  // nothing behind, and may run as part of the emitter's work: entering a context costs as much as the rest.
  let kind: 'unknown' | 'plain' | 'asynchronous' = 'unknown'
  const load = { running: 0 }
  let drained: (() => void) | undefined

  const settle = (work: Work, error: unknown): void => {
    load.running -= 1
    ended(work, error)
    if (load.running === 0) drained?.()
  }

  const end = (run: Run<Work>, error: unknown): void => {
    if (run.over) return
    run.over = true
    settle(run.work, error)
  }

  const deadlines = createDeadlines<Run<Work>>(timeoutMs, (run) => {
    end(run, eventErrors.HANDLER_TIMEOUT({ value: `${owner} ${run.event.type}`, detail: `${timeoutMs} ms` }))
  })

  const follow = (result: Promise<void>, event: EventEnvelope, work: Work): void => {
    const run: Run<Work> = { event, work, startedAt: performance.now(), over: false }
    deadlines.start(run)
    result.then(
      () => {
        deadlines.end(run)
        end(run, undefined)
      },
      (error: unknown) => {
        deadlines.end(run)
        end(run, asFailure(error))
      },
    )
  }

  return {
    load,
    run: (event, work, inTrace) => {
      load.running += 1
      let result: void | Promise<void>
      try {
        result =
          kind === 'plain' && (inTrace || currentTrace()?.traceparent === event.traceparent)
            ? handler(event.data, event)
            : runInTrace({ traceparent: event.traceparent, module: owner }, handler, event.data, event)
      } catch (error) {
        settle(work, asFailure(error))
        return false
      }
      // an arrow function may give something that nobody asked for.
      if (result !== undefined && isPromise(result)) {
        kind = 'asynchronous'
        follow(result, event, work)
        return false
      }
      if (kind === 'unknown') kind = 'plain'
      load.running -= 1
      if (drained !== undefined && load.running === 0) drained()
      return true
    },
    drain: async (limitMs) => {
      if (load.running === 0) return 0
      const done = Promise.withResolvers<void>()
      drained = done.resolve
      const timer = setTimeout(done.resolve, limitMs)
      await done.promise
      clearTimeout(timer)
      return load.running
    },
    close: () => deadlines.close(),
  }
}

function isPromise(result: unknown): result is Promise<void> {
  return typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function'
}

/** `throw undefined` is a failure too. */
function asFailure(error: unknown): unknown {
  return error ?? new Error('the handler threw nothing')
}
