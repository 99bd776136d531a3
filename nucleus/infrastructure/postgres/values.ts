// the values that cross to Postgres and back, so that a row looks the same whichever database keeps it.
import { types } from 'pg'
import { infrastructureErrors } from '../errors.ts'

/** @throws STORE_PARAMETER */
export function toParameter(value: unknown): string | number | bigint | Buffer | null {
  // as SQLite keeps them; Postgres reads 1 and 0 as booleans as well.
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === null || value === undefined) return null
  if (typeof value === 'string') {
    if (!value.includes('\0')) return value
    throw infrastructureErrors.STORE_PARAMETER({ value, detail: 'Postgres keeps no zero byte in a text' })
  }
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  throw infrastructureErrors.STORE_PARAMETER({ value, detail: typeof value })
}

/** an integer that a number can't hold exactly stays a bigint. */
function toInteger(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

/** Postgres adds bigints up to a numeric: whole ones are integers here, as they are in SQLite. */
function toNumber(text: string): number | bigint {
  return /^-?\d+$/.test(text) ? toInteger(text) : Number(text)
}

const same = (text: string): string => text

/** by the numbers of pg_type: https://www.postgresql.org/docs/current/catalog-pg-type.html. */
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [types.builtins.BOOL, (text) => (text === 't' ? 1 : 0)],
  [types.builtins.INT8, toInteger],
  [types.builtins.NUMERIC, toNumber],
  [types.builtins.INT2, Number],
  [types.builtins.INT4, Number],
  [types.builtins.OID, Number],
  [types.builtins.FLOAT4, Number],
  [types.builtins.FLOAT8, Number],
  [types.builtins.BYTEA, types.getTypeParser(types.builtins.BYTEA)],
])

/** everything else, JSON and times among it, is the text that it was written as. */
export const valueTypes = Object.freeze({
  getTypeParser: (type: number): ((text: string) => unknown) => parsers.get(type) ?? same,
})
