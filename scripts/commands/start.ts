// lotus start: LOTUS in the background, and what a person wants to know then.
import { join } from 'node:path'
import { ensureNucleus } from '../client/boot.ts'
import type { BootResult } from '../client/boot.ts'
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { textOf } from '../client/fields.ts'
import { formatDuration } from '../client/format.ts'
import { renderHealth, showStatus } from '../client/health-view.ts'
import { isOnPath } from '../client/place.ts'
import type { Place } from '../client/place.ts'

/** what is tried first: a question, a change with its confirmation, taking it back. */
const firstGoals = [
  'lotus run "how much space is left on this disk?"',
  'lotus run "make a folder notes" --yes',
  'lotus undo',
  'lotus help',
]

/** what there is to see on a worker, which takes no goals. */
const firstLooks = ['lotus nodes', 'lotus module list', 'lotus flows', 'lotus help']

function renderHints(place: Place, isWorker: boolean): string {
  const scripts = join(place.root, 'scripts')
  const command = isOnPath(place) ? 'lotus' : `${scripts}/lotus`
  const lines = isOnPath(place) ? [] : ['put lotus on your PATH:', `  export PATH="${escapeLine(scripts)}:$PATH"`, '']
  return [
    ...lines,
    'try next:',
    ...(isWorker ? firstLooks : firstGoals).map((goal) => `  ${goal.replace(/^lotus/, escapeLine(command))}`),
  ].join('\n')
}

/** tells that LOTUS runs, with its modules, parts, address and what to try. */
export function showBoot({ record, health, isNew, bootMs }: BootResult, call: CommandCall): void {
  const { terminal, json, place } = call
  if (json) {
    return terminal.print(
      jsonLine({ started: isNew, boot_ms: bootMs, pid: record.pid, url: record.url, home: place.home, health }),
    )
  }
  const { style } = terminal
  const status = showStatus(textOf(health, 'status'), style)
  const version = escapeLine(record.version)
  if (!isNew) {
    terminal.print(`LOTUS ${version} is already running, ${status}: ${escapeLine(record.url)} (process ${record.pid})`)
    return
  }
  const what = record.isWorker ? 'runs as a worker' : 'is running'
  terminal.print(`LOTUS ${version} ${what}, ${status}, started in ${formatDuration(bootMs)}\n`)
  terminal.print(`${renderHealth(health, style)}\n`)
  terminal.print(`${style.bold('address')}  ${escapeLine(record.url)}  (state in ${escapeLine(place.home)})\n`)
  terminal.print(renderHints(place, record.isWorker))
}

/** the options of start as settings, which the environment of the nucleus carries. */
export function startEnvironment(options: CommandCall['options']): NodeJS.ProcessEnv {
  const variables = { host: 'LOTUS_HTTP_HOST', port: 'LOTUS_HTTP_PORT', role: 'LOTUS_ROLE' }
  return Object.fromEntries(
    Object.entries(variables).flatMap(([option, name]) => {
      const value = options[option]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

/** what of the options the nucleus takes as arguments: they are about one start, and no settings. @throws USAGE */
export function startArguments(options: CommandCall['options']): string[] {
  if (options['safe'] === true && options['all'] === true) {
    throw clientErrors.USAGE({ detail: '--safe leaves modules out, --all starts every one of them' })
  }
  return ['safe', 'all', 'watch'].filter((name) => options[name] === true).map((name) => `--${name}`)
}

/** the options that start, restart and foreground share. */
export const startOptions = {
  safe: { type: 'boolean', doc: 'starts the core modules only, this time' },
  all: { type: 'boolean', doc: 'starts all modules, also those that safe mode leaves out' },
  watch: { type: 'boolean', doc: 'takes over what is saved: a changed module is reloaded, this time' },
  port: { type: 'string', value: 'PORT', doc: 'port of the HTTP interface, this time (LOTUS_HTTP_PORT)' },
  host: { type: 'string', value: 'ADDRESS', doc: 'address it listens on, this time (LOTUS_HTTP_HOST)' },
  role: { type: 'string', value: 'ROLE', doc: '`nucleus`, the only one in this version, this time (LOTUS_ROLE)' },
} as const

export const command = defineCommand({
  name: 'start',
  summary: 'starts LOTUS in the background and shows what is running',
  usage: ['start [--safe|--all] [--watch] [--port PORT] [--host ADDRESS] [--role ROLE] [--json]'],
  description: `Waits until LOTUS is healthy and shows each module, the parts it stands on (a part is embedded where
no server is configured), its address, and what to try first. Where it runs already it says so and
ends with 0. A start that fails tells the reason in one message and ends with 6; what the start
wrote is in LOTUS_HOME/logs/boot.log. Where a module made LOTUS give up, or die three times running, the
next start leaves it out (safe mode) and says so, until the module or the settings have changed.`,
  options: startOptions,
  examples: [
    { command: 'lotus start', doc: 'on the address of the settings, http://127.0.0.1:8000' },
    { command: 'lotus start --port 9000', doc: 'where another program has port 8000' },
    { command: 'lotus start --watch', doc: 'where you write a module' },
    { command: 'lotus start --safe', doc: 'where a module is in the way' },
  ],
  async run(call) {
    refuseWords(command, call.words, 0)
    const extra = { environment: startEnvironment(call.options), args: startArguments(call.options) }
    const result = await ensureNucleus(call.place, call.terminal, extra)
    showBoot(result, call)
    if (!result.isNew && extra.args.length > 0) {
      call.terminal.note(`it ran before: \`lotus restart ${extra.args.join(' ')}\` does what you asked for`)
    }
    return exitCodes.completed
  },
})
