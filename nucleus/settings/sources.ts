// reads the places where settings are set, weakest first, and remembers where each value stood.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseEnv } from '../builtins.ts'
import { toErrorData } from '../errors.ts'
import { currentFolder } from './home.ts'
import type { Environment } from './home.ts'
import { envNameLines, jsonErrorLine, jsonKeyLines } from './places.ts'
import type { SettingProblem } from './problems.ts'

/** one value as it was found; a JSON file names owner and setting, an environment its variable. */
export interface FoundValue {
  readonly key: { readonly owner: string; readonly name: string } | { readonly variable: string }
  readonly raw: unknown
  /** `config/default.json:3`, `~/.lotus/.env:1` or `environment`. */
  readonly place: string
  readonly origin: 'project' | 'home' | 'environment'
  /** the folder that a relative path is meant from. */
  readonly base: string
}

interface Reading {
  readonly values: FoundValue[]
  readonly problems: SettingProblem[]
}

function readText(path: string, shown: string, problems: SettingProblem[]): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    problems.push({ name: shown, place: shown, reason: `cannot be read: ${message}`, remedy: 'make it readable' })
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readJson(
  path: string,
  shown: string,
  origin: FoundValue['origin'],
  into: Reading,
  files: ReadonlyMap<string, string> | undefined,
): void {
  const text = files === undefined ? readText(path, shown, into.problems) : files.get(path)
  if (text === undefined || text.trim() === '') return
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    const line = jsonErrorLine(text, error)
    into.problems.push({
      name: shown,
      place: line === undefined ? shown : `${shown}:${line}`,
      reason: `is not JSON: ${toErrorData(error).message}`,
      remedy: 'write one JSON object, such as {"core": {"httpPort": 8000}}',
    })
    return
  }
  const lines = jsonKeyLines(text)
  const place = (path: string): string => `${shown}:${lines.get(path) ?? 1}`
  for (const [owner, section] of Object.entries(isObject(document) ? document : { [shown]: document })) {
    if (owner === '$schema') continue
    if (!isObject(section)) {
      into.problems.push({
        name: owner,
        place: place(owner),
        reason: 'must be an object with the settings of one module',
        remedy: 'write {"core": {"httpPort": 8000}}; `lotus config show` lists the names',
      })
      continue
    }
    for (const [name, raw] of Object.entries(section)) {
      into.values.push({ key: { owner, name }, raw, place: place(`${owner}.${name}`), origin, base: dirname(path) })
    }
  }
}

function readEnvironmentFile(path: string, shown: string, origin: FoundValue['origin'], into: Reading): void {
  const text = readText(path, shown, into.problems)
  if (text === undefined) return
  const lines = envNameLines(text)
  for (const [variable, raw] of Object.entries(parseEnv(text))) {
    // an empty variable is how people unset one where they can't remove the line.
    if (raw === undefined || raw === '') continue
    into.values.push({
      key: { variable },
      raw,
      place: `${shown}:${lines.get(variable) ?? 1}`,
      origin,
      base: dirname(path),
    })
  }
}

function configFiles(root: string): string[] {
  let names: string[]
  try {
    // published JSON Schemas lie in the same folder and are no settings.
    const isSettings = (name: string): boolean => name.endsWith('.json') && !name.endsWith('.schema.json')
    names = readdirSync(join(root, 'config')).filter(isSettings)
  } catch {
    // without the folder there are the defaults of the declarations.
    return []
  }
  // default.json holds the project's own values, so that every other file can change them.
  const rank = (name: string): number => (name === 'default.json' ? 0 : 1)
  return names.sort((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1))
}

/** the JSON files that settings are read from, the weakest first. */
export function settingFiles(root: string, home: string): string[] {
  return [...configFiles(root).map((name) => join(root, 'config', name)), join(home, 'config.json')]
}

/** reads every source, weakest first: config/*.json, home's config.json, the project's .env, home's .env, environment. */
export function readSources(options: {
  root: string
  home: string
  environment: Environment
  /** texts by path, in the place of the JSON files. */
  files?: ReadonlyMap<string, string>
}): Reading {
  const { root, home, environment, files } = options
  const person = environment['HOME']
  const inHome = (name: string): string => {
    const path = join(home, name)
    return person !== undefined && path.startsWith(`${person}/`) ? `~/${relative(person, path)}` : path
  }
  const reading: Reading = { values: [], problems: [] }
  for (const name of configFiles(root)) {
    readJson(join(root, 'config', name), `config/${name}`, 'project', reading, files)
  }
  readJson(join(home, 'config.json'), inHome('config.json'), 'home', reading, files)
  readEnvironmentFile(join(root, '.env'), '.env', 'project', reading)
  readEnvironmentFile(join(home, '.env'), inHome('.env'), 'home', reading)
  for (const [variable, raw] of Object.entries(environment)) {
    if (raw === undefined || raw === '') continue
    reading.values.push({ key: { variable }, raw, place: 'environment', origin: 'environment', base: currentFolder() })
  }
  return reading
}
