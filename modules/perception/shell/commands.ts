// the commands of a shell that LOTUS can do by its own actions: which options each takes, and how it is said.
import type { KnownName } from '../slots/slot-parser.ts'
import type { Options, OptionStyle, ShellWord } from './arguments.ts'
import { searchCommands } from './search-commands.ts'
import { declined, each, isBelow, isPattern, kindOf, letters, name, names, says } from './reply.ts'
import type { Reply } from './reply.ts'

export interface Command extends OptionStyle {
  /** options that are understood, letters and long names; any other is declined by its name. */
  readonly options: readonly string[]
  /** only with this word behind it: `git log`. */
  readonly subcommand?: string
  /** undefined: as a line of a shell it would wait for input, so it is read as a sentence. */
  tell(options: Options, known: readonly KnownName[]): Reply | undefined
}

/** a set that a pattern names: what a shell finds right there, nothing further down. */
const found = ({ text }: ShellWord): string => {
  const cut = text.lastIndexOf('/')
  const where = cut > 0 ? ` in "${text.slice(0, cut)}"` : ''
  return `the files matching ${text.slice(cut + 1)}${where} without subfolders`
}

function list({ given, operands }: Options, known: readonly KnownName[]): Reply {
  const reversed = given.has('r')
  const order = given.has('S')
    ? reversed
      ? ', smallest first'
      : ', largest first'
    : given.has('t')
      ? reversed
        ? ', oldest first'
        : ', newest first'
      : reversed
        ? ', in reverse order'
        : ''
  const details = given.has('l') ? ' with details' : ''
  const hidden = given.has('a') || given.has('A') || given.has('all') ? ' including hidden names' : ''
  if (operands.some(isPattern)) {
    if (operands.length > 1 || order !== '' || details !== '') return declined('I list one pattern of names at a time')
    return says(`list ${found(operands[0]!)}`)
  }
  const files = operands.filter((word) => kindOf(word, known) === 'file')
  if (files.length > 0)
    return files.length < operands.length
      ? declined('files and folders are listed in different ways: name them in two goals')
      : says(each(files, (one) => (details === '' ? `does ${one} exist` : `show details of ${one}`)))
  if (given.has('R'))
    return order + details === ''
      ? says(
          each(
            operands.length === 0 ? [{ text: '.', quoted: true }] : operands,
            (one) => `list all files and folders in ${one} including subfolders`,
          ),
        )
      : declined('a listing of everything below (-R) has no details and no other order here')
  if (hidden !== '' && details === '' && order === '')
    return says(operands.length === 0 ? 'ls -a' : each(operands, (one) => `ls -a ${one}`))
  const places = operands.length === 0 ? [{ text: '.', quoted: true }] : operands
  return says(each(places, (one) => `list the contents of folder ${one}${details}${hidden}${order}`))
}

function part(edge: 'first' | 'last') {
  return ({ given, values, operands }: Options): Reply | undefined => {
    if (operands.length === 0) return undefined
    const count = values.get('n') ?? values.get('lines') ?? (given.has('n') ? undefined : '10')
    if (count === undefined || !/^\d+$/.test(count) || Number(count) === 0)
      return declined(`a number of lines is missing, such as -n 5`)
    return says(each(operands, (one) => `show the ${edge} ${count} lines of ${one}`))
  }
}

function remove({ given, operands }: Options, known: readonly KnownName[]): Reply | undefined {
  if (operands.length === 0) return undefined
  const recursive = ['r', 'R', 'recursive'].some((option) => given.has(option))
  const judged =
    operands.every(isBelow) || operands.every((word) => isPattern(word) && !recursive && /\w/.test(word.text))
      ? `delete ${operands.map(({ text }) => text).join(' ')}`
      : undefined
  const patterns = operands.filter(isPattern)
  if (patterns.length > 0) {
    if (operands.length > 1 || recursive) return declined('I take one pattern of names at a time, and files only')
    return says(`delete ${found(operands[0]!)}`, judged)
  }
  const folder = operands.find((word) => kindOf(word, known) === 'folder')
  if (folder !== undefined && !recursive)
    return {
      ...declined(
        `${folder.text} is a folder, and rm takes none without -r; say "delete the folder ${folder.text}" if it shall go with all that is in it`,
      ),
      ...(judged === undefined ? {} : { judged }),
    }
  return says(`delete ${names(operands)}`, judged)
}

