// a subscription to what happens now: transient events, or journaled ones without a group. nothing is retried.
import type { EventEnvelope } from './event.ts'
import { Fifo } from './fifo.ts'
import { createHandlerRunner } from './handler-runner.ts'
import type { SubscriptionParts } from './subscription.ts'

export interface LiveSubscription {
  /** hears every event of its type. */
  readonly offer: (event: EventEnvelope, inTrace: boolean) => void
  readonly pending: number
  close(): Promise<void>
}

/** events that may wait for a slow handler; the ones that come while it is full are dropped. */
const queueLimit = 1_000

export function subscribeLive(parts: SubscriptionParts & { readonly concurrency: number }): LiveSubscription {
  const { concurrency, log } = parts
  const runner = createHandlerRunner<EventEnvelope>({
    ...parts,
    ended: (event, error) => {
      if (error !== undefined) fail(event, error)
      if (queue.size > 0) pump()
    },
  })
  const queue = new Fifo<{ readonly event: EventEnvelope; readonly queuedAt: number }>()
  let dropped = 0
  let pumping = false
  let closing: Promise<void> | undefined

  const isFree = (): boolean => closing === undefined && runner.load.running < concurrency

  const fail = (event: EventEnvelope, error: unknown): void => {
    log.warn({ err: error, owner: parts.owner, event_id: event.id, event: event.type }, 'a handler failed')
    parts.failed(error, event)
  }

  const pump = (): void => {
    // a handler that ends at once calls this again: the loop below goes on, instead of nesting as deep as the queue.
    if (pumping) return
    pumping = true
    while (queue.size > 0 && isFree()) {
      const { event, queuedAt } = queue.shift()!
      parts.waited(Math.max(0, Date.now() - queuedAt))
      runner.run(event, event, false)
    }
    if (queue.size === 0) dropped = 0
    pumping = false
  }

  return {
    offer: (event, inTrace) => {
      if (closing !== undefined) return
      if (queue.size === 0 && runner.load.running < concurrency) {
        // its handler may have emitted the same event again.
        if (runner.run(event, event, inTrace) && queue.size > 0) pump()
      } else if (queue.size < queueLimit) queue.push({ event, queuedAt: Date.now() })
      else {
        // told once until the queue has been empty again: a flood must not flood the log as well.
        if (dropped === 0) log.warn({ owner: parts.owner, event: event.type }, 'a slow handler misses events')
        dropped += 1
      }
    },
    get pending() {
      return runner.load.running + queue.size
    },
    close: () =>
      (closing ??= Promise.resolve().then(async () => {
        queue.clear()
        await runner.drain(parts.closeTimeoutMs)
        runner.close()
      })),
  }
}
