// the parts of the kernel that a module's context is made of, as narrow as the context needs them.
import type { EventDefinition, EventEnvelope } from '../events/event.ts'
import type { EventHandler, SubscribeOptions } from './module.ts'

/** ends a subscription; resolves when its running handlers have ended. */
export interface OpenSubscription {
  close(): Promise<void>
}

/** what is asked of the event bus. */
export interface EventBus {
  emit<Data>(source: string, definition: EventDefinition<Data>, data: Data, traceparent: string): Promise<string>
  /** @param group - the durable group's name; undefined for a live tail */
  subscribe<Data>(
    group: string | undefined,
    definition: EventDefinition<Data>,
    handler: EventHandler<Data>,
    options: SubscribeOptions,
  ): OpenSubscription
}

/** how a context tells its kernel that a piece of the module's work has failed. `during` names the piece. */
export type ReportFailure = (during: string, error: unknown, event?: EventEnvelope) => void
