// what every kind of subscription is made of.
import type { Logger } from 'pino'
import type { EventHandler } from '../modules/module.ts'
import type { EventEnvelope } from './event.ts'

export interface SubscriptionParts {
  /** the module, for messages and the trace context. */
  readonly owner: string
  readonly type: string
  readonly handler: EventHandler<never>
  readonly timeoutMs: number
  /** how long closing waits for running handlers, milliseconds. */
  readonly closeTimeoutMs: number
  readonly log: Logger
  /** hears of each failed try. */
  readonly failed: (error: unknown, event: EventEnvelope) => void
  /** hears how long an event had to wait for a free handler, milliseconds. */
  readonly waited: (waitMs: number) => void
}

export interface Subscription {
  /** resolves when nothing emitted from here on can be missed; only a new durable group takes any time. */
  readonly ready: Promise<void>
  /** events that this process holds for it: running, waiting for a handler, waiting for their next try. */
  readonly pending: number
  /** takes nothing more and waits for running handlers, within the limit. calling it twice is harmless. */
  close(): Promise<void>
}

/** the name of a durable group: what a reload, a restart or another nucleus must find again. */
export function groupName(owner: string, type: string, name?: string): string {
  return name === undefined ? `${owner}/${type}` : `${owner}/${type}/${name}`
}
