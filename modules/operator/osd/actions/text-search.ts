// text.search: lines with a text, in one file or in all files below a folder.
import { z } from 'zod'
import type { ActionContext, ActionResult, Entry } from '../action.ts'
import { defineAction } from '../action.ts'
import { escapeName } from '../../../../nucleus/escape.ts'
import { pathArgument, searchArgument } from './arguments.ts'
import { type FileQuery, fileQuery, runQuery, unsearchable } from './file-query.ts'
import { limitLines, maxListLines, nameList, plural, showFolder } from './format.ts'
import { pathResource } from './paths.ts'
import { readLines, shortLine } from './text-file.ts'
import { createMatcher } from './text-match.ts'

/** lines held at most; those beyond are counted. */
const maxHeld = 10_000

const input = z.strictObject({
  text: searchArgument,
  root: pathArgument.optional().describe('a file or a folder; default the working folder'),
  query: fileQuery.optional().describe('only files that fit this search'),
  ignore_case: z.boolean().optional(),
  whole_word: z.boolean().optional(),
  numbered: z.boolean().optional().describe('with the number of each line, also in a single file'),
  answer: z.enum(['lines', 'files', 'count', 'any']).optional().describe("default lines; 'any' ignores case"),
})

type Arguments = z.output<typeof input>

interface Match {
  readonly path: string
  readonly line: number
  readonly text: string
}

interface Found {
  readonly matches: Match[]
  readonly files: string[]
  count: number
}

function queryOf(args: Arguments): FileQuery {
  return { ...args.query, root: args.root ?? args.query?.root ?? '.', kind: 'file' }
}

async function searchFile(
  entry: Entry,
  fits: (line: string) => boolean,
  found: Found,
  context: ActionContext,
): Promise<void> {
  const path = context.tree.show(entry.absolute)
  let number = 0
  let here = 0
  for await (const { text } of readLines(context.tree, entry.absolute, context.signal)) {
    number += 1
    if (!fits(text)) continue
    here += 1
    if (found.matches.length < maxHeld) found.matches.push({ path, line: number, text: shortLine(text) })
  }
  if (here > 0) found.files.push(path)
  found.count += here
}

async function search(args: Arguments, context: ActionContext): Promise<ActionResult> {
  // who asks whether something is mentioned does not think of capital letters.
  const fits = createMatcher(args.text, { ...args, ignore_case: args.ignore_case ?? args.answer === 'any' })
  const query = queryOf(args)
  const root = await context.tree.entry(query.root ?? '.')
  const found: Found = { matches: [], files: [], count: 0 }
  const entries = await runQuery(root.kind === 'link' ? { ...query, kind: 'any' } : query, context)
  // a link to a file is read through, as every reading of it does.
  const single = root.kind === 'file' || (root.kind === 'link' && entries[0]?.absolute === root.absolute)
  for (const entry of entries) {
    if (!single && entry.kind !== 'file') continue
    try {
      await searchFile(entry, fits, found, context)
    } catch (error) {
      // a single file that is asked for says why it cannot be searched; among many it is passed over.
      if (single || !unsearchable(error)) throw error
    }
  }
  return result(args, found, { root, single }, context)
}

function result(
  args: Arguments,
  found: Found,
  { root, single }: { root: Entry; single: boolean },
  context: ActionContext,
): ActionResult {
  const where = single ? context.tree.show(root.absolute) : showFolder(context, root.absolute)
  const shown = `"${args.text}"`
  const data = {
    path: found.files[0] ?? '',
    paths: found.files.slice(0, maxHeld),
    count: found.count,
    text: found.matches
      .slice(0, maxListLines)
      .map((match) => match.text)
      .join('\n'),
    matches: found.matches.slice(0, maxListLines).map(({ path, line, text }) => ({ path, line, text })),
  }
  if (args.answer === 'count') {
    const places = single ? `in ${where}` : `in ${plural(found.files.length, 'file')}`
    return { text: `${plural(found.count, 'line')} with ${shown} ${places}`, data }
  }
  if (args.answer === 'any') return { text: anyWords(found, { where, shown, single }), data }
  if (found.count === 0) return { text: `no lines with ${shown} found in ${where}`, data }
  if (args.answer === 'files') return { text: limitLines(found.files.map(escapeName)), data }
  const lines = found.matches.map((match) =>
    single
      ? args.numbered === true
        ? `${match.line}: ${match.text}`
        : match.text
      : `${escapeName(match.path)}:${match.line}: ${match.text}`,
  )
  const rest = found.count - found.matches.length
  if (rest > 0 && lines.length <= maxListLines) lines.push(`… and ${rest} more`)
  return { text: limitLines(lines), data }
}

function anyWords(found: Found, about: { where: string; shown: string; single: boolean }): string {
  const { where, shown, single } = about
  if (single) {
    return found.count === 0
      ? `no, ${where} does not mention ${shown}`
      : `yes, ${where} mentions ${shown} (${plural(found.count, 'line')})`
  }
  const { files } = found
  if (files.length === 0) return `no, no file in ${where} mentions ${shown}`
  const verb = files.length === 1 ? 'mentions' : 'mention'
  return `yes, ${plural(files.length, 'file')} in ${where} ${verb} ${shown}: ${nameList(files)}`
}

export const searchText = defineAction({
  name: 'text.search',
  description: 'find the lines that hold a text, in a file or in all files of a folder',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 60_000,
  input,
  resources: async (args, { tree }) => [await pathResource(tree, queryOf(args).root ?? '.', 'read')],
  run: search,
})
