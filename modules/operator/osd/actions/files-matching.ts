// files.find, and the actions on everything a search finds: copy_matching, move_matching, delete_matching.
import { z } from 'zod'
import { escapeName } from '../../../../nucleus/escape.ts'
import type { ActionContext, ActionResult, Entry } from '../action.ts'
import { defineAction } from '../action.ts'
import { pathArgument } from './arguments.ts'
import { type FileQuery, comparedFiles, fileQuery, runQuery } from './file-query.ts'
import { entryData } from './files-inspect.ts'
import { transferAll, transferResources, trashAll } from './files-move.ts'
import { matchesOf } from './query-matches.ts'
import { alignColumns, formatBytes, formatTime, limitLines, plural, shortBytes } from './format.ts'
import { findEntry, pathResource, planTransfers } from './paths.ts'
import { describeNothing, describeQuery } from './query-words.ts'

/** paths carried in the data of a result. */
const maxPaths = 10_000

const findInput = z.strictObject({
  query: fileQuery,
  answer: z.enum(['list', 'count', 'first', 'any', 'size', 'kinds']).optional().describe('default list'),
  details: z.boolean().optional().describe('with size and date'),
  expect: z
    .strictObject({
      relation: z.enum(['more', 'fewer', 'at_least', 'at_most', 'exactly']),
      count: z.int().min(0).max(1_000_000),
    })
    .optional()
    .describe('answers with yes or no whether there are so many'),
})

const relations: Readonly<
  Record<NonNullable<z.output<typeof findInput>['expect']>['relation'], (found: number, count: number) => boolean>
> = {
  more: (found, count) => found > count,
  fewer: (found, count) => found < count,
  at_least: (found, count) => found >= count,
  at_most: (found, count) => found <= count,
  exactly: (found, count) => found === count,
}

type FindArguments = z.output<typeof findInput>

/** on one line, so that places in a list can be counted. */
function shownPath(context: Pick<ActionContext, 'tree'>, entry: Entry): string {
  const path = escapeName(context.tree.show(entry.absolute))
  return entry.kind === 'folder' ? `${path}/` : path
}

// size and date are shown when they are asked for, or when the search is about them.
function rowOf(entry: Entry, args: FindArguments, context: ActionContext): string[] {
  const { query } = args
  const aboutSize = query.sort === 'size' || query.larger_than !== undefined || query.smaller_than !== undefined
  const row = [shownPath(context, entry)]
  if ((args.details === true || aboutSize) && entry.kind === 'file') row.push(shortBytes(entry.bytes))
  if (args.details === true || query.sort === 'modified')
    row.push(formatTime(entry.modifiedMs, context.timeZone, false))
  return row
}

// the one that a search was for, such as the largest: with both facts, whichever of them it was chosen by.
function firstWords(entry: Entry, args: FindArguments, context: ActionContext): string {
  const { sort } = args.query
  const parts = [shownPath(context, entry)]
  if (args.details === true || sort === 'size' || sort === 'modified') {
    if (entry.kind === 'file') parts.push(formatBytes(entry.bytes))
    parts.push(`modified ${formatTime(entry.modifiedMs, context.timeZone)}`)
  }
  return parts.join(', ')
}

/** how many there are of each ending, the most first. */
function countKinds(entries: readonly Entry[]): string[] {
  const counts = new Map<string, number>()
  for (const { name } of entries) {
    const kind = /(?<=.)\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? 'without an extension'
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts]
    .toSorted(([one, first], [other, second]) => second - first || (one < other ? -1 : 1))
    .map(([kind, count]) => `${kind}: ${count}`)
}

