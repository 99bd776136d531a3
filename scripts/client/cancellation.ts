// Ctrl+C while a goal runs: first LOTUS is asked to end it and what came of it is waited for, then there is no waiting.
import { isLotusError } from '../../nucleus/errors.ts'
import { exitCodes } from './exit-codes.ts'
import type { Client } from './http.ts'
import type { Terminal } from './terminal.ts'

export interface Cancellation {
  /** aborted at the first Ctrl+C: a question that is open then needs no answer any more. */
  readonly requested: AbortSignal
  /** aborted when the goal was cancelled before it was accepted, or its end did not come in time. */
  readonly signal: AbortSignal
  /** the exit code where a signal ended the goal. */
  readonly exitCode: number | undefined
  accepted(traceId: string): void
  close(): void
}

const outcomeLimitMs = 5000
const askAgainMs = 100

/**
 * listens for SIGINT and SIGTERM until it is closed.
 * @param connect - a client for the nucleus as it is reached at that moment
 * @param isOutlived - whoever states goals goes on after this one: a second Ctrl+C ends the waiting, not the process
 */
export function createCancellation(connect: () => Client, terminal: Terminal, isOutlived = false): Cancellation {
  const request = new AbortController()
  const controller = new AbortController()
  let traceId: string | undefined
  let exitCode: number | undefined
  let timer: NodeJS.Timeout | undefined
  const over = new AbortController()

  const cancel = (code: number): void => {
    // the second time somebody is in a hurry; what is left undone is taken back by the nucleus.
    if (exitCode !== undefined) {
      if (isOutlived && code === exitCodes.interrupted) return controller.abort()
      process.exit(code)
    }
    exitCode = code
    request.abort()
    if (traceId === undefined) return controller.abort()
    terminal.note('ending the goal …')
    timer = setTimeout(() => controller.abort(), outcomeLimitMs)
    askFor(traceId).catch((fault: unknown) => {
      // a goal that ended this moment can't be cancelled any more; its outcome is on the way.
      if (!isLotusError(fault)) controller.abort()
    })
  }
  /** asks until somebody has heard it: the gateway may be away for a moment, and the run may not have begun. */
  const askFor = async (goal: string): Promise<void> => {
    while (!controller.signal.aborted && !over.signal.aborted) {
      try {
        const path = `/runs/${encodeURIComponent(goal)}`
        await connect().request({ method: 'DELETE', path, timeoutMs: outcomeLimitMs, signal: controller.signal })
        return
      } catch (fault) {
        if (!isLotusError(fault) || !(fault.retryable || fault.code === 'RUN_UNKNOWN')) throw fault
      }
      await new Promise((resolve) => setTimeout(resolve, askAgainMs))
    }
  }
  const onInterrupt = (): void => cancel(exitCodes.interrupted)
  const onTerminate = (): void => cancel(exitCodes.terminated)
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)

  return {
    requested: request.signal,
    signal: controller.signal,
    get exitCode() {
      return exitCode
    },
    accepted(id) {
      traceId = id
    },
    close() {
      over.abort()
      clearTimeout(timer)
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onTerminate)
    },
  }
}
