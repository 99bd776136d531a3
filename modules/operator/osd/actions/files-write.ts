// files.create, files.write, files.append, files.insert and files.make_folder: new text and new folders.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../action.ts'
import { defineAction } from '../action.ts'
import { countArgument, pathArgument, pathsArgument, textArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { nameList, plural, shortBytes } from './format.ts'
import { createResources, ensureParent, locateNew, pathResource, writeResources } from './paths.ts'
import { joinLines, readEditable, splitLines } from './text-file.ts'

/** a text file ends with a line end; an empty one stays empty. */
function asFile(text: string): Buffer {
  return Buffer.from(text === '' || text.endsWith('\n') ? text : `${text}\n`, 'utf8')
}

/** text as lines with the endings of the file it goes into. */
function asLines(text: string, ending: string): string {
  const body = text.replace(/\r\n|\r/g, '\n').replace(/\n$/, '')
  return body.split('\n').join(ending) + ending
}

function written(path: string, text: string, what: string): ActionResult {
  return { text: what, data: { path, paths: [path], text, count: splitLines(text).length } }
}

export const createFile = defineAction({
  name: 'files.create',
  description: 'make a new file, empty or with a text, or several; refuses where something is there',
  effect: 'files',
  risk: 'low',
  undoable: true,
  timeoutMs: 10_000,
  input: z.strictObject({ path: z.union([pathArgument, pathsArgument]), text: textArgument.optional() }),
  resources: async (args, { tree }) =>
    (await Promise.all([args.path].flat().map((path) => createResources(tree, path)))).flat(),
  run: async (args, context) => {
    const content = asFile(args.text ?? '')
    const paths: string[] = []
    for (const one of new Set([args.path].flat())) {
      context.signal.throwIfAborted()
      await ensureParent(context, one)
      const entry = await context.changes.write(one, content, { expect: 'absent' })
      paths.push(context.tree.show(entry.absolute))
    }
    const [path = ''] = paths
    const empty = paths.length === 1 ? 'the empty file' : `${paths.length} empty files:`
    const words =
      content.length === 0
        ? `created ${empty} ${nameList(paths)}`
        : `created ${nameList(paths)} (${shortBytes(content.length)})`
    const result = written(path, args.text ?? '', words)
    return { ...result, data: { ...result.data, paths } }
  },
})

/** takes over the content of another file, whatever it is. */
async function writeFrom(to: string, from: string, context: ActionContext): Promise<ActionResult> {
  const { tree, changes } = context
  if ((await tree.locate(from)) === (await locateNew(tree, to))) throw actionErrors.SAME_PLACE({ value: from })
  const source = await tree.entry(from)
  if (source.kind !== 'file') throw actionErrors.WRONG_KIND({ value: from, detail: `it is a ${source.kind}` })
  await ensureParent(context, to)
  const entry = await changes.write(to, tree.stream(from))
  const path = tree.show(entry.absolute)
  const text = `${path} now holds what ${tree.show(source.absolute)} holds (${shortBytes(entry.bytes)})`
  return { text, data: { path, paths: [path], text, count: 1 } }
}

export const writeFile = defineAction({
  name: 'files.write',
  description: 'write a text to a file, made if missing and replaced if there',
  effect: 'files',
  risk: 'medium',
  undoable: true,
  timeoutMs: 10_000,
  input: z
    .strictObject({
      path: pathArgument,
      text: textArgument.optional(),
      from: pathArgument.optional().describe('the file whose content is taken'),
    })
    .refine((args) => (args.text === undefined) !== (args.from === undefined), 'say what to write: text or from'),
  resources: async (args, { tree }) => [
    ...(args.from === undefined ? [] : [await pathResource(tree, args.from, 'read')]),
    ...(await writeResources(tree, args.path)),
  ],
  run: async (args, context) => {
    if (args.from !== undefined) return writeFrom(args.path, args.from, context)
    await ensureParent(context, args.path)
    const content = asFile(args.text ?? '')
    const entry = await context.changes.write(args.path, content)
    const path = context.tree.show(entry.absolute)
    return written(path, args.text ?? '', `wrote ${path} (${shortBytes(content.length)})`)
  },
})

async function writeEdited(context: ActionContext, path: string, content: Buffer): Promise<string> {
  const entry = await context.changes.write(path, content, { expect: 'present' })
  return context.tree.show(entry.absolute)
}

export const appendFile = defineAction({
  name: 'files.append',
  description: 'add a text to a file as lines of its own, at the end or at the start',
  effect: 'files',
  risk: 'low',
  undoable: true,
  timeoutMs: 10_000,
  input: z
    .strictObject({
      path: pathArgument,
      text: textArgument.optional(),
      from: pathArgument.optional().describe('the file whose lines are added'),
      position: z.enum(['end', 'start']).optional(),
    })
    .refine((args) => (args.text === undefined) !== (args.from === undefined), 'say what to add: text or from'),
  resources: async (args, { tree }) => [
    await pathResource(tree, args.path, 'change'),
    ...(args.from === undefined ? [] : [await pathResource(tree, args.from, 'read')]),
  ],
  run: async (args, context) => {
    const file = await readEditable(context.tree, args.path)
    const given = args.from === undefined ? (args.text ?? '') : (await readEditable(context.tree, args.from)).text
    const added = args.from !== undefined && given === '' ? '' : asLines(given, file.ending)
    const gap = file.text === '' || file.lines.at(-1)?.ending !== '' ? '' : file.ending
    const text = args.position === 'start' ? added + file.text : file.text + gap + added
    const path = await writeEdited(context, args.path, file.encode(text))
    const count = splitLines(added).length
    return written(
      path,
      given,
      `added ${plural(count, 'line')} ${args.position === 'start' ? 'at the start of' : 'to'} ${path}`,
    )
  },
})

export const insertText = defineAction({
  name: 'files.insert',
  description: 'put a text into a file so that it becomes the line of this number',
  effect: 'files',
  risk: 'low',
  undoable: true,
  timeoutMs: 10_000,
  input: z.strictObject({ path: pathArgument, line: countArgument, text: textArgument }),
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'change')],
  run: async (args, context) => {
    const file = await readEditable(context.tree, args.path)
    const { lines } = file
    if (args.line > lines.length + 1) {
      throw actionErrors.NO_SUCH_LINE({ value: args.line, detail: `${args.path} has ${plural(lines.length, 'line')}` })
    }
    const before = joinLines(lines.slice(0, args.line - 1))
    const after = joinLines(lines.slice(args.line - 1))
    const gap = before !== '' && after === '' && lines.at(-1)?.ending === '' ? file.ending : ''
    const path = await writeEdited(
      context,
      args.path,
      file.encode(before + gap + asLines(args.text, file.ending) + after),
    )
    return written(path, args.text, `inserted as line ${args.line} of ${path}`)
  },
})

export const makeFolder = defineAction({
  name: 'files.make_folder',
  description: 'make one or several folders, with the folders they lie in',
  effect: 'files',
  risk: 'low',
  undoable: true,
  timeoutMs: 10_000,
  input: z.strictObject({ paths: pathsArgument }),
  resources: async (args, { tree }) =>
    (await Promise.all(args.paths.map((path) => createResources(tree, path)))).flat(),
  run: async (args, context) => {
    const paths: string[] = []
    for (const path of args.paths) {
      context.signal.throwIfAborted()
      paths.push(context.tree.show((await context.changes.makeFolder(path)).absolute))
    }
    const folders = paths.length === 1 ? 'the folder' : `${paths.length} folders:`
    return {
      text: `created ${folders} ${nameList(paths.map((path) => `${path}/`))}`,
      data: { path: paths[0] ?? '', paths, count: paths.length },
    }
  },
})
