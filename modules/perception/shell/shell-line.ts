// a goal that is a line of a shell: said as the sentence that asks for the same, or declined for the reason that is true.
import type { KnownName } from '../slots/slot-parser.ts'
import { cutLine, readOptions } from './arguments.ts'
import type { ShellLine, ShellWord } from './arguments.ts'
import { commands } from './commands.ts'
import type { Reply } from './reply.ts'
import { declined } from './reply.ts'
import { tellEcho } from './echo.ts'

/** words that stand in sentences and are hardly ever the name of a file. */
const sentenceWords = new Set(
  'the an all any every each in into of to from for with and or as by on at my your our this that these those it them its both everything anything something file files folder folders directory directories line lines word words please me up out off is are was only just last first second named called new content contents text using without except between copy one ones here there then if not'.split(
    ' ',
  ),
)

/** commands whose names are plain English verbs too: only an option makes a line of them. */
const englishToo: ReadonlySet<string> = new Set(['sort', 'find', 'head', 'tail'])

/** whether a line is one of a shell, and no sentence that begins with the same word. */
function isLine({ command, words, joins }: ShellLine): boolean {
  const plain = words.filter(({ quoted }) => !quoted).map(({ text }) => text)
  if (plain.some((text) => /[,;:!?]$/.test(text) && text !== ';')) return false
  if (plain.some((text) => sentenceWords.has(text.toLowerCase()))) return false
  return !englishToo.has(command) || joins.length > 0 || plain.some((text) => /^-[\w-]/.test(text))
}

/**
 * what a line of a shell asks for.
 * @returns undefined where the goal is no such line, or one that only a shell could read
 */
export function readShellLine(goal: string, names: readonly KnownName[]): Reply | undefined {
  const first = /^[a-z]+/.exec(goal)?.[0] ?? ''
  if (first !== 'echo' && !Object.hasOwn(commands, first)) return undefined
  const cut = cutLine(goal)
  if (cut === undefined || cut.command !== first) return undefined
  const subcommand = Object.hasOwn(commands, first) ? commands[first]!.subcommand : undefined
  if (subcommand !== undefined && cut.words[0]?.text !== subcommand) return undefined
  const line = subcommand === undefined ? cut : { ...cut, words: cut.words.slice(1) }
  if (first === 'echo') return tellEcho(line, names)
  if (!isLine(line)) return undefined
  return tellLine({ ...line, words: joinNames(line.words, names) }, first, names)
}

/**
 * names with spaces that nobody put in quotes: `cat meeting notes.txt`, where that is there and `meeting` and `notes.txt`
 * are not.
 */
function joinNames(words: readonly ShellWord[], names: readonly KnownName[]): readonly ShellWord[] {
  const known = new Set(names.map(({ path }) => path))
  const joined: ShellWord[] = []
  for (let at = 0; at < words.length; at += 1) {
    let end = at + 1
    for (let to = words.length; to > at + 1 && end === at + 1; to -= 1) {
      const run = words.slice(at, to)
      const isPlain = run.every(({ text, quoted }) => !quoted && !text.startsWith('-') && !known.has(text))
      if (isPlain && known.has(run.map(({ text }) => text).join(' '))) end = to
    }
    const run = words.slice(at, end)
    joined.push(run.length === 1 ? run[0]! : { text: run.map(({ text }) => text).join(' '), quoted: true })
    at = end - 1
  }
  return joined
}

function tellLine(line: ShellLine, first: string, names: readonly KnownName[]): Reply | undefined {
  const [join] = line.joins
  if (join !== undefined)
    return declined(`"${join}" joins commands of a shell. I run no shell: say it as one goal, or its steps one by one`)
  const command = commands[first]!
  const options = readOptions(line.words, command)
  const unknown = [...options.given].find((option) => !command.options.includes(option))
  if (unknown !== undefined)
    return declined(
      `I do what "${first}" does without a shell, and do not know its option ${unknown.length === 1 || command.isWord ? '-' : '--'}${unknown}`,
    )
  return command.tell(options, names)
}
