// files.copy, files.move, files.delete and files.set_mode: things moved about by their names.
import { z } from 'zod'
import type { ActionContext, ActionResult, Resource } from '../action.ts'
import { defineAction } from '../action.ts'
import { pathArgument, pathsArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { modeLetters } from './files-inspect.ts'
import { parseMode } from './file-mode.ts'
import { nameList, plural } from './format.ts'
import { type Transfer, createResources, pathResource, planTransfers, refuseTaken } from './paths.ts'

const transferInput = z.strictObject({
  from: z.union([pathArgument, pathsArgument]),
  to: pathArgument,
  into: z
    .boolean()
    .optional()
    .describe('true: into the folder `to`, also where that is not there yet; false: never into it'),
})

type TransferArguments = z.output<typeof transferInput>

function transfersOf(args: TransferArguments, context: Pick<ActionContext, 'tree'>): Promise<Transfer[]> {
  const sources = typeof args.from === 'string' ? [args.from] : args.from
  return planTransfers(context.tree, [...new Set(sources)], args.to, args.into)
}

/** what copying or moving these touches, for the policy. */
export async function transferResources(
  context: Pick<ActionContext, 'tree'>,
  transfers: readonly Transfer[],
  access: 'read' | 'remove',
): Promise<Resource[]> {
  const resources = new Map<string, Resource>()
  for (const { fromAbsolute, to } of transfers) {
    resources.set(`from ${fromAbsolute}`, { kind: 'path', access, name: fromAbsolute })
    for (const resource of await createResources(context.tree, to)) resources.set(`to ${resource.name}`, resource)
  }
  return [...resources.values()]
}

/** copies or moves each, after a look that no target is taken. */
export async function transferAll(
  context: ActionContext,
  transfers: readonly Transfer[],
  verb: 'copy' | 'move',
): Promise<ActionResult> {
  await refuseTaken(context.tree, transfers)
  const paths: string[] = []
  for (const { fromAbsolute, to } of transfers) {
    context.signal.throwIfAborted()
    const entry =
      verb === 'copy' ? await context.changes.copy(fromAbsolute, to) : await context.changes.move(fromAbsolute, to)
    paths.push(context.tree.show(entry.absolute))
  }
  const done = verb === 'copy' ? 'copied' : 'moved'
  const sources = transfers.map(({ fromAbsolute }) => context.tree.show(fromAbsolute))
  const [first] = paths
  const text =
    paths.length === 1
      ? `${done} ${sources[0]} to ${first}`
      : `${done} ${plural(paths.length, 'item')}: ${nameList(sources)} to ${nameList(paths)}`
  return { text, data: { path: first ?? '', paths, sources, count: paths.length } }
}

const transferring = { effect: 'files', risk: 'low', undoable: true, timeoutMs: 120_000, input: transferInput } as const

export const copyFiles = defineAction({
  ...transferring,
  name: 'files.copy',
  description: 'copy files or folders; an existing folder as target means into it',
  resources: async (args, context) => transferResources(context, await transfersOf(args, context), 'read'),
  run: async (args, context) => transferAll(context, await transfersOf(args, context), 'copy'),
})

export const moveFiles = defineAction({
  ...transferring,
  name: 'files.move',
  description: 'move or rename files or folders; an existing folder as target means into it',
  resources: async (args, context) => transferResources(context, await transfersOf(args, context), 'remove'),
  run: async (args, context) => transferAll(context, await transfersOf(args, context), 'move'),
})

const deleteInput = z.strictObject({
  paths: pathsArgument,
  kind: z.enum(['file', 'folder']).optional(),
  empty: z.boolean().optional().describe('true: only folders with nothing in them'),
})

/** the absolute paths to delete, each once and none inside another. */
async function doomedPaths(
  args: z.output<typeof deleteInput>,
  context: Pick<ActionContext, 'tree'>,
): Promise<string[]> {
  const found = new Set<string>()
  for (const path of args.paths) {
    const entry = await context.tree.entry(path)
    // a link counts as a file: what goes is the link and not what it points to.
    const kind = entry.kind === 'folder' ? 'folder' : 'file'
    if (args.kind !== undefined && kind !== args.kind) {
      throw actionErrors.WRONG_KIND({ value: path, detail: `it is a ${kind}` })
    }
    if (args.empty === true) {
      const inside = kind === 'folder' ? await context.tree.list(path) : []
      if (kind !== 'folder' || inside.length > 0)
        throw actionErrors.NOT_EMPTY({
          value: path,
          detail: kind === 'folder' ? plural(inside.length, 'entry', 'entries') : 'a file',
        })
    }
    found.add(entry.absolute)
  }
  return [...found].filter((path) => ![...found].some((other) => path.startsWith(`${other}/`)))
}

export const deleteFiles = defineAction({
  name: 'files.delete',
  description: 'move files or folders to the trash',
  effect: 'files',
  risk: 'medium',
  undoable: true,
  timeoutMs: 60_000,
  input: deleteInput,
  resources: async (args, context) =>
    (await doomedPaths(args, context)).map((name) => ({ kind: 'path' as const, access: 'remove' as const, name })),
  run: async (args, context) => trashAll(context, await doomedPaths(args, context)),
})

/** moves each to the trash. */
export async function trashAll(context: ActionContext, absolutes: readonly string[]): Promise<ActionResult> {
  for (const path of absolutes) {
    context.signal.throwIfAborted()
    await context.changes.trash(path)
  }
  const paths = absolutes.map((path) => context.tree.show(path))
  return {
    text: `deleted ${paths.length > 10 ? `${paths.length} items: ` : ''}${nameList(paths)} (now in the trash)`,
    data: { path: paths[0] ?? '', paths, count: paths.length },
  }
}

export const setMode = defineAction({
  name: 'files.set_mode',
  description: 'set who may read, write and run a file or folder',
  effect: 'files',
  risk: 'medium',
  undoable: true,
  timeoutMs: 5000,
  input: z.strictObject({ path: pathArgument, mode: z.string().min(1).max(64) }),
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'change')],
  run: async (args, context) => {
    const before = await context.tree.entry(args.path)
    if (before.kind === 'link')
      throw actionErrors.WRONG_KIND({ value: args.path, detail: 'a link has no mode of its own' })
    const mode = parseMode(args.mode, before.mode, before.kind === 'folder')
    const path = context.tree.show(before.absolute)
    const words = `${mode.toString(8).padStart(3, '0')} (${modeLetters(mode)})`
    const data = { path, paths: [path], mode: mode.toString(8).padStart(3, '0') }
    if (mode === (before.mode & 0o7777)) return { text: `${path} has mode ${words} already`, data }
    await context.changes.setMode(args.path, mode)
    return { text: `${path} now has mode ${words}`, data }
  },
})
