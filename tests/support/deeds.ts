// goals with what a folder holds before and after each: whoever interrupts them can tell done, not done, and half done.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** paths below the folder: a file with its content, a folder with a word, an archive with the names in it. */
export type Contents = Readonly<Record<string, string>>

export interface Deed {
  /** the words after `lotus`. */
  readonly words: readonly string[]
  /** the goal, under which its run is found; undefined where the command is no goal. */
  readonly goal?: string
  after(before: Contents): Contents
}

const folderWord = 'a folder'
const treeFiles = ['a.txt', 'b.txt', 'c.txt', 'in/d.txt', 'in/e.txt', 'in/deep/f.txt']
const bigLine = 'alpha beta gamma\n'
const bigLines = 12_000

/** writes what the deeds begin with, and gives it. */
export function prepareFolder(folder: string): Contents {
  mkdirSync(join(folder, 'tree', 'in', 'deep'), { recursive: true })
  for (const name of treeFiles) writeFileSync(join(folder, 'tree', name), `the file ${name}\n`)
  writeFileSync(join(folder, 'log.txt'), 'begun\n')
  writeFileSync(join(folder, 'big.txt'), bigLine.repeat(bigLines))
  return readContents(folder)
}

export function readContents(folder: string): Contents {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry): [string, string] => {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (entry.isDirectory()) return [name, folderWord]
    return [name, name.endsWith('.tar.gz') ? namesInArchive(path) : readFileSync(path, 'utf8')]
  })
  return Object.fromEntries(entries)
}

function namesInArchive(path: string): string {
  try {
    const listed = execFileSync('tar', ['-tzf', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return listed.split('\n').filter(isFileName).toSorted().join(' ')
  } catch {
    return 'a broken archive'
  }
}

const isFileName = (name: string): boolean => name !== '' && !name.endsWith('/')

/** the deeds, in their order. @param tag - makes their goals unlike those of anybody else */
export function makeDeeds(tag: string): Deed[] {
  const [fresh, renamed, one, two] = [`new-${tag}.txt`, `renamed-${tag}.txt`, `one-${tag}.txt`, `two-${tag}.txt`]
  const archive = `tree-${tag}.tar.gz`
  const copy = `copy-${tag}`
  const long = `the text of ${tag} `.repeat(12).trim()
  return [
    deed(`create a file called ${fresh} with the text "${long}"`, (before) => ({ ...before, [fresh]: `${long}\n` })),
    deed(`append "a line of ${tag}" to log.txt`, (before) => ({
      ...before,
      'log.txt': `${before['log.txt']}a line of ${tag}\n`,
    })),
    deed(`rename ${fresh} to ${renamed}`, (before) => without({ ...before, [renamed]: before[fresh]! }, fresh)),
    deed(`replace "beta" with "${tag}" in big.txt`, (before) => ({
      ...before,
      'big.txt': before['big.txt']!.replaceAll('beta', tag),
    })),
    deed(`copy the folder tree to ${copy}`, (before) => ({ ...before, ...copied(before, 'tree', copy) })),
    deed(
      `create a file called ${one} with the text "1" and then create a file called ${two} with the text "2"`,
      (before) => ({
        ...before,
        [one]: '1\n',
        [two]: '2\n',
      }),
    ),
    deed(`compress the folder tree into ${archive}`, (before) => ({
      ...before,
      [archive]: treeFiles
        .map((name) => `tree/${name}`)
        .toSorted()
        .join(' '),
    })),
    deed(`delete the folder ${copy}`, (before) => without(before, copy)),
    deed(`move ${one} to tree`, (before) => without({ ...before, [`tree/${one}`]: before[one]! }, one)),
    {
      words: ['undo', '{undo_id}', '--json'],
      after: (before) => without({ ...before, [one]: before[`tree/${one}`]! }, `tree/${one}`),
    },
  ]
}

function deed(goal: string, after: Deed['after']): Deed {
  return { words: ['run', '--yes', '--json', goal], goal, after }
}

function without(contents: Contents, name: string): Contents {
  return Object.fromEntries(Object.entries(contents).filter(([path]) => path !== name && !path.startsWith(`${name}/`)))
}

function copied(contents: Contents, from: string, to: string): Contents {
  return Object.fromEntries(
    Object.entries(contents)
      .filter(([path]) => path === from || path.startsWith(`${from}/`))
      .map(([path, content]) => [`${to}${path.slice(from.length)}`, content]),
  )
}

export function areEqual(one: Contents, other: Contents): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

/** which paths differ, for a person. */
export function describeDifference(found: Contents, wanted: Contents): string {
  const names = [...new Set([...Object.keys(found), ...Object.keys(wanted)])].filter(
    (name) => found[name] !== wanted[name],
  )
  const show = (text: string | undefined): string =>
    text === undefined ? 'nothing' : JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}… (${text.length})` : text)
  return names.map((name) => `${name}: ${show(found[name])} and not ${show(wanted[name])}`).join('; ')
}
