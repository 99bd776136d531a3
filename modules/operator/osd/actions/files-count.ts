// files.count: how many lines, words, characters or matches a file has, whatever its size.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../action.ts'
import { defineAction } from '../action.ts'
import { pathArgument, searchArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { plural } from './format.ts'
import { pathResource } from './paths.ts'
import { readLines } from './text-file.ts'
import { countMatches, createMatcher, literalPattern } from './text-match.ts'

/** different lines held at most. */
const maxDistinct = 1_000_000

const input = z
  .strictObject({
    path: pathArgument,
    what: z.enum([
      'lines',
      'words',
      'characters',
      'bytes',
      'distinct_lines',
      'blank_lines',
      'matching_lines',
      'occurrences',
    ]),
    of: searchArgument.optional().describe('the text to count, for matching_lines and occurrences'),
    invert: z.boolean().optional().describe('count the lines that do not match'),
    ignore_case: z.boolean().optional(),
    whole_word: z.boolean().optional(),
  })
  .refine(
    (args) => args.of !== undefined || (args.what !== 'matching_lines' && args.what !== 'occurrences'),
    'say what to count: of',
  )

type Arguments = z.output<typeof input>

interface Tally {
  readonly count: number
  readonly text: string
}

async function tally(args: Arguments, path: string, context: ActionContext): Promise<Tally> {
  const lines = () => readLines(context.tree, args.path, context.signal)
  const of = args.of ?? ''
  switch (args.what) {
    case 'bytes': {
      const { bytes, kind } = await context.tree.entry(args.path)
      if (kind !== 'file') throw actionErrors.WRONG_KIND({ value: path, detail: `it is a ${kind}` })
      return { count: bytes, text: `${path} has ${plural(bytes, 'byte')}` }
    }
    case 'characters': {
      let [within, ends] = [0, 0]
      for await (const { text, ending } of lines()) {
        within += codePoints(text)
        ends += ending.length
      }
      const without = ends === 0 ? '' : `, ${within} without the line ends`
      return { count: within + ends, text: `${path} has ${plural(within + ends, 'character')}${without}` }
    }
    case 'distinct_lines': {
      const distinct = new Set<string>()
      for await (const { text } of lines()) {
        distinct.add(text)
        if (distinct.size > maxDistinct)
          throw actionErrors.TOO_MANY_MATCHES({ value: path, detail: `over ${maxDistinct} different lines` })
      }
      return { count: distinct.size, text: `${path} has ${plural(distinct.size, 'different line')}` }
    }
    case 'lines': {
      const count = await sum(lines(), () => 1)
      return { count, text: `${path} has ${plural(count, 'line')}` }
    }
    case 'words': {
      const count = await sum(lines(), (text) => text.match(/\S+/g)?.length ?? 0)
      return { count, text: `${path} has ${plural(count, 'word')}` }
    }
    case 'blank_lines': {
      const count = await sum(lines(), (text) => (text.trim() === '' ? 1 : 0))
      return { count, text: `${path} has ${plural(count, 'blank line')}` }
    }
    case 'matching_lines': {
      const fits = createMatcher(of, args)
      const count = await sum(lines(), (text) => (fits(text) !== (args.invert === true) ? 1 : 0))
      const verb =
        args.invert === true
          ? count === 1
            ? 'does not contain'
            : 'do not contain'
          : count === 1
            ? 'contains'
            : 'contain'
      return { count, text: `${plural(count, 'line')} of ${path} ${verb} "${of}"` }
    }
    case 'occurrences': {
      const pattern = literalPattern(of, args)
      const count = await sum(lines(), (text) => countMatches(text, pattern))
      return { count, text: `"${of}" occurs ${plural(count, 'time')} in ${path}` }
    }
  }
}

async function sum(lines: AsyncIterable<{ text: string }>, value: (text: string) => number): Promise<number> {
  let total = 0
  for await (const { text } of lines) total += value(text)
  return total
}

/** characters as a person counts them, not UTF-16 units. */
function codePoints(text: string): number {
  let count = 0
  for (const _character of text) count += 1
  return count
}

async function run(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const path = context.tree.show(await context.tree.locate(args.path))
  const { count, text } = await tally(args, path, context)
  return { text, data: { path, paths: [path], count, text: String(count) } }
}

export const countInFile = defineAction({
  name: 'files.count',
  description: 'count lines, words, characters, bytes or the occurrences of a text in a file',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 30_000,
  input,
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'read')],
  run,
})
