// typed events: each is defined once, as a value with a schema, so that types flow by import.
import type { z } from 'zod'

/**
 * journaled: appended to the journal before `emit` resolves, delivered at least once to every durable subscription.
 * transient: delivered to whoever listens at that moment, then gone (tokens, progress).
 */
export type Durability = 'journaled' | 'transient'

export interface EventDefinition<Data = unknown> {
  /** `area.past_participle`; the identity of the event, also across generations and processes. */
  readonly type: string
  readonly durability: Durability
  /** one sentence: when it is emitted, by whom. shown in docs/reference/events.md. */
  readonly description: string
  readonly schema: z.ZodType<Data>
}

/** the envelope follows CloudEvents 1.0 with the distributed tracing extension; all of it is plain data. */
export interface EventEnvelope<Data = unknown> {
  readonly specversion: '1.0'
  /** monotonic UUIDv7: the position in the journal as well. */
  readonly id: string
  /** the module that emitted it, or `nucleus`. */
  readonly source: string
  readonly type: string
  /** RFC 3339, UTC. */
  readonly time: string
  /** W3C trace context, inherited from the event or call that caused this one. */
  readonly traceparent: string
  readonly data: Data
}

/** declares an event. @throws TypeError when the name is not `area.past_participle` in lower case. */
export function defineEvent<Schema extends z.ZodType>(definition: {
  type: string
  durability: Durability
  description: string
  data: Schema
}): EventDefinition<z.output<Schema>> {
  if (!/^[a-z][a-z_]*\.[a-z][a-z_]*$/.test(definition.type)) {
    throw new TypeError(`an event is named area.past_participle in lower case, not '${definition.type}'`)
  }
  return Object.freeze({
    type: definition.type,
    durability: definition.durability,
    description: definition.description,
    schema: definition.data as unknown as z.ZodType<z.output<Schema>>,
  })
}
