// reads the words and options of a command; what it does not know is an error that names what was probably meant.
import { parseArgs } from 'node:util'
import { suggest } from '../../nucleus/settings/suggest.ts'
import type { Command, CommandOption } from './command.ts'
import { clientErrors } from './errors.ts'

/** options that every command has. */
export const commonOptions: Readonly<Record<string, CommandOption>> = {
  json: { type: 'boolean', doc: 'prints JSON for programs' },
  help: { type: 'boolean', short: 'h', doc: 'shows this help' },
}

export interface ParsedArguments {
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

/** reads what follows a command's word. `--` ends options. @throws USAGE */
export function parseArguments(command: Command, args: readonly string[]): ParsedArguments {
  const known: Readonly<Record<string, CommandOption>> = { ...command.options, ...commonOptions }
  const fix = `look at \`lotus ${command.name} --help\``
  // types and shorts only: parseArgs refuses what else an option of ours has.
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { type, short }]) => [name, short === undefined ? { type } : { type, short }]),
  )
  const { positionals, tokens, values } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined
    if (option === undefined) {
      const near = suggest(token.name, Object.keys(known))
      const hint = near === undefined ? fix : `did you mean --${near}? ${fix}`
      const isText = command.takesText === true && token.rawName.length === 2
      throw clientErrors.USAGE({
        value: token.rawName,
        detail: 'no such option',
        fix: isText ? `write -- before text that begins with '-'; ${fix}` : hint,
      })
    }
    if (option.type === 'string' && (token.value === undefined || token.value === '')) {
      throw clientErrors.USAGE({
        value: token.rawName,
        detail: `${option.value ?? 'a value'} is missing after it`,
        fix,
      })
    }
    if (option.type === 'boolean' && token.value !== undefined) {
      throw clientErrors.USAGE({ value: `${token.rawName}=${token.value}`, detail: 'this option takes no value', fix })
    }
  }
  return { words: positionals, options: values }
}

/** a number from an option, or its default. @throws USAGE */
export function readNumber(value: string | boolean | undefined, name: string, usual: number, max: number): number {
  if (value === undefined) return usual
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1 || number > max) {
    throw clientErrors.USAGE({ value, detail: `${name} is a whole number from 1 to ${max}` })
  }
  return number
}

/** the word that a command with several must have. @throws USAGE */
export function readWord(command: Command, word: string | undefined, usual?: string): string {
  const names = (command.words ?? []).map(({ name }) => name)
  if (word === undefined && usual !== undefined) return usual
  if (word !== undefined && names.includes(word)) return word
  const near = word === undefined ? undefined : suggest(word, names)
  throw clientErrors.USAGE({
    ...(word === undefined ? {} : { value: word }),
    detail: `lotus ${command.name} takes one of ${names.join(', ')}`,
    fix:
      near === undefined
        ? `look at \`lotus ${command.name} --help\``
        : `did you mean \`lotus ${command.name} ${near}\`?`,
  })
}

/** refuses words beyond those that a command takes. @throws USAGE */
export function refuseWords(command: Command, words: readonly string[], taken: number): void {
  if (words.length <= taken) return
  throw clientErrors.USAGE({
    value: words[taken],
    detail: `lotus ${command.name} takes no such word`,
    fix: `look at \`lotus ${command.name} --help\``,
  })
}
