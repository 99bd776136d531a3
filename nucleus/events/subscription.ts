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
