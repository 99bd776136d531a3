// archive.extract: unpacks an archive after a look at all of it, so that a bad one changes nothing.
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { ActionContext, ActionResult, Resource } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { fileErrors } from '../../files/errors.ts'
import { pathArgument } from '../arguments.ts'
import { actionErrors } from '../errors.ts'
import { formatBytes, nameList, plural, showFolder } from '../format.ts'
import { createResources, findEntry, locateNew, pathResource } from '../paths.ts'
import { type Chooser, createChooser } from './chosen.ts'
import { safeEntryName } from './entry-name.ts'
import { createArchiveMeter } from './limits.ts'
import { type ArchiveEntry, type ArchiveSource, openArchive } from './reader.ts'

const entryName = z.string().min(1).max(4096)

const input = z.strictObject({
  path: pathArgument,
  to: pathArgument
    .optional()
    .describe("a folder, made where it is missing; default the archive's own, with `only` the working folder"),
  only: z
    .union([entryName, z.array(entryName).min(1).max(100)])
    .optional()
    .describe('only these files or folders of the archive; a plain name that is there once loses its folders'),
})

type Arguments = z.output<typeof input>
type Looking = Pick<ActionContext, 'tree' | 'signal'>

/** what will be there afterwards: relative names and their kinds, in the order of the archive. */
type Contents = ReadonlyMap<string, 'file' | 'folder'>

const targetOf = (args: Arguments) => args.to ?? (args.only === undefined ? dirname(args.path) : '.')

/** what of the archive is wanted; its names are read only where that depends on them. */
async function chooserOf(args: Arguments, source: ArchiveSource, signal: AbortSignal): Promise<Chooser> {
  if (args.only === undefined) return createChooser(undefined, [])
  const meter = createArchiveMeter(args.path, source.bytes)
  const names: string[] = []
  for await (const entry of source.entries(signal)) {
    meter.addEntry()
    names.push(safeEntryName(entry.name))
  }
  return createChooser(typeof args.only === 'string' ? [args.only] : args.only, names)
}

/** refuses entries that are no plain files or folders: a link could lead the next entry out of the folder. */
function refuseStrange(entry: ArchiveEntry): void {
  if (entry.encrypted) throw actionErrors.ARCHIVE_LOCKED({ value: entry.name })
  if (entry.kind === 'link') throw actionErrors.ARCHIVE_UNSAFE({ value: entry.name, detail: 'a link' })
  if (entry.kind === 'other')
    throw actionErrors.ARCHIVE_UNSAFE({ value: entry.name, detail: 'a device or something unknown' })
}

// a file may not be there twice, nor be the folder of another.
function addTo(contents: Map<string, 'file' | 'folder'>, name: string, kind: 'file' | 'folder'): void {
  const before = contents.get(name)
  if (before !== undefined && (before === 'file' || kind === 'file')) {
    throw actionErrors.ARCHIVE_UNSAFE({ value: name, detail: 'the same name twice' })
  }
  for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
    const parent = name.slice(0, end)
    if (contents.get(parent) === 'file')
      throw actionErrors.ARCHIVE_UNSAFE({ value: name, detail: 'a file used as a folder' })
    contents.set(parent, 'folder')
  }
  contents.set(name, kind)
}

/** goes through the whole archive without writing: names, kinds, sizes and what each entry really unpacks to. */
async function inspect(
  args: Arguments,
  source: ArchiveSource,
  choose: Chooser,
  signal: AbortSignal,
): Promise<Contents> {
  const contents = new Map<string, 'file' | 'folder'>()
  const meter = createArchiveMeter(args.path, source.bytes)
  for await (const entry of source.entries(signal)) {
    meter.addEntry()
    refuseStrange(entry)
    const name = choose(safeEntryName(entry.name)) ?? ''
    if (name === '') continue
    addTo(contents, name, entry.kind === 'folder' ? 'folder' : 'file')
    if (entry.kind === 'folder') continue
    for await (const chunk of entry.content()) {
      signal.throwIfAborted()
      meter.addBytes(chunk.length)
    }
  }
  return contents
}

/** what is there already and would be overwritten; a folder that is there as one is no obstacle. */
async function obstacles(contents: Contents, target: string, context: Looking): Promise<string[]> {
  const found: string[] = []
  for (const [name, kind] of contents) {
    context.signal.throwIfAborted()
    const there = await findEntry(context.tree, join(target, name))
    if (there !== undefined && !(kind === 'folder' && there.kind === 'folder'))
      found.push(context.tree.show(there.absolute))
  }
  return found
}

