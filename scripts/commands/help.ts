// lotus help: all commands, or one of them.
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { renderHelp } from '../client/help.ts'
import { loadCommand } from '../client/main.ts'
import { columns } from '../client/terminal.ts'
import { commandNames, findCommandName } from './names.ts'

export const command = defineCommand({
  name: 'help',
  summary: 'lists the commands, or explains one',
  usage: ['help [COMMAND]'],
  description: 'The same as `lotus COMMAND --help`. Everything is also in docs/reference/commands.md.',
  examples: [{ command: 'lotus help run', doc: 'how to hand LOTUS a goal' }],
  async run({ words, terminal, json }) {
    refuseWords(command, words, 1)
    const [word] = words
    const { style } = terminal
    if (word !== undefined) {
      const name = findCommandName(word)
      if (name === undefined) throw clientErrors.USAGE({ value: word, detail: 'no such command' })
      terminal.print(renderHelp(await loadCommand(name), style))
      return exitCodes.completed
    }
    const commands = await Promise.all(commandNames.map(loadCommand))
    if (json) {
      terminal.print(jsonLine({ commands: commands.map(({ name, summary, usage }) => ({ name, summary, usage })) }))
      return exitCodes.completed
    }
    terminal.print(`${style.bold('lotus')}: state a goal in words; it is planned, done under a policy you can read, and remembered.

${style.bold('Usage')}
  lotus COMMAND [WORDS] [OPTIONS]

${style.bold('Commands')}
${columns(
  commands.map(({ name, summary }) => [name, summary]),
  '  ',
)}

Every command has --help and --json; -- ends options. Begin with: lotus run "what can you do?"

Exit codes: 0 completed, 1 failed, 2 wrong usage, 3 refused or denied (status: not running), 4 needs your
confirmation, 5 needs a model, 6 LOTUS can't be reached or started.`)
    return exitCodes.completed
  },
})
