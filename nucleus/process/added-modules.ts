// modules that did not come with LOTUS: they lie in LOTUS_HOME/modules, and one that doesn't fit keeps nothing from starting.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { kernelFacts } from '../kernel-facts.ts'
import { drawGraph } from '../modules/graph.ts'
import { readGoodManifests, readOneManifest, type FoundModule } from '../modules/manifest.ts'
import type { CoreSettings } from '../settings/core.ts'

export interface AddedModules {
  readonly found: readonly FoundModule[]
  /** why others are left out, a sentence each. */
  readonly problems: readonly string[]
}

const addedFolder = (home: string): string => join(home, 'modules')

/** those that can be used together with what ships; never throws because of one of them. */
export async function readAddedModules(home: string, shipped: readonly FoundModule[]): Promise<AddedModules> {
  const folder = addedFolder(home)
  if (!existsSync(folder)) return { found: [], problems: [] }
  const { found, problems } = await readGoodManifests(folder, { isAdded: true, mayBeInline: true })
  const kept: FoundModule[] = []
  let left = [...found]
  // one may need another that comes later: tried until no more of them fit
  for (let before = -1; before !== left.length;) {
    before = left.length
    left = left.filter((one) => {
      const fits = misfitsOf([...shipped, ...kept, one]).length === 0
      if (fits) kept.push(one)
      return !fits
    })
  }
  return {
    found: kept,
    problems: [
      ...problems.map(({ file, field, message }) => `${file}: ${field === '' ? '' : `${field}: `}${message}`),
      ...left.map((one) => misfitsOf([...shipped, ...kept, one]).join('; ')),
    ],
  }
}

function misfitsOf(found: readonly FoundModule[]): string[] {
  const manifests = found.map(({ manifest }) => manifest)
  return drawGraph(manifests, kernelFacts).problems.map(({ message }) => message)
}

/** those that ship win, as in the graph. @throws MODULE_UNKNOWN, MANIFEST_INVALID */
export async function readAnyManifest(
  name: string,
  modulesFolder: string,
  home: string,
  core: CoreSettings,
): Promise<FoundModule> {
  const added = addedFolder(home)
  const isAdded =
    /^[a-z][a-z0-9-]*$/.test(name) && existsSync(join(added, name)) && !existsSync(join(modulesFolder, name))
  if (!isAdded) return await readOneManifest(modulesFolder, name)
  return await readOneManifest(added, name, { isAdded: true, mayBeInline: core.inlineModules })
}
