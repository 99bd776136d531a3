// `grep`, `find` and `sort` as lines of a shell.
import type { Options } from './arguments.ts'
import type { Command } from './commands.ts'
import { declined, each, isPattern, kindOf, letters, name, says } from './reply.ts'
import type { Reply } from './reply.ts'
import type { KnownName } from '../slots/slot-parser.ts'

function grep({ given, values, operands }: Options, known: readonly KnownName[]): Reply | undefined {
  const text = values.has('e') ? { text: values.get('e')!, quoted: true } : operands[0]
  const places = values.has('e') ? operands : operands.slice(1)
  const has = (...options: string[]) => options.some((option) => given.has(option))
  const recursive = has('r', 'R', 'recursive')
  if (text === undefined || (places.length === 0 && !recursive)) return undefined
  if (places.some(isPattern)) return declined('I search in files and folders by their names, not by a pattern of names')
  // without -F a pattern is a regular expression; a dot in a name is meant as a dot by everybody
  if (!has('F', 'fixed-strings') && /[\\^$*+?[\](){}|]/.test(text.text))
    return declined(`"${text.text}" is a regular expression to grep; I look for plain texts`)
  if (text.text.includes('"')) return undefined
  const folder = places.find((word) => kindOf(word, known) === 'folder')
  if (folder !== undefined && !recursive) return declined(`${folder.text} is a folder, and grep reads none without -r`)
  const wanted = `"${text.text}"`
  const how = `${has('i', 'y', 'ignore-case') ? ' ignoring case' : ''}${has('w', 'word-regexp') ? ' as a whole word' : ''}${has('n', 'line-number') ? ' with line numbers' : ''}`
  const where = places.length === 0 ? [{ text: '.', quoted: true }] : places
  const plain = !has('i', 'y', 'ignore-case', 'w', 'word-regexp')
  if (has('v', 'invert-match')) {
    if (recursive || !plain || has('l', 'c', 'n')) return declined('grep -v goes with no other option here')
    return says(each(where, (one) => `show the lines of ${one} that do not contain ${wanted}`))
  }
  if (has('c', 'count')) {
    if (recursive || !plain || has('l')) return declined('grep -c goes with no other option here')
    return says(each(where, (one) => `how many lines of ${one} contain ${wanted}`))
  }
  if (has('l', 'files-with-matches'))
    return says(each(where, (one) => `grep for ${wanted} in ${one} and show only the file names${how}`))
  return says(each(where, (one) => `grep for ${wanted} in ${one}${how}`))
}

/** `find docs -name '*.md' -type f`: its tests are words with one dash, so it has a reader of its own. */
function find({ operands, values }: Options): Reply | undefined {
  const [place, ...more] = operands
  if (more.length > 0) return declined('I search one folder at a time')
  const pattern = values.get('name')
  const kind = values.get('type')
  if (kind !== undefined && !/^[fd]$/.test(kind)) return declined(`find -type ${kind} is not known here; f and d are`)
  if (pattern !== undefined && !/^[\w.*?-]+$/.test(pattern))
    return declined(`the pattern "${pattern}" of find is not known here`)
  const noun = kind === 'd' ? 'folders' : kind === 'f' || pattern !== undefined ? 'files' : 'files and folders'
  const named = pattern === undefined ? '' : ` matching ${pattern}`
  const where = place === undefined || place.text === '.' ? '' : ` in ${name(place)}`
  return says(`find all ${noun}${named}${where} including subfolders`)
}

function sort({ given, values, operands }: Options): Reply | undefined {
  if (operands.length !== 1 || operands.some(isPattern)) return undefined
  const file = name(operands[0]!)
  const to = values.get('o')
  const reversed = given.has('r') || given.has('reverse')
  const unique = given.has('u') || given.has('unique')
  if (to !== undefined)
    return unique || reversed
      ? declined('sort -o goes with no other option here')
      : says(`sort the lines of ${file} into "${to}"`)
  return says(
    `show ${file} sorted ${reversed ? 'in reverse alphabetical order' : 'alphabetically'}${unique ? ' without duplicates' : ''}`,
  )
}

export const searchCommands: Readonly<Record<string, Command>> = {
  grep: {
    options: letters(
      'eivnclrRwFEyHhs',
      'ignore-case',
      'invert-match',
      'line-number',
      'count',
      'files-with-matches',
      'recursive',
      'word-regexp',
      'fixed-strings',
    ),
    valued: 'e',
    tell: grep,
  },
  sort: { options: letters('runo', 'reverse', 'unique', 'numeric-sort'), valued: 'o', tell: sort },
  find: { options: ['name', 'type'], isWord: true, tell: find },
}
