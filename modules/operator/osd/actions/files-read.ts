// files.read: the text of a file, whole or in part, as it is or sorted.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../action.ts'
import { defineAction } from '../action.ts'
import { countArgument, pathArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { limitText, plural } from './format.ts'
import { pathResource } from './paths.ts'
import { sortLines, uniqueLines } from './sort-lines.ts'
import { readAllLines } from './text-lines.ts'
import { decodeText, readLines, shortLine, splitLines } from './text-file.ts'

/** a file is shown whole up to this many bytes. */
const maxWholeBytes = 1024 * 1024

const lineRange = z.union([
  z.strictObject({ first: countArgument }),
  z.strictObject({ last: countArgument }),
  z.strictObject({ from: countArgument, to: countArgument }),
])

const input = z.strictObject({
  path: pathArgument,
  lines: lineRange.optional().describe('only these lines, of any size of file'),
  sort: z.enum(['ascending', 'descending']).optional(),
  unique: z.boolean().optional().describe('each different line once'),
  reverse: z.boolean().optional().describe('the last line first'),
  numbered: z.boolean().optional().describe('with the number of each line'),
  case: z.enum(['uppercase', 'lowercase']).optional().describe('shown in capital or small letters'),
})

type Arguments = z.output<typeof input>
type Range = z.output<typeof lineRange>
interface NumberedLine {
  readonly number: number
  readonly text: string
}

function pick(items: readonly string[], range: Range | undefined): readonly string[] {
  if (range === undefined) return items
  if ('first' in range) return items.slice(0, range.first)
  if ('last' in range) return items.slice(-range.last)
  return items.slice(range.from - 1, range.to)
}

// only the lines asked for are held, so that a part of a very large file can be shown.
async function streamRange(args: Arguments, range: Range, context: ActionContext): Promise<NumberedLine[]> {
  const kept: NumberedLine[] = []
  let number = 0
  for await (const { text } of readLines(context.tree, args.path, context.signal)) {
    number += 1
    if ('from' in range && number < range.from) continue
    kept.push({ number, text: shortLine(text, 100_000) })
    if ('first' in range && number >= range.first) break
    if ('from' in range && number >= range.to) break
    if ('last' in range && kept.length > range.last) kept.shift()
  }
  if ('from' in range && kept.length === 0) {
    throw actionErrors.NO_SUCH_LINE({ value: range.from, detail: `${args.path} has ${plural(number, 'line')}` })
  }
  return kept
}

async function rearranged(args: Arguments, context: ActionContext): Promise<NumberedLine[]> {
  let lines = await readAllLines(context.tree, args.path)
  if (args.unique === true) lines = uniqueLines(lines)
  if (args.sort !== undefined) lines = sortLines(lines, context.locale)
  if (args.sort === 'descending') lines.reverse()
  if (args.reverse === true) lines.reverse()
  return pick(lines, args.lines).map((text, index) => ({ number: index + 1, text }))
}

async function whole(args: Arguments, context: ActionContext): Promise<NumberedLine[]> {
  const { bytes } = await context.tree.entry(args.path)
  if (bytes > maxWholeBytes) throw actionErrors.TOO_LONG_TO_SHOW({ value: args.path, detail: `${bytes} bytes` })
  const { text } = decodeText(await context.tree.read(args.path, { maxBytes: maxWholeBytes }), args.path)
  return splitLines(text).map((line, index) => ({ number: index + 1, text: line.text }))
}

function respell(text: string, letters: Arguments['case']): string {
  if (letters === undefined) return text
  return letters === 'uppercase' ? text.toUpperCase() : text.toLowerCase()
}

async function run(args: Arguments, context: ActionContext): Promise<ActionResult> {
  if (args.lines !== undefined && 'from' in args.lines && args.lines.from > args.lines.to)
    throw actionErrors.LINES_BACKWARDS({ value: `${args.lines.from} to ${args.lines.to}` })
  const path = context.tree.show(await context.tree.locate(args.path))
  const arranged = args.sort !== undefined || args.unique === true || args.reverse === true
  const chosen = arranged
    ? await rearranged(args, context)
    : args.lines === undefined
      ? await whole(args, context)
      : await streamRange(args, args.lines, context)
  const lines = chosen.map(({ number, text: own }) => ({ number, text: respell(own, args.case) }))
  const text = lines.map((line) => line.text).join('\n')
  const width = String(lines.at(-1)?.number ?? 0).length
  const shown =
    args.numbered === true ? lines.map((line) => `${String(line.number).padStart(width)}  ${line.text}`) : undefined
  return {
    text: lines.length === 0 ? `${path} is empty` : limitText(shown?.join('\n') ?? text),
    data: { path, paths: [path], text: limitText(text), count: lines.length },
  }
}

export const readFile = defineAction({
  name: 'files.read',
  description: 'show the text of a file, whole or some lines of it, also sorted or numbered',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 20_000,
  input,
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'read')],
  run,
})
