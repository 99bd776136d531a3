// lets plans that change files in the same folders run one after another; plans elsewhere run beside them.
import { isWithin } from '../files/paths.ts'
import { planErrors } from './errors.ts'

export interface Locks {
  /**
   * waits until no plan holds a folder that contains or is contained in one of these, first come first served.
   * @returns a function that gives them back.
   * @throws PLANS_BUSY when too many wait or it takes longer than `timeoutMs`; the reason of `signal`.
   */
  take(folders: readonly string[], options: { signal: AbortSignal; timeoutMs: number }): Promise<() => void>
}

interface Claim {
  readonly folders: readonly string[]
  readonly start: () => void
}

const maxWaiting = 256

function overlap(one: readonly string[], other: readonly string[]): boolean {
  return one.some((folder) => other.some((path) => isWithin(folder, path) || isWithin(path, folder)))
}

export function createLocks(): Locks {
  const held = new Set<Claim>()
  const waiting: Claim[] = []

  function advance(): void {
    for (let index = 0; index < waiting.length;) {
      const claim = waiting[index]!
      // whoever waits in front goes first, also where this one could start already.
      const before = [...held, ...waiting.slice(0, index)]
      if (before.some((other) => overlap(claim.folders, other.folders))) {
        index += 1
        continue
      }
      waiting.splice(index, 1)
      held.add(claim)
      claim.start()
    }
  }

  return {
    take(folders, { signal, timeoutMs }) {
      return new Promise((resolve, reject) => {
        if (waiting.length >= maxWaiting) return reject(planErrors.PLANS_BUSY({ value: waiting.length }))
        const leave = (error: unknown): void => {
          const index = waiting.indexOf(claim)
          if (index === -1) return
          waiting.splice(index, 1)
          settle()
          reject(error)
          advance()
        }
        const onAbort = (): void => leave(signal.reason)
        const timer = setTimeout(
          () => leave(planErrors.PLANS_BUSY({ detail: `waited ${timeoutMs} ms for this folder` })),
          timeoutMs,
        )
        const settle = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', onAbort)
        }
        const claim: Claim = {
          folders,
          start() {
            settle()
            resolve(() => {
              held.delete(claim)
              advance()
            })
          },
        }
        if (signal.aborted) {
          settle()
          return reject(signal.reason as Error)
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.push(claim)
        advance()
      })
    },
  }
}
