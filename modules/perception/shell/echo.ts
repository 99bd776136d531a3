// `echo hello > x.txt`: a text that goes into a file.
import type { KnownName } from '../slots/slot-parser.ts'
import type { ShellLine } from './arguments.ts'
import { declined, kindOf, name, says } from './reply.ts'
import type { Reply } from './reply.ts'

/** undefined where nothing is written: `echo hello` alone is no goal of ours. */
export function tellEcho({ words, joins }: ShellLine, known: readonly KnownName[]): Reply | undefined {
  const [join] = joins
  if (join === undefined) return undefined
  const at = words.findIndex((word) => !word.quoted && word.text === join)
  const target = words[at + 1]
  if (joins.length > 1 || !/^>>?$/.test(join) || at + 2 !== words.length || target === undefined)
    return declined(`"${join}" joins commands of a shell. I run no shell: say it as one goal, or its steps one by one`)
  const text = words.slice(0, at)
  if (text.some((word) => !word.quoted && word.text.startsWith('-'))) return undefined
  const written = text.map((word) => word.text).join(' ')
  if (written.includes('"') || written === '') return undefined
  const isThere = kindOf(target, known) !== undefined
  if (join === '>>' && isThere) return says(`append "${written}" to ${name(target)}`)
  return says(
    isThere
      ? `overwrite ${name(target)} with "${written}"`
      : `create a file called ${name(target)} with the text "${written}"`,
  )
}
