// how settings are declared: each with its documentation, default, format and environment variable.
// convict's own schema is composed of the core's and all modules' declarations.

/** formats that the composer teaches to convict; each has its own clear error. */
export type SettingFormat =
  | 'string'
  | 'boolean'
  /** milliseconds; a bare number or text such as `30s`, `5m`, `2h`, `7d`. */
  | 'duration'
  /** bytes; a bare number or text such as `10MB`, `1GiB`. */
  | 'size'
  | 'port'
  | 'url'
  | 'path'
  | 'integer'
  /** any finite number, such as a ratio. */
  | 'number'
  | readonly string[]

interface SettingBase<Format extends SettingFormat, Value> {
  /** one sentence for docs/reference/settings.md and .env.example. */
  readonly doc: string
  readonly format: Format
  readonly default: Value
  /** the environment variable; without one the setting is set in files only. */
  readonly env?: string
  /** older names of the variable that still work; `env` wins where both are set. */
  readonly aliases?: readonly string[]
  /** hidden in output and logs. */
  readonly sensitive?: boolean
  /** inclusive bounds for numbers. */
  readonly min?: number
  readonly max?: number
  /** true where a changed value needs no restart of its module. default false. */
  readonly hot?: boolean
}

export type Setting =
  | SettingBase<'string' | 'path', string>
  | SettingBase<'url', string>
  | SettingBase<'boolean', boolean>
  | SettingBase<'duration' | 'size' | 'port' | 'integer' | 'number', number>
  | SettingBase<readonly string[], string>

/** settings by name; names are camelCase, in files they lie under the module's name. */
export type SettingsSchema = Readonly<Record<string, Setting>>

type ValueOf<One extends Setting> = One['format'] extends readonly (infer Option)[]
  ? Option
  : One['default'] extends boolean
    ? boolean
    : One['default'] extends number
      ? number
      : string

/** the typed values of a schema. */
export type SettingsOf<Schema extends SettingsSchema> = { readonly [Name in keyof Schema]: ValueOf<Schema[Name]> }

/** declares the settings of a module (in its `settings.ts`) or of the core. */
export function defineSettings<const Schema extends SettingsSchema>(schema: Schema): Schema {
  return Object.freeze(schema)
}
