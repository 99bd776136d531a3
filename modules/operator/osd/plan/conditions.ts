// what must hold before and after a step, checked by osd itself below the granted roots.
import type { Condition, FactCondition, Plan } from '../../contract.ts'
import type { Entry, Tree } from '../action.ts'
import { planErrors } from './errors.ts'

export function pathOfCondition(condition: Condition): string {
  if ('is' in condition) return condition.path
  if ('exists' in condition) return condition.exists
  if ('absent' in condition) return condition.absent
  return 'file' in condition ? condition.file : condition.folder
}

/** @throws CONDITION_NOT_MET, in words. */
export async function checkConditions(conditions: readonly Condition[], tree: Tree): Promise<void> {
  for (const condition of conditions) {
    const path = pathOfCondition(condition)
    const entry = await tree.find(path)
    const detail = await faultOf(condition, entry, tree)
    if (detail !== undefined) throw planErrors.CONDITION_NOT_MET({ value: path, detail })
  }
}

/** why a plan could not begin; conditions of later steps may be what earlier ones make. */
export async function unmetAtFirst(plan: Plan, tree: Tree): Promise<unknown> {
  try {
    await checkConditions(plan.steps[0]?.before ?? [], tree)
    return undefined
  } catch (error) {
    return error
  }
}

async function faultOf(condition: Condition, entry: Entry | undefined, tree: Tree): Promise<string | undefined> {
  if ('absent' in condition) return entry === undefined ? undefined : 'something is there already'
  if (entry === undefined) return 'there is nothing'
  if ('is' in condition) return await faultOfFact(condition, entry, tree)
  const wanted = 'file' in condition ? 'file' : 'folder' in condition ? 'folder' : entry.kind
  return entry.kind === wanted ? undefined : `it is a ${entry.kind}`
}

async function faultOfFact(
  { path, is, than = 0 }: FactCondition,
  entry: Entry,
  tree: Tree,
): Promise<string | undefined> {
  const { kind, bytes, modifiedMs } = entry
  // the size of a folder is none of its own, and a link is not what it leads to.
  const hasContent = is === 'empty' || is === 'not_empty'
  if (kind !== 'file' && !(kind === 'folder' && hasContent)) return `it is a ${kind}`
  const isEmpty = async (): Promise<boolean> => (kind === 'folder' ? (await tree.list(path)).length === 0 : bytes === 0)
  const ageMs = Date.now() - modifiedMs
  switch (is) {
    case 'empty':
      return (await isEmpty()) ? undefined : 'it is not empty'
    case 'not_empty':
      return (await isEmpty()) ? 'it is empty' : undefined
    case 'larger':
      return bytes > than ? undefined : `it has ${bytes} bytes`
    case 'smaller':
      return bytes < than ? undefined : `it has ${bytes} bytes`
    case 'older':
      return ageMs > than ? undefined : 'it was changed since'
    case 'newer':
      return ageMs < than ? undefined : 'it was last changed before that'
  }
}
