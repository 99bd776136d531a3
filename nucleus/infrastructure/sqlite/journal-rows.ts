// how an event becomes a row of the log and a row an event again: nothing is stored that another column says already.
import { eventErrors } from '../../events/errors.ts'
import { freezeDeep } from '../../events/envelope.ts'
import type { EventEnvelope } from '../../events/event.ts'
import { identifierHeadAt, millisecondsAt } from './journal-schema.ts'

/** a row as it is read, with its type's name. */
export interface StoredRow {
  readonly position: number
  readonly type: string
  readonly trace: string
  readonly body: string
}

/**
 * what is left of an envelope when position, type and trace are known: its source, the end of its id, the end of its
 * traceparent (or all of it where it is not of the usual form), its data, and its time where the id doesn't say it.
 */
type Body = readonly [source: string, idTail: string, traceparent: string, data: unknown, time?: string]

/** `00-` and the trace id of a usual traceparent, which is the trace column's. */
const traceparentLength = 55
const traceEnd = 35
/** up to the counter, which is the position's. */
const idHeadLength = 18
/** greatest size of one event's body, characters. */
const maxBodyLength = 1024 * 1024

/**
 * half the size of the whole envelope, and so half the pages to write.
 * @throws EVENT_TOO_LARGE, EVENT_NOT_PLAIN
 */
export function bodyOf(event: EventEnvelope, position: number): string {
  let data: string | undefined
  try {
    data = JSON.stringify(event.data)
  } catch (cause) {
    throw eventErrors.EVENT_NOT_PLAIN({ value: event.type, cause })
  }
  const { traceparent } = event
  // a usual traceparent and an id are hexadecimal: nothing in them needs to be escaped.
  const end = isUsual(traceparent) ? `"${traceparent.slice(traceEnd)}"` : JSON.stringify(traceparent)
  const time = event.time === timeAt(position) ? '' : `,${JSON.stringify(event.time)}`
  const body = `[${JSON.stringify(event.source)},"${event.id.slice(idHeadLength)}",${end},${data ?? 'null'}${time}]`
  if (body.length > maxBodyLength) {
    throw eventErrors.EVENT_TOO_LARGE({ value: event.type, detail: `${body.length} characters` })
  }
  return body
}

/** the trace id in its own column; a traceparent of another form is found by its whole text. */
export function traceOf({ traceparent }: EventEnvelope): string {
  return isUsual(traceparent) ? traceparent.slice(3, traceEnd) : traceparent
}

export function eventOf({ position, type, trace, body }: StoredRow): EventEnvelope {
  const [source, idTail, end, data, time] = JSON.parse(body) as Body
  return freezeDeep({
    specversion: '1.0',
    id: identifierHeadAt(position) + idTail,
    source,
    type,
    time: time ?? timeAt(position),
    traceparent: end.startsWith('-') ? `00-${trace}${end}` : end,
    data,
  })
}

function isUsual(traceparent: string): boolean {
  return traceparent.length === traceparentLength && usualTraceparent.test(traceparent)
}

const usualTraceparent = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

// writing a date costs as much as all the rest of a row, and many events fall into one millisecond.
let lastMs = Number.NaN
let lastTime = ''

function timeAt(position: number): string {
  const milliseconds = millisecondsAt(position)
  if (milliseconds !== lastMs) {
    lastMs = milliseconds
    lastTime = new Date(milliseconds).toISOString()
  }
  return lastTime
}
