// lotus config: every setting with its value and where that came from; needs no LOTUS that runs.
import { readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, escapeText, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import type { Place } from '../client/place.ts'
import { columns } from '../client/terminal.ts'
import { isLotusError } from '../../nucleus/errors.ts'
import { findSchemas } from '../../nucleus/settings/find.ts'
import { loadSettings } from '../../nucleus/settings/load.ts'
import type { SettingEntry } from '../../nucleus/settings/load.ts'
import type { SettingProblem } from '../../nucleus/settings/problems.ts'
import { describeProblem } from '../../nucleus/settings/problems.ts'
import { suggest } from '../../nucleus/settings/suggest.ts'

async function readEntries({ root, environment }: Place): Promise<readonly SettingEntry[]> {
  return loadSettings({ root, environment, schemas: await findSchemas(root) }).entries
}

function toJson({ owner, name, setting, shown, value, place }: SettingEntry): Record<string, unknown> {
  const isHidden = setting.sensitive === true && value !== ''
  return { name: `${owner}.${name}`, variable: setting.env ?? null, value: isHidden ? shown : value, place }
}

async function show(owner: string | undefined, { terminal, json, place }: CommandCall): Promise<number> {
  const all = await readEntries(place)
  const entries = owner === undefined ? all : all.filter((entry) => entry.owner === owner)
  if (entries.length === 0) {
    const owners = [...new Set(all.map((entry) => entry.owner))]
    throw clientErrors.NOT_FOUND({ value: owner, fix: `settings have ${owners.join(', ')}` })
  }
  if (json) terminal.print(jsonLine({ settings: entries.map(toJson) }))
  else {
    const row = (entry: SettingEntry): string[] => [
      `${entry.owner}.${entry.name}`,
      entry.value === '' ? '–' : entry.setting.sensitive === true ? entry.shown : String(entry.value),
      entry.place,
      entry.setting.env ?? '',
    ]
    terminal.print(columns([['setting', 'value', 'from', 'variable'], ...entries.map(row)]))
  }
  return exitCodes.completed
}

async function get(wanted: string | undefined, { terminal, json, place }: CommandCall): Promise<number> {
  if (wanted === undefined) throw clientErrors.USAGE({ detail: 'which setting? `lotus config get core.httpPort`' })
  const entries = await readEntries(place)
  const namesOf = ({ owner, name, setting }: SettingEntry): string[] => [
    `${owner}.${name}`,
    ...(setting.env === undefined ? [] : [setting.env]),
    ...(setting.aliases ?? []),
  ]
  const entry = entries.find((candidate) => namesOf(candidate).includes(wanted))
  if (entry === undefined) {
    const near = suggest(wanted, entries.flatMap(namesOf))
    throw clientErrors.NOT_FOUND({
      value: wanted,
      fix: near === undefined ? 'look at `lotus config show`' : `did you mean ${near}?`,
    })
  }
  if (json) terminal.print(jsonLine(toJson(entry)))
  else terminal.print(entry.setting.sensitive === true ? entry.shown : escapeLine(String(entry.value)))
  return exitCodes.completed
}

/** what the start refuses although each value can be used: an address for all the world without a strong token. */
async function bindProblems(entries: readonly SettingEntry[]): Promise<readonly SettingProblem[]> {
  const find = (name: string): SettingEntry | undefined =>
    entries.find((entry) => entry.owner === 'core' && entry.name === name)
  const host = find('httpHost')
  const token = find('httpToken')
  if (host === undefined || token === undefined) return []
  const { assertSafeBind } = await import('../../modules/gateway/access/safe-bind.ts')
  try {
    await assertSafeBind({ host: String(host.value), httpToken: String(token.value) })
    return []
  } catch (error) {
    if (!isLotusError(error, 'INSECURE_BIND')) throw error
    return [
      {
        name: host.setting.env ?? 'core.httpHost',
        place: host.place,
        reason: `is refused at the start: ${error.message}`,
        remedy: error.fix,
      },
    ]
  }
}

async function check({ terminal, json, place }: CommandCall): Promise<number> {
  const tell = (problems: readonly SettingProblem[]): number => {
    if (json) terminal.print(jsonLine({ ok: false, problems }))
    else for (const problem of problems) terminal.print(escapeText(describeProblem(problem)))
    return exitCodes.failed
  }
  try {
    const entries = await readEntries(place)
    const problems = await bindProblems(entries)
    if (problems.length > 0) return tell(problems)
    const set = entries.filter((entry) => entry.place !== 'default').length
    if (json) terminal.print(jsonLine({ ok: true, problems: [] }))
    else terminal.print(`all settings can be used: ${entries.length} of them, ${set} set by you`)
    return exitCodes.completed
  } catch (error) {
    if (!isLotusError(error, 'SETTINGS_INVALID')) throw error
    return tell((error as typeof error & { problems: readonly SettingProblem[] }).problems)
  }
}

function showPaths({ terminal, json, place }: CommandCall): number {
  const paths = [
    `${place.root}/config/default.json`,
    `${place.home}/config.json`,
    `${place.root}/.env`,
    `${place.home}/.env`,
  ]
  if (json) terminal.print(jsonLine({ root: place.root, home: place.home, files: paths }))
  else terminal.print([...paths, 'the environment'].map(escapeLine).join('\n'))
  return exitCodes.completed
}

export const command = defineCommand({
  name: 'config',
  summary: 'shows and checks the settings, with where each comes from',
  usage: [
    'config [show] [MODULE] [--json]',
    'config get NAME [--json]',
    'config check [--json]',
    'config path [--json]',
  ],
  description: `A setting is taken from the last of these that has it: its default, config/*.json, config.json in
LOTUS_HOME, .env in the project's folder, .env in LOTUS_HOME, the environment. Secrets are not shown.
All settings are explained in docs/reference/settings.md. \`check\` ends with 1 where something is wrong.`,
  words: [
    { name: 'show', doc: 'all settings, or those of one module; the same as no word' },
    { name: 'get', doc: 'one value, by its name or its variable' },
    { name: 'check', doc: 'everything that is wrong, at once' },
    { name: 'path', doc: 'the files that are read, the weakest first' },
  ],
  examples: [
    { command: 'lotus config get LOTUS_HTTP_PORT', doc: 'one value' },
    { command: 'lotus config check', doc: 'after an edit, before a restart' },
  ],
  async run(call) {
    const { words } = call
    const word = readWord(command, words[0], 'show')
    refuseWords(command, words, word === 'show' || word === 'get' ? 2 : 1)
    if (word === 'get') return await get(words[1], call)
    if (word === 'check') return await check(call)
    return word === 'path' ? showPaths(call) : await show(words[1], call)
  },
})
