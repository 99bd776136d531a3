// identifiers: monotonic UUIDv7 for events and records, W3C trace context for what belongs together.
import { randomFillSync } from 'node:crypto'

// random hexadecimal digits are drawn 8,192 at a time: an event costs one identifier, so this is a hot path.
const pool = Buffer.alloc(4096)
let digits = ''
let digitsAt = 0
let lastMs = 0
let sequence = 0
let timePart = ''

function randomDigits(count: number): string {
  if (digitsAt + count > digits.length) {
    digits = randomFillSync(pool).toString('hex')
    digitsAt = 0
  }
  digitsAt += count
  return digits.slice(digitsAt - count, digitsAt)
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const variants: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 16 }, (_, digit) => [digit.toString(16), ((digit & 3) | 8).toString(16)]),
)

function enterMillisecond(milliseconds: number): void {
  lastMs = milliseconds
  const time = milliseconds.toString(16).padStart(12, '0')
  timePart = `${time.slice(0, 8)}-${time.slice(8)}-7`
}

/**
 * a UUIDv7 that is greater than every one made before it in this process: 48 bits of milliseconds, then a 12-bit
 * counter in `rand_a` (RFC 9562, section 6.2, method 1), then 62 random bits. a clock that goes back, or more than
 * 4,096 identifiers a millisecond, borrow from the next millisecond.
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
  const counter = hex[sequence >> 4]! + hex[sequence & 0xf]!.charAt(1)
  return `${timePart + counter}-${variants[randomDigits(1)]! + randomDigits(3)}-${randomDigits(12)}`
}

/** milliseconds since the epoch that a UUIDv7 carries. */
export function timeOfIdentifier(identifier: string): number {
  return Number.parseInt(identifier.replaceAll('-', '').slice(0, 12), 16)
}

/** 32 hexadecimal digits, the trace id of W3C trace context; the same string names a run (`/runs/{trace_id}`). */
export function createTraceId(): string {
  return createIdentifier().replaceAll('-', '')
}

/** a `traceparent` header for a trace: version 00, a fresh span id, sampled. */
export function createTraceparent(traceId: string): string {
  return `00-${traceId}-${randomDigits(16)}-01`
}

/** the trace id inside a `traceparent`, or undefined when it is malformed. */
export function traceIdOf(traceparent: string): string | undefined {
  return /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1]
}
