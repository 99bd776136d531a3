// computes what a step touches and asks the evaluator about it, before anything has happened.
import { isLotusError } from '../../../../nucleus/errors.ts'
import type { Json, PlanStep, StepDecision, ToolDescription } from '../../contract.ts'
import type { ActionContext, ActionDefinition, Resource, Tree } from '../action.ts'
import type { Reach } from '../files/reach.ts'
import type { Evaluator, Verdict } from '../policy/evaluator.ts'
import { resourceFacts } from '../policy/facts.ts'
import type { StepFacts } from '../policy/facts.ts'
import { pathOfCondition } from './conditions.ts'
import { planErrors } from './errors.ts'
import { hasReferences } from './references.ts'

/** who can do what: the actions of osd and the tools of modules. */
export interface Abilities {
  action(name: string): ActionDefinition | undefined
  tool(name: string): ToolDescription | undefined
  checkToolArguments(name: string, args: Readonly<Record<string, Json>>): void
}

export interface JudgeContext {
  readonly abilities: Abilities
  readonly evaluator: Evaluator
  readonly reach: Reach
  readonly tree: Tree
  /** what actions may look at while reckoning. */
  readonly action: Pick<ActionContext, 'tree' | 'cwd' | 'signal' | 'uid'>
}

export interface JudgedStep {
  readonly step: PlanStep
  readonly decision: StepDecision
  readonly resources: readonly Resource[]
  /** the arguments as the action's schema gives them; undefined while they hold references. */
  readonly parsed: unknown
  /** true where the step depends on what earlier steps do: it is judged again when they have run. */
  readonly late: boolean
}

// a removed folder counts with what is in it; beyond this it is many in any case.
const countedEntries = 2_000
const listedResources = 200

/**
 * @param mayWait - an earlier step changes files, so what is missing now may be there later: then it is judged late
 * @throws ARGUMENTS_INVALID, and what the action throws while it looks at the files.
 */
export async function judgeStep(
  step: PlanStep,
  args: PlanStep['args'],
  context: JudgeContext,
  mayWait = false,
): Promise<JudgedStep> {
  const { abilities, evaluator } = context
  const action = abilities.action(step.action)
  const tool = action === undefined ? abilities.tool(step.action) : undefined
  if (action === undefined && tool === undefined) {
    const verdict: Verdict = {
      decision: 'deny',
      policy: 'unknown-action',
      reason: `nobody knows the action ${step.action}`,
      risk: 'high',
      yesAnswers: false,
    }
    return judged(step, verdict, [], undefined, false)
  }
  const late = hasReferences(args)
  const conditions = [...(step.before ?? []), ...(step.after ?? [])].map(pathOfCondition)
  const named = await Promise.all(
    conditions.map(async (path): Promise<Resource> => ({
      kind: 'path',
      access: 'read',
      name: await context.tree.locate(path),
    })),
  )
  if (action === undefined) {
    const { name, description, risk, undoable } = tool!
    if (!late) abilities.checkToolArguments(name, args)
    const access = risk === 'none' ? 'read' : 'change'
    const resources: Resource[] = [{ kind: 'tool', access, name }, ...named]
    const facts = factsOf({ action: name, description, effect: 'tool', risk, undoable }, resources, context.reach, 0)
    return judged(step, evaluator.decide(facts), resources, args, late)
  }
  if (late) return judged(step, untilKnown(action), named, undefined, true)
  const parsed = action.input.safeParse(args)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`
    throw planErrors.ARGUMENTS_INVALID({ value: action.name, detail: where })
  }
  const touched = await touchedBy(action, parsed.data, context, mayWait)
  if (touched === undefined) return judged(step, untilKnown(action), named, undefined, true)
  const resources = [...touched, ...named]
  const facts = factsOf(
    {
      action: action.name,
      description: action.description,
      effect: action.effect,
      risk: action.risk,
      undoable: action.undoable,
    },
    resources,
    context.reach,
    action.effect === 'none' ? 0 : await countChanges(touched, context.tree),
  )
  return judged(step, evaluator.decide(facts), resources, parsed.data, false)
}

/** undefined where a step before it may first make what it needs. */
async function touchedBy(
  action: ActionDefinition,
  args: unknown,
  context: JudgeContext,
  mayWait: boolean,
): Promise<Resource[] | undefined> {
  try {
    return await action.resources(args as Record<string, Json>, context.action)
  } catch (error) {
    if (mayWait && isLotusError(error, 'PATH_MISSING')) return undefined
    // the reckoning ran into a forbidden place: the policy says which, and why.
    const path = forbiddenPath(error)
    if (path === undefined) throw error
    return [{ kind: 'path', access: 'read', name: path }]
  }
}

function forbiddenPath(error: unknown): string | undefined {
  const forbidden = ['PATH_OUTSIDE', 'READ_PROTECTED', 'WRITE_PROTECTED'].some((code) => isLotusError(error, code))
  const cause = forbidden ? (error as Error).cause : undefined
  return typeof cause === 'object' && cause !== null && 'path' in cause && typeof cause.path === 'string'
    ? cause.path
    : undefined
}

function factsOf(
  step: Pick<StepFacts, 'action' | 'description' | 'effect' | 'risk' | 'undoable'>,
  resources: readonly Resource[],
  reach: Reach,
  changes: number,
): StepFacts {
  return { ...step, changes, resources: resources.map((resource) => resourceFacts(resource, reach)) }
}

async function countChanges(resources: readonly Resource[], tree: Tree): Promise<number> {
  let count = 0
  for (const { kind, access, name } of resources) {
    if (kind !== 'path' || access === 'read') continue
    count += 1
    if (access !== 'remove') continue
    try {
      if ((await tree.find(name))?.kind !== 'folder') continue
      for await (const _entry of tree.walk(name, { hidden: true, limit: countedEntries })) count += 1
    } catch (error) {
      // a place that may not be looked at is decided on by where it is; too many to count are many.
      if (isLotusError(error, 'TOO_MANY_ENTRIES')) count += countedEntries
      else if (forbiddenPath(error) === undefined) throw error
    }
  }
  return count
}

/** what is known of a step before the results it depends on are: its action. */
function untilKnown({ effect, risk, undoable }: ActionDefinition): Verdict {
  const reason = 'what this step touches is known when the steps before it have run; it is decided on again then'
  return effect === 'none'
    ? { decision: 'allow', policy: 'decided-when-known', reason, risk, yesAnswers: false }
    : { decision: 'confirm', policy: 'decided-when-known', reason, risk, yesAnswers: undoable }
}

function judged(
  step: PlanStep,
  verdict: Verdict,
  resources: readonly Resource[],
  parsed: unknown,
  late: boolean,
): JudgedStep {
  const names = resources.slice(0, listedResources).map(({ kind, name }) => `${kind}:${name}`)
  if (resources.length > listedResources) names.push(`and ${resources.length - listedResources} more`)
  const { decision, policy, reason, risk, yesAnswers } = verdict
  return {
    step,
    resources,
    parsed,
    late,
    decision: {
      step: step.id,
      action: step.action,
      decision,
      policy,
      reason,
      risk,
      resources: names,
      yesAnswers: decision === 'confirm' && yesAnswers,
    },
  }
}
