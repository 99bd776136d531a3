// what a line of the shell is: a goal, a command, a word of the shell's own, or nothing.
import { suggest } from '../../nucleus/settings/suggest.ts'
import { commandAliases, commandNames, findCommandName } from '../commands/names.ts'
import { clientErrors } from '../client/errors.ts'

/** words of the shell's own; what they do is in builtins.ts. */
export const ownWords = ['help', 'exit', 'quit', 'cd', 'undo', 'why', 'more', 'history'] as const
export type OwnWord = (typeof ownWords)[number]

/** commands that are understood without a slash where they stand alone; what else begins so is a goal. */
export const bareCommands = ['runs', 'memory', 'status', 'health', 'audit', 'logs', 'doctor', 'version'] as const

export type Line =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'goal'; readonly text: string }
  | { readonly kind: 'own'; readonly word: OwnWord; readonly rest: string }
  /** a command of lotus with what follows it. */
  | { readonly kind: 'command'; readonly name: string; readonly args: readonly string[] }

const isOwn = (word: string): word is OwnWord => ownWords.some((own) => own === word)

/** the kind of a line. @throws USAGE for an unknown command behind a slash, or a quote that is not closed */
export function readLine(line: string): Line {
  const text = line.trim()
  if (text === '' || /^#(?:\s|$)/.test(text)) return { kind: 'nothing' }
  const [, word = '', rest = ''] = /^(\S+)\s*([^]*)$/.exec(text) ?? []
  if (word.startsWith('/')) return slashed(text, word, rest)
  if (word === 'lotus') {
    const [, name = '', args = ''] = /^(\S+)\s*([^]*)$/.exec(rest) ?? []
    if (findCommandName(name) !== undefined) return { kind: 'command', name, args: splitWords(args) }
  }
  if (isOwn(word) && fits(word, rest)) return { kind: 'own', word, rest }
  if (rest === '' && bareCommands.some((name) => name === word)) return { kind: 'command', name: word, args: [] }
  return { kind: 'goal', text: closed(text) }
}

/** a folder that Tab completed leaves its quote open, so that the path can go on: at the end of a line it is closed. */
export function closed(text: string): string {
  const quote = /(?:^|\s)(["'])[^"']*\/$/.exec(text)?.[1]
  return quote !== undefined && text.split(quote).length % 2 === 0 ? text + quote : text
}

/** `/word`: a command or a word of the shell's own; a path that begins a goal is left to be a goal. */
function slashed(text: string, word: string, rest: string): Line {
  const name = word.slice(1)
  if (isOwn(name) && findCommandName(name) === undefined) return { kind: 'own', word: name, rest }
  if (findCommandName(name) !== undefined) return { kind: 'command', name, args: splitWords(rest) }
  if (!/^[a-z-]+$/.test(name)) return { kind: 'goal', text }
  const near = suggest(name, [...new Set<string>([...commandNames, ...Object.keys(commandAliases), ...ownWords])])
  throw clientErrors.USAGE({
    value: word,
    detail: 'no such command',
    fix: `${near === undefined ? '' : `did you mean \`/${near}\`? `}\`help\` lists them; a goal that begins with a path goes after \`/run\``,
  })
}

/** whether what follows a word can be its argument; `undo the last two changes` and `help me` are goals. */
function fits(word: OwnWord, rest: string): boolean {
  switch (word) {
    case 'cd':
      return true
    case 'help':
      return rest === '' || findCommandName(rest) !== undefined || isOwn(rest)
    case 'undo':
    case 'why':
      return rest === '' || /^[0-9a-f-]{32,36}$/.test(rest)
    default:
      return rest === ''
  }
}

/** the words of a command as a shell cuts them: quotes of both kinds, and the backslash. @throws USAGE */
export function splitWords(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!
    if (quote !== '') {
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"' && /["\\]/.test(text[at + 1] ?? ''))
        word = (word ?? '') + text[(at += 1)]!
      else word = (word ?? '') + character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (character === '\\' && at + 1 < text.length) word = (word ?? '') + text[(at += 1)]!
    else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (quote !== '')
    throw clientErrors.USAGE({ value: text, detail: `the quote ${quote} is not closed`, fix: 'close it' })
  if (word !== undefined) words.push(word)
  return words
}
