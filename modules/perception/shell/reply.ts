// what comes of a line of a shell.
import type { KnownName } from '../slots/slot-parser.ts'
import type { ShellWord } from './arguments.ts'

export interface Reply {
  /** the sentence that asks for the same. */
  readonly says?: string
  /** why it is not done. */
  readonly declined?: string
  /** what of it is judged for danger, in the place of the line: what it does, to what. */
  readonly judged?: string
}

export const declined = (reason: string): Reply => ({ declined: reason })
export const says = (sentence: string, judged?: string): Reply => ({
  says: sentence,
  ...(judged === undefined ? {} : { judged }),
})

/** an operand in quotes, so that it is read as a name whatever it is. */
export const name = ({ text }: ShellWord): string => (text.includes('"') ? `'${text}'` : `"${text}"`)

/** `"a"`, `"a" and "b"`, `"a", "b" and "c"`. */
export function names(words: readonly ShellWord[]): string {
  const all = words.map(name)
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}

/** the same sentence about each, one after the other. */
export const each = (words: readonly ShellWord[], sentence: (name: string) => string): string =>
  words.map((word) => sentence(name(word))).join(', then ')

export const isPattern = ({ text, quoted }: ShellWord): boolean => !quoted && /[*?[\]]/.test(text)

/** a place further down: not the folder itself, nothing above it, no absolute path. */
export const isBelow = ({ text }: ShellWord): boolean =>
  !/^[/~*]/.test(text) && !text.split('/').includes('..') && !/^\.?\/*$/.test(text)

export const kindOf = ({ text }: ShellWord, known: readonly KnownName[]): string | undefined =>
  known.find(({ path }) => path === text.replace(/^\.\//, '').replace(/\/+$/, ''))?.kind

/** the options of a command: its letters, and its long names. */
export const letters = (all: string, ...long: string[]): readonly string[] => [...all.split(''), ...long]
