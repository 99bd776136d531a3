// how an event's id becomes a stream's entry id and an entry id the id of an event again: both are one position.
import { eventErrors } from '../../events/errors.ts'

const identifierShape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
/** up to the counter: what the entry id says; the rest of an id is kept in the entry. */
export const identifierHeadLength = 18

// many events fall into one millisecond, and most of both ids is that millisecond.
let lastHead = ''
let lastMilliseconds = ''

/** milliseconds and counter of a monotonic UUIDv7, in the order and the form of Redis' entry ids: `1764115200000-2748`. */
export function entryIdOf(identifier: string): string {
  const time = identifier.slice(0, 13)
  if (time !== lastHead) {
    lastHead = time
    lastMilliseconds = String(Number.parseInt(time.slice(0, 8), 16) * 65_536 + Number.parseInt(time.slice(9), 16))
  }
  return `${lastMilliseconds}-${Number.parseInt(identifier.slice(15, 18), 16)}`
}

let headMilliseconds = ''
let headText = ''

/** the way back; `tail` is what followed the counter. */
export function identifierOf(entryId: string, tail: string): string {
  const dash = entryId.indexOf('-')
  const milliseconds = entryId.slice(0, dash)
  if (milliseconds !== headMilliseconds) {
    const time = Number(milliseconds).toString(16).padStart(12, '0')
    headMilliseconds = milliseconds
    headText = `${time.slice(0, 8)}-${time.slice(8)}-7`
  }
  return (
    headText +
    Number(entryId.slice(dash + 1))
      .toString(16)
      .padStart(3, '0') +
    tail
  )
}

/** @throws INVALID_POSITION */
export function parseEntryId(identifier: string): string {
  if (!identifierShape.test(identifier)) throw eventErrors.INVALID_POSITION({ value: identifier })
  return entryIdOf(identifier)
}

/** negative where the left one is older. */
export function compareEntryIds(left: string, right: string): number {
  const leftDash = left.indexOf('-')
  const rightDash = right.indexOf('-')
  return (
    Number(left.slice(0, leftDash)) - Number(right.slice(0, rightDash)) ||
    Number(left.slice(leftDash + 1)) - Number(right.slice(rightDash + 1))
  )
}
