// the names of all modules that could be loaded, for who mistypes one.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isLotusError } from '../errors.ts'
import { suggest } from '../settings/suggest.ts'
import { moduleErrors } from './errors.ts'

/** the folders that modules lie in: those that ship with LOTUS first, as in every look-up. */
export function moduleFolders(root: string, home: string | undefined): string[] {
  return [join(root, 'modules'), ...(home === undefined ? [] : [join(home, 'modules')])]
}

/** names of modules in these folders, sorted; a folder without a manifest is none. */
export function moduleNames(folders: readonly string[]): string[] {
  const names = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).filter((name) => existsSync(join(folder, name, 'manifest.json'))))
  return [...new Set(names)].toSorted()
}

/** an error that says which module was probably meant. */
export function unknownModule(name: string, names: readonly string[]): Error {
  const near = suggest(name, names)
  return moduleErrors.MODULE_UNKNOWN({
    value: name,
    ...(near === undefined ? {} : { fix: `did you mean ${near}? \`lotus module list\` shows all` }),
  })
}

/** runs what names a module; where there is none of that name, the error says which was probably meant. */
export async function withNearest<Result>(
  name: string,
  folders: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!isLotusError(error) || error.code !== 'MODULE_UNKNOWN') throw error
    throw unknownModule(name, moduleNames(folders))
  }
}
