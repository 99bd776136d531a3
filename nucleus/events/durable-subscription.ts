// a durable subscription: takes a journal group's deliveries, runs the handler, retries with back-off, parks at last.
import { backoffMs, type Backoff } from './backoff.ts'
import type { EventEnvelope } from './event.ts'
import { Fifo } from './fifo.ts'
import { createHandlerRunner } from './handler-runner.ts'
import type { Delivery, Journal, JournalGroup } from './journal.ts'
import type { SubscriptionParts } from './subscription.ts'

export interface DurableParts extends SubscriptionParts {
  readonly journal: Journal
  readonly group: string
  readonly from: 'beginning' | 'now'
  readonly concurrency: number
  readonly maxAttempts: number
  readonly takeOver: boolean
  readonly backoff: Backoff
  readonly parked: (event: EventEnvelope, error: string) => void
}

export interface DurableSubscription {
  readonly ready: Promise<void>
  /** deliveries that run, wait for their turn or wait for their next try. */
  readonly pending: number
  close(): Promise<void>
}

/** deliveries on hand for each running handler: enough to be busy while the log is read. */
const creditPerHandler = 4
const minCredit = 256

export function subscribeDurably(parts: DurableParts): DurableSubscription {
  const { concurrency, log } = parts
  const ordered = concurrency === 1
  const runner = createHandlerRunner<Delivery>({
    ...parts,
    ended: (delivery, error) => {
      if (error === undefined) group.acknowledge(delivery)
      else fail(delivery, error)
      if (queue.size > 0) pump()
    },
  })
  const retries = new Set<NodeJS.Timeout>()
  const queue = new Fifo<{ readonly delivery: Delivery; readonly queuedAt: number }>()
  let closing: Promise<void> | undefined
  let pumping = false
  // in a group that keeps order, the event that waits for its next try holds up all behind it.
  let held = false

  const isFree = (): boolean => closing === undefined && !held && runner.load.running < concurrency

  const start = (delivery: Delivery): void => {
    if (runner.run(delivery.event, delivery, false)) group.acknowledge(delivery)
  }

  const pump = (): void => {
    // a handler that ends at once calls this again: the loop below goes on, instead of nesting as deep as the queue.
    if (pumping) return
    pumping = true
    while (queue.size > 0 && isFree()) {
      const { delivery, queuedAt } = queue.shift()!
      const now = Date.now()
      parts.waited(Math.max(0, now - queuedAt))
      if (delivery.notBeforeMs > now) waitFor(delivery, delivery.notBeforeMs - now)
      else start(delivery)
    }
    pumping = false
  }

  const waitFor = (delivery: Delivery, delayMs: number): void => {
    held = ordered
    const timer = setTimeout(() => {
      retries.delete(timer)
      held = false
      if (closing !== undefined) return
      if (isFree()) start(delivery)
      else queue.push({ delivery, queuedAt: Date.now() })
      pump()
    }, delayMs)
    retries.add(timer)
  }

  const fail = (delivery: Delivery, error: unknown): void => {
    const { event } = delivery
    const message = error instanceof Error ? error.message : String(error)
    parts.failed(error, event)
    const failedTries = delivery.attempts + 1
    if (failedTries >= parts.maxAttempts) {
      log.error({ err: error, group: parts.group, event_id: event.id, event: event.type }, 'an event was parked')
      group.park(delivery, message)
      parts.parked(event, message)
      return
    }
    const delayMs = backoffMs(parts.backoff, failedTries)
    log.warn(
      {
        err: error,
        group: parts.group,
        event_id: event.id,
        event: event.type,
        failed_tries: failedTries,
        delay_ms: delayMs,
      },
      'a handler failed and its event is tried again',
    )
    group.noteFailure(delivery, { error: message, retryAtMs: Date.now() + delayMs })
    if (closing === undefined) waitFor(delivery, delayMs)
  }

  const group: JournalGroup = parts.journal.join(
    {
      name: parts.group,
      types: [parts.type],
      from: parts.from,
      concurrency,
      credit: Math.max(minCredit, concurrency * creditPerHandler),
      takeOver: parts.takeOver,
    },
    (delivery) => {
      if (closing !== undefined) return
      // the common case: nothing waits and a handler is free.
      if (queue.size === 0 && isFree() && delivery.notBeforeMs === 0) start(delivery)
      else {
        queue.push({ delivery, queuedAt: Date.now() })
        pump()
      }
    },
  )

  const close = async (): Promise<void> => {
    for (const timer of retries) clearTimeout(timer)
    retries.clear()
    queue.clear()
    const left = await runner.drain(parts.closeTimeoutMs)
    if (left > 0) log.warn({ group: parts.group, left }, 'handlers still run; their events will be delivered again')
    runner.close()
    await group.close()
  }

  return {
    ready: group.ready,
    get pending() {
      return runner.load.running + queue.size + retries.size
    },
    close: () => {
      if (closing === undefined) {
        const closed = Promise.withResolvers<void>()
        closing = closed.promise
        close().then(closed.resolve, closed.reject)
      }
      return closing
    },
  }
}
