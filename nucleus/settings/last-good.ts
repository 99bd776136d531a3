// the setting files of the last good start: kept, and used where the new ones can't be.
import { readFileSync } from 'node:fs'
import { isLotusError } from '../errors.ts'
import { writeDurably } from '../process/files.ts'
import { loadSettings, type LoadedSettings } from './load.ts'
import type { SettingsError } from './problems.ts'
import type { SettingsSchema } from './schema.ts'
import { settingFiles } from './sources.ts'

/** longest file of settings that is kept, characters; beyond that it is no file of settings. */
const longest = 1_048_576

type Schemas = Readonly<Record<string, SettingsSchema>>

export interface LoadedOrLastGood {
  readonly settings: LoadedSettings<Schemas>
  /** what is wrong with the files as they are now; undefined where they are in force. */
  readonly error: SettingsError | undefined
}

/**
 * loads the settings; where they can't be used for what stands in JSON files alone, with those of the last good start.
 * the environment and `.env` are what somebody has just said: a mistake there is told and never passed over.
 * @param kept - where `keepGoodSettings` wrote
 * @throws SETTINGS_INVALID
 */
export function loadOrLastGood(options: Parameters<typeof loadSettings<Schemas>>[0], kept: string): LoadedOrLastGood {
  try {
    return { settings: loadSettings(options), error: undefined }
  } catch (error) {
    if (!isLotusError(error, 'SETTINGS_INVALID') || !('problems' in error)) throw error
    const invalid = error as SettingsError
    if (!invalid.problems.every(({ place }) => isInJson(place))) throw error
    const files = readGoodSettings(kept)
    if (files === undefined) throw error
    try {
      return { settings: loadSettings({ ...options, files }), error: invalid }
    } catch {
      // the old ones don't fit any more either, and the new ones are what the person can mend
      throw error
    }
  }
}

/** keeps the JSON files as they are now; they have just proven good. @throws STATE_READ_ONLY, STATE_FULL */
export function keepGoodSettings(root: string, home: string, kept: string): void {
  const files: Record<string, string> = {}
  for (const path of settingFiles(root, home)) {
    const text = readText(path)
    if (text !== undefined && text.length <= longest) files[path] = text
  }
  const text = `${JSON.stringify({ files })}\n`
  if (readText(kept) !== text) writeDurably(kept, text)
}

function readGoodSettings(kept: string): ReadonlyMap<string, string> | undefined {
  try {
    const data = JSON.parse(readFileSync(kept, 'utf8')) as { files: Record<string, unknown> }
    return new Map(Object.entries(data.files).filter((row): row is [string, string] => typeof row[1] === 'string'))
  } catch {
    // there was no good start yet, or what it left is damaged
    return undefined
  }
}

function isInJson(place: string): boolean {
  return place !== 'environment' && !/(?:^|\/)\.env(?::\d+)?$/.test(place)
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // not there, which is the usual case, or not readable: then it can't have been in force
    return undefined
  }
}
