// composes one convict schema from the core's declarations and those of all modules.
import convict from 'convict'
import { settingsErrors } from './errors.ts'
import { formatBounds, formatName, formats } from './formats.ts'
import type { FormatBounds } from './formats.ts'
import type { Setting, SettingsSchema } from './schema.ts'

/** one setting and where it belongs. */
export interface SettingAddress {
  /** `core` or the module's name. */
  readonly owner: string
  readonly name: string
  readonly setting: Setting
}

export interface Composition {
  readonly schemas: Readonly<Record<string, SettingsSchema>>
  /** every setting that is set by itself, by `owner.name`. */
  readonly settings: ReadonlyMap<string, SettingAddress>
  /** environment variables and their aliases; where both are set the variable wins, so aliases come first. */
  readonly variables: ReadonlyMap<string, SettingAddress>
  /** a setting declared again by reference, `owner.name`, and the first declaration, which holds the value. */
  readonly shared: ReadonlyMap<string, string>
  /** a convict configuration that holds the defaults. */
  createConfiguration(): convict.Config<Record<string, Record<string, unknown>>>
}

// convict keeps formats in one table a process; ours are the same for every composition.
for (const [name, format] of Object.entries(formats)) {
  convict.addFormat({
    name,
    coerce: (value: unknown) => (typeof value === 'string' ? format.read(value) : value),
    validate: (value: unknown, schema) => {
      const fault = format.check(value, schema as FormatBounds)
      if (fault !== undefined) throw new TypeError(fault)
    },
  })
}

function convictSchema(schemas: Readonly<Record<string, SettingsSchema>>): Record<string, Record<string, unknown>> {
  const describe = (setting: Setting): unknown => ({
    doc: setting.doc,
    format: formatName(setting),
    default: setting.default,
    ...formatBounds(setting),
    ...(setting.env === undefined ? {} : { env: setting.env }),
    ...(setting.sensitive === true ? { sensitive: true } : {}),
  })
  return Object.fromEntries(
    Object.entries(schemas).map(([owner, schema]) => [
      owner,
      Object.fromEntries(Object.entries(schema).map(([name, setting]) => [name, describe(setting)])),
    ]),
  )
}

/**
 * composes declarations by owner; the order of owners decides who holds a shared setting.
 * @throws SETTING_DECLARED_TWICE
 */
export function composeSettings(schemas: Readonly<Record<string, SettingsSchema>>): Composition {
  const settings = new Map<string, SettingAddress>()
  const aliases = new Map<string, SettingAddress>()
  const variables = new Map<string, SettingAddress>()
  const shared = new Map<string, string>()
  for (const [owner, schema] of Object.entries(schemas)) {
    for (const [name, setting] of Object.entries(schema)) {
      const first = setting.env === undefined ? undefined : variables.get(setting.env)
      if (first === undefined) {
        const address = { owner, name, setting }
        settings.set(`${owner}.${name}`, address)
        if (setting.env !== undefined) variables.set(setting.env, address)
        for (const alias of setting.aliases ?? []) aliases.set(alias, address)
      } else if (JSON.stringify(first.setting) === JSON.stringify(setting)) {
        shared.set(`${owner}.${name}`, `${first.owner}.${first.name}`)
      } else {
        throw settingsErrors.SETTING_DECLARED_TWICE({
          value: setting.env,
          detail: `${first.owner}.${first.name} and ${owner}.${name}`,
        })
      }
    }
  }
  return {
    schemas,
    settings,
    variables: new Map([...aliases, ...variables]),
    shared,
    createConfiguration() {
      const definition = convictSchema(schemas) as unknown as convict.Schema<Record<string, Record<string, unknown>>>
      // sources are read by loadSettings, which remembers where each value stood; convict sees only their result.
      return convict(definition, { env: {}, args: [] })
    },
  }
}
