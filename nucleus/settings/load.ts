// loads all settings: defaults < config/*.json < home's config.json < .env < environment; all problems at once.
import { showValue } from '../errors.ts'
import { composeSettings } from './compose.ts'
import type { Composition, SettingAddress } from './compose.ts'
import { findPlaceProblems } from './several.ts'
import { core } from './core.ts'
import type { CoreSettings } from './core.ts'
import { checkValue, formatName, formats, readValue } from './formats.ts'
import { expandPath, findHome } from './home.ts'
import type { Environment } from './home.ts'
import { maskValue, settingsError } from './problems.ts'
import type { SettingProblem } from './problems.ts'
import type { Setting, SettingsOf, SettingsSchema } from './schema.ts'
import { readSources } from './sources.ts'
import type { FoundValue } from './sources.ts'
import { suggest } from './suggest.ts'

/** one setting with its value and where that came from, for `lotus config`. */
export interface SettingEntry {
  readonly owner: string
  readonly name: string
  readonly setting: Setting
  readonly value: unknown
  /** the value as it may be shown: sensitive ones are masked. */
  readonly shown: string
  /** `default`, `file:line` or `environment`. */
  readonly place: string
}

export interface LoadedSettings<Schemas extends Readonly<Record<string, SettingsSchema>>> {
  /** absolute path of LOTUS_HOME. */
  readonly home: string
  readonly core: CoreSettings
  /** the values of one module; frozen. */
  of<Owner extends keyof Schemas & string>(owner: Owner): SettingsOf<Schemas[Owner]>
  readonly entries: readonly SettingEntry[]
  /** values that must never be shown, for the log. */
  readonly secrets: readonly string[]
}

type Found = FoundValue & { readonly address: SettingAddress; readonly shownName: string }

function unknownName(found: FoundValue, composition: Composition): SettingProblem | undefined {
  if ('variable' in found.key) {
    const { variable } = found.key
    if (!variable.startsWith('LOTUS_')) return undefined
    const near = suggest(variable, composition.variables.keys())
    return {
      name: variable,
      place: found.place,
      reason: 'is not a setting',
      remedy: near === undefined ? 'remove it; `lotus config show` lists the names' : `did you mean ${near}?`,
    }
  }
  const { owner, name } = found.key
  const schema = Object.hasOwn(composition.schemas, owner) ? composition.schemas[owner] : undefined
  const near =
    schema === undefined ? suggest(owner, Object.keys(composition.schemas)) : suggest(name, Object.keys(schema))
  const meant = schema === undefined ? `${near}.${name}` : `${owner}.${near}`
  return {
    name: `${owner}.${name}`,
    place: found.place,
    reason: schema === undefined ? `is not a setting: there is no module ${showValue(owner)}` : 'is not a setting',
    remedy: near === undefined ? 'remove it; `lotus config show` lists the names' : `did you mean ${meant}?`,
  }
}

function addressOf(found: FoundValue, composition: Composition): SettingAddress | undefined {
  if ('variable' in found.key) return composition.variables.get(found.key.variable)
  const path = `${found.key.owner}.${found.key.name}`
  return composition.settings.get(composition.shared.get(path) ?? path)
}

/** the strongest value of each setting, and what could not be placed. */
function settle(
  values: readonly FoundValue[],
  composition: Composition,
  problems: SettingProblem[],
): Map<string, Found> {
  const strongest = new Map<string, Found>()
  // within one source an alias must not win over the variable itself: composition lists aliases first.
  const rank = new Map([...composition.variables.keys()].map((name, index) => [name, index]))
  for (const found of values) {
    const address = addressOf(found, composition)
    if (address === undefined) {
      const problem = unknownName(found, composition)
      if (problem !== undefined) problems.push(problem)
      continue
    }
    const path = `${address.owner}.${address.name}`
    const shownName = 'variable' in found.key ? found.key.variable : `${found.key.owner}.${found.key.name}`
    if (path === 'core.home' && (!('variable' in found.key) || found.origin === 'home')) {
      problems.push({
        name: shownName,
        place: found.place,
        reason: 'cannot be set here',
        remedy: "set LOTUS_HOME in the environment or in the project's .env",
      })
      continue
    }
    const before = strongest.get(path)
    const isAliasOfSame =
      before !== undefined &&
      'variable' in before.key &&
      'variable' in found.key &&
      before.origin === found.origin &&
      rank.get(before.key.variable)! > rank.get(found.key.variable)!
    if (!isAliasOfSame) strongest.set(path, { ...found, address, shownName })
  }
  return strongest
}