async function resources(args: Arguments, context: Looking): Promise<Resource[]> {
  const { tree, signal } = context
  const source = await openArchive(tree, args.path)
  const contents = await inspect(args, source, await chooserOf(args, source, signal), signal)
  const target = await locateNew(tree, targetOf(args))
  const found = new Map<string, Resource>()
  const add = (resource: Resource) => found.set(`${resource.access} ${resource.name}`, resource)
  add(await pathResource(tree, args.path, 'read'))
  if ((await findEntry(tree, targetOf(args))) === undefined)
    for (const made of await createResources(tree, targetOf(args))) add(made)
  for (const [name, kind] of contents) {
    if (kind === 'folder' && (await findEntry(tree, join(target, name))) !== undefined) continue
    add({ kind: 'path', access: 'create', name: await locateNew(tree, join(target, name)) })
  }
  return [...found.values()]
}

/** content counted once more while it is written: the archive may have been replaced since it was looked at. */
async function* metered(
  entry: ArchiveEntry,
  meter: ReturnType<typeof createArchiveMeter>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const chunk of entry.content()) {
    signal.throwIfAborted()
    meter.addBytes(chunk.length)
    yield chunk
  }
}

interface Unpacked {
  readonly files: string[]
  bytes: number
}

async function unpack(
  args: Arguments,
  { contents, choose, target }: { contents: Contents; choose: Chooser; target: string },
  context: ActionContext,
): Promise<Unpacked> {
  const { tree, changes, signal } = context
  const source = await openArchive(tree, args.path)
  const meter = createArchiveMeter(args.path, source.bytes)
  const written: Unpacked = { files: [], bytes: 0 }
  for (const [name, kind] of contents) {
    if (kind === 'folder' && (await findEntry(tree, join(target, name))) === undefined)
      await changes.makeFolder(join(target, name))
  }
  for await (const entry of source.entries(signal)) {
    meter.addEntry()
    refuseStrange(entry)
    const name = choose(safeEntryName(entry.name)) ?? ''
    if (entry.kind !== 'file' || name === '') continue
    if (contents.get(name) !== 'file') throw actionErrors.CHANGED_MEANWHILE({ value: args.path })
    const made = await changes.write(join(target, name), metered(entry, meter, signal), {
      expect: 'absent',
      // setuid, setgid and sticky stay behind, and the owner can always read and change what he unpacked.
      mode: (entry.mode & 0o777) | 0o600,
      ...(entry.modifiedMs === undefined ? {} : { modifiedMs: entry.modifiedMs }),
    })
    written.files.push(tree.show(made.absolute))
    written.bytes += made.bytes
  }
  return written
}

async function extractArchive(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const { tree, changes } = context
  const source = await openArchive(tree, args.path)
  const choose = await chooserOf(args, source, context.signal)
  const contents = await inspect(args, source, choose, context.signal)
  const target = await locateNew(tree, targetOf(args))
  const there = await findEntry(tree, targetOf(args))
  if (there !== undefined && there.kind !== 'folder') throw actionErrors.TARGET_NOT_FOLDER({ value: args.to })
  const taken = await obstacles(contents, target, context)
  if (taken.length > 0) throw fileErrors.PATH_EXISTS({ value: nameList(taken), detail: 'nothing was extracted' })
  if (there === undefined) await changes.makeFolder(targetOf(args))
  const { files, bytes } = await unpack(args, { contents, choose, target }, context)
  const tops = [...new Set([...contents.keys()].map((name) => name.split('/')[0] ?? ''))]
  const named = tops.map((top) => (contents.get(top) === 'folder' ? `${top}/` : top))
  const place = showFolder(context, target)
  return {
    text: `extracted ${plural(files.length, 'file')} (${formatBytes(bytes)}) from ${tree.show(await tree.locate(args.path))} into ${place}: ${nameList(named)}`,
    data: {
      path: tree.show(target),
      paths: files.slice(0, 10_000),
      made: tops.map((top) => tree.show(join(target, top))),
      count: files.length,
      bytes,
    },
  }
}

export const extractAction = defineAction({
  name: 'archive.extract',
  description: 'unpack a zip or tar archive; refuses to overwrite, and refuses links and names that lead elsewhere',
  effect: 'files',
  risk: 'medium',
  undoable: true,
  timeoutMs: 300_000,
  input,
  resources,
  run: extractArchive,
})
