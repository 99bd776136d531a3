// files.replace, files.delete_lines and files.transform: changing text that is there, with its line ends and encoding kept.
import { z } from 'zod'
import type { ActionContext, ActionResult, Resource } from '../action.ts'
import { defineAction } from '../action.ts'
import { countArgument, pathArgument, searchArgument, textArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { plural } from './format.ts'
import { createResources, ensureParent, pathResource } from './paths.ts'
import { sortLines, uniqueLines } from './sort-lines.ts'
import { type Line, joinLines, readEditable, splitLines, withEndings } from './text-file.ts'
import { createMatcher, literalPattern } from './text-match.ts'

/** an edited file may not grow beyond this by replacing. */
const maxResultLength = 64 * 1024 * 1024

const edited = { effect: 'files', risk: 'low', undoable: true, timeoutMs: 20_000 } as const

const replaceInput = z.strictObject({
  path: pathArgument,
  find: searchArgument,
  replace: textArgument,
  ignore_case: z.boolean().optional(),
  whole_word: z.boolean().optional(),
  first_only: z.boolean().optional(),
  on_lines_with: searchArgument.optional().describe('only where the line has this, too, in any case'),
})

async function replaceText(args: z.output<typeof replaceInput>, context: ActionContext): Promise<ActionResult> {
  const file = await readEditable(context.tree, args.path)
  const path = context.tree.show(await context.tree.locate(args.path))
  // line ends in what is looked for and put in are those of the file.
  const adapt = (text: string) => text.replace(/\r\n|\r|\n/g, file.ending)
  const replacement = adapt(args.replace)
  let count = 0
  const pattern = literalPattern(adapt(args.find), args, args.first_only === true ? '' : 'g')
  const put = () => {
    count += 1
    if (count * replacement.length > maxResultLength) throw actionErrors.TOO_MANY_MATCHES({ value: args.find })
    return replacement
  }
  const { on_lines_with: key } = args
  const has = key === undefined ? undefined : createMatcher(key, { ignore_case: true })
  const text =
    has === undefined
      ? file.text.replace(pattern, put)
      : joinLines(
          file.lines.map((line) => (has(line.text) ? { ...line, text: line.text.replace(pattern, put) } : line)),
        )
  if (count === 0) {
    return {
      text: `nothing was replaced: ${path} does not contain "${args.find}"${key === undefined ? '' : ` on a line with "${key}"`}`,
      data: { path, paths: [path], count },
    }
  }
  if (text !== file.text) await context.changes.write(args.path, file.encode(text), { expect: 'present' })
  const times = count === 1 ? 'once' : `${count} times`
  return {
    text: `replaced "${args.find}" with "${args.replace}" ${times} in ${path}`,
    data: { path, paths: [path], count },
  }
}

export const replaceInFile = defineAction({
  ...edited,
  name: 'files.replace',
  description: 'replace a text in a file by another, everywhere or once',
  input: replaceInput,
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'change')],
  run: replaceText,
})

const deleteInput = z
  .strictObject({
    path: pathArgument,
    containing: searchArgument.optional(),
    not_containing: searchArgument.optional(),
    blank: z.boolean().optional().describe('lines with nothing or only spaces in them'),
    numbers: z.strictObject({ from: countArgument, to: countArgument }).optional(),
    last: countArgument.optional().describe('this many lines at the end'),
    keep_first: countArgument.optional().describe('all but this many at the start'),
    keep_last: countArgument.optional().describe('all but this many at the end'),
    ignore_case: z.boolean().optional(),
    whole_word: z.boolean().optional(),
  })
  .refine(
    (args) =>
      args.containing !== undefined ||
      args.not_containing !== undefined ||
      args.blank === true ||
      args.numbers !== undefined ||
      args.keep_first !== undefined ||
      args.keep_last !== undefined ||
      args.last !== undefined,
    'say which lines: containing, not_containing, blank, numbers, last, keep_first or keep_last',
  )

// a line goes when any of the conditions given holds for it.
function createDoomed(args: z.output<typeof deleteInput>, total: number): (line: Line, index: number) => boolean {
  const containing = args.containing === undefined ? undefined : createMatcher(args.containing, args)
  const required = args.not_containing === undefined ? undefined : createMatcher(args.not_containing, args)
  return ({ text }, index) => {
    if (containing?.(text) === true) return true
    if (required !== undefined && !required(text)) return true
    if (args.blank === true && text.trim() === '') return true
    if (args.last !== undefined && index >= total - args.last) return true
    if (args.keep_first !== undefined && index >= args.keep_first) return true
    if (args.keep_last !== undefined && index < total - args.keep_last) return true
    const { numbers } = args
    return numbers !== undefined && index + 1 >= numbers.from && index + 1 <= numbers.to
  }
}

