// the configuration of one process: manifests first, because they say which settings there are, then the settings.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Notice } from '../health/health.ts'
import { readGoodManifests, readManifests, type FoundModule } from '../modules/manifest.ts'
import type { CoreSettings } from '../settings/core.ts'
import { findHome } from '../settings/home.ts'
import { loadOrLastGood } from '../settings/last-good.ts'
import { describeProblem, type SettingsError } from '../settings/problems.ts'
import type { BootMode } from './boots.ts'
import { openDisabledModules, type DisabledModules } from './disabled-modules.ts'
import { processErrors } from './errors.ts'
import type { SettingsOf, SettingsSchema } from '../settings/schema.ts'
import { moduleErrors } from '../modules/errors.ts'
import { chooseHere, whyElsewhere, type ModuleElsewhere, type Place } from '../modules/places.ts'
import { listLabels } from '../settings/several.ts'
import { chooseSafe, indispensable } from './safe-modules.ts'

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
  /** the modules that are started. */
  readonly found: readonly FoundModule[]
  /** reads the manifest of one module anew, wherever it lies. @throws MODULE_UNKNOWN, MANIFEST_INVALID */
  readManifest(name: string): Promise<FoundModule>
  /** modules without which nobody could be told what is wrong. */
  readonly indispensable: ReadonlySet<string>
  /** modules that are known and run on other nuclei of the system. */
  readonly elsewhere: readonly ModuleElsewhere[]
  /** what this nucleus is among several. */
  readonly place: Place
  /** modules that are known and not started, because a person said so. */
  readonly disabled: DisabledModules
  /** events of modules that are there and not started. */
  readonly eventsElsewhere: readonly string[]
  /** a module's values: read anew when its manifest was, the same for every start in between. */
  settingsOf(found: FoundModule): SettingsOf<SettingsSchema>
  /** the same by the module's folder, as they were at the boot. */
  settingsIn(folder: string): SettingsOf<SettingsSchema> | undefined
  /** what a person must know about how LOTUS was started. */
  notices(): readonly Notice[]
  /** reads the core's settings anew. @throws SETTINGS_INVALID */
  readCore(): CoreSettings
  /** where the setting files of the last good start are kept. */
  readonly lastGood: string
}

/**
 * reads everything that decides how this process runs. nothing is written, no code of a module is run.
 * in safe mode only the modules of that count, and a broken manifest of another is no obstacle.
 * @throws MANIFEST_INVALID, SETTINGS_INVALID: each names all its problems
 */
export async function readConfiguration(
  root: string,
  environment: NodeJS.ProcessEnv,
  { mode, folder }: { readonly mode: BootMode; readonly folder: string },
): Promise<Configuration> {
  const modulesFolder = join(root, 'modules')
  const shipped = mode.isSafe ? (await readGoodManifests(modulesFolder)).found : await readManifests(modulesFolder)
  const added = await findAdded(findHome({ root, environment }), shipped)
  const all = [...shipped, ...added.found]
  const found = mode.isSafe ? chooseSafe(all, mode.leftOut) : all
  const schemas = new Map(found.map(({ manifest }) => [manifest.name, schemaOf(manifest.settings)]))
  const lastGood = join(folder, 'good-settings.json')
  let invalid: SettingsError | undefined
  const load = () => {
    const options = { root, environment, schemas: Object.fromEntries(schemas), isLenient: mode.isSafe }
    const { settings, error } = loadOrLastGood(options, lastGood)
    invalid = error
    return settings
  }
  const boot = load()
  // whether others may run inline is a setting, and settings are known only after the manifests
  const misfits = added.found.filter((one) => one.manifest.isolation === 'inline' && !boot.core.inlineModules)
  const place: Place = { role: boot.core.role, labels: listLabels(boot.core.labels) }
  const { here, elsewhere } = chooseHere(
    found.filter((one) => !misfits.includes(one)),
    place,
  )
  const disabled = openDisabledModules(boot.home)
  const values = new WeakMap(found.map((one) => [one, boot.of(one.manifest.name)]))
  return Object.freeze({
    root,
    version: readVersion(root),
    home: boot.home,
    run: join(boot.home, 'run'),
    modulesFolder,
    core: boot.core,
    secrets: boot.secrets,
    found: here,
    elsewhere,
    place,
    readManifest: async (name: string) => {
      const { readAnyManifest } = await import('./added-modules.ts')
      const read = await readAnyManifest(name, modulesFolder, boot.home, boot.core)
      const detail = whyElsewhere(read.manifest, place)
      if (detail !== undefined) throw moduleErrors.MODULE_ELSEWHERE({ value: name, detail })
      return read
    },
    settingsIn: (folder: string) => {
      const one = found.find((candidate) => candidate.folder === folder)
      return one && boot.of(one.manifest.name)
    },
    disabled,
    indispensable: indispensable(found),
    eventsElsewhere: all.filter((one) => !here.includes(one)).flatMap(({ manifest }) => manifest.emits),
    lastGood,
    notices: () => [
      ...(mode.notice === undefined ? [] : [mode.notice]),
      ...(invalid === undefined ? [] : [lastGoodNotice(invalid)]),
      ...(disabled.problem === undefined ? [] : [disabledNotice(disabled.problem)]),
      ...[...added.problems, ...misfits.map(inlineProblem)].map(leftOutNotice),
    ],
    readCore: () => load().core,
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

/** modules that did not come with LOTUS; most have none, and load nothing for them. */
async function findAdded(
  home: string,
  shipped: readonly FoundModule[],
): Promise<{ readonly found: readonly FoundModule[]; readonly problems: readonly string[] }> {
  if (!existsSync(join(home, 'modules'))) return { found: [], problems: [] }
  const { readAddedModules } = await import('./added-modules.ts')
  return await readAddedModules(home, shipped)
}

function inlineProblem({ manifest }: FoundModule): string {
  return `${manifest.name} wants to run inline, which only modules that ship with LOTUS do; \`core.inlineModules\` allows it`
}

function leftOutNotice(problem: string): Notice {
  const { code, message, fix } = processErrors.ADDED_MODULE_LEFT_OUT({ detail: problem })
  return { code, message, fix }
}

function disabledNotice(problem: string): Notice {
  const { code, message, fix } = processErrors.DISABLED_MODULES_UNREADABLE({ detail: problem })
  return { code, message, fix }
}

/** a manifest's settings are a schema already: they were generated from one, and judged when the manifest was read. */
function schemaOf(settings: FoundModule['manifest']['settings']): SettingsSchema {
  return settings as SettingsSchema
}

function lastGoodNotice({ problems }: SettingsError): Notice {
  const { code, message, fix } = processErrors.LAST_GOOD_SETTINGS({ detail: problems.map(describeProblem).join('; ') })
  return { code, message, fix }
}

function readVersion(root: string): string {
  const data = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return data.version
}