async function find(args: FindArguments, context: ActionContext): Promise<ActionResult> {
  const entries = await runQuery(args.query, context)
  const words = (count: number) => describeQuery(args.query, count, context.timeZone)
  const paths = entries.map((entry) => context.tree.show(entry.absolute))
  const bytes = entries.reduce((total, entry) => total + (entry.kind === 'file' ? entry.bytes : 0), 0)
  const [first] = entries
  const data = {
    path: paths[0] ?? '',
    paths: paths.slice(0, maxPaths),
    kinds: entries.slice(0, maxPaths).map(({ kind }) => kind),
    count: entries.length,
    bytes,
    text: paths.slice(0, maxPaths).join('\n'),
    ...(first === undefined ? {} : { first: entryData(first, paths[0] ?? '') }),
  }
  const answer = args.answer ?? 'list'
  if (args.expect !== undefined) {
    const { relation, count } = args.expect
    const enough = relations[relation](entries.length, count)
    const are = entries.length === 1 ? 'is' : 'are'
    return { text: `${enough ? 'yes' : 'no'}, there ${are} ${entries.length} ${words(entries.length)}`, data }
  }
  if (answer === 'count') return { text: `${entries.length} ${words(entries.length)}`, data }
  if (answer === 'kinds')
    return { text: limitLines(countKinds(entries)) || describeNothing(args.query, context.timeZone), data }
  if (answer === 'size') {
    return { text: `${formatBytes(bytes)} in ${entries.length} ${words(entries.length)}`, data }
  }
  if (first === undefined) {
    return {
      text: answer === 'any' ? `no, there are no ${words(2)}` : describeNothing(args.query, context.timeZone),
      data,
    }
  }
  const { limit, sort } = args.query
  const single =
    answer === 'list' &&
    (limit === 1 || args.query.rank !== undefined) &&
    (args.details === true || sort === 'size' || sort === 'modified')
  if (answer === 'first' || single) return { text: firstWords(first, args, context), data }
  const lines = alignColumns(entries.map((entry) => rowOf(entry, args, context)))
  const list = limitLines(lines)
  return { text: answer === 'any' ? `yes, ${plural(entries.length, 'match', 'matches')}:\n${list}` : list, data }
}

export const findFiles = defineAction({
  name: 'files.find',
  description: 'find files or folders by name, kind, size, age or the text in them',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 60_000,
  input: findInput,
  resources: async (args, { tree }) =>
    Promise.all([args.query.root ?? '.', ...comparedFiles(args.query)].map((path) => pathResource(tree, path, 'read'))),
  run: find,
})

type Searching = Pick<ActionContext, 'tree' | 'signal'>

export async function nothingFound(query: FileQuery, context: ActionContext, done: string): Promise<ActionResult> {
  return {
    text: `nothing was ${done}: ${describeNothing(query, context.timeZone)}`,
    data: { path: '', paths: [], count: 0 },
  }
}

const matchingInput = z.strictObject({ query: fileQuery, to: pathArgument })
type MatchingArguments = z.output<typeof matchingInput>

async function matchingTransfers(args: MatchingArguments, context: Searching) {
  const target = await findEntry(context.tree, args.to)
  // what lies in the target already stays there.
  const inside = (entry: Entry) => target !== undefined && entry.absolute.startsWith(`${target.absolute}/`)
  const entries = (await matchesOf(args.query, context)).filter(
    (entry) => !inside(entry) && entry.absolute !== target?.absolute,
  )
  return planTransfers(
    context.tree,
    entries.map((entry) => entry.absolute),
    args.to,
    true,
  )
}

const transferring = { effect: 'files', undoable: true, timeoutMs: 120_000, input: matchingInput } as const

export const copyMatching = defineAction({
  ...transferring,
  name: 'files.copy_matching',
  description: 'copy everything that a search finds into a folder',
  risk: 'low',
  resources: async (args, context) => transferResources(context, await matchingTransfers(args, context), 'read'),
  run: async (args, context) => {
    const transfers = await matchingTransfers(args, context)
    return transfers.length === 0
      ? nothingFound(args.query, context, 'copied')
      : transferAll(context, transfers, 'copy')
  },
})

export const moveMatching = defineAction({
  ...transferring,
  name: 'files.move_matching',
  description: 'move everything that a search finds into a folder',
  risk: 'medium',
  resources: async (args, context) => transferResources(context, await matchingTransfers(args, context), 'remove'),
  run: async (args, context) => {
    const transfers = await matchingTransfers(args, context)
    return transfers.length === 0 ? nothingFound(args.query, context, 'moved') : transferAll(context, transfers, 'move')
  },
})

export const deleteMatching = defineAction({
  name: 'files.delete_matching',
  description: 'move everything that a search finds to the trash',
  effect: 'files',
  risk: 'high',
  undoable: true,
  timeoutMs: 120_000,
  input: z.strictObject({ query: fileQuery }),
  resources: async (args, context) =>
    (await matchesOf(args.query, context)).map(({ absolute }) => ({
      kind: 'path' as const,
      access: 'remove' as const,
      name: absolute,
    })),
  run: async (args, context) => {
    const entries = await matchesOf(args.query, context)
    if (entries.length === 0) return nothingFound(args.query, context, 'deleted')
    return trashAll(
      context,
      entries.map((entry) => entry.absolute),
    )
  },
})
