// brings the code of a module into the process, and judges its shape before anything of it is called.
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { toErrorData } from '../errors.ts'
import { digestOfFolder } from './code-digest.ts'
import { checkDefinition } from './definition.ts'
import { moduleErrors } from './errors.ts'
import { installGenerationHook, renewContract } from './generation-hook.ts'
import type { FoundModule } from './manifest.ts'
import type { ModuleDefinition } from './module.ts'

/** imports a file by its URL; replaced only by tests that run under another importer. */
export type ImportFile = (url: string) => Promise<unknown>

export interface Loader {
  /**
   * imports a module. the first time its plain files are taken, later a fresh copy of them where they have changed since.
   * @throws MODULE_IMPORT_FAILED, MODULE_INVALID
   */
  load(found: FoundModule): Promise<ModuleDefinition>
  /** begins to import a module's plain files, so that its first `load` finds them there. failures show in `load`. */
  prefetch(found: FoundModule): void
  /** the contract of a module has changed: who imports it from now on gets what its present code has. */
  renewContract(found: FoundModule): void
  /** what a module imports from others has changed: its next `load` makes a copy, whether or not its own files have. */
  forget(module: string): void
  /** how often a module's code has been imported: Node keeps each copy for ever, up to some MiB. */
  copies(module: string): number
}

/** makes a loader for the modules below one folder. */
export function createLoader(options: { modulesFolder: string; importFile?: ImportFile }): Loader {
  const importFile = options.importFile ?? ((url: string) => import(url) as Promise<unknown>)
  const copies = new Map<string, number>()
  const prefetched = new Map<string, Promise<unknown>>()
  // the last copy of each module that was reloaded. the boot reads no digest, so a first reload always makes a copy
  const current = new Map<string, { readonly digest: string; readonly definition: ModuleDefinition }>()
  const urlOf = ({ folder }: FoundModule): string => pathToFileURL(join(folder, 'module.ts')).href
  const importOnce = (found: FoundModule): Promise<unknown> => {
    const early = prefetched.get(found.manifest.name)
    prefetched.delete(found.manifest.name)
    return early ?? importFile(urlOf(found))
  }
  return Object.freeze({
    prefetch: (found: FoundModule) => {
      // how code outside of the project finds what it imports is settled when it is loaded
      if (dirname(found.folder) !== options.modulesFolder) return
      const importing = importFile(urlOf(found))
      // `load` awaits it and reports; until then a failure must not count as unhandled
      importing.catch(() => undefined)
      prefetched.set(found.manifest.name, importing)
    },
    load: async (found: FoundModule) => {
      const { manifest } = found
      // read before the import: what changes in between is seen by the next reload
      const digest = copies.has(manifest.name) ? await digestOfFolder(found.folder) : undefined
      const known = current.get(manifest.name)
      if (known !== undefined && known.digest === digest) return known.definition
      const copy = (copies.get(manifest.name) ?? 0) + 1
      copies.set(manifest.name, copy)
      // the hook costs every import a little: a process that never reloads does without
      const folder = dirname(found.folder)
      if (copy > 1) installGenerationHook(folder)
      if (folder !== options.modulesFolder) {
        const { installElsewhereHook } = await import('./elsewhere.ts')
        installElsewhereHook(found.folder, dirname(options.modulesFolder))
      }
      let namespace: unknown
      try {
        namespace = await (copy === 1 ? importOnce(found) : importFile(`${urlOf(found)}?g=${copy}`))
      } catch (error) {
        throw moduleErrors.MODULE_IMPORT_FAILED({
          value: manifest.name,
          detail: toErrorData(error).message,
          cause: error,
        })
      }
      const definition = checkDefinition(manifest.name, namespace)
      if (digest !== undefined) current.set(manifest.name, { digest, definition })
      return definition
    },
    renewContract: ({ manifest, folder }: FoundModule) => {
      // the code of one in a process of its own is not here: its contract is a copy of its own
      const copy = (copies.get(manifest.name) ?? 1) + (manifest.isolation === 'process' ? 1 : 0)
      copies.set(manifest.name, copy)
      installGenerationHook(options.modulesFolder)
      installGenerationHook(dirname(folder))
      renewContract(join(folder, 'contract.ts'), copy)
    },
    forget: (module: string) => void current.delete(module),
    copies: (module: string) => copies.get(module) ?? 0,
  })
}
