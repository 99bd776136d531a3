// a search for files: its arguments, the bounded walk that answers it, and its words for a person.
import { basename } from 'node:path'
import { z } from 'zod'
import type { ActionContext, Entry } from '../action.ts'
import { countArgument, pathArgument, searchArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { collatorFor } from './format.ts'
import { isLotusError } from '../../../../nucleus/errors.ts'
import { readLines } from './text-file.ts'
import { createMatcher } from './text-match.ts'
import { type Exceptions, createExceptions, fold } from './excepted.ts'
import { createGlob } from './glob.ts'

const nameArgument = z.string().min(1).max(255)
const sizeArgument = z.number().min(0)

/** what a search is made of; everything given must hold. */
export const fileQuery = z.strictObject({
  root: pathArgument.optional().describe('folder to search, or one file; default the working folder'),
  recursive: z.boolean().optional().describe('subfolders too; default true'),
  kind: z.enum(['file', 'folder', 'link', 'any']).optional().describe('default file'),
  extensions: z.array(z.string().max(32)).max(64).optional().describe("without the dot; '' means none"),
  no_extension: z.boolean().optional().describe('only names without an extension; false: only names with one'),
  name_equals: nameArgument.optional(),
  name_contains: nameArgument.optional(),
  name_starts: nameArgument.optional(),
  name_ends: nameArgument.optional(),
  glob: z.string().min(1).max(255).optional().describe('against the name, or the path where it has a slash'),
  larger_than: sizeArgument.optional().describe('bytes'),
  smaller_than: sizeArgument.optional().describe('bytes'),
  modified_within_ms: sizeArgument.optional(),
  older_than_ms: sizeArgument.optional(),
  modified_after: z.number().optional().describe('milliseconds since 1970'),
  modified_before: z.number().optional().describe('milliseconds since 1970'),
  newer_than_file: pathArgument.optional().describe('modified later than this file'),
  older_than_file: pathArgument.optional(),
  larger_than_file: pathArgument.optional(),
  smaller_than_file: pathArgument.optional(),
  empty: z.boolean().optional(),
  executable: z.boolean().optional(),
  hidden: z.boolean().optional().describe('also names that begin with a dot'),
  contains: searchArgument.optional().describe('text inside the file'),
  also_contains: z.array(searchArgument).min(1).max(20).optional().describe('each of these texts is in it, too'),
  or_contains: z.array(searchArgument).min(1).max(20).optional().describe('or one of these texts instead'),
  ignore_case: z.boolean().optional(),
  whole_word: z.boolean().optional(),
  except: z
    .strictObject({
      names: z.array(z.string().min(1).max(4096)).max(1000).optional(),
      extensions: z.array(z.string().max(32)).max(64).optional(),
      contains: z.union([searchArgument, z.array(searchArgument).min(1).max(20)]).optional(),
    })
    .optional()
    .describe('left out; names may be names, paths or patterns'),
  sort: z.enum(['name', 'size', 'modified']).optional(),
  order: z.enum(['ascending', 'descending']).optional().describe('default: names ascending, else descending'),
  limit: countArgument.optional(),
  rank: countArgument.optional().describe('only the one at this place of the order: 2 is the second newest'),
})

export type FileQuery = z.output<typeof fileQuery>

/** the extension of a name without its dot, in lower case; '' for none. several-part ones are matched by name's end. */
function hasExtension(name: string, extensions: readonly string[]): boolean {
  const folded = fold(name)
  const plain = folded.slice(1)
  return extensions.some((extension) =>
    extension === '' ? !plain.includes('.') : plain.endsWith(`.${fold(extension).replace(/^\./, '')}`),
  )
}

/** `intro` calls intro.md, too: people leave endings out; `intro.md` calls nothing else. */
function isCalled(name: string, wanted: string): boolean {
  return name === wanted || (!wanted.includes('.') && name.replace(/(?<=.)\.[^.]{1,8}$/, '') === wanted)
}

// a name is compared without its case and with accents composed, as a person would.
function nameFits(
  name: string,
  shown: string,
  query: FileQuery,
  glob: ((path: string) => boolean) | undefined,
): boolean {
  const folded = fold(name)
  const { extensions, name_equals, name_contains, name_starts, name_ends, except } = query
  if (extensions !== undefined && !hasExtension(name, extensions)) return false
  if (query.no_extension !== undefined && hasExtension(name, ['']) !== query.no_extension) return false
  if (name_equals !== undefined && !isCalled(folded, fold(name_equals))) return false
  if (name_contains !== undefined && !folded.includes(fold(name_contains))) return false
  if (name_starts !== undefined && !folded.startsWith(fold(name_starts))) return false
  if (name_ends !== undefined && !folded.endsWith(fold(name_ends))) return false
  if (glob !== undefined && !glob(query.glob?.includes('/') === true ? fold(shown) : folded)) return false
  return except?.extensions === undefined || !hasExtension(name, except.extensions)
}

function statusFits(entry: Entry, query: FileQuery, nowMs: number): boolean {
  const kind = query.kind ?? 'file'
  if (kind !== 'any' && entry.kind !== kind) return false
  const { bytes, modifiedMs, mode } = entry
  if (query.larger_than !== undefined && !(entry.kind === 'file' && bytes > query.larger_than)) return false
  if (query.smaller_than !== undefined && !(entry.kind === 'file' && bytes < query.smaller_than)) return false
  if (query.modified_within_ms !== undefined && modifiedMs < nowMs - query.modified_within_ms) return false
  if (query.older_than_ms !== undefined && modifiedMs > nowMs - query.older_than_ms) return false
  if (query.modified_after !== undefined && modifiedMs < query.modified_after) return false
  if (query.modified_before !== undefined && modifiedMs >= query.modified_before) return false
  if (query.executable !== undefined && (entry.kind === 'file' && (mode & 0o111) !== 0) !== query.executable)
    return false
  if (query.empty === undefined || entry.kind === 'folder') return true
  return (entry.kind === 'file' && bytes === 0) === query.empty
}

/** says whether the file holds the text; what is not text or may not be read holds nothing. */
async function holdsText(context: QueryContext, path: string, fits: (line: string) => boolean): Promise<boolean> {
  try {
    for await (const line of readLines(context.tree, path, context.signal)) if (fits(line.text)) return true
    return false
  } catch (error) {
    if (unsearchable(error)) return false
    throw error
  }
}

const passedOver: ReadonlySet<string> = new Set([
  'NOT_TEXT',
  'READ_PROTECTED',
  'PATH_MISSING',
  'PATH_OUTSIDE',
  'PATH_CHANGED',
  'NOT_A_FILE',
  'NOT_ORDINARY',
  'NOT_PERMITTED',
])

/** errors of single files that a search passes over: not text, protected, or gone since it was listed. */
export function unsearchable(error: unknown): boolean {
  return isLotusError(error) && passedOver.has(error.code)
}

export type QueryContext = Pick<ActionContext, 'tree' | 'signal'> & Partial<Pick<ActionContext, 'locale'>>

const startsWithDot = (text: string | undefined) => text?.startsWith('.') === true

/** hidden entries are seen when asked for, or when the name that is looked for is hidden. */
function seesHidden(query: FileQuery): boolean {
  const { name_equals, name_starts, glob } = query
  return (
    query.hidden ?? (startsWithDot(name_equals) || startsWithDot(name_starts) || startsWithDot(basename(glob ?? '')))
  )
}

async function* entriesBelow(context: QueryContext, query: FileQuery): AsyncGenerator<Entry> {
  const { tree } = context
  const root = query.root ?? '.'
  const start = await tree.entry(root)
  if (start.kind !== 'folder' && !(start.kind === 'link' && (await leadsToFolder(tree, root)))) {
    yield start
    return
  }
  yield* tree.walk(root, { hidden: seesHidden(query), ...(query.recursive === false ? { depth: 1 } : {}) })
}

/** says whether a link leads to a folder that may be looked at. */
async function leadsToFolder(tree: ActionContext['tree'], path: string): Promise<boolean> {
  try {
    await tree.list(path)
    return true
  } catch (error) {
    if (isLotusError(error, 'NOT_A_FOLDER')) return false
    throw error
  }
}

/** entries that fit, sorted and cut to the query's limit. */
export async function runQuery(query: FileQuery, context: QueryContext, nowMs = Date.now()): Promise<Entry[]> {
  const found = await collect(query, context, nowMs)
  const sorted = sortEntries(found, query, context)
  if (query.rank !== undefined) return sorted.slice(query.rank - 1, query.rank)
  return query.limit === undefined ? sorted : sorted.slice(0, query.limit)
}

/** matches held at most; beyond that a search is too wide to be of use. */
const maxMatches = 100_000

/** what a search leaves out by name. */
export async function exceptionsOf(query: FileQuery, tree: ActionContext['tree']): Promise<Exceptions> {
  return createExceptions(query.except?.names ?? [], await tree.locate(query.root ?? '.'), tree)
}

async function collect(query: FileQuery, context: QueryContext, nowMs: number): Promise<Entry[]> {
  const { tree, signal } = context
  const options = { ignore_case: query.ignore_case, whole_word: query.whole_word }
  const contains = query.contains === undefined ? undefined : createMatcher(query.contains, options)
  const excepted = [query.except?.contains ?? []].flat().map((text) => createMatcher(text, options))
  const glob = query.glob === undefined ? undefined : createGlob(fold(query.glob))
  const rootPath = await tree.locate(query.root ?? '.')
  const exceptions = await exceptionsOf(query, tree)
  const also = (query.also_contains ?? []).map((text) => createMatcher(text, options))
  const instead = (query.or_contains ?? []).map((text) => createMatcher(text, options))
  const compare = await comparisonOf(query, tree)
  const found: Entry[] = []
  for await (const entry of entriesBelow(context, query)) {
    signal.throwIfAborted()
    const below = entry.absolute.startsWith(`${rootPath}/`) ? entry.absolute.slice(rootPath.length + 1) : entry.name
    if (query.recursive === false && below.includes('/')) continue
    if (!nameFits(entry.name, below, query, glob) || !statusFits(entry, query, nowMs)) continue
    if (exceptions.excludes(entry, below) || !compare(entry)) continue
    if (query.empty !== undefined && entry.kind === 'folder' && (await isEmpty(context, entry)) !== query.empty)
      continue
    if (contains !== undefined && entry.kind !== 'file') continue
    if (contains !== undefined && !(await holdsOne(context, entry.absolute, [contains, ...instead]))) continue
    if (!(await holdsAll(context, entry, also))) continue
    if (excepted.length > 0 && entry.kind === 'file' && (await holdsOne(context, entry.absolute, excepted))) continue
    found.push(entry)
    if (found.length > maxMatches)
      throw actionErrors.TOO_MANY_MATCHES({ value: query.root ?? '.', detail: `over ${maxMatches}` })
  }
  return found
}

async function holdsOne(context: QueryContext, path: string, any: readonly ((line: string) => boolean)[]) {
  return holdsText(context, path, (line) => any.some((fits) => fits(line)))
}

/** each text somewhere in the file, not necessarily in one line. */
async function holdsAll(context: QueryContext, entry: Entry, all: readonly ((line: string) => boolean)[]) {
  if (all.length > 0 && entry.kind !== 'file') return false
  for (const fits of all) if (!(await holdsText(context, entry.absolute, fits))) return false
  return true
}

const comparedWith = ['newer_than_file', 'older_than_file', 'larger_than_file', 'smaller_than_file'] as const

/** the files that others are compared with. */
export function comparedFiles(query: FileQuery): string[] {
  return comparedWith.flatMap((name) => query[name] ?? [])
}

/** what is larger, newer … than another file; that file itself never is. */
async function comparisonOf(query: FileQuery, tree: ActionContext['tree']): Promise<(entry: Entry) => boolean> {
  const others = new Map<(typeof comparedWith)[number], Entry>()
  for (const name of comparedWith) {
    const path = query[name]
    if (path !== undefined) others.set(name, await tree.entry(path))
  }
  if (others.size === 0) return () => true
  const [newer, older] = [others.get('newer_than_file'), others.get('older_than_file')]
  const [larger, smaller] = [others.get('larger_than_file'), others.get('smaller_than_file')]
  return (entry) =>
    (newer === undefined || entry.modifiedMs > newer.modifiedMs) &&
    (older === undefined || entry.modifiedMs < older.modifiedMs) &&
    (larger === undefined || entry.bytes > larger.bytes) &&
    (smaller === undefined || entry.bytes < smaller.bytes)
}

async function isEmpty(context: QueryContext, folder: Entry): Promise<boolean> {
  try {
    return (await context.tree.list(folder.absolute)).length === 0
  } catch (error) {
    if (unsearchable(error)) return false
    throw error
  }
}

/** by name in the person's alphabet with numbers by value, or by size or time; equals by name. */
export function sortEntries(
  entries: readonly Entry[],
  query: Pick<FileQuery, 'sort' | 'order'>,
  context: Pick<QueryContext, 'tree' | 'locale'>,
): Entry[] {
  const sort = query.sort ?? 'name'
  const collator = collatorFor(context.locale ?? 'en', { numeric: true })
  const shown = new Map(entries.map((entry) => [entry, context.tree.show(entry.absolute)]))
  const byName = (a: Entry, b: Entry) => {
    const [x, y] = [shown.get(a) ?? '', shown.get(b) ?? '']
    return collator.compare(x, y) || (x < y ? -1 : x > y ? 1 : 0)
  }
  const turn = (query.order ?? (sort === 'name' ? 'ascending' : 'descending')) === 'descending' ? -1 : 1
  if (sort === 'name') return entries.toSorted((a, b) => turn * byName(a, b))
  const key = (entry: Entry) => (sort === 'size' ? entry.bytes : entry.modifiedMs)
  return entries.toSorted((a, b) => turn * (key(a) - key(b)) || byName(a, b))
}
