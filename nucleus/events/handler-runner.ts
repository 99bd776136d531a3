// runs the handler of one subscription: in the event's trace, with a time limit, never throwing at whoever delivers.
import type { EventHandler } from '../modules/module.ts'
import { currentTrace, runInTrace } from '../trace.ts'
import { createDeadlines } from './deadlines.ts'
import { eventErrors } from './errors.ts'
import type { EventEnvelope } from './event.ts'

interface Run {
  readonly event: EventEnvelope
  readonly startedAt: number
  readonly ended: (error: unknown) => void
  over: boolean
}

export interface HandlerRunner {
  readonly running: number
  /** calls `ended` exactly once, maybe before it returns: with undefined after success, with the error otherwise. */
  run(event: EventEnvelope, ended: (error: unknown) => void): void
  /** resolves when nothing runs any more, or after `limitMs`; gives the number of those that still run. */
  drain(limitMs: number): Promise<number>
  close(): void
}

export interface RunnerOptions {
  readonly owner: string
  readonly handler: EventHandler<never>
  readonly timeoutMs: number
}

export function createHandlerRunner(options: RunnerOptions): HandlerRunner {
  const { owner, timeoutMs } = options
  const handler = options.handler as EventHandler<unknown>
  let running = 0
  let drained: (() => void) | undefined

  const end = (run: Run, error: unknown): void => {
    if (run.over) return
    run.over = true
    running -= 1
    run.ended(error)
    if (running === 0) drained?.()
  }

  const deadlines = createDeadlines<Run>(timeoutMs, (run) => {
    end(run, eventErrors.HANDLER_TIMEOUT({ value: `${owner} ${run.event.type}`, detail: `${timeoutMs} ms` }))
  })

  const call = (event: EventEnvelope): void | Promise<void> =>
    // an event that is delivered while its emitter still runs is in the right trace already; entering one costs as
    // much as all the rest of a delivery.
    currentTrace()?.traceparent === event.traceparent
      ? handler(event.data, event)
      : runInTrace({ traceparent: event.traceparent, module: owner }, handler, event.data, event)

  return {
    get running() {
      return running
    },
    run: (event, ended) => {
      running += 1
      let result: void | Promise<void>
      try {
        result = call(event)
      } catch (error) {
        running -= 1
        ended(asFailure(error))
        if (running === 0) drained?.()
        return
      }
      if (result === undefined) {
        running -= 1
        ended(undefined)
        if (running === 0) drained?.()
        return
      }
      const run: Run = { event, startedAt: performance.now(), ended, over: false }
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
    },
    drain: async (limitMs) => {
      if (running === 0) return 0
      const done = Promise.withResolvers<void>()
      drained = done.resolve
      const timer = setTimeout(done.resolve, limitMs)
      await done.promise
      clearTimeout(timer)
      return running
    },
    close: () => deadlines.close(),
  }
}

/** `throw undefined` is a failure too. */
function asFailure(error: unknown): unknown {
  return error ?? new Error('the handler threw nothing')
}
