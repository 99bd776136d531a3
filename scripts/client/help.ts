// the help of a command as text; docs/reference/commands.md is checked against it.
import { commonOptions } from './arguments.ts'
import type { Command } from './command.ts'
import type { Style } from './terminal.ts'
import { columns } from './terminal.ts'

function optionRows(command: Command): string[][] {
  return Object.entries({ ...command.options, ...commonOptions }).map(([name, option]) => {
    const short = option.short === undefined ? '    ' : `-${option.short}, `
    const value = option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''
    return [`${short}--${name}${value}`, option.doc]
  })
}

/** the whole help of a command. */
export function renderHelp(command: Command, style: Style): string {
  const parts = [
    `${style.bold(`lotus ${command.name}`)}: ${command.summary}`,
    `${style.bold('Usage')}\n${command.usage.map((line) => `  lotus ${line}`).join('\n')}`,
    command.description,
  ]
  if (command.words !== undefined) {
    parts.push(
      `${style.bold('Words')}\n${columns(
        command.words.map(({ name, doc }) => [name, doc]),
        '  ',
      )}`,
    )
  }
  parts.push(`${style.bold('Options')}\n${columns(optionRows(command), '  ')}`)
  const examples = command.examples.map(({ command: line, doc }) => `  ${style.dim(`# ${doc}`)}\n  ${line}`)
  parts.push(`${style.bold('Examples')}\n${examples.join('\n')}`)
  return parts.join('\n\n')
}
