// lets so many work at once and so many wait; who comes beyond that is told at once.
import { providerErrors } from './errors.ts'

export interface Turns {
  /** @throws PROVIDER_BUSY, COMPLETION_CANCELLED */
  take<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>
}

export function createTurns(limits: { readonly atOnce: number; readonly waiting: number }): Turns {
  const queue: (() => void)[] = []
  let running = 0

  const wait = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const cancel = (): void => {
        queue.splice(queue.indexOf(begin), 1)
        reject(providerErrors.COMPLETION_CANCELLED())
      }
      const begin = (): void => {
        signal.removeEventListener('abort', cancel)
        resolve()
      }
      queue.push(begin)
      signal.addEventListener('abort', cancel, { once: true })
    })

  return Object.freeze({
    take: async <Result>(work: () => Promise<Result>, signal: AbortSignal) => {
      if (signal.aborted) throw providerErrors.COMPLETION_CANCELLED()
      if (running >= limits.atOnce) {
        if (queue.length >= limits.waiting) throw providerErrors.PROVIDER_BUSY({ detail: `${queue.length} wait` })
        // the turn is handed over by whoever ends, so that nobody can slip in between.
        await wait(signal)
      } else running += 1
      try {
        return await work()
      } finally {
        const next = queue.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
  })
}
