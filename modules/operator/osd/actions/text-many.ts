// files.append_matching and files.replace_matching: the same edit in every file that a search finds, or in none.
import { z } from 'zod'
import type { ActionContext, ActionResult, Resource } from '../action.ts'
import { defineAction } from '../action.ts'
import { searchArgument, textArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { type FileQuery, fileQuery, unsearchable } from './file-query.ts'
import { nameList, plural } from './format.ts'
import { matchesOf } from './query-matches.ts'
import { describeNothing } from './query-words.ts'
import { type EditableText, readEditable } from './text-file.ts'
import { literalPattern } from './text-match.ts'

/** files that one goal edits at most: each is held in memory for a moment and kept for undo. */
const maxEdited = 1000

type Searching = Pick<ActionContext, 'tree' | 'signal'>

const onlyFiles = (query: FileQuery): FileQuery => ({ ...query, kind: 'file' })

interface Edit {
  readonly absolute: string
  readonly file: EditableText
  readonly text: string
  readonly count: number
}

/** what will be written where; read before the decision, too, so that only files that change are named. */
async function editsOf(
  query: FileQuery,
  context: Searching,
  edit: (file: EditableText) => { text: string; count: number },
  skipOthers: boolean,
): Promise<Edit[]> {
  const edits: Edit[] = []
  const found = await matchesOf(onlyFiles(query), context)
  if (found.length > maxEdited)
    throw actionErrors.TOO_MANY_MATCHES({
      value: query.root ?? '.',
      detail: `${found.length} match, ${maxEdited} is the limit`,
    })
  for (const { absolute } of found) {
    context.signal.throwIfAborted()
    let file: EditableText
    try {
      file = await readEditable(context.tree, absolute)
    } catch (error) {
      // a picture among the files holds no text to replace; a line is not added to one silently.
      if (skipOthers && unsearchable(error)) continue
      throw error
    }
    const { text, count } = edit(file)
    if (text !== file.text) edits.push({ absolute, file, text, count })
  }
  return edits
}

const changes = (edits: readonly Edit[]): Resource[] =>
  edits.map(({ absolute }) => ({ kind: 'path', access: 'change', name: absolute }))

async function writeAll(edits: readonly Edit[], context: ActionContext): Promise<string[]> {
  const paths: string[] = []
  for (const { absolute, file, text } of edits) {
    context.signal.throwIfAborted()
    const entry = await context.changes.write(absolute, file.encode(text), { expect: 'present' })
    paths.push(context.tree.show(entry.absolute))
  }
  return paths
}

const edited = { effect: 'files', risk: 'medium', undoable: true, timeoutMs: 60_000 } as const

const replaceInput = z.strictObject({
  query: fileQuery,
  find: searchArgument,
  replace: textArgument,
  ignore_case: z.boolean().optional(),
  whole_word: z.boolean().optional(),
})

const replacing = (args: z.output<typeof replaceInput>) => (file: EditableText) => {
  let count = 0
  const text = file.text.replace(literalPattern(args.find, args), () => {
    count += 1
    return args.replace
  })
  return { text, count }
}

export const replaceMatching = defineAction({
  ...edited,
  name: 'files.replace_matching',
  description: 'replace a text in every file that a search finds',
  input: replaceInput,
  resources: async (args, context) => changes(await editsOf(args.query, context, replacing(args), true)),
  run: async (args, context): Promise<ActionResult> => {
    const edits = await editsOf(args.query, context, replacing(args), true)
    const paths = await writeAll(edits, context)
    const count = edits.reduce((total, edit) => total + edit.count, 0)
    const text =
      paths.length === 0
        ? `nothing was replaced: none of the files contains "${args.find}"`
        : `replaced "${args.find}" with "${args.replace}" ${plural(count, 'time')} in ${nameList(paths)}`
    return { text, data: { path: paths[0] ?? '', paths, count } }
  },
})

const appendInput = z.strictObject({
  query: fileQuery,
  text: textArgument,
  position: z.enum(['end', 'start']).optional(),
})

const appending = (args: z.output<typeof appendInput>) => (file: EditableText) => {
  const added =
    args.text
      .replace(/\r\n|\r/g, '\n')
      .replace(/\n$/, '')
      .split('\n')
      .join(file.ending) + file.ending
  const gap = file.text === '' || file.lines.at(-1)?.ending !== '' ? '' : file.ending
  return { text: args.position === 'start' ? added + file.text : file.text + gap + added, count: 1 }
}

export const appendMatching = defineAction({
  ...edited,
  name: 'files.append_matching',
  description: 'add a text as lines of its own to every file that a search finds',
  input: appendInput,
  resources: async (args, context) => changes(await editsOf(args.query, context, appending(args), false)),
  run: async (args, context): Promise<ActionResult> => {
    const edits = await editsOf(args.query, context, appending(args), false)
    const paths = await writeAll(edits, context)
    const text =
      paths.length === 0
        ? `nothing was added: ${describeNothing(onlyFiles(args.query), context.timeZone)}`
        : `added the text to ${plural(paths.length, 'file')}: ${nameList(paths)}`
    return { text, data: { path: paths[0] ?? '', paths, count: paths.length } }
  },
})
