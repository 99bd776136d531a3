// finds the settings that modules declare: `settings` of modules/NAME/settings.ts.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { settingsErrors } from './errors.ts'
import type { SettingsSchema } from './schema.ts'

async function readDeclaration(folder: string, name: string): Promise<SettingsSchema | undefined> {
  const path = join(folder, name, 'settings.ts')
  let loaded: { settings?: unknown; default?: unknown }
  try {
    loaded = (await import(pathToFileURL(path).href)) as typeof loaded
  } catch (error) {
    const { code, url } = error as { code?: string; url?: string }
    // a module without settings has no such file; a file that imports something missing is an error.
    if (code === 'ERR_MODULE_NOT_FOUND' && (url === undefined || url === pathToFileURL(path).href)) return undefined
    throw settingsErrors.SETTINGS_MODULE_INVALID({ value: path, cause: error, detail: String(error) })
  }
  const declared = loaded.settings ?? loaded.default
  if (typeof declared !== 'object' || declared === null) throw settingsErrors.SETTINGS_MODULE_INVALID({ value: path })
  return declared as SettingsSchema
}

/**
 * the declarations of all modules of a project, by module name, in the order of names.
 * @throws SETTINGS_MODULE_INVALID
 */
export async function findSchemas(root: string): Promise<Record<string, SettingsSchema>> {
  const folder = join(root, 'modules')
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  const declared = await Promise.all(names.map(async (name) => [name, await readDeclaration(folder, name)] as const))
  return Object.fromEntries(declared.filter((row): row is readonly [string, SettingsSchema] => row[1] !== undefined))
}
