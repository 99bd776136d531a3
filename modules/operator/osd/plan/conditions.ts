// what must hold before and after a step, checked by osd itself below the granted roots.
import type { Condition } from '../../contract.ts'
import type { Tree } from '../action.ts'
import { planErrors } from './errors.ts'

export function pathOfCondition(condition: Condition): string {
  if ('exists' in condition) return condition.exists
  if ('absent' in condition) return condition.absent
  return 'file' in condition ? condition.file : condition.folder
}

/** @throws CONDITION_NOT_MET, in words. */
export async function checkConditions(conditions: readonly Condition[], tree: Tree): Promise<void> {
  for (const condition of conditions) {
    const path = pathOfCondition(condition)
    const kind = (await tree.find(path))?.kind
    const fail = (detail: string): never => {
      throw planErrors.CONDITION_NOT_MET({ value: path, detail })
    }
    if ('exists' in condition && kind === undefined) fail('there is nothing')
    if ('absent' in condition && kind !== undefined) fail('something is there already')
    if ('file' in condition && kind !== 'file') fail(kind === undefined ? 'there is nothing' : `it is a ${kind}`)
    if ('folder' in condition && kind !== 'folder') fail(kind === undefined ? 'there is nothing' : `it is a ${kind}`)
  }
}
