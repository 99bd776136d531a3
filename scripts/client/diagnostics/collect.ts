// what goes into a bundle, each as a file of its own: facts about LOTUS, nothing that a person said or keeps.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { isLotusError } from '../../../nucleus/errors.ts'
import { lookInto } from '../../../nucleus/infrastructure/sqlite/look.ts'
import { examine } from '../checks/all.ts'
import { readSettings } from '../checks/settings.ts'
import { measureDisk } from '../disk/parts.ts'
import { fieldsOf, listOf } from '../fields.ts'
import type { Fields } from '../fields.ts'
import { createClient } from '../http.ts'
import { findNucleus } from '../nucleus.ts'
import { readToken, readVersion } from '../place.ts'
import type { Place } from '../place.ts'
import { createCleaner } from './clean.ts'
import type { Cleaner } from './clean.ts'
import { cleanLine, readTail } from './log-lines.ts'

export interface BundleFile {
  readonly name: string
  /** what it holds, for its person. */
  readonly about: string
  readonly text: string
}

const askMs = 5_000
const logLines = 1_000
const secretVariable = /(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIAL|AUTH)/i
/** shorter ones would blank ordinary words. */
const shortestSecret = 6

/** never starts anything; what can't be asked is left out and said so. */
export async function collect(place: Place): Promise<readonly BundleFile[]> {
  const settings = await readSettings(place)
  const secrets = [...(settings?.secrets ?? []), ...secretsOf(place)]
  const cleaner = createCleaner(place, secrets)
  const running = await askRunning(place)
  const json = (name: string, about: string, value: unknown): BundleFile => ({
    name,
    about,
    text: `${JSON.stringify(value, undefined, 2)}\n`,
  })
  const files: BundleFile[] = [
    json('versions.json', 'versions of LOTUS, Node, the packages and the system', versionsOf(place)),
    json('doctor.json', 'what `lotus doctor` found, without what it quotes', await findings(place, cleaner)),
    json(
      'settings.json',
      'settings: numbers and choices as they are, of all others only whether they are set',
      settings === undefined ? 'they can’t be used; see doctor.json' : settings.entries.map(settingOf),
    ),
    json('health.json', 'health and modules of the LOTUS that runs', healthOf(running, cleaner)),
    ...(running.metrics === undefined ? [] : [{ name: 'metrics.txt', about: 'its metrics', text: running.metrics }]),
    json('statistics.json', 'how much is in the databases, by table and by kind of event', statistics(place)),
    ...(settings === undefined
      ? []
      : [
          json(
            'disk.json',
            'what takes room, and its limits',
            measureDisk(place.home, settings).parts.map(({ path, ...part }) => ({ ...part, path: cleaner.path(path) })),
          ),
        ]),
    {
      name: 'log.jsonl',
      about: `the last lines of the log, at most ${logLines}: times, modules, codes and messages without what they quote`,
      text: readTail(join(place.home, 'logs', 'lotus.log'))
        .slice(-logLines)
        .flatMap((line) => cleanLine(line, cleaner) ?? [])
        .map((line) => `${line}\n`)
        .join(''),
    },
  ]
  return files.map((file) => ({ ...file, text: blank(cleaner.secrets(file.text), secrets) }))
}

/** values that are secret wherever they stand: the token, and variables whose names say so. */
function secretsOf(place: Place): string[] {
  const values = Object.entries(place.environment).flatMap(([name, value]) =>
    secretVariable.test(name) && value !== undefined ? [value] : [],
  )
  try {
    values.push(readToken(place))
  } catch (error) {
    if (!isLotusError(error)) throw error
    // there is none to be found
  }
  return values.filter((value) => value.length >= shortestSecret)
}

/** once more by value alone: a filter of lines can't see over the end of one. */
function blank(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= shortestSecret)
    .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
}

function versionsOf(place: Place): object {
  const lock = join(place.root, 'package-lock.json')
  return {
    lotus: readVersion(place),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    architecture: process.arch,
    kernel: release(),
    lock_sha256: existsSync(lock) ? createHash('sha256').update(readFileSync(lock)).digest('hex') : null,
    written_at: new Date().toISOString(),
  }
}

