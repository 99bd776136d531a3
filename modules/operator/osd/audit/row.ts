// one row of the audit chain: what happened, and the hash that ties it to everything before.
import { canonicalJson, sha256 } from '../canonical.ts'

export interface ChainRow {
  readonly sequence: number
  /** RFC 3339, UTC. */
  readonly time: string
  /** `plan.decided`, `step.completed`, `ticket.refused` … */
  readonly kind: string
  readonly trace_id: string
  readonly uid: number
  readonly body: Readonly<Record<string, unknown>>
  readonly previous_hash: string
  /** SHA-256 of the canonical JSON of all the other fields. */
  readonly hash: string
}

/** what a caller says; the chain adds the rest. */
export interface AuditEntry {
  readonly kind: string
  readonly traceId: string
  readonly uid: number
  readonly body: Readonly<Record<string, unknown>>
}

/** where the chain has arrived. */
export interface Head {
  readonly sequence: number
  readonly hash: string
}

/** before the first row: 64 zeros. */
export const startOfChain: Head = { sequence: 0, hash: '0'.repeat(64) }

export function hashOfRow(row: Omit<ChainRow, 'hash'>): string {
  const { sequence, time, kind, trace_id, uid, body, previous_hash } = row
  return sha256(canonicalJson({ sequence, time, kind, trace_id, uid, body, previous_hash }))
}

/** the next row of a chain. */
export function nextRow(head: Head, entry: AuditEntry, time: string): ChainRow {
  const row = {
    sequence: head.sequence + 1,
    time,
    kind: entry.kind,
    trace_id: entry.traceId,
    uid: entry.uid,
    // through JSON once, so that what is hashed is what will be read back.
    body: JSON.parse(JSON.stringify(entry.body)) as Record<string, unknown>,
    previous_hash: head.hash,
  }
  return { ...row, hash: hashOfRow(row) }
}

const fields = ['sequence', 'time', 'kind', 'trace_id', 'uid', 'body', 'previous_hash', 'hash']

/** reads a line of the chain. @returns why it is none, where it is none. */
export function parseRow(line: string): ChainRow | string {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch {
    return 'it is not JSON'
  }
  if (typeof row !== 'object' || row === null) return 'it is not a row'
  const keys = Object.keys(row)
  if (keys.length !== fields.length || !fields.every((field) => field in row))
    return 'its fields are not those of a row'
  return row as ChainRow
}

/** why a row does not follow a head; undefined where it does. */
export function faultOfRow(row: ChainRow, head: Head): string | undefined {
  if (row.sequence !== head.sequence + 1) return `its number is ${String(row.sequence)}, expected ${head.sequence + 1}`
  if (row.previous_hash !== head.hash) return 'it does not continue the row before it'
  if (row.hash !== hashOfRow(row)) return 'its content was changed'
  return undefined
}
