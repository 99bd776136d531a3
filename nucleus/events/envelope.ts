// makes an event's envelope: validated data in a frozen CloudEvents structure with a monotonic id.
import { createIdentifier } from '../identifiers.ts'
import { eventErrors } from './errors.ts'
import type { EventDefinition, EventEnvelope } from './event.ts'

// many events fall into one millisecond, and writing a date costs as much as all the rest of an envelope.
let timeMs = 0
let timeText = ''

function timeOf(nowMs: number): string {
  if (nowMs !== timeMs) {
    timeMs = nowMs
    timeText = new Date(nowMs).toISOString()
  }
  return timeText
}

/** @throws INVALID_EVENT with the places and reasons */
export function createEnvelope<Data>(
  source: string,
  definition: EventDefinition<Data>,
  data: Data,
  traceparent: string,
): EventEnvelope<Data> {
  const parsed = definition.schema.safeParse(data)
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 5)
    throw eventErrors.INVALID_EVENT({
      value: definition.type,
      detail: issues.map((issue) => `${issue.path.join('.') || 'data'}: ${issue.message}`).join('; '),
      fix: `correct what ${source} emits: ${issues.map((issue) => issue.path.join('.') || 'data').join(', ')}`,
      cause: parsed.error,
    })
  }
  const nowMs = Date.now()
  return Object.freeze({
    specversion: '1.0',
    id: createIdentifier(nowMs),
    source,
    type: definition.type,
    time: timeOf(nowMs),
    traceparent,
    // an object schema gives a copy; what the schema leaves untouched (z.unknown) is the emitter's own and frozen too.
    data: freezeDeep(parsed.data),
  })
}

/** freezes plain data all the way down: one listener must not change what the next one gets. */
export function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  // a view of bytes can't be frozen.
  if (ArrayBuffer.isView(value)) return value
  for (const key in value) freezeDeep(value[key])
  return Object.freeze(value)
}