async function findings(place: Place, cleaner: Cleaner): Promise<object[]> {
  return (await examine(place)).map(({ id, severity, text }) => ({ id, severity, text: cleaner.sentence(text) }))
}

const plainFormats = new Set(['integer', 'number', 'boolean', 'duration', 'size', 'port'])

function settingOf(entry: {
  owner: string
  name: string
  setting: { format: unknown; sensitive?: boolean }
  value: unknown
  place: string
}): object {
  const { owner, name, setting, value, place } = entry
  const isPlain = Array.isArray(setting.format) || plainFormats.has(String(setting.format))
  const shown = isPlain && setting.sensitive !== true ? value : value === '' ? '' : '[set]'
  // a file's line is where it was set; its path is nobody's business
  return { name: `${owner}.${name}`, value: shown, from: place.replace(/^.*\//, '') }
}

interface Running {
  readonly health?: Fields
  readonly modules?: readonly Fields[]
  readonly metrics?: string
  /** why there is nothing. */
  readonly reason?: string
}

async function askRunning(place: Place): Promise<Running> {
  const record = findNucleus(place)
  if (record === undefined) return { reason: 'LOTUS does not run' }
  try {
    const client = createClient(record.url, readToken(place))
    const [{ body: health }, modules, metrics] = await Promise.all([
      client.probe({ path: '/health', timeoutMs: askMs }),
      client.request({ path: '/modules', timeoutMs: askMs }),
      client.text({ path: '/metrics', timeoutMs: askMs }),
    ])
    return { health, modules: listOf(modules, 'modules'), metrics }
  } catch (error) {
    if (!isLotusError(error)) throw error
    return { reason: `LOTUS does not answer: ${error.code}` }
  }
}

function healthOf({ health, modules, reason }: Running, cleaner: Cleaner): object {
  if (health === undefined) return { reason }
  const sentence = (value: unknown): string | undefined =>
    typeof value === 'string' ? cleaner.sentence(value) : undefined
  return {
    status: health['status'],
    uptime_ms: health['uptime_ms'],
    infrastructure: Object.fromEntries(
      Object.entries(fieldsOf(health['infrastructure'])).map(([name, value]) => {
        const { backend, status, reason: why } = fieldsOf(value)
        return [name, { backend, status, reason: sentence(why) }]
      }),
    ),
    modules: (modules ?? []).map((one) => ({
      name: one['name'],
      version: one['version'],
      status: one['status'],
      generation: one['generation'],
      restarts: one['restarts'],
      since: one['since'],
      reason: sentence(one['reason']),
      last_error: sentence(one['last_error']),
      open: Array.isArray(one['open']) ? one['open'].length : 0,
    })),
  }
}

function statistics({ home }: Place): object {
  const folder = join(home, 'data')
  const count = (file: string, sql: string): unknown => {
    const path = join(folder, file)
    if (!existsSync(path)) return 'not there'
    try {
      return lookInto(path, (database) => database.prepare(sql).all())
    } catch (fault) {
      return `not readable: ${(fault as { code?: string }).code ?? 'unknown'}`
    }
  }
  const tables = (file: string): unknown => {
    const path = join(folder, file)
    if (!existsSync(path)) return 'not there'
    try {
      return lookInto(path, (database) => {
        const names = database
          .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
          .pluck()
          .all() as string[]
        const rows = (name: string): unknown => database.prepare(`select count(*) from "${name}"`).pluck().get()
        return Object.fromEntries(names.filter((name) => /^\w+$/.test(name)).map((name) => [name, rows(name)]))
      })
    } catch (fault) {
      return `not readable: ${(fault as { code?: string }).code ?? 'unknown'}`
    }
  }
  return {
    store: tables('store.db'),
    journal: tables('journal.db'),
    events: count(
      'journal.db',
      'select types.name as type, count(*) as count from events join types on types.id = events.type group by types.name',
    ),
    groups: count(
      'journal.db',
      'select name, json_array_length(acknowledged) as acknowledged from groups order by name',
    ),
    dead_letters: count(
      'journal.db',
      'select name, count(*) as count from dead_letters join groups on groups.id = group_id group by name',
    ),
    runs: count('store.db', 'select status, mode, count(*) as count from runs group by status, mode'),
  }
}
