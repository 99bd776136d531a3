// runs one word of the lotus command: finds its file, reads its options, turns what it throws into a message.
import { isLotusError, toErrorData } from '../../nucleus/errors.ts'
import type { ErrorData } from '../../nucleus/errors.ts'
import { commandAliases, commandNames, findCommandName } from '../commands/names.ts'
import { parseArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { clientErrors, exitCodeOfError } from './errors.ts'
import { escapeText, jsonLine } from './escape.ts'
import { exitCodes } from './exit-codes.ts'
import { findNucleus } from './nucleus.ts'
import { findPlace, readToken } from './place.ts'
import type { Place } from './place.ts'
import type { Terminal } from './terminal.ts'
import { openTerminal } from './terminal.ts'

// what people write where a command is expected.
const wordOfOption: Readonly<Record<string, string>> = {
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
  '-V': 'version',
}

/** loads a command's file. */
export async function loadCommand(name: string): Promise<Command> {
  return ((await import(`../commands/${name}.ts`)) as { command: Command }).command
}

/** the command of a word. @throws USAGE with the nearest one */
export async function commandOf(word: string): Promise<Command> {
  const name = findCommandName(word)
  if (name !== undefined) return await loadCommand(name)
  const { suggest } = await import('../../nucleus/settings/suggest.ts')
  const near = suggest(word, [...commandNames, ...Object.keys(commandAliases)])
  const asGoal = 'a goal goes after `lotus run`; `lotus help` lists the commands'
  throw clientErrors.USAGE({
    value: word,
    detail: 'no such command',
    fix: near === undefined ? asGoal : `did you mean \`lotus ${near}\`? ${asGoal}`,
  })
}

/** tells an error, and gives its exit code. */
export function report(error: unknown, isJson: boolean, terminal: Terminal): number {
  const data: ErrorData = toErrorData(error)
  if (isJson) terminal.print(jsonLine({ error: { code: data.code, message: data.message, fix: data.fix } }))
  else {
    terminal.note(`${terminal.noteStyle.red('lotus:')} ${escapeText(data.message)}`)
    if (data.fix !== '') terminal.note(terminal.noteStyle.dim(escapeText(data.fix)))
  }
  return isLotusError(error) ? exitCodeOfError(data.code) : exitCodes.failed
}

/** what has come due, below what a command has shown to somebody who looks; a LOTUS that does not run is not started. */
async function tellDueBelow(place: Place, terminal: Terminal): Promise<void> {
  const record = findNucleus(place)
  if (record === undefined || record.status === 'starting') return
  const [{ tellAfterCommand }, { createClient }, { describeClient }] = await Promise.all([
    import('./notices.ts'),
    import('./http.ts'),
    import('./context.ts'),
  ])
  const client = createClient(record.url, readToken(place))
  await tellAfterCommand(client, describeClient(place.environment, terminal.width), terminal)
}

/** runs the command that `args` name and gives its exit code; never throws. */
export async function main(
  root: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  areText = true,
): Promise<number> {
  const terminal = openTerminal(environment)
  const [first = 'help', ...rest] = args
  const word = wordOfOption[first] ?? first
  // known before the options are read, so that also wrong options are told in JSON.
  const end = rest.indexOf('--')
  const isJson = (end === -1 ? rest : rest.slice(0, end)).includes('--json')
  try {
    if (!areText) {
      throw clientErrors.USAGE({
        detail: 'the command line is not UTF-8',
        fix: 'write it in UTF-8; a file whose name is none is meant by a pattern or by its folder',
      })
    }
    const command = await commandOf(word)
    const { words, options } = parseArguments(command, rest)
    if (options['help'] === true) {
      const { renderHelp } = await import('./help.ts')
      terminal.print(renderHelp(command, terminal.style))
      return exitCodes.completed
    }
    const place = findPlace(root, environment)
    const code = await command.run({ words, options, json: isJson, terminal, place })
    if (command.tellsDue === true && !isJson && terminal.canRewrite) await tellDueBelow(place, terminal)
    return code
  } catch (error) {
    return report(error, isJson, terminal)
  }
}
