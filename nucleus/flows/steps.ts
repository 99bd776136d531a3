// makes the context of one flow from what an engine can do: keep a result once, wait, take a message.
import { AsyncLocalStorage } from 'node:async_hooks'
import { backoffMs, defaultBackoff } from '../events/backoff.ts'
import { fromErrorData, isLotusError, toErrorData, type ErrorData } from '../errors.ts'
import { flowErrors } from './errors.ts'
import type { FlowContext, StepAttempt, StepOptions } from './flow.ts'

/** what an engine does for one running flow. each call takes the flow's next position, in the order of the calls. */
export interface FlowPrimitives {
  readonly id: string
  readonly signal: AbortSignal
  /** gives what was kept at this position, or does `work` and keeps what it gives. */
  once<Kept>(name: string, work: (position: number) => Kept | Promise<Kept>): Promise<Kept>
  sleep(durationMs: number): Promise<void>
  take(topic: string, timeoutMs: number): Promise<unknown>
}

/** what is kept of a step: its result, or how it failed. */
type StepOutcome = { readonly result?: unknown } | { readonly error: ErrorData }

const defaultTimeoutMs = 60_000
const insideStep = new AsyncLocalStorage<string>()

/** the context that the flow's code is handed. */
export function createFlowContext(primitives: FlowPrimitives): FlowContext {
  const { id, signal } = primitives
  const outsideSteps = (name: string): void => {
    const around = insideStep.getStore()
    if (around !== undefined) throw flowErrors.FLOW_STEP_NESTED({ value: name, detail: `inside ${around}` })
  }
  return Object.freeze({
    id,
    signal,
    step: async <Result>(
      name: string,
      work: (attempt: StepAttempt) => Result | Promise<Result>,
      options: StepOptions = {},
    ): Promise<Result> => {
      outsideSteps(name)
      const outcome = await primitives.once<StepOutcome>(name, (position) =>
        insideStep.run(name, () => tryStep(`${id}/${position}`, name, work, options, signal)),
      )
      if ('error' in outcome) throw fromErrorData(outcome.error)
      return outcome.result as Result
    },
    receive: async <Message>(topic: string, { timeoutMs }: { timeoutMs: number }) => {
      outsideSteps(`receive ${topic}`)
      return (await primitives.take(topic, timeoutMs)) as Message | undefined
    },
    sleep: async (durationMs: number) => {
      outsideSteps('sleep')
      await primitives.sleep(durationMs)
    },
    now: async () => {
      outsideSteps('now')
      return await primitives.once('now', () => Date.now())
    },
    random: async () => {
      outsideSteps('random')
      return await primitives.once('random', () => Math.random())
    },
  })
}

/**
 * the tries of one step. their number is not kept: after a crash they begin again at the first receipt, whose effect
 * answers what came of it.
 */
async function tryStep<Result>(
  receipt: string,
  name: string,
  work: (attempt: StepAttempt) => Result | Promise<Result>,
  options: StepOptions,
  flowSignal: AbortSignal,
): Promise<StepOutcome> {
  const maxAttempts = options.maxAttempts ?? 1
  for (let attempt = 1; ; attempt += 1) {
    const deadline = new AbortController()
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
    const late = flowErrors.FLOW_STEP_TIMED_OUT({ value: name, detail: `${timeoutMs} ms` })
    const timer = setTimeout(() => deadline.abort(late), timeoutMs)
    const signal = AbortSignal.any([deadline.signal, flowSignal])
    try {
      const working = (async () => await work({ receipt: `${receipt}/${attempt}`, attempt, signal }))()
      const result = await raceAbort(working, signal)
      return result === undefined ? {} : { result }
    } catch (error) {
      // a step that was cut off by the end of its process or flow has no outcome: it is done again, or never
      if (flowSignal.aborted) throw flowSignal.reason
      const mayTryAgain = isLotusError(error) && error.retryable && attempt < maxAttempts
      if (!mayTryAgain) return { error: toErrorData(error) }
      await pause(error.retryAfterMs ?? backoffMs(defaultBackoff, attempt), flowSignal)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** waits for the work, but not beyond the signal: code that does not listen to it must not hold the flow. */
export function raceAbort<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** the longest that one timer of Node may run: 2^31 - 1 ms. */
const longestTimerMs = 2_147_483_647

/** resolves after this time. @throws the signal's reason when it is aborted first */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  for (let leftMs = Math.max(0, durationMs); ; leftMs -= longestTimerMs) {
    const step = Math.min(leftMs, longestTimerMs)
    let timer: NodeJS.Timeout | undefined
    try {
      await raceAbort(
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, step)
        }),
        signal,
      )
    } finally {
      clearTimeout(timer)
    }
    if (leftMs <= longestTimerMs) return
  }
}
