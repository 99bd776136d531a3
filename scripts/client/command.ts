// what a command of lotus is; each lies in scripts/commands/NAME.ts and is loaded only when its word is used.
import type { Place } from './place.ts'
import type { Terminal } from './terminal.ts'

export interface CommandOption {
  readonly type: 'boolean' | 'string'
  readonly short?: string
  /** the rest of a sentence after the option's name. */
  readonly doc: string
  /** how the value is called in the help of a string option. */
  readonly value?: string
}

/** a word that may follow the command's own. */
export interface CommandWord {
  readonly name: string
  readonly doc: string
}

export interface CommandCall {
  /** what follows the command's word and is no option. */
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  readonly json: boolean
  readonly terminal: Terminal
  readonly place: Place
}

export interface Command {
  readonly name: string
  /** one line for the list of commands. */
  readonly summary: string
  /** without the leading `lotus`. */
  readonly usage: readonly string[]
  /** what somebody should know who uses it for the first time; plain lines, at most 100 wide. */
  readonly description: string
  readonly words?: readonly CommandWord[]
  readonly options?: Readonly<Record<string, CommandOption>>
  readonly examples: readonly { readonly command: string; readonly doc: string }[]
  /** every word that is no option belongs to the person's own text. */
  readonly takesText?: boolean
  /** reminders that have come due are told below what it shows, where a person sees it. */
  readonly tellsDue?: boolean
  /** gives the exit code. @throws LotusError, which becomes its message, fix and code. */
  run(call: CommandCall): Promise<number>
}

/** declares a command; `scripts/commands/NAME.ts` exports it as `command`. */
export function defineCommand(command: Command): Command {
  return Object.freeze(command)
}
