// text.pick: lines of a file chosen by what they hold, how long they are, how often they occur or what another file has.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../action.ts'
import { defineAction } from '../action.ts'
import { countArgument, pathArgument, searchArgument } from './arguments.ts'
import { limitLines, plural } from './format.ts'
import { pathResource } from './paths.ts'
import { readAllLines } from './text-lines.ts'
import { createMatcher } from './text-match.ts'

const texts = z.array(searchArgument).min(1).max(20)

const input = z.strictObject({
  path: pathArgument,
  all_of: texts.optional().describe('lines with each of these texts'),
  any_of: texts.optional().describe('lines with at least one of these texts'),
  none_of: texts.optional().describe('lines with none of these texts'),
  starts: searchArgument.optional(),
  not_starts: searchArgument.optional(),
  ends: searchArgument.optional(),
  not_ends: searchArgument.optional(),
  equals: searchArgument.optional().describe('lines that are this text and nothing else'),
  not_equals: searchArgument.optional(),
  filled: z.boolean().optional().describe('false: only blank lines'),
  ignore_case: z.boolean().optional(),
  missing_from: pathArgument.optional().describe('lines that this file does not have'),
  also_in: pathArgument.optional().describe('lines that this file has, too'),
  occurs: z.enum(['once', 'several', 'most', 'least']).optional().describe('by how often they occur; each shown once'),
  length: z.enum(['longest', 'shortest']).optional(),
  drop_first: countArgument.optional().describe('all but this many at the start'),
  drop_last: countArgument.optional().describe('all but this many at the end'),
  from_end: countArgument.optional().describe('the one that is this far from the end; 1 is the last'),
  answer: z.enum(['lines', 'count', 'numbered']).optional().describe('default lines'),
})

type Arguments = z.output<typeof input>
type Test = (line: string) => boolean

/** every test that a line must pass, from the arguments that are about its text. */
async function testsOf(args: Arguments, context: ActionContext): Promise<Test[]> {
  const fold = (text: string) => {
    const composed = text.normalize('NFC')
    return args.ignore_case === true ? composed.toLowerCase() : composed
  }
  const holds = (text: string) => createMatcher(text, args)
  const tests: Test[] = []
  const when = <Value>(value: Value | undefined, make: (value: Value) => Test) => {
    if (value !== undefined) tests.push(make(value))
  }
  when(args.all_of, (all) => both(all.map(holds)))
  when(args.any_of, (any) => either(any.map(holds)))
  when(args.none_of, (none) => not(either(none.map(holds))))
  when(args.starts, (text) => (line) => fold(line).startsWith(fold(text)))
  when(args.not_starts, (text) => (line) => !fold(line).startsWith(fold(text)))
  // spaces at the end of a line are not seen, so they do not count as its end.
  when(args.ends, (text) => (line) => fold(line).trimEnd().endsWith(fold(text)))
  when(args.not_ends, (text) => (line) => !fold(line).trimEnd().endsWith(fold(text)))
  when(args.equals, (text) => (line) => fold(line).trim() === fold(text).trim())
  when(args.not_equals, (text) => (line) => fold(line).trim() !== fold(text).trim())
  when(args.filled, (filled) => (line) => (line.trim() !== '') === filled)
  if (args.missing_from !== undefined) {
    const others = new Set(await readAllLines(context.tree, args.missing_from))
    tests.push((line) => !others.has(line))
  }
  if (args.also_in !== undefined) {
    const others = new Set(await readAllLines(context.tree, args.also_in))
    tests.push((line) => others.has(line))
  }
  return tests
}

const both =
  (tests: readonly Test[]): Test =>
  (line) =>
    tests.every((test) => test(line))
const either =
  (tests: readonly Test[]): Test =>
  (line) =>
    tests.some((test) => test(line))
const not =
  (test: Test): Test =>
  (line) =>
    !test(line)

interface Picked {
  readonly number: number
  readonly text: string
  /** how often it occurs, where that was asked. */
  readonly times?: number
}

function byOccurrence(lines: readonly Picked[], occurs: NonNullable<Arguments['occurs']>): Picked[] {
  const first = new Map<string, Picked & { times: number }>()
  for (const line of lines) {
    // a blank line says nothing, however often it is there.
    if (line.text.trim() === '') continue
    const known = first.get(line.text)
    if (known === undefined) first.set(line.text, { ...line, times: 1 })
    else known.times += 1
  }
  const counted = [...first.values()]
  if (occurs === 'once') return counted.filter(({ times }) => times === 1)
  if (occurs === 'several') return counted.filter(({ times }) => times > 1)
  const wanted = counted.reduce(
    (best, { times }) => (occurs === 'most' ? Math.max(best, times) : Math.min(best, times)),
    occurs === 'most' ? 0 : Infinity,
  )
  return counted.filter(({ times }) => times === wanted)
}

