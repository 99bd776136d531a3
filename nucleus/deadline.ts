// a limit of time for a piece of work, that is let go of when the work is over. AbortSignal.timeout is not: its signal and
// its timer live until the time is up, thousands of them where each of many short works may take a quarter of an hour.

export interface Deadline extends Disposable {
  /** aborted with a TimeoutError when the time is up. */
  readonly signal: AbortSignal
}

/** begins now. @param timeoutMs - at most 2 ** 31 - 1 */
export function openDeadline(timeoutMs: number): Deadline {
  const controller = new AbortController()
  const late = (): void => controller.abort(new DOMException(`not done within ${timeoutMs} ms`, 'TimeoutError'))
  const timer = setTimeout(late, timeoutMs)
  // what works keeps the process alive, not the limit for it
  timer.unref()
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) }
}
