// the place behind a stable handle: it has a provider, waits for one that is being replaced, or has none.
import { serviceErrors } from './errors.ts'
import type { Provider } from './provider.ts'

export interface SlotOptions {
  /** how long a call waits for a provider that is being replaced, milliseconds. */
  readonly waitMs: number
  /** how many calls may wait at once. */
  readonly maxWaiting: number
}

export interface Slot {
  readonly current: Provider | undefined
  /** whether a call would be answered or wait, rather than be refused. */
  readonly available: boolean
  /** puts a provider in place; calls that waited go to it. */
  fill(provider: Provider): void
  /** calls wait from now on, until the slot is filled or emptied. */
  hold(): void
  /** calls are refused from now on. */
  empty(): void
  /** the provider, now or when it has been replaced. @throws SERVICE_UNAVAILABLE and its kin. */
  provider(): Provider | Promise<Provider>
}

interface Waiter {
  readonly resolve: (provider: Provider) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/** @param name - of the service, for messages */
export function createSlot(name: string, options: SlotOptions): Slot {
  let current: Provider | undefined
  let held = false
  const waiting = new Set<Waiter>()

  const wake = (act: (waiter: Waiter) => void): void => {
    for (const waiter of waiting) {
      clearTimeout(waiter.timer)
      act(waiter)
    }
    waiting.clear()
  }
  const wait = (): Promise<Provider> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(waiter)
        reject(serviceErrors.SERVICE_REPLACED_SLOWLY({ value: name, detail: `waited ${options.waitMs} ms` }))
      }, options.waitMs)
      const waiter: Waiter = { resolve, reject, timer }
      waiting.add(waiter)
    })

  return Object.freeze({
    get current() {
      return current
    },
    get available() {
      return current !== undefined || held
    },
    fill: (provider: Provider) => {
      current = provider
      held = false
      wake((waiter) => waiter.resolve(provider))
    },
    hold: () => {
      current = undefined
      held = true
    },
    empty: () => {
      current = undefined
      held = false
      wake((waiter) => waiter.reject(serviceErrors.SERVICE_UNAVAILABLE({ value: name })))
    },
    provider: () => {
      if (current !== undefined) return current
      if (!held) throw serviceErrors.SERVICE_UNAVAILABLE({ value: name })
      if (waiting.size >= options.maxWaiting) throw serviceErrors.SERVICE_BUSY({ value: name })
      return wait()
    },
  })
}
