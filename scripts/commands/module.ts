// lotus module: the modules of the nucleus, and loading, unloading and reloading one while it runs.
import { readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
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
    textOf(module, 'status'),
    module['core'] === true ? 'core' : '',
    textOf(module, 'reason') || textOf(module, 'last_error') || textOf(module, 'description'),
  ]
  return columns(modules.map(row))
}

const pastOf: Readonly<Record<string, string>> = { load: 'loaded', unload: 'unloaded', reload: 'reloaded' }

export const command = defineCommand({
  name: 'module',
  summary: 'lists modules, or loads, unloads and reloads one',
  usage: ['module [list] [--json]', 'module load NAME', 'module unload NAME', 'module reload NAME'],
  description: `A module is changed while LOTUS runs: \`reload\` starts the new version beside the old one, hands over,
and keeps the old one where the new one doesn't start. Nothing that is under way is lost.
The gateway is the way in for these commands: it can be reloaded, not unloaded.`,
  words: [
    { name: 'list', doc: 'all modules with their state; the same as no word' },
    { name: 'load', doc: 'starts a module that is not running' },
    { name: 'unload', doc: 'ends a module and what it holds' },
    { name: 'reload', doc: 'takes over a changed module' },
  ],
  examples: [
    { command: 'lotus module list', doc: 'what LOTUS is made of' },
    { command: 'lotus module reload memory', doc: 'after a change of its files' },
  ],
  async run({ words, terminal, json, place }) {
    const word = readWord(command, words[0], 'list')
    refuseWords(command, words, word === 'list' ? 1 : 2)
    const [, name] = words
    if (word !== 'list' && name === undefined)
      throw clientErrors.USAGE({ detail: `which module? \`lotus module ${word} NAME\`` })
    const { client } = await openClient(place, terminal)
    if (word === 'list' || name === undefined) {
      const modules = listOf(await client.request({ path: '/modules' }), 'modules')
      terminal.print(json ? jsonLine({ modules }) : renderModules(modules))
      return exitCodes.completed
    }
    const path = `/modules/${encodeURIComponent(name)}/${word}`
    const { status, body } = await client.probe({ method: 'POST', path, body: {}, timeoutMs: changeLimitMs })
    if (status >= 300) throw faultOf(body)
    if (json) terminal.print(jsonLine(body))
    // 202: the gateway changes itself, which it can only do once it has answered.
    else if (status === 202)
      terminal.print(escapeLine(`${name} is being ${pastOf[word]}; \`lotus module list\` shows it`))
    else {
      const state = `${textOf(body, 'status', 'unknown')}, generation ${numberOf(body, 'generation')}`
      terminal.print(escapeLine(`${name} is ${pastOf[word]}${word === 'unload' ? '' : `: ${state}`}`))
    }
    return exitCodes.completed
  },
})
