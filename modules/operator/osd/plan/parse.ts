// from the text of a plan to a frozen plan, or a clear refusal.
import { z } from 'zod'
import type { Json, Plan } from '../../contract.ts'
import { deepFreeze } from '../canonical.ts'
import { planErrors } from './errors.ts'
import { checkReferences } from './references.ts'
import { parseStrictJson } from './strict-json.ts'

export const planLimits = { maxBytes: 256 * 1024, maxDepth: 24, maxSteps: 64, maxConditions: 16 } as const

const text = z.string().min(1).max(4096)
const condition = z.union([
  z.strictObject({ exists: text }),
  z.strictObject({ absent: text }),
  z.strictObject({ file: text }),
  z.strictObject({ folder: text }),
  z.strictObject({ path: text, is: z.enum(['empty', 'not_empty']) }),
  z.strictObject({ path: text, is: z.enum(['larger', 'smaller', 'older', 'newer']), than: z.number().nonnegative() }),
])
const conditions = z.array(condition).max(planLimits.maxConditions)

const stepSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'a step is named like s1'),
  action: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,3}$/, 'an action is named area.verb')
    .max(80),
  args: z.record(z.string().max(80), z.unknown()),
  before: conditions.optional(),
  after: conditions.optional(),
})

const planSchema = z.strictObject({
  version: z.literal(1),
  goal: z.string().max(16_384),
  origin: z.string().min(1).max(200),
  referred: z.boolean().optional(),
  steps: z.array(stepSchema).min(1).max(planLimits.maxSteps),
})

/**
 * reads a plan strictly: unknown and duplicate keys, too much of anything, numbers that a double can't keep, names of
 * prototypes, and references to steps that are not earlier ones are all refused.
 * @throws PLAN_INVALID and what {@link parseStrictJson} throws.
 */
export function parsePlan(source: string): Plan {
  const parsed = planSchema.safeParse(parseStrictJson(source, planLimits))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw planErrors.PLAN_INVALID({ detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}` })
  }
  const seen = new Set<string>()
  for (const { id, args } of parsed.data.steps) {
    if (seen.has(id)) throw planErrors.PLAN_INVALID({ value: id, detail: 'two steps have this name' })
    checkReferences(args as Json, seen)
    seen.add(id)
  }
  return deepFreeze(parsed.data as Plan)
}