async function deleteLines(args: z.output<typeof deleteInput>, context: ActionContext): Promise<ActionResult> {
  const file = await readEditable(context.tree, args.path)
  const path = context.tree.show(await context.tree.locate(args.path))
  if (args.numbers !== undefined && args.numbers.from > file.lines.length) {
    throw actionErrors.NO_SUCH_LINE({
      value: args.numbers.from,
      detail: `${path} has ${plural(file.lines.length, 'line')}`,
    })
  }
  const doomed = createDoomed(args, file.lines.length)
  const kept = file.lines.filter((line, index) => !doomed(line, index))
  const count = file.lines.length - kept.length
  if (count === 0)
    return { text: `nothing was deleted: no such lines in ${path}`, data: { path, paths: [path], count } }
  await context.changes.write(args.path, file.encode(joinLines(kept)), { expect: 'present' })
  return {
    text: `deleted ${plural(count, 'line')} from ${path}, ${plural(kept.length, 'line')} left`,
    data: { path, paths: [path], count, left: kept.length },
  }
}

export const deleteFromFile = defineAction({
  ...edited,
  name: 'files.delete_lines',
  description: 'delete lines of a file: by their text, their number, the last ones, or blank ones',
  input: deleteInput,
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'change')],
  run: deleteLines,
})

const transformInput = z.strictObject({
  path: pathArgument,
  to: pathArgument.optional().describe('a new file for the result; default the file itself'),
  operation: z.enum(['sort', 'sort_descending', 'unique', 'reverse', 'uppercase', 'lowercase', 'trim', 'number']),
  unique: z.boolean().optional().describe('each different line once'),
})

type Operation = z.output<typeof transformInput>['operation']

function transform(lines: readonly string[], operation: Operation, locale: string): string[] {
  switch (operation) {
    case 'sort':
      return sortLines(lines, locale)
    case 'sort_descending':
      return sortLines(lines, locale).reverse()
    case 'unique':
      return uniqueLines(lines)
    case 'reverse':
      return lines.toReversed()
    case 'uppercase':
      return lines.map((line) => line.toUpperCase())
    case 'lowercase':
      return lines.map((line) => line.toLowerCase())
    case 'trim':
      return lines.map((line) => line.trim())
    case 'number':
      return lines.map((line, index) => `${String(index + 1).padStart(String(lines.length).length)}  ${line}`)
  }
}

const doneWords: Readonly<Record<Operation, string>> = {
  sort: 'sorted',
  sort_descending: 'sorted in descending order',
  unique: 'kept each different line once in',
  reverse: 'reversed the lines of',
  uppercase: 'changed to upper case:',
  lowercase: 'changed to lower case:',
  trim: 'removed spaces around the lines of',
  number: 'numbered the lines of',
}

async function transformFile(args: z.output<typeof transformInput>, context: ActionContext): Promise<ActionResult> {
  const { tree, changes } = context
  const file = await readEditable(tree, args.path)
  const texts = file.lines.map((line) => line.text)
  const changed = transform(args.unique === true ? uniqueLines(texts) : texts, args.operation, context.locale)
  const text = joinLines(withEndings(changed, file.lines))
  const path = tree.show(await tree.locate(args.path))
  if (args.to === undefined || args.to === args.path) {
    const same = text === file.text
    if (!same) await changes.write(args.path, file.encode(text), { expect: 'present' })
    return {
      text: same
        ? `nothing to change in ${path}`
        : `${doneWords[args.operation]} ${path} (${plural(changed.length, 'line')})`,
      data: { path, paths: [path], count: changed.length, removed: texts.length - changed.length },
    }
  }
  await ensureParent(context, args.to)
  // a mode that runs or hides the source is not handed on by mistake: the new file gets the usual one.
  const entry = await changes.write(args.to, file.encode(text), { expect: 'absent' })
  const shown = tree.show(entry.absolute)
  return {
    text: `${doneWords[args.operation]} ${path} into ${shown} (${plural(splitLines(text).length, 'line')})`,
    data: { path: shown, paths: [shown], count: changed.length, removed: texts.length - changed.length },
  }
}

export const transformText = defineAction({
  ...edited,
  name: 'files.transform',
  description: 'sort, number, reverse or respell the lines of a file, in place or into a new file',
  input: transformInput,
  resources: async (args, { tree }): Promise<Resource[]> => {
    if (args.to === undefined || args.to === args.path) return [await pathResource(tree, args.path, 'change')]
    return [await pathResource(tree, args.path, 'read'), ...(await createResources(tree, args.to))]
  },
  run: transformFile,
})
