// what Tab offers: commands and their words, goals that LOTUS knows by themselves, and names in the working folder.
import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { escapeLine } from '../client/escape.ts'
import { loadCommand } from '../client/main.ts'
import { commonOptions } from '../client/arguments.ts'
import { commandNames, findCommandName } from '../commands/names.ts'
import { ownWords } from './words.ts'

/** what could follow, and the end of the line that it takes the place of. */
export type Offer = [hits: string[], replaced: string]

const mostHits = 200

/** @param examples - goals as people say them; asked for when somebody presses Tab. */
export function createCompleter(examples: () => Promise<readonly string[]>): (line: string) => Promise<Offer> {
  return async (line) => {
    if (/^\s*\/[a-z-]*$/.test(line)) return commandsFor(line.trimStart())
    const command = /^\s*(?:\/|lotus\s+)([a-z-]+)\s/.exec(line)?.[1]
    if (command !== undefined && findCommandName(command) !== undefined) {
      const offered = await wordsOf(command, line)
      if (offered[0].length > 0) return offered
    }
    const paths = pathsFor(line, /^\s*\/?cd\s/.test(line))
    if (command !== undefined || /^\s*\/?cd\s/.test(line)) return paths
    const goals = await goalsFor(line, examples)
    const words = ownWords.filter((word) => line !== '' && word.startsWith(line))
    if (goals.length + words.length > 0) return [[...words, ...goals].slice(0, mostHits), line]
    return paths
  }
}

function commandsFor(typed: string): Offer {
  const names = [...new Set([...commandNames, ...ownWords])].map((name) => `/${name} `)
  return [names.filter((name) => name.startsWith(typed)), typed]
}

async function wordsOf(name: string, line: string): Promise<Offer> {
  const typed = /\S*$/.exec(line)![0]
  const command = await loadCommand(findCommandName(name)!)
  const options = Object.keys({ ...command.options, ...commonOptions }).map((option) => `--${option} `)
  const words = (command.words ?? []).map((word) => `${word.name} `)
  const hits = typed.startsWith('-') ? options : words
  return [hits.filter((hit) => hit.startsWith(typed)), typed]
}

async function goalsFor(line: string, examples: () => Promise<readonly string[]>): Promise<string[]> {
  const typed = line.toLowerCase()
  if (typed.trim() === '') return []
  return (await examples()).filter((goal) => goal.toLowerCase().startsWith(typed) && goal.length > line.length)
}

/** the path that is being typed at the end of a line: behind the last open quote, or the last word. */
function pathAtEnd(line: string): { typed: string; quote: string } {
  let quote = ''
  let start = 0
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]!
    if (quote !== '') {
      if (character === quote && /^(?:\s|$)/.test(line.slice(at + 1, at + 2)) && at + 1 < line.length) quote = ''
    } else if ((character === '"' || character === "'") && (at === 0 || /\s/.test(line[at - 1]!))) {
      quote = character
      start = at + 1
    }
    if (quote === '' && /\s/.test(character)) start = at + 1
  }
  return { typed: line.slice(start), quote }
}

/** a name that nothing could be hidden in, and that can be typed. */
const isPlain = (name: string): boolean => escapeLine(name) === name && !(name.includes('"') && name.includes("'"))

function pathsFor(line: string, foldersOnly: boolean): Offer {
  const { typed, quote } = pathAtEnd(line)
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1)
  const begun = typed.slice(folder.length)
  // without a word, everything in the folder would be offered as the next one.
  if (typed === '' && quote === '' && !foldersOnly) return [[], '']
  const place = folder.startsWith('~/') ? homedir() + folder.slice(1) : folder === '' ? '.' : folder
  let entries: { name: string; isFolder: boolean }[]
  try {
    entries = readdirSync(place, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory(),
    }))
  } catch {
    // no such folder, or not one to be read: nothing to offer.
    return [[], typed]
  }
  const fitting = entries
    .filter(({ name, isFolder }) => name.startsWith(begun) && isPlain(name) && (isFolder || !foldersOnly))
    .filter(({ name }) => begun.startsWith('.') || !name.startsWith('.'))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .slice(0, mostHits)
  const hits = fitting.map(({ name, isFolder }) => quoted(folder + name, isFolder, quote))
  return [hits, quote + typed]
}

/** a path as it is typed: in quotes where it has spaces, which stay open behind a folder so that it can go on. */
function quoted(path: string, isFolder: boolean, open: string): string {
  const needs = open !== '' || /[\s"'()[\],;:!?&|<>]/.test(path)
  const quote = needs ? (open !== '' && !path.includes(open) ? open : path.includes('"') ? "'" : '"') : ''
  return isFolder ? `${quote}${path}/` : `${quote}${path}${quote} `
}
