// the words of the lotus command; each has its file beside this one.

/** in the order in which help lists them. */
export const commandNames = [
  'run',
  'shell',
  'undo',
  'runs',
  'why',
  'memory',
  'reminders',
  'audit',
  'grant',
  'token',
  'start',
  'stop',
  'restart',
  'status',
  'foreground',
  'service',
  'health',
  'module',
  'config',
  'infra',
  'logs',
  'events',
  'flows',
  'nodes',
  'doctor',
  'disk',
  'diagnostics',
  'version',
  'help',
] as const

export type CommandName = (typeof commandNames)[number]

/** other words for the same commands. */
export const commandAliases: Readonly<Record<string, CommandName>> = { ask: 'run' }

/** the command of a word, or undefined. */
export function findCommandName(word: string): CommandName | undefined {
  return (
    commandNames.find((name) => name === word) ??
    (Object.hasOwn(commandAliases, word) ? commandAliases[word] : undefined)
  )
}
