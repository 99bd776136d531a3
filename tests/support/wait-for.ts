// waiting for something that another process does: looks again and again, and says what did not come.
import { setTimeout as pause } from 'node:timers/promises'

export interface WaitOptions {
  readonly timeoutMs: number
  /** ends the sentence `waited … for`. */
  readonly what: string | (() => string)
}

const lookEveryMs = 10

/**
 * gives what `condition` gives as soon as that is neither undefined nor false. a condition that throws is not met yet.
 * @throws an error that names what did not come, with the last thing that the condition threw
 */
export async function waitFor<Value>(
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
  { timeoutMs, what }: WaitOptions,
): Promise<Value> {
  const endMs = Date.now() + timeoutMs
  let cause: unknown
  do {
    try {
      const value = await condition()
      if (value !== undefined && value !== false) return value
      cause = undefined
    } catch (error) {
      cause = error
    }
    await pause(lookEveryMs)
  } while (Date.now() < endMs)
  const reason = cause instanceof Error ? `: ${cause.message}` : ''
  throw new Error(`waited ${timeoutMs} ms for ${typeof what === 'string' ? what : what()}${reason}`, { cause })
}

/** the result of `work`, or an error that names it after `timeoutMs`. */
export async function within<Value>(work: Promise<Value>, { timeoutMs, what }: WaitOptions): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`waited ${timeoutMs} ms for ${typeof what === 'string' ? what : what()}`)),
      timeoutMs,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