/** characters as a person counts them, not UTF-16 units. */
const lengthOf = (text: string) => Array.from(text).length

function byLength(lines: readonly Picked[], length: NonNullable<Arguments['length']>): Picked[] {
  const filled = lines.filter(({ text }) => text.trim() !== '')
  const wanted = filled.reduce(
    (best, { text }) => (length === 'longest' ? Math.max(best, lengthOf(text)) : Math.min(best, lengthOf(text))),
    length === 'longest' ? 0 : Infinity,
  )
  return filled.filter(({ text }) => lengthOf(text) === wanted)
}

async function pick(args: Arguments, context: ActionContext): Promise<Picked[]> {
  const tests = await testsOf(args, context)
  const all = (await readAllLines(context.tree, args.path)).map((text, index) => ({ number: index + 1, text }))
  let picked: Picked[] = all.filter(({ text }) => tests.every((test) => test(text)))
  if (args.occurs !== undefined) picked = byOccurrence(picked, args.occurs)
  if (args.length !== undefined) picked = byLength(picked, args.length)
  if (args.drop_first !== undefined) picked = picked.slice(args.drop_first)
  if (args.drop_last !== undefined) picked = picked.slice(0, -args.drop_last)
  if (args.from_end !== undefined) picked = picked.slice(0, picked.length + 1 - args.from_end).slice(-1)
  if (args.from_end !== undefined && args.from_end > all.length) picked = []
  return picked
}

function lineWords({ text, times, number }: Picked, args: Arguments): string {
  if (args.answer === 'numbered') return `${number}: ${text}`
  if (times !== undefined && args.occurs !== 'once') return `${text} (${times === 1 ? 'once' : `${times} times`})`
  if (args.length !== undefined) return `${text} (${plural(lengthOf(text), 'character')})`
  return text
}

/** which lines were counted, so that a number does not stand for something else. */
function aboutWords(args: Arguments): string {
  const quoted = (texts: readonly string[]) => texts.map((text) => `"${text}"`)
  const words: string[] = []
  if (args.all_of) words.push(`contain ${quoted(args.all_of).join(' and ')}`)
  if (args.any_of) words.push(`contain ${quoted(args.any_of).join(' or ')}`)
  if (args.none_of) words.push(`do not contain ${quoted(args.none_of).join(' or ')}`)
  if (args.starts) words.push(`start with "${args.starts}"`)
  if (args.not_starts) words.push(`do not start with "${args.not_starts}"`)
  if (args.ends) words.push(`end in "${args.ends}"`)
  if (args.not_ends) words.push(`do not end in "${args.not_ends}"`)
  if (args.equals) words.push(`are "${args.equals}"`)
  if (args.not_equals) words.push(`are not "${args.not_equals}"`)
  if (args.filled !== undefined) words.push(args.filled ? 'are not blank' : 'are blank')
  if (args.missing_from) words.push(`are not in ${args.missing_from}`)
  if (args.also_in) words.push(`are also in ${args.also_in}`)
  if (args.occurs === 'once') words.push('occur once')
  if (args.occurs === 'several') words.push('occur more than once')
  return words.length === 0 ? '' : `: those that ${words.join(' and ')}`
}

async function run(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const path = context.tree.show(await context.tree.locate(args.path))
  const picked = await pick(args, context)
  const data = {
    path,
    paths: [path],
    count: picked.length,
    text: picked
      .slice(0, 1000)
      .map(({ text }) => text)
      .join('\n'),
  }
  if (args.answer === 'count') return { text: `${plural(picked.length, 'line')} of ${path}${aboutWords(args)}`, data }
  if (picked.length === 0) return { text: `no such lines in ${path}`, data }
  return { text: limitLines(picked.map((line) => lineWords(line, args))), data }
}

export const pickLines = defineAction({
  name: 'text.pick',
  description: 'lines of a file by what they hold or lack, their length, how often they occur, or another file',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 20_000,
  input,
  resources: async (args, { tree }) => [
    await pathResource(tree, args.path, 'read'),
    ...(args.missing_from === undefined ? [] : [await pathResource(tree, args.missing_from, 'read')]),
    ...(args.also_in === undefined ? [] : [await pathResource(tree, args.also_in, 'read')]),
  ],
  run,
})
