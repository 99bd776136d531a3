// lets a module's code be imported anew: a query on its first file is handed down to every file of its folder, and a
// contract that has changed gets one for all who import it.
import { registerHooks } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const generationQuery = /^\?g=\d+$/
// the hook is the process', not a kernel's: two would hand down the same query twice
const modulesFolders = new Set<string>()
const renewed = new Map<string, string>()

/** from now on whoever imports this contract from elsewhere gets that copy of it. @param contract - absolute */
export function renewContract(contract: string, copy: number): void {
  renewed.set(contract, `?g=${copy}`)
}

/**
 * installs the resolve hook, once a process and folder. what a file with `?g=2` imports from below its module's folder gets
 * `?g=2` too; `nucleus/`, packages and other modules' contracts, as long as they have not changed, stay shared.
 * @param modulesFolder - absolute; each of its direct folders is a module
 */
export function installGenerationHook(modulesFolder: string): void {
  modulesFolders.add(modulesFolder)
  if (modulesFolders.size > 1) return
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      if (context.parentURL === undefined || !resolved.url.startsWith('file:')) return resolved
      const target = new URL(resolved.url)
      if (target.search !== '' || !context.parentURL.startsWith('file:')) return resolved
      const parent = new URL(context.parentURL)
      const path = fileURLToPath(target)
      const folder = moduleFolderOf(fileURLToPath(parent))
      if (folder === undefined) return resolved
      const isInside = path.startsWith(`${folder}/`)
      if (isInside && !generationQuery.test(parent.search)) return resolved
      const query = isInside ? parent.search : renewed.get(path)
      return query === undefined ? resolved : { ...resolved, url: `${resolved.url}${query}` }
    },
  })
}

/** the module's folder that a file lies in; undefined outside of all modules. */
function moduleFolderOf(file: string): string | undefined {
  let folder = dirname(file)
  while (folder !== dirname(folder)) {
    const parent = dirname(folder)
    if (modulesFolders.has(parent)) return folder
    folder = parent
  }
  return undefined
}