function transfer(verb: 'copy' | 'move') {
  return ({ given, operands }: Options, known: readonly KnownName[]): Reply | undefined => {
    const target = operands.at(-1)
    const sources = operands.slice(0, -1)
    if (target === undefined || sources.length === 0) return undefined
    const short = verb === 'copy' ? 'cp' : 'mv'
    const isFolder = kindOf(target, known) === 'folder' || /^(?:\.|\.\.|~|\/)\/?$/.test(target.text)
    if (!isFolder && (sources.length > 1 || target.text.endsWith('/')))
      return declined(
        `${target.text} is no folder that is here, and ${sources.length > 1 ? 'several things need one' : 'a slash at its end says that it is one'}`,
      )
    const patterns = sources.filter(isPattern)
    if (patterns.length > 0)
      return sources.length > 1 || !isFolder
        ? declined('I take one pattern of names at a time, and a folder as the target')
        : says(`${verb} ${found(sources[0]!)} to ${name(target)}`)
    const folder = sources.find((word) => kindOf(word, known) === 'folder')
    const recursive = ['r', 'R', 'a', 'recursive', 'archive'].some((option) => given.has(option))
    if (verb === 'copy' && folder !== undefined && !recursive)
      return declined(`${folder.text} is a folder, and ${short} copies none without -r`)
    return says(`${verb} ${names(sources)} to ${name(target)}`)
  }
}

function changeMode({ given, operands }: Options): Reply | undefined {
  const [mode, ...files] = operands
  if (mode === undefined || files.length === 0) return undefined
  const judged =
    files.every(isBelow) && !/[2367]$/.test(mode.text)
      ? `${mode.text} ${files.map(({ text }) => text).join(' ')}`
      : undefined
  if (given.has('R') || given.has('recursive'))
    return {
      ...declined(
        `with -R the mode of everything below a folder would change at once, which I do not do; I set the modes of files and folders by their names`,
      ),
      ...(judged === undefined ? {} : { judged }),
    }
  if (files.some(isPattern)) return declined('I set the modes of files by their names, not by a pattern')
  return says(each(files, (one) => `set the mode of ${one} to "${mode.text}"`))
}

function count({ given, operands }: Options): Reply | undefined {
  if (operands.length === 0 || operands.some(isPattern)) return undefined
  const whats = [
    ['l', 'lines'],
    ['w', 'words'],
    ['m', 'characters'],
    ['c', 'bytes'],
  ].filter(([letter]) => given.has(letter!))
  const chosen =
    whats.length > 0
      ? whats
      : [
          ['l', 'lines'],
          ['w', 'words'],
          ['c', 'bytes'],
        ]
  if (operands.length * chosen.length > 4) return declined('that is more than four countings: name fewer files')
  return says(
    operands.flatMap((word) => chosen.map(([, what]) => `count the ${what} in ${name(word)}`)).join(', then '),
  )
}

export const commands: Readonly<Record<string, Command>> = {
  ls: { options: letters('aAlhrtSR1Fp', 'all', 'human-readable'), tell: list },
  cat: {
    options: letters('n', 'number'),
    tell: ({ given, operands }) =>
      operands.length === 0
        ? undefined
        : operands.some(isPattern)
          ? declined('I show files by their names, not by a pattern')
          : says(
              each(operands, (one) =>
                given.has('n') || given.has('number') ? `show ${one} with line numbers` : `show the file ${one}`,
              ),
            ),
  },
  head: { options: letters('n', 'lines'), valued: 'n', tell: part('first') },
  tail: { options: letters('n', 'lines'), valued: 'n', tell: part('last') },
  wc: { options: letters('lwcm', 'lines', 'words', 'bytes', 'chars'), tell: count },
  rm: { options: letters('rRfiIv', 'recursive', 'force', 'interactive', 'verbose'), tell: remove },
  cp: { options: letters('rRapvin', 'recursive', 'archive', 'verbose'), tell: transfer('copy') },
  mv: { options: letters('vin', 'verbose'), tell: transfer('move') },
  mkdir: {
    options: letters('pv', 'parents', 'verbose'),
    tell: ({ operands }) =>
      operands.length === 0 || operands.some(isPattern)
        ? undefined
        : says(operands.length === 1 ? `make the folder ${names(operands)}` : `make the folders ${names(operands)}`),
  },
  rmdir: {
    options: letters('v', 'verbose'),
    tell: ({ operands }) =>
      operands.length === 0 || operands.some(isPattern) ? undefined : says(`rmdir ${names(operands)}`),
  },
  touch: {
    options: [],
    tell: ({ operands }) =>
      operands.length === 0 || operands.some(isPattern) ? undefined : says(`touch ${names(operands)}`),
  },
  chmod: { options: letters('Rv', 'recursive', 'verbose'), tell: changeMode },
  git: {
    subcommand: 'log',
    options: ['n', 'oneline', 'max-count'],
    valued: 'n',
    tell: ({ given, values, operands }) => {
      const count = values.get('n') ?? values.get('max-count')
      if (operands.length > 1 || (count !== undefined && !/^[1-9]\d*$/.test(count))) return undefined
      const [file] = operands
      if (file !== undefined)
        return given.has('oneline')
          ? declined('git log of one file is shown in full here')
          : says(count === undefined ? `git log ${name(file)}` : `show the last ${count} commits of ${name(file)}`)
      if (given.has('oneline')) return says(count === undefined ? 'git log --oneline' : `git log --oneline of ${count}`)
      return says(count === undefined ? 'git log' : `show the last ${count} commits`)
    },
  },
  ...searchCommands,
}
