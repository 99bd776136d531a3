// `{ "$ref": "s1.path" }` in the arguments of a step: a field of an earlier step's result.
import type { Json } from '../../contract.ts'
import { planErrors } from './errors.ts'

type Fields = Readonly<Record<string, Json>>

const referencePattern = /^([a-z][a-z0-9_]{0,31})((?:\.[A-Za-z0-9_]{1,64}){1,6})$/

function isFields(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** the reference that an object is; undefined when it is none. @throws PLAN_INVALID when it is a malformed one. */
function referenceIn(value: Json): { step: string; fields: string[] } | undefined {
  if (!isFields(value) || !Object.hasOwn(value, '$ref')) return undefined
  const target = value['$ref']
  const match = typeof target === 'string' && Object.keys(value).length === 1 ? referencePattern.exec(target) : null
  if (match === null)
    throw planErrors.PLAN_INVALID({ value, detail: 'a reference is { "$ref": "step.field" } and nothing else' })
  return { step: match[1]!, fields: match[2]!.slice(1).split('.') }
}

/** @throws PLAN_INVALID for a reference to anything but an earlier step. */
export function checkReferences(value: Json, earlier: ReadonlySet<string>): void {
  const reference = referenceIn(value)
  if (reference !== undefined) {
    if (!earlier.has(reference.step))
      throw planErrors.PLAN_INVALID({ value: reference.step, detail: 'no earlier step has this name' })
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) checkReferences(item, earlier)
  } else if (isFields(value)) {
    for (const inner of Object.values(value)) checkReferences(inner, earlier)
  }
}

/** whether anything in the arguments is only known once earlier steps have run. */
export function hasReferences(value: Json): boolean {
  if (referenceIn(value) !== undefined) return true
  if (Array.isArray(value)) return (value as readonly Json[]).some(hasReferences)
  return isFields(value) && Object.values(value).some(hasReferences)
}

function fieldOf(holder: Json | undefined, field: string): Json | undefined {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, field)) return undefined
  return (holder as Fields)[field]
}

/**
 * the arguments with every reference replaced by what it stands for.
 * @throws REFERENCE_MISSING when the step has no such field, or an empty one.
 */
export function resolveReferences(value: Json, results: ReadonlyMap<string, Fields>): Json {
  const reference = referenceIn(value)
  if (reference !== undefined) {
    const found = reference.fields.reduce(fieldOf, results.get(reference.step) as Json | undefined)
    if (found === undefined)
      throw planErrors.REFERENCE_MISSING({ value: [reference.step, ...reference.fields].join('.') })
    return found
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => resolveReferences(item, results))
  if (!isFields(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolveReferences(inner, results)]))
}
