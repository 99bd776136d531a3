// archive.create: packs files and folders into a new archive.
import { basename } from 'node:path'
import { z } from 'zod'
import type { ActionContext, ActionResult, Entry } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { pathArgument, pathsArgument } from '../arguments.ts'
import { actionErrors } from '../errors.ts'
import { fileQuery } from '../file-query.ts'
import { formatBytes, nameList, plural } from '../format.ts'
import { createResources, ensureParent, locateNew, nameOf } from '../paths.ts'
import { matchesOf } from '../query-matches.ts'
import { describeNothing } from '../query-words.ts'
import { kindOfName } from './kinds.ts'
import { maxEntries, maxTotalBytes } from './limits.ts'
import { packTar } from './tar-writer.ts'
import { packZip } from './zip-writer.ts'

const input = z
  .strictObject({
    sources: pathsArgument.optional(),
    query: fileQuery.optional().describe('all that a search finds, in place of sources'),
    to: pathArgument,
  })
  .refine((args) => (args.sources === undefined) !== (args.query === undefined), 'say what to pack: sources or query')
type Arguments = z.output<typeof input>

/** an entry with the name that it gets in the archive. */
export interface PackedEntry {
  readonly name: string
  readonly entry: Entry
}

/** what was named or found, with the name that it gets in the archive. */
type Top = readonly [name: string, entry: Entry]

/** sources keep their own names; what a search found keeps its path below the folder that was searched. */
async function topsOf(args: Arguments, { tree, signal }: Pick<ActionContext, 'tree' | 'signal'>): Promise<Top[]> {
  const { query } = args
  if (query === undefined) {
    const sources = [...new Set(args.sources)]
    return Promise.all(sources.map(async (source) => [await nameOf(tree, source), await tree.entry(source)] as const))
  }
  const root = await tree.locate(query.root ?? '.')
  const below = ({ absolute, name }: Entry) =>
    absolute.startsWith(`${root}/`) ? absolute.slice(root.length + 1) : name
  return (await matchesOf(query, { tree, signal })).map((entry) => [below(entry), entry] as const)
}

interface Collected {
  readonly packed: PackedEntry[]
  readonly left: { links: number; others: number; git: number }
  bytes: number
}

/** all that will be packed, listed before the archive is begun, so that it cannot hold itself. */
async function collect(args: Arguments, tops: readonly Top[], context: ActionContext): Promise<Collected> {
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
  for (const [top, start] of tops) {
    if (args.sources !== undefined && start.absolute === target) throw actionErrors.SAME_PLACE({ value: args.to })
    add(top, start)
    if (start.kind !== 'folder') continue
    for await (const entry of tree.walk(start.absolute, { hidden: true })) {
      add(`${top}/${entry.absolute.slice(start.absolute.length + 1)}`, entry)
    }
  }
  if (found.packed.length === 0)
    throw actionErrors.WRONG_KIND({ value: tops.map(([top]) => top).join(', '), detail: 'nothing that can be packed' })
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
  const tops = await topsOf(args, context)
  if (args.query !== undefined && tops.length === 0) {
    return {
      text: `nothing was packed: ${describeNothing(args.query, context.timeZone)}`,
      data: { path: '', paths: [], sources: [], count: 0 },
    }
  }
  const { packed, left, bytes } = await collect(args, tops, context)
  await ensureParent(context, args.to)
  const content = kind === 'zip' ? packZip(tree, packed, signal) : packTar(tree, packed, kind === 'tar.gz', signal)
  const made = await changes.write(args.to, content, { expect: 'absent' })
  const path = tree.show(made.absolute)
  const files = packed.filter(({ entry }) => entry.kind === 'file').length
  const sources = tops.map(([, entry]) => tree.show(entry.absolute))
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
  resources: async (args, context) => [
    ...(await topsOf(args, context)).map(([, { absolute: name }]) => ({ kind: 'path', access: 'read', name }) as const),
    ...(await createResources(context.tree, args.to)),
  ],
  run: createArchive,
})
