// paths in actions: locating what does not exist yet, resources for the policy, and where a copy or move ends.
import { basename, dirname, join } from 'node:path'
import { isLotusError } from '../../../../nucleus/errors.ts'
import type { ActionContext, Entry, Resource, Tree } from '../action.ts'
import { fileErrors } from '../files/errors.ts'
import { actionErrors } from './errors.ts'
import { nameList } from './format.ts'

/**
 * the absolute path of something that may not exist, nor its parents: the nearest parent that exists is located, so
 * that links in it are resolved and the granted roots hold. a missing part may not be followed by `..`.
 */
export async function locateNew(tree: Tree, path: string): Promise<string> {
  try {
    return await tree.locate(path)
  } catch (error) {
    const name = basename(path)
    const parent = dirname(path)
    const lost = isLotusError(error, 'PATH_MISSING')
    if (!lost || parent === path || name === '..' || name === '.' || name === '') throw error
    return join(await locateNew(tree, parent), name)
  }
}

/** a resource for something that is there, located without changing anything. */
export async function pathResource(tree: Tree, path: string, access: 'read' | 'change' | 'remove'): Promise<Resource> {
  return { kind: 'path', access, name: await tree.locate(path) }
}

/** resources for something that will be made, with the parent folders that are made on the way. */
export async function createResources(tree: Tree, path: string): Promise<Resource[]> {
  const name = await locateNew(tree, path)
  const resources: Resource[] = [{ kind: 'path', access: 'create', name }]
  let parent = dirname(name)
  while (parent !== dirname(parent) && (await findEntry(tree, parent)) === undefined) {
    resources.push({ kind: 'path', access: 'create', name: parent })
    parent = dirname(parent)
  }
  return resources
}

/** what writing to a path does: it is changed where it is there and created where not. */
export async function writeResources(tree: Tree, path: string): Promise<Resource[]> {
  if ((await findEntry(tree, path)) !== undefined) return [await pathResource(tree, path, 'change')]
  return createResources(tree, path)
}

/** like tree.find, also where the parent is missing. */
export async function findEntry(tree: Tree, path: string): Promise<Entry | undefined> {
  try {
    return await tree.find(path)
  } catch (error) {
    if (isLotusError(error, 'PATH_MISSING')) return undefined
    throw error
  }
}

/** makes the missing parent folders of a path that is about to be written. */
export async function ensureParent(context: Pick<ActionContext, 'tree' | 'changes'>, path: string): Promise<void> {
  const parent = dirname(path)
  if (parent === '.' || parent === '/' || parent === '~') return
  if ((await findEntry(context.tree, parent)) === undefined) await context.changes.makeFolder(parent)
}

/** the name of a path for the place it is put into; `.` and `..` have one only when they are resolved. */
export async function nameOf(tree: Tree, path: string): Promise<string> {
  const name = basename(path)
  return name === '.' || name === '..' || name === '' || name === '~' ? basename(await tree.locate(path)) : name
}

export interface Transfer {
  readonly from: string
  readonly to: string
  readonly fromAbsolute: string
  readonly toAbsolute: string
}

/** where each source of a copy or move ends: inside the target where that is a folder, else at the target itself. */
export async function planTransfers(
  tree: Tree,
  sources: readonly string[],
  target: string,
  into: boolean | undefined,
): Promise<Transfer[]> {
  const there = await findEntry(tree, target)
  // a link stands for where it leads: that place is located, and the roots and the policy hold there
  const leads = there?.kind === 'folder' || there?.kind === 'link'
  if (into === false && there !== undefined) throw fileErrors.PATH_EXISTS({ value: target, detail: `a ${there.kind}` })
  // `copy a and b to one.txt`: what is called like a file is hardly meant to become a folder
  if (
    sources.length > 1 &&
    there === undefined &&
    into !== true &&
    /[^/.][^/]*\.[A-Za-z][A-Za-z0-9]{0,7}$/.test(target)
  )
    throw actionErrors.TARGET_NOT_FOLDER({
      value: target,
      detail: 'several things need a folder; texts are joined with "join … into …"',
    })
  const inside = leads || into === true || sources.length > 1 || target.endsWith('/')
  if (inside && there !== undefined && !leads) throw actionErrors.TARGET_NOT_FOLDER({ value: target })
  const transfers: Transfer[] = []
  const taken = new Set<string>()
  for (const from of sources) {
    const { absolute: fromAbsolute } = await tree.entry(from)
    const to = inside ? join(target, await nameOf(tree, from)) : target
    const toAbsolute = await locateNew(tree, to)
    if (toAbsolute === fromAbsolute) throw actionErrors.SAME_PLACE({ value: from })
    if (toAbsolute.startsWith(`${fromAbsolute}/`)) throw actionErrors.INTO_ITSELF({ value: from })
    if (taken.has(toAbsolute)) throw actionErrors.NAMES_CLASH({ value: tree.show(toAbsolute) })
    taken.add(toAbsolute)
    transfers.push({ from, to, fromAbsolute, toAbsolute })
  }
  return transfers
}

/** refuses before the first change when more than one target is taken; a single one is left to the change itself. */
export async function refuseTaken(tree: Tree, transfers: readonly Transfer[]): Promise<void> {
  if (transfers.length < 2) return
  const taken: string[] = []
  for (const { to, toAbsolute } of transfers) {
    if ((await findEntry(tree, to)) !== undefined) taken.push(tree.show(toAbsolute))
  }
  if (taken.length > 0) throw fileErrors.PATH_EXISTS({ value: nameList(taken), detail: 'nothing was changed' })
}