function problemOf(found: Found, value: unknown): SettingProblem | undefined {
  const { setting } = found.address
  const reason = checkValue(setting, value)
  if (reason === undefined) return undefined
  const near =
    formatName(setting) === 'choice' ? suggest(String(value), setting.format as readonly string[]) : undefined
  const usual = formatName(setting) === 'choice' ? String(setting.default) : formats[formatName(setting)].example
  return {
    name: found.shownName,
    value: maskValue(found.raw, setting.sensitive),
    place: found.place,
    reason,
    remedy: near === undefined ? `write for example ${usual}, or remove it` : `did you mean ${near}?`,
  }
}

function defaultsOf(schema: SettingsSchema): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).map(([name, setting]) => [name, setting.default]))
}

/** the parts of a secret that must not be seen: the value, and the password inside a URL. */
function secretParts(value: string): string[] {
  const password = URL.canParse(value) ? decodeURIComponent(new URL(value).password) : ''
  return [value, password].filter((part) => part.length >= 6)
}

/**
 * loads the settings of the core and of the modules whose declarations are given by name.
 * @throws SETTINGS_INVALID with every problem: name, value (sensitive ones masked), place and remedy.
 */
export function loadSettings<const Schemas extends Readonly<Record<string, SettingsSchema>>>(options: {
  /** the project's folder. */
  root: string
  environment: Environment
  schemas: Schemas
  /** names that are no setting are passed over: the modules that have them may be left out. */
  isLenient?: boolean
  /** texts by path, in the place of the JSON files. */
  files?: ReadonlyMap<string, string>
}): LoadedSettings<Schemas> {
  const { root, environment, schemas, isLenient = false, files } = options
  const composition = composeSettings({ core, ...schemas })
  const home = findHome({ root, environment })
  const sources = readSources({ root, home, environment, ...(files === undefined ? {} : { files }) })
  const problems = [...sources.problems]
  const known = isLenient
    ? sources.values.filter((found) => addressOf(found, composition) !== undefined)
    : sources.values
  const strongest = settle(known, composition, problems)

  const configuration = composition.createConfiguration()
  const document: Record<string, Record<string, unknown>> = {}
  for (const [path, found] of strongest) {
    const { owner, name, setting } = found.address
    let value = readValue(setting, found.raw)
    if (setting.format === 'path' && typeof value === 'string') value = expandPath(value, found.base, environment)
    const problem = problemOf(found, value)
    if (problem !== undefined) problems.push(problem)
    else if (path !== 'core.home') (document[owner] ??= {})[name] = value
  }
  const placeOf = (name: string): string => strongest.get(`core.${name}`)?.place ?? 'default'
  problems.push(...findPlaceProblems({ ...defaultsOf(core), ...document['core'] } as CoreSettings, placeOf))
  if (problems.length > 0) throw settingsError(problems)
  configuration.load({ ...document, core: { ...document['core'], home } })
  configuration.validate({ allowed: 'strict' })

  const entries: SettingEntry[] = []
  const values: Record<string, Record<string, unknown>> = {}
  for (const [owner, schema] of Object.entries(composition.schemas)) {
    const own: Record<string, unknown> = (values[owner] = {})
    for (const [name, setting] of Object.entries(schema)) {
      const first = composition.shared.get(`${owner}.${name}`)
      let value: unknown = configuration.get((first ?? `${owner}.${name}`) as never)
      if (setting.format === 'path' && value !== '') value = expandPath(String(value), root, environment)
      own[name] = value
      if (first !== undefined) continue
      const place = strongest.get(`${owner}.${name}`)?.place ?? 'default'
      entries.push({ owner, name, setting, value, shown: maskValue(value, setting.sensitive), place })
    }
    Object.freeze(own)
  }
  return Object.freeze({
    home,
    core: values['core'] as unknown as CoreSettings,
    of: <Owner extends keyof Schemas & string>(owner: Owner) => values[owner] as unknown as SettingsOf<Schemas[Owner]>,
    entries,
    secrets: entries
      .filter((entry) => entry.setting.sensitive === true && typeof entry.value === 'string')
      .flatMap((entry) => secretParts(entry.value as string)),
  })
}
