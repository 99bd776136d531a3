// the reference of commands and the commands say the same, both ways.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandNames } from '../../../scripts/commands/names.ts'
import { renderHelp } from '../../../scripts/client/help.ts'
import { loadCommand } from '../../../scripts/client/main.ts'
import { renderCommandReference } from '../../../scripts/client/reference.ts'
import type { Style } from '../../../scripts/client/terminal.ts'
import { root } from './run-lotus.ts'

const same = (text: string): string => text
const plain: Style = { dim: same, bold: same, red: same, green: same, yellow: same }
const reference = readFileSync(join(root, 'docs', 'reference', 'commands.md'), 'utf8')

describe('docs/reference/commands.md', () => {
  it('is what the generator writes; run `node scripts/client/reference.ts` after a change', async () => {
    expect(reference).toBe(await renderCommandReference())
  })

  it('has a section for every command, and no other', () => {
    expect([...reference.matchAll(/^## (\w+)$/gm)].map((match) => match[1])).toEqual([...commandNames])
  })

  it('shows for each command the usage and the examples of its --help', async () => {
    const commands = await Promise.all(commandNames.map(loadCommand))
    const missing = commands.flatMap((command) => {
      const help = renderHelp(command, plain)
      const lines = [
        ...command.usage.map((line) => `lotus ${line}`),
        ...command.examples.map((example) => example.command),
      ]
      return lines.filter((line) => !help.includes(line) || !reference.includes(line))
    })
    expect(missing).toEqual([])
    expect(commands.filter(({ examples, usage }) => examples.length === 0 || usage.length === 0)).toEqual([])
  })
})

describe('the list of commands', () => {
  it('has every file of scripts/commands, and no other', () => {
    const files = readdirSync(join(root, 'scripts', 'commands')).filter((name) => name !== 'names.ts')
    expect(new Set(files)).toEqual(new Set(commandNames.map((name) => `${name}.ts`)))
  })

  it('names each command as its file', async () => {
    const commands = await Promise.all(commandNames.map(loadCommand))
    expect(commands.map(({ name }) => name)).toEqual([...commandNames])
  })
})
