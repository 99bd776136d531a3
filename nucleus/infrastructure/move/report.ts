// what a move from one database to another has come to, and how two rows are compared across kinds of databases.
import { createHash } from 'node:crypto'

/** one table or collection. */
export interface MovedPart {
  readonly name: string
  /** rows of the source. */
  readonly rows: number
  /** rows that are equal on both sides. */
  readonly same: number
  /** rows that the target has in another state: it was used meanwhile, and its row is kept. */
  readonly differing: number
  /** rows whose place another row of the target holds, by a unique column that is not the key. */
  readonly merged: number
  /** of the source's rows, and of the rows found for them; equal where all are the same. */
  readonly sourceChecksum: string
  readonly targetChecksum: string
}

export interface MoveReport {
  readonly from: string
  readonly to: string
  readonly parts: readonly MovedPart[]
}

export interface MoveProgress {
  readonly phase: 'copy' | 'verify'
  readonly name: string
  readonly done: number
  readonly total: number
}

export interface MoveOptions {
  readonly onProgress?: (progress: MoveProgress) => void
  /** stops between two pieces; what was copied stays, and the next move goes on there. */
  readonly signal?: AbortSignal
}

const modulus = 2n ** 256n

/** adds up rows whatever their order. */
export interface Checksum {
  add(row: string): void
  value(): string
}

export function createChecksum(): Checksum {
  let sum = 0n
  return {
    add: (row) => {
      const digest = createHash('sha256').update(row).digest('hex')
      sum = (sum + BigInt(`0x${digest}`)) % modulus
    },
    value: () => sum.toString(16).padStart(64, '0'),
  }
}

/** a row as text that is the same whichever database has it. */
export function canonicalRow(values: readonly unknown[]): string {
  return JSON.stringify(values.map(canonicalValue))
}

function canonicalValue(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return `i${BigInt(value)}`
  if (typeof value === 'number') return `f${value}`
  if (typeof value === 'boolean') return `i${Number(value)}`
  if (typeof value === 'string') return `t${value}`
  return value instanceof Uint8Array ? `b${Buffer.from(value).toString('base64')}` : `j${JSON.stringify(value)}`
}
