// what a search leaves out by name: `except a.txt`, `except letters/a.txt`, `except the drafts folder`, `except *.bak`.
import { join } from 'node:path'
import { isLotusError } from '../../../../nucleus/errors.ts'
import type { Entry, Tree } from '../action.ts'
import { createGlob } from './glob.ts'
import { locateNew } from './paths.ts'

/** names compared as people do: without case, accents composed. */
export const fold = (name: string) => name.normalize('NFC').toLowerCase()

export interface Exceptions {
  /** `below` is the path below the search's root. */
  excludes(entry: Entry, below: string): boolean
  /** says whether a folder holds something that was named by its path, so that it must not be taken as a whole. */
  lieIn(folder: Entry): boolean
}

type Test = (path: string) => boolean

/** names may be plain names, paths or patterns; a folder that is left out is left out with all that lies in it. */
export async function createExceptions(names: readonly string[], root: string, tree: Tree): Promise<Exceptions> {
  const plainNames = new Set<string>()
  const namePatterns: Test[] = []
  const pathPatterns: Test[] = []
  const paths = new Set<string>()
  for (const given of names) {
    const name = given.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')
    if (!name.includes('/')) plainNames.add(fold(name))
    if (/[*?]/.test(name)) (name.includes('/') ? pathPatterns : namePatterns).push(createGlob(fold(name)))
    if (!name.includes('/') && !name.startsWith('~') && !name.startsWith('..')) continue
    // a path is meant from the working folder, or from the folder that is searched.
    for (const path of [name, join(root, name)]) paths.add(fold((await placeOf(tree, path)) ?? path))
  }
  const nameMatches: Test = (name) => plainNames.has(name) || namePatterns.some((fits) => fits(name))
  return {
    excludes(entry, below) {
      if (names.length === 0) return false
      if (fold(below).split('/').some(nameMatches)) return true
      if ([...withParents(fold(entry.absolute))].some((path) => paths.has(path))) return true
      const shown = [below, tree.show(entry.absolute)].flatMap((path) => [...withParents(fold(path))])
      return pathPatterns.some((fits) => shown.some(fits))
    },
    lieIn: (folder) => [...paths].some((path) => path.startsWith(`${fold(folder.absolute)}/`)),
  }
}

/** where a path is; undefined where it leads out of what may be seen, so that nothing found can lie there. */
async function placeOf(tree: Tree, path: string): Promise<string | undefined> {
  try {
    return await locateNew(tree, path)
  } catch (error) {
    if (isLotusError(error)) return undefined
    throw error
  }
}

function* withParents(path: string): Generator<string> {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end)
}
