// makes an event's envelope: validated data in a CloudEvents structure with a monotonic id.
import type { z } from 'zod'
import type { LotusError } from '../errors.ts'
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
  if (!parsed.success) throw invalidEvent(source, definition.type, parsed.error)
  const nowMs = Date.now()
  return {
    specversion: '1.0',
    id: createIdentifier(nowMs),
    source,
    type: definition.type,
    time: timeOf(nowMs),
    traceparent,
    data: parsed.data,
  }
}

function invalidEvent(source: string, type: string, error: z.ZodError): LotusError {
  const issues = error.issues.slice(0, 5).map((issue) => ({ place: issue.path.join('.') || 'data', issue }))
  return eventErrors.INVALID_EVENT({
    value: type,
    detail: issues.map(({ place, issue }) => `${place}: ${issue.message}`).join('; '),
    fix: `correct what ${source} emits: ${issues.map(({ place }) => place).join(', ')}`,
    cause: error,
  })
}

/** freezes plain data all the way down: one listener must not change what the next one gets. */
export function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const key in value) {
    const part = value[key]
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) freezeDeep(part)
  }
  // a view of bytes can't be frozen.
  return ArrayBuffer.isView(value) ? value : Object.freeze(value)
}
