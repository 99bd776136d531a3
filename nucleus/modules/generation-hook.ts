// lets a module's code be imported anew: a query on its first file is handed down to every file of its folder.
import { registerHooks } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const generationQuery = /^\?g=\d+$/
// the hook is the process', not a kernel's: two would hand down the same query twice
const modulesFolders = new Set<string>()

/**
 * installs the resolve hook, once a process and folder. what a file with `?g=2` imports from below its module's folder gets
 * `?g=2` too; `nucleus/`, other modules' contracts and packages stay shared.
 * @param modulesFolder - absolute; each of its direct folders is a module
 */
export function installGenerationHook(modulesFolder: string): void {
  modulesFolders.add(modulesFolder)
  if (modulesFolders.size > 1) return
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      if (context.parentURL === undefined || !resolved.url.startsWith('file:')) return resolved
      const parent = new URL(context.parentURL)
      if (!generationQuery.test(parent.search)) return resolved
      const target = new URL(resolved.url)
      if (target.search !== '') return resolved
      const folder = moduleFolderOf(fileURLToPath(parent))
      if (folder === undefined || !fileURLToPath(target).startsWith(`${folder}/`)) return resolved
      return { ...resolved, url: `${resolved.url}${parent.search}` }
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
