// identifiers: monotonic UUIDv7 for events and records, W3C trace context for what belongs together.

// an event costs one identifier, so this is a hot path: random digits are drawn 32,768 at a time.
import { randomFillSync } from './builtins.ts'
const pool = Buffer.alloc(16_384)
let digits = ''
let digitsAt = 0

function randomDigits(count: number): string {
  if (digitsAt + count > digits.length) {
    digits = randomFillSync(pool).toString('hex')
    digitsAt = 0
  }
  digitsAt += count
  return digits.slice(digitsAt - count, digitsAt)
}

/** the counter's three digits. */
const counters = Array.from({ length: 4_096 }, (_, count) => count.toString(16).padStart(3, '0'))
let lastMs = 0
let sequence = 0
let head = ''
let tail = ''

function enterMillisecond(milliseconds: number): void {
  lastMs = milliseconds
  const time = milliseconds.toString(16).padStart(12, '0')
  const variant = ((Number.parseInt(randomDigits(1), 16) & 3) | 8).toString(16)
  head = `${time.slice(0, 8)}-${time.slice(8)}-7`
  tail = `-${variant}${randomDigits(3)}-${randomDigits(12)}`
}

/**
 * a UUIDv7 that is greater than every one made before it in this process: 48 bits of milliseconds, then a 12-bit
 * counter in `rand_a` (RFC 9562, section 6.2, method 1), then 62 random bits that are drawn anew each millisecond.
 * a clock that goes back, or more than 4,096 identifiers a millisecond, borrow from the next millisecond.
 * unique, but no secret: whoever has seen one can guess its neighbours.
 */
export function createIdentifier(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    enterMillisecond(nowMs)
    // a start in the lower half leaves room for the counter within the millisecond.
    sequence = Number.parseInt(randomDigits(3), 16) & 0x7ff
  } else if (sequence < 0xfff) {
    sequence += 1
  } else {
    enterMillisecond(lastMs + 1)
    sequence = 0
  }
  return head + counters[sequence]! + tail
}

/** a UUIDv7 at the position right before another one's: `after` it comes the other one, and nothing in between. */
export function identifierBefore(identifier: string): string {
  const time = Number.parseInt(identifier.slice(0, 8) + identifier.slice(9, 13), 16)
  const counter = Number.parseInt(identifier.slice(15, 18), 16)
  const [beforeTime, beforeCounter] = counter === 0 ? [time - 1, 0xfff] : [time, counter - 1]
  const digits = beforeTime.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7${counters[beforeCounter]!}${identifier.slice(18)}`
}

/** milliseconds since the epoch that a UUIDv7 carries. */
export function timeOfIdentifier(identifier: string): number {
  return Number.parseInt(identifier.replaceAll('-', '').slice(0, 12), 16)
}

/** 32 hexadecimal digits, the trace id of W3C trace context; the same string names a run (`/runs/{trace_id}`). */
export function createTraceId(): string {
  const id = createIdentifier()
  return id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24)
}

/** a `traceparent` header for a trace: version 00, a fresh span id, sampled. */
export function createTraceparent(traceId: string): string {
  return `00-${traceId}-${randomDigits(16)}-01`
}

/** the trace id inside a `traceparent`, or undefined when it is malformed. */
export function traceIdOf(traceparent: string): string | undefined {
  return /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1]
}
