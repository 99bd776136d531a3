// data.value: what a field of a file of data is: json, or lines such as `port=8080` and `port: 8080`.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../action.ts'
import { defineAction } from '../action.ts'
import { pathArgument, searchArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { limitText, nameList } from './format.ts'
import { pathResource } from './paths.ts'
import { decodeText, splitLines } from './text-file.ts'

const maxBytes = 4 * 1024 * 1024
/** fields that are looked through for a name. */
const maxFields = 20_000

const input = z.strictObject({
  path: pathArgument,
  field: searchArgument.optional().describe('a name, or a way such as server.port or items.0; without it all names'),
})

type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

const isGroup = (value: unknown): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** lines `name = value`, as ini, env and properties files have them; `[section]` stands before the names in it. */
function readLines(text: string): { readonly [name: string]: Value } {
  const fields: Record<string, Value> = {}
  let section = ''
  for (const { text: line } of splitLines(text)) {
    const head = /^\s*\[([^\]]+)\]\s*$/.exec(line)
    if (head) {
      section = `${head[1]!.trim()}.`
      continue
    }
    const match = /^\s*(?:export\s+)?([\p{L}\p{N}_.-]+)\s*[=:]\s*(.*?)\s*$/u.exec(line)
    if (match && !/^\s*[#;]/.test(line)) fields[`${section}${match[1]!}`] = match[2]!.replace(/^(["'])(.*)\1$/, '$2')
  }
  return fields
}

const fold = (name: string) =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '')

interface Found {
  readonly way: string
  readonly value: Value
}

/** a field by its whole way, or by its last name wherever it stands. */
function findFields(root: Value, field: string): Found[] {
  const wanted = fold(field)
  const exact: Found[] = []
  const inner: Found[] = []
  const queue: Found[] = [{ way: '', value: root }]
  for (let at = 0; at < queue.length && at < maxFields; at += 1) {
    const { way, value } = queue[at]!
    const entries: readonly (readonly [string, Value])[] = Array.isArray(value)
      ? value.map((item: Value, index) => [String(index), item] as const)
      : isGroup(value)
        ? Object.entries(value)
        : []
    for (const [name, own] of entries) {
      const found = { way: way === '' ? name : `${way}.${name}`, value: own }
      if (fold(found.way) === wanted) exact.push(found)
      else if (`.${fold(found.way)}`.endsWith(`.${wanted}`)) inner.push(found)
      queue.push(found)
    }
  }
  return exact.length > 0 ? exact : inner
}

const say = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2))

async function readValue(args: z.output<typeof input>, context: ActionContext): Promise<ActionResult> {
  const path = context.tree.show(await context.tree.locate(args.path))
  const { text } = decodeText(await context.tree.read(args.path, { maxBytes }), path)
  let root: Value
  if (/\.json$/i.test(path)) {
    try {
      root = JSON.parse(text) as Value
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      throw actionErrors.DATA_UNREADABLE({ value: path, detail, cause: error })
    }
  } else root = readLines(text)
  const names = isGroup(root) ? Object.keys(root) : []
  const result = (words: string, found: readonly Found[]): ActionResult => ({
    text: limitText(words),
    data: {
      path,
      paths: [path],
      count: found.length,
      text: limitText(found.map(({ value }) => say(value)).join('\n')),
    },
  })
  if (args.field === undefined)
    return result(
      names.length > 0 ? nameList(names, 100) : `${path} has no named fields`,
      names.map((name) => ({ way: name, value: name })),
    )
  const found = findFields(root, args.field)
  if (found.length === 0) {
    const there = names.length === 0 ? 'it has no named fields' : `it has ${nameList(names, 20)}`
    return result(`${path} has no field "${args.field}"; ${there}`, [])
  }
  const [only] = found
  return result(
    found.length === 1
      ? `${only!.way}: ${say(only!.value)}`
      : found.map(({ way, value }) => `${way}: ${say(value)}`).join('\n'),
    found,
  )
}

export const dataValue = defineAction({
  name: 'data.value',
  description: 'the value of a field in a file of data: json, or lines such as port=8080',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 10_000,
  input,
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'read')],
  run: readValue,
})
