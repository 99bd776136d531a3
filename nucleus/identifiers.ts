// identifiers: monotonic UUIDv7 for events and records, W3C trace context for what belongs together.
import { randomBytes, randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(4096)
let poolAt = pool.length
let lastMs = 0
let sequence = 0

function randomByte(): number {
  if (poolAt === pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  return pool[poolAt++]!
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * a UUIDv7 that is greater than every one made before it in this process: 48 bits of milliseconds, then a 12-bit
 * counter in `rand_a` (RFC 9562, section 6.2, method 1), then 62 random bits. a clock that goes back, or more than
 * 4,096 identifiers a millisecond, borrow from the next millisecond.
 */
export function createIdentifier(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs
    // a start in the lower half leaves room for the counter within the millisecond.
    sequence = ((randomByte() << 8) | randomByte()) & 0x7ff
  } else if (sequence < 0xfff) {
    sequence += 1
  } else {
    lastMs += 1
    sequence = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  const counter = sequence.toString(16).padStart(3, '0')
  const variant = hex[(randomByte() & 0x3f) | 0x80]!
  let tail = ''
  for (let index = 0; index < 7; index += 1) tail += hex[randomByte()]!
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`
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
  return `00-${traceId}-${randomBytes(8).toString('hex')}-01`
}

/** the trace id inside a `traceparent`, or undefined when it is malformed. */
export function traceIdOf(traceparent: string): string | undefined {
  return /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1]
}
