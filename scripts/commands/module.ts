// lotus module: the modules of the nucleus, changing them while it runs, and making, grading and installing one.
import { readNumber, readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand, type CommandCall } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { listOf, numberOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { faultOf } from '../client/http.ts'
import { openClient } from '../client/session.ts'
import { columns } from '../client/terminal.ts'

// starting a new generation, switching over and draining the old one, each with limits of their own in the kernel.
const changeLimitMs = 60_000

function renderModules(modules: readonly Fields[]): string {
  const row = (module: Fields): string[] => [
    textOf(module, 'name'),
    textOf(module, 'version'),
    module['here'] === false ? 'elsewhere' : textOf(module, 'status'),
    module['core'] === true ? 'core' : '',
    textOf(module, 'reason') || textOf(module, 'last_error') || textOf(module, 'description'),
  ]
  return columns(modules.map(row))
}

const pastOf: Readonly<Record<string, string>> = {
  load: 'loaded',
  unload: 'unloaded',
  reload: 'reloaded',
  enable: 'enabled',
  disable: 'disabled',
}
/** after these a module does not run, so that there is nothing to say about it. */
const endings = ['unload', 'disable']

export const command = defineCommand({
  name: 'module',
  summary: 'lists and changes modules while LOTUS runs; makes, grades and installs one',
  usage: [
    'module [list] [--json]',
    'module load|unload|reload NAME',
    'module enable|disable NAME',
    'module logs NAME [-n NUMBER] [--follow] [--json]',
    'module new NAME [--folder FOLDER]',
    'module check|test NAME',
    'module install FILE|URL --hash sha256-… [--yes]',
    'module remove NAME [--yes]',
  ],
  description: `A module is changed while LOTUS runs: \`reload\` starts the new version beside the old one, hands over,
and keeps the old one where the new one doesn't start. Nothing that is under way is lost.
\`load\` and \`unload\` are for now; \`enable\` and \`disable\` also for every later start.
The gateway is the way in for these commands: it can be reloaded, not unloaded or disabled.
Modules of your own lie in LOTUS_HOME/modules. \`new\` writes one that works and is tested; \`check\`
grades one and says how to mend what is wrong; \`test\` runs its tests, as you and outside of LOTUS.
\`install\` takes an archive whose hash you have from its maker, and shows what it may do before you
agree; nothing of it is run until it is loaded, in a process of its own.`,
  words: [
    { name: 'list', doc: 'all modules with their state; the same as no word' },
    { name: 'load', doc: 'starts a module that is not running' },
    { name: 'unload', doc: 'ends a module and what it holds' },
    { name: 'reload', doc: 'takes over a changed module' },
    { name: 'enable', doc: 'starts a module now and with every start' },
    { name: 'disable', doc: 'ends a module now, and no start brings it up' },
    { name: 'new', doc: 'writes a module that works, with its test, and loads it' },
    { name: 'check', doc: 'grades a module; one that runs is reloaded some times for it' },
    { name: 'test', doc: 'runs the tests in a module’s folder' },
    { name: 'install', doc: 'installs a module from a tar, tar.gz or zip by its pinned hash, and loads it' },
    { name: 'remove', doc: 'unloads a module that was installed, and removes its files' },
    { name: 'logs', doc: 'the lines of the log that a module wrote; needs no LOTUS that runs' },
  ],
  options: {
    folder: {
      type: 'string',
      value: 'FOLDER',
      doc: 'new: where its folder is made; LOTUS_HOME/modules if you say nothing',
    },
    hash: {
      type: 'string',
      value: 'HASH',
      doc: 'install: what the archive must be, `sha256-` and base64 or hexadecimal',
    },
    yes: { type: 'boolean', short: 'y', doc: 'install, remove: agrees without being asked' },
    follow: { type: 'boolean', short: 'f', doc: 'logs: goes on with what is added, until Ctrl+C' },
    level: { type: 'string', short: 'l', value: 'LEVEL', doc: 'logs: this level and the more severe ones' },
    number: { type: 'string', short: 'n', value: 'NUMBER', doc: 'logs: how many lines; 50 if you say nothing' },
  },
  examples: [
    { command: 'lotus module list', doc: 'what LOTUS is made of' },
    { command: 'lotus module reload memory', doc: 'after a change of its files' },
    { command: 'lotus module disable providers', doc: 'where no model is wanted' },
    { command: 'lotus module new weather', doc: 'a module of your own' },
    { command: 'lotus module check weather', doc: 'what is still to be mended in it' },
    { command: 'lotus module install weather.tar.gz --hash sha256-…', doc: 'somebody else’s module' },
    { command: 'lotus module logs memory -f', doc: 'what it says, as it says it' },
  ],
  async run(call) {
    const word = readWord(command, call.words[0], 'list')
    if (word === 'list') return await list(call)
    refuseWords(command, call.words, 2)
    const name = nameOf(call, word)
    if (word === 'logs') return await logs(call, name)
    if (word === 'new' || word === 'check' || word === 'test') {
      const kit = await import('../client/modules/kit.ts')
      if (word === 'new') return await kit.createModule(call, name)
      return await (word === 'check' ? kit.checkModule : kit.testModule)(call, name)
    }
    if (word === 'install' || word === 'remove') {
      const archives = await import('../client/modules/archives.ts')
      return await (word === 'install' ? archives.installModule : archives.removeModule)(call, name)
    }
    return await change(call, word, name)
  },
})

/** @throws USAGE */
function nameOf({ words }: CommandCall, word: string): string {
  const [, name] = words
  if (name === undefined) throw clientErrors.USAGE({ detail: `which module? \`lotus module ${word} NAME\`` })
  return name
}

async function list({ words, terminal, json, place }: CommandCall): Promise<number> {
  refuseWords(command, words, 1)
  const { client } = await openClient(place, terminal)
  const modules = listOf(await client.request({ path: '/modules' }), 'modules')
  terminal.print(json ? jsonLine({ modules }) : renderModules(modules))
  return exitCodes.completed
}

async function change({ terminal, json, place }: CommandCall, word: string, name: string): Promise<number> {
  const { client } = await openClient(place, terminal)
  const path = `/modules/${encodeURIComponent(name)}/${word}`
  const { status, body } = await client.probe({ method: 'POST', path, body: {}, timeoutMs: changeLimitMs })
  if (status >= 300) throw faultOf(body)
  if (json) terminal.print(jsonLine(body))
  // 202: the gateway changes itself, which it can only do once it has answered.
  else if (status === 202) {
    terminal.print(escapeLine(`${name} is being ${pastOf[word]}; \`lotus module list\` shows it`))
  } else {
    const state = `${textOf(body, 'status', 'unknown')}, generation ${numberOf(body, 'generation')}`
    terminal.print(escapeLine(`${name} is ${pastOf[word]}${endings.includes(word) ? '' : `: ${state}`}`))
  }
  return exitCodes.completed
}

/** the log is a file: it tells as well why a LOTUS that does not run ended. @throws MODULE_UNKNOWN */
async function logs(call: CommandCall, name: string): Promise<number> {
  const { moduleFolders, moduleNames, unknownModule } = await import('../../nucleus/modules/names.ts')
  const names = moduleNames(moduleFolders(call.place.root, call.place.home))
  if (!names.includes(name)) throw unknownModule(name, names)
  readNumber(call.options['number'], '-n', 50, 100_000)
  const { command: all } = await import('./logs.ts')
  return await all.run({ ...call, words: [], options: { ...call.options, module: name } })
}
