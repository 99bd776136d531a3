// puts bound slots into a trace's steps: `{slot}` alone keeps its type, inside a text it is written into it.
import type { Condition, Json, Plan, PlanStep } from '../operator/contract.ts'
import type { Proviso } from '../perception/contract.ts'
import { fillText, missing } from './traces/template.ts'
import type { BoundTrace } from './understand.ts'

type Bindings = Readonly<Record<string, unknown>>

/** a fact that a goal depends on, as osd checks it. */
const conditionOf = ({ path, is, than }: Proviso): Condition =>
  is === 'there'
    ? { exists: path }
    : is === 'not_there'
      ? { absent: path }
      : { path, is, ...(than === undefined ? {} : { than }) }

/**
 * makes one plan of the bound traces, with steps `s1`, `s2` … in order.
 * @param options.isReferred - what it is about was taken from an earlier goal of the session.
 * @param options.provided - what must be so before the first step.
 */
export function createPlan(
  goal: string,
  bound: readonly BoundTrace[],
  { isReferred = false, provided = [] }: { isReferred?: boolean; provided?: readonly Proviso[] } = {},
): Plan {
  const steps: PlanStep[] = []
  for (const { trace, bindings } of bound) {
    const offset = steps.length
    for (const step of trace.steps) {
      steps.push({
        id: `s${steps.length + 1}`,
        action: step.action,
        args: fillObject(step.args, bindings, offset),
        ...(step.before ? { before: fillConditions(step.before, bindings) } : {}),
        ...(step.after ? { after: fillConditions(step.after, bindings) } : {}),
      })
    }
  }
  const [first] = steps
  if (first !== undefined && provided.length > 0)
    steps[0] = { ...first, before: [...provided.map(conditionOf), ...(first.before ?? [])] }
  const origin = bound.map((one) => one.trace.trace).join('+')
  return { version: 1, goal, origin, ...(isReferred ? { referred: true } : {}), steps }
}

function fillConditions(conditions: readonly Record<string, string>[], bindings: Bindings): Condition[] {
  return conditions.flatMap((condition) =>
    Object.entries(condition).flatMap(([kind, template]) => {
      const value = fill(template, bindings, 0)
      const paths = Array.isArray(value) ? value : [value]
      return paths
        .filter((path): path is string => typeof path === 'string')
        .map((path) => ({ [kind]: path }) as unknown as Condition)
    }),
  )
}

function fillObject(
  object: Readonly<Record<string, unknown>>,
  bindings: Bindings,
  offset: number,
): Record<string, Json> {
  const filled: Record<string, Json> = {}
  for (const [name, template] of Object.entries(object)) {
    const value = fill(template, bindings, offset)
    // `...` spreads an object, and what stands beside it wins.
    if (name === '...') Object.assign(filled, value === missing ? {} : value)
    else if (value !== missing) filled[name] = value as Json
  }
  return filled
}

function fill(template: unknown, bindings: Bindings, offset: number): unknown {
  if (typeof template === 'string') return fillText(template, bindings)
  if (Array.isArray(template)) {
    return template.flatMap((item) => {
      const value = fill(item, bindings, offset)
      if (value === missing) return []
      return Array.isArray(value) ? value : [value]
    })
  }
  if (typeof template === 'object' && template !== null) {
    const reference = (template as { $ref?: unknown }).$ref
    // a trace counts its own steps; in a plan of several traces they come later.
    if (typeof reference === 'string')
      return { $ref: reference.replace(/^s(\d+)/, (_, number: string) => `s${Number(number) + offset}`) }
    const filled = fillObject(template as Record<string, unknown>, bindings, offset)
    return Object.keys(filled).length === 0 ? missing : filled
  }
  return template
}
