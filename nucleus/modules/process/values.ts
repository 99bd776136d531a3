// plain data as JSON and back, with the few values that JSON has no word for: what may cross the wall of a process.
import { moduleErrors } from '../errors.ts'

/** deeper than any contract goes; a value that refers to itself has no end. */
const maxDepth = 100
/** the key of a value that JSON has no word for: `{"$": ["date", 0]}`. an object that has it itself is wrapped as well. */
const mark = '$'

/** carries abort signals across: they are no data, so each side keeps what belongs to a number. */
export interface SignalPorts {
  /** gives the number under which the other side is told of the abort. */
  numberOf(signal: AbortSignal): number
  /** gives the signal that stands for a number of the other side. */
  signalOf(id: number): AbortSignal
}

/** data that JSON can carry; parts that need no change are not copied. @throws MODULE_VALUE_INVALID */
export function toWire(value: unknown, signals: SignalPorts, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : { [mark]: ['number', String(value)] }
    case 'undefined':
      return { [mark]: ['undefined'] }
    case 'bigint':
      return { [mark]: ['bigint', String(value)] }
    case 'object':
      if (value === null) return null
      if (depth > maxDepth) throw moduleErrors.MODULE_VALUE_INVALID({ value: `more than ${maxDepth} levels deep` })
      return objectToWire(value, signals, depth + 1)
    default:
      throw moduleErrors.MODULE_VALUE_INVALID({ value: `a ${typeof value}` })
  }
}

function objectToWire(value: object, signals: SignalPorts, depth: number): unknown {
  if (Array.isArray(value)) return arrayToWire(value, signals, depth)
  if (value instanceof Date) return { [mark]: ['date', value.getTime()] }
  if (value instanceof Uint8Array) {
    return { [mark]: ['bytes', Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')] }
  }
  if (value instanceof AbortSignal) return { [mark]: ['signal', signals.numberOf(value)] }
  if (value instanceof Map) return { [mark]: ['map', arrayToWire([...value].flat(), signals, depth)] }
  if (value instanceof Set) return { [mark]: ['set', arrayToWire([...value], signals, depth)] }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Promise) {
    throw moduleErrors.MODULE_VALUE_INVALID({ value: `a ${value.constructor.name}` })
  }
  const fields = value as Readonly<Record<string, unknown>>
  let copy: Record<string, unknown> | undefined
  for (const key of Object.keys(fields)) {
    const before = fields[key]
    // a field that is not set is left out, as JSON does: the other side reads undefined either way
    if (before === undefined) continue
    const after = toWire(before, signals, depth)
    if (after === before) continue
    copy ??= { ...fields }
    copy[key] = after
  }
  const result = copy ?? fields
  return Object.hasOwn(fields, mark) ? { [mark]: ['object', result] } : result
}

function arrayToWire(value: readonly unknown[], signals: SignalPorts, depth: number): unknown {
  let copy: unknown[] | undefined
  for (const [index, before] of value.entries()) {
    const after = toWire(before, signals, depth)
    if (after === before) continue
    copy ??= [...value]
    copy[index] = after
  }
  return copy ?? value
}

/** the way back; changes what it is given in place, because nobody else has parsed JSON. @throws MODULE_VALUE_INVALID */
export function fromWire(value: unknown, signals: SignalPorts): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (const [index, part] of value.entries()) {
      if (typeof part === 'object' && part !== null) value[index] = fromWire(part, signals)
    }
    return value
  }
  const fields = value as Record<string, unknown>
  if (Object.hasOwn(fields, mark)) return unmark(fields[mark], signals)
  return fieldsFromWire(fields, signals)
}

function fieldsFromWire(fields: Record<string, unknown>, signals: SignalPorts): unknown {
  for (const key of Object.keys(fields)) {
    const part = fields[key]
    if (typeof part !== 'object' || part === null) continue
    const after = fromWire(part, signals)
    if (after !== part) fields[key] = after
  }
  return fields
}

function unmark(marked: unknown, signals: SignalPorts): unknown {
  const [kind, content] = Array.isArray(marked) ? (marked as unknown[]) : []
  switch (kind) {
    case 'undefined':
      return undefined
    case 'number':
      return Number(content)
    case 'bigint':
      return BigInt(String(content))
    case 'date':
      return new Date(Number(content))
    case 'bytes':
      return new Uint8Array(Buffer.from(String(content), 'base64'))
    case 'signal':
      return signals.signalOf(Number(content))
    case 'map': {
      const flat = fromWire(content, signals) as readonly unknown[]
      return new Map(flat.flatMap((key, index) => (index % 2 === 0 ? [[key, flat[index + 1]]] : [])))
    }
    case 'set':
      return new Set(fromWire(content, signals) as readonly unknown[])
    case 'object':
      return fieldsFromWire(content as Record<string, unknown>, signals)
    default:
      throw moduleErrors.MODULE_VALUE_INVALID({ value: kind })
  }
}
