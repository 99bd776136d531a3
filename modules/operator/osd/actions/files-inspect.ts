// files.exists, files.info and files.list: what is there, without reading it.
import { z } from 'zod'
import type { ActionContext, ActionResult, Entry } from '../action.ts'
import { defineAction } from '../action.ts'
import { isLotusError } from '../../../../nucleus/errors.ts'
import { escapeName } from '../../../../nucleus/escape.ts'
import { pathArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { sortEntries } from './file-query.ts'
import { alignColumns, formatBytes, formatTime, limitLines, plural, shortBytes, showFolder } from './format.ts'
import { findEntry, locateNew, pathResource } from './paths.ts'
import { readUsers } from './system/users.ts'
import { readLines } from './text-file.ts'

/** lines of larger files are not counted on the way. */
const maxCountedBytes = 16 * 1024 * 1024

const kindNames = { file: 'file', folder: 'folder', link: 'link', other: 'device, pipe or socket' } as const

/** the nine letters of a mode, such as rwxr-xr-x. */
export function modeLetters(mode: number): string {
  return Array.from('rwxrwxrwx', (letter, index) => ((mode & (0o400 >> index)) === 0 ? '-' : letter)).join('')
}

/** plain data about an entry, the same wherever one is reported. */
export function entryData(entry: Entry, shown: string): { [name: string]: string | number } {
  return {
    path: shown,
    kind: entry.kind,
    bytes: entry.bytes,
    modified: new Date(entry.modifiedMs).toISOString(),
    mode: (entry.mode & 0o7777).toString(8).padStart(3, '0'),
  }
}

export const existsFile = defineAction({
  name: 'files.exists',
  description: 'tell whether there is a file or folder of this name',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 5000,
  input: z.strictObject({ path: pathArgument, kind: z.enum(['file', 'folder']).optional() }),
  resources: async (args, { tree }) => [{ kind: 'path', access: 'read', name: await locateNew(tree, args.path) }],
  run: async (args, context) => {
    const { tree } = context
    const entry = await findEntry(tree, args.path)
    const path = tree.show(await locateNew(tree, args.path))
    if (entry === undefined) {
      return {
        text: `no, there is no ${args.kind ?? 'file or folder'} ${path}`,
        data: { path, exists: false, count: 0 },
      }
    }
    const kind = kindNames[entry.kind]
    const size = entry.kind === 'file' ? `, ${shortBytes(entry.bytes)}` : ''
    const fits = args.kind === undefined || args.kind === entry.kind
    return {
      text: fits ? `yes, ${path} exists (${kind}${size})` : `no, there is no ${args.kind} ${path}: it is a ${kind}`,
      data: { ...entryData(entry, path), exists: fits, count: fits ? 1 : 0 },
    }
  },
})

const infoInput = z.strictObject({
  path: pathArgument,
  part: z.enum(['size', 'modified', 'mode', 'owner', 'kind', 'empty', 'all']).optional().describe('default all'),
})

/** says whether nothing is in a file or folder, and if not, what. */
async function emptyAnswer(args: z.output<typeof infoInput>, entry: Entry, context: ActionContext) {
  const { tree, signal } = context
  if (entry.kind === 'folder') {
    const { length } = await tree.list(args.path)
    const shown = showFolder(context, entry.absolute)
    return { empty: length === 0, shown, rest: plural(length, 'file or folder', 'files and folders') }
  }
  const shown = tree.show(entry.absolute)
  if (entry.kind !== 'file') throw actionErrors.WRONG_KIND({ value: shown, detail: `it is a ${kindNames[entry.kind]}` })
  return { empty: entry.bytes === 0, shown, rest: `${await lineWords(entry, tree, signal)}${formatBytes(entry.bytes)}` }
}

/** the lines of a text of moderate size; nothing for what is no text. */
async function lineWords(entry: Entry, tree: ActionContext['tree'], signal: AbortSignal): Promise<string> {
  if (entry.bytes > maxCountedBytes) return ''
  try {
    let lines = 0
    for await (const _line of readLines(tree, entry.absolute, signal)) lines += 1
    return `${plural(lines, 'line')}, `
  } catch (error) {
    if (isLotusError(error, 'NOT_TEXT')) return ''
    throw error
  }
}

async function describeEmpty(args: z.output<typeof infoInput>, entry: Entry, context: ActionContext) {
  const { empty, shown, rest } = await emptyAnswer(args, entry, context)
  return {
    text: empty ? `yes, ${shown} is empty` : `no, ${shown} is not empty: ${rest}`,
    data: { ...entryData(entry, context.tree.show(entry.absolute)), empty, text: empty ? 'yes' : 'no' },
  }
}

async function describeEntry(args: z.output<typeof infoInput>, context: ActionContext): Promise<ActionResult> {
  const entry = await context.tree.entry(args.path)
  if (args.part === 'empty') return describeEmpty(args, entry, context)
  const path = context.tree.show(entry.absolute)
  const owner = (await readUsers()).get(entry.uid) ?? `uid ${entry.uid}`
  const octal = (entry.mode & 0o7777).toString(8).padStart(3, '0')
  const target = entry.linkTarget === undefined ? '' : ` to ${entry.linkTarget}`
  const words = {
    size: entry.kind === 'folder' ? 'its size is that of the files in it' : formatBytes(entry.bytes),
    modified: formatTime(entry.modifiedMs, context.timeZone),
    mode: `${octal} (${modeLetters(entry.mode)})`,
    owner,
    kind: `${kindNames[entry.kind]}${target}`,
  }
  const part = args.part ?? 'all'
  const all = (
    ['kind', ...(entry.kind === 'folder' ? [] : ['size' as const]), 'modified', 'mode', 'owner'] as const
  ).map((name) => `${name}: ${words[name]}`)
  const sentences = {
    size: `${path}: ${words.size}`,
    modified: `${path} was modified on ${words.modified}`,
    mode: `${path} has mode ${words.mode}`,
    owner: `${path} belongs to ${owner}`,
    kind: `${path} is a ${words.kind}`,
    all: [path, ...all].join('\n'),
  }
  return {
    text: sentences[part],
    data: { ...entryData(entry, path), owner, text: words[part === 'all' ? 'kind' : part] },
  }
}

export const infoFile = defineAction({
  name: 'files.info',
  description: 'size, kind, mode, owner and time of change of a file or folder',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 5000,
  input: infoInput,
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'read')],
  run: describeEntry,
})

