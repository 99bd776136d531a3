// statements as text and back, for writes that wait in the outbox.
import type { Statement } from '../ports.ts'

/** JSON has neither bigints nor bytes: they go as objects of one field, which no parameter is. */
export function encodeStatements(statements: readonly Statement[]): string {
  const encode = (value: unknown): unknown => {
    if (typeof value === 'bigint') return { bigint: String(value) }
    if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
    return value ?? null
  }
  return JSON.stringify(statements.map(({ sql, parameters }) => [sql, parameters.map(encode)]))
}

/** @throws what JSON.parse throws on a damaged text */
export function decodeStatements(text: string): Statement[] {
  const decode = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if ('bigint' in value) return BigInt(String(value.bigint))
    return 'bytes' in value ? Buffer.from(String(value.bytes), 'base64') : value
  }
  const list = JSON.parse(text) as [string, unknown[]][]
  return list.map(([sql, parameters]) => ({ sql, parameters: parameters.map(decode) }))
}
