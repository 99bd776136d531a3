// archive.create: packs files and folders into a new archive.
import { basename } from 'node:path'
import { z } from 'zod'
import type { ActionContext, ActionResult, Entry } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { pathArgument, pathsArgument } from '../arguments.ts'
import { actionErrors } from '../errors.ts'
import { formatBytes, nameList, plural } from '../format.ts'
import { createResources, ensureParent, locateNew, nameOf, pathResource } from '../paths.ts'
import { kindOfName } from './kinds.ts'
import { maxEntries, maxTotalBytes } from './limits.ts'
import { packTar } from './tar-writer.ts'
import { packZip } from './zip-writer.ts'

const input = z.strictObject({ sources: pathsArgument, to: pathArgument })
type Arguments = z.output<typeof input>

/** an entry with the name that it gets in the archive. */
export interface PackedEntry {
  readonly name: string
  readonly entry: Entry
}

interface Collected {
  readonly packed: PackedEntry[]
  readonly left: { links: number; others: number; git: number }
  bytes: number
}

/** all that will be packed, listed before the archive is begun, so that it cannot hold itself. */
async function collect(args: Arguments, context: ActionContext): Promise<Collected> {
  const { tree, signal } = context
  const target = await locateNew(tree, args.to)
  const found: Collected = { packed: [], left: { links: 0, others: 0, git: 0 }, bytes: 0 }
  const names = new Set<string>()
  const add = (name: string, entry: Entry) => {
    signal.throwIfAborted()
    if (entry.absolute === target) return
    if (entry.kind === 'link') found.left.links += 1
    else if (entry.kind === 'other') found.left.others += 1
    else if (entry.kind === 'folder' && entry.name === '.git') found.left.git += 1
    else {
      if (names.has(name)) throw actionErrors.NAMES_CLASH({ value: name })
      names.add(name)
      found.packed.push({ name, entry })
      if (entry.kind === 'file') found.bytes += entry.bytes
    }
    if (found.packed.length > maxEntries)
      throw actionErrors.ARCHIVE_TOO_LARGE({ value: args.to, detail: `over ${maxEntries} entries` })
    if (found.bytes > maxTotalBytes)
      throw actionErrors.ARCHIVE_TOO_LARGE({ value: args.to, detail: `over ${maxTotalBytes} bytes` })
  }
  for (const source of new Set(args.sources)) {
    const start = await tree.entry(source)
    if (start.absolute === target) throw actionErrors.SAME_PLACE({ value: source })
    const top = await nameOf(tree, source)
    add(top, start)
    if (start.kind !== 'folder') continue
    for await (const entry of tree.walk(source, { hidden: true })) {
      add(`${top}/${entry.absolute.slice(start.absolute.length + 1)}`, entry)
    }
  }
  if (found.packed.length === 0)
    throw actionErrors.WRONG_KIND({ value: args.sources.join(', '), detail: 'nothing that can be packed' })
  return found
}

function leftWords({ links, others, git }: Collected['left']): string {
  const parts: string[] = []
  if (links > 0) parts.push(plural(links, 'link'))
  if (others > 0) parts.push(plural(others, 'device or socket', 'devices or sockets'))
  if (git > 0) parts.push('the .git folder')
  return parts.length === 0 ? '' : `; left out: ${nameList(parts)}`
}

async function createArchive(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const { tree, changes, signal } = context
  const kind = kindOfName(args.to)
  const { packed, left, bytes } = await collect(args, context)
  await ensureParent(context, args.to)
  const content = kind === 'zip' ? packZip(tree, packed, signal) : packTar(tree, packed, kind === 'tar.gz', signal)
  const made = await changes.write(args.to, content, { expect: 'absent' })
  const path = tree.show(made.absolute)
  const files = packed.filter(({ entry }) => entry.kind === 'file').length
  const sources = await Promise.all(args.sources.map(async (source) => tree.show(await tree.locate(source))))
  return {
    text: `packed ${nameList(sources)} into ${path}: ${plural(files, 'file')}, ${formatBytes(made.bytes)}${leftWords(left)}`,
    data: {
      path,
      paths: [path],
      sources,
      count: files,
      bytes: made.bytes,
      unpacked_bytes: bytes,
      name: basename(path),
    },
  }
}

export const createAction = defineAction({
  name: 'archive.create',
  description: 'pack files and folders into a new zip, tar or tar.gz archive',
  effect: 'files',
  risk: 'low',
  undoable: true,
  timeoutMs: 300_000,
  input,
  resources: async (args, { tree }) => [
    ...(await Promise.all(args.sources.map((source) => pathResource(tree, source, 'read')))),
    ...(await createResources(tree, args.to)),
  ],
  run: createArchive,
})