const listInput = z.strictObject({
  path: pathArgument.optional().describe('default the working folder'),
  hidden: z
    .union([z.boolean(), z.literal('only')])
    .optional()
    .describe("names with a leading dot too, or 'only' those"),
  kind: z.enum(['file', 'folder', 'link', 'any']).optional().describe('default any'),
  sort: z.enum(['name', 'size', 'modified']).optional(),
  order: z.enum(['ascending', 'descending']).optional(),
})

async function listFolder(args: z.output<typeof listInput>, context: ActionContext): Promise<ActionResult> {
  const { tree } = context
  const path = args.path ?? '.'
  const absolute = await tree.locate(path)
  const shown = showFolder(context, absolute)
  const all = await tree.list(path)
  const seen = all.filter((entry) => {
    const hidden = entry.name.startsWith('.')
    return args.hidden === 'only' ? hidden : args.hidden === true || !hidden
  })
  const entries = sortEntries(
    args.kind === undefined || args.kind === 'any' ? seen : seen.filter((entry) => entry.kind === args.kind),
    args,
    context,
  )
  const rows = entries.map((entry) => {
    const plain = escapeName(entry.name)
    const name = entry.kind === 'folder' ? `${plain}/` : plain
    if (args.sort === 'size') return [name, entry.kind === 'file' ? shortBytes(entry.bytes) : '']
    return args.sort === 'modified' ? [name, formatTime(entry.modifiedMs, context.timeZone, false)] : [name]
  })
  return {
    text: rows.length === 0 ? emptyWords(args, all.length, shown) : limitLines(alignColumns(rows)),
    data: {
      path: tree.show(absolute),
      paths: entries.slice(0, 10_000).map((entry) => tree.show(entry.absolute)),
      kinds: entries.slice(0, 10_000).map(({ kind }) => kind),
      count: entries.length,
      text: entries.map((entry) => entry.name).join('\n'),
    },
  }
}

function emptyWords(args: z.output<typeof listInput>, all: number, shown: string): string {
  if (all === 0) return `${shown} is empty`
  const kind = args.kind === undefined || args.kind === 'any' ? 'files or folders' : `${args.kind}s`
  if (args.hidden === 'only') return `there are no hidden ${kind} in ${shown}`
  return `there are no ${kind} in ${shown}${args.hidden === true || args.kind !== undefined ? '' : ` but ${plural(all, 'hidden one')}`}`
}

export const listFiles = defineAction({
  name: 'files.list',
  description: 'the names in a folder',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 10_000,
  input: listInput,
  resources: async (args, { tree }) => [await pathResource(tree, args.path ?? '.', 'read')],
  run: listFolder,
})
