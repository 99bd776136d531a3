// one spelling for a JSON value, so that a hash of it means the value and not how it was written.

import { hash } from '../../../nucleus/builtins.ts'
/** JSON with sorted keys and no spaces, after RFC 8785; undefined fields are left out. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const fields = value as Readonly<Record<string, unknown>>
  const parts: string[] = []
  // code units in order, as the RFC asks; the default sort of strings does just that.
  for (const key of Object.keys(fields).sort()) {
    if (fields[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(fields[key])}`)
  }
  return `{${parts.join(',')}}`
}

export function sha256(content: string | Buffer): string {
  return hash('sha256', content)
}

/** freezes a JSON value all the way down. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
