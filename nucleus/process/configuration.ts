// the configuration of one process: manifests first, because they say which settings there are, then the settings.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readManifests, type FoundModule } from '../modules/manifest.ts'
import type { CoreSettings } from '../settings/core.ts'
import { loadSettings } from '../settings/load.ts'
import { processErrors } from './errors.ts'
import type { SettingsOf, SettingsSchema } from '../settings/schema.ts'

export interface Configuration {
  readonly root: string
  /** the project's version. */
  readonly version: string
  readonly home: string
  /** LOTUS_HOME/run: pid file, sockets, what others look for. */
  readonly run: string
  readonly modulesFolder: string
  readonly core: CoreSettings
  /** values that must never be shown. */
  readonly secrets: readonly string[]
  readonly found: readonly FoundModule[]
  /** a module's values: read anew when its manifest was, the same for every start in between. */
  settingsOf(found: FoundModule): SettingsOf<SettingsSchema>
  /** the same by the module's folder, as they were at the boot. */
  settingsIn(folder: string): SettingsOf<SettingsSchema> | undefined
}

/**
 * reads everything that decides how this process runs. nothing is written, no code of a module is run.
 * @throws MANIFEST_INVALID, SETTINGS_INVALID: each names all its problems; ROLE_UNAVAILABLE
 */
export async function readConfiguration(root: string, environment: NodeJS.ProcessEnv): Promise<Configuration> {
  const modulesFolder = join(root, 'modules')
  const found = await readManifests(modulesFolder)
  const schemas = new Map(found.map(({ manifest }) => [manifest.name, schemaOf(manifest.settings)]))
  const load = () => loadSettings({ root, environment, schemas: Object.fromEntries(schemas) })
  const boot = load()
  if (boot.core.role !== 'nucleus') throw processErrors.ROLE_UNAVAILABLE({ value: boot.core.role })
  const values = new WeakMap(found.map((one) => [one, boot.of(one.manifest.name)]))
  return Object.freeze({
    root,
    version: readVersion(root),
    home: boot.home,
    run: join(boot.home, 'run'),
    modulesFolder,
    core: boot.core,
    secrets: boot.secrets,
    found,
    settingsIn: (folder: string) => {
      const one = found.find((candidate) => candidate.folder === folder)
      return one && boot.of(one.manifest.name)
    },
    settingsOf: (one: FoundModule) => {
      const known = values.get(one)
      if (known !== undefined) return known
      schemas.set(one.manifest.name, schemaOf(one.manifest.settings))
      const read = load().of(one.manifest.name)
      values.set(one, read)
      return read
    },
  })
}

/** a manifest's settings are a schema already: they were generated from one, and judged when the manifest was read. */
function schemaOf(settings: FoundModule['manifest']['settings']): SettingsSchema {
  return settings as SettingsSchema
}

function readVersion(root: string): string {
  const data = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return data.version
}
