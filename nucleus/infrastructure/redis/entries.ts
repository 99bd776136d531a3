// how an event becomes the one field of a stream's entry and an entry an event again. the stream knows the type.
import { eventErrors } from '../../events/errors.ts'
import { freezeDeep } from '../../events/envelope.ts'
import type { EventEnvelope } from '../../events/event.ts'
import { identifierHeadLength, identifierOf } from './positions.ts'

/** what is left of an envelope when entry id and type are known. */
type Body = readonly [source: string, idTail: string, traceparent: string, time: string, data: unknown]

/** an entry as Redis gives it: its id, then names and values of its fields; a deleted one has none. */
export type RawEntry = readonly [id: string, fields: readonly string[] | null]

/** greatest size of one event's body, characters: the same for every journal. */
const maxBodyLength = 1024 * 1024

/** @throws EVENT_TOO_LARGE, EVENT_NOT_PLAIN */
export function bodyOf(event: EventEnvelope): string {
  let data: string | undefined
  try {
    data = JSON.stringify(event.data)
  } catch (cause) {
    throw eventErrors.EVENT_NOT_PLAIN({ value: event.type, cause })
  }
  // an id is hexadecimal: nothing in it needs to be escaped.
  const body = `[${JSON.stringify(event.source)},"${event.id.slice(identifierHeadLength)}",${JSON.stringify(
    event.traceparent,
  )},${JSON.stringify(event.time)},${data ?? 'null'}]`
  if (body.length > maxBodyLength) {
    throw eventErrors.EVENT_TOO_LARGE({ value: event.type, detail: `${body.length} characters` })
  }
  return body
}

export function eventOf(entryId: string, type: string, body: string): EventEnvelope {
  const [source, idTail, traceparent, time, data] = JSON.parse(body) as Body
  return freezeDeep({
    specversion: '1.0',
    id: identifierOf(entryId, idTail),
    source,
    type,
    time,
    traceparent,
    data,
  })
}

/** the value of a field of an entry, which are few. */
export function fieldOf(fields: readonly string[], name: string): string | undefined {
  for (let index = 0; index < fields.length; index += 2) if (fields[index] === name) return fields[index + 1]
  return undefined
}
