// disk.usage, disk.folders and disk.free: what takes space, and how much is left.
import { readFile, stat, statfs } from 'node:fs/promises'
import { z } from 'zod'
import type { ActionContext, ActionResult, Entry } from '../action.ts'
import { defineAction } from '../action.ts'
import { countArgument, pathArgument } from './arguments.ts'
import { alignColumns, formatBytes, limitLines, plural, shortBytes, showFolder } from './format.ts'
import { pathResource } from './paths.ts'
import { isAbsent } from './system/users.ts'

interface Usage {
  readonly bytes: number
  readonly files: number
}

/** the sizes of all files below a folder, hidden ones too, added up. */
async function measure(context: ActionContext, path: string): Promise<Usage> {
  let [bytes, files] = [0, 0]
  for await (const entry of context.tree.walk(path, { hidden: true })) {
    context.signal.throwIfAborted()
    if (entry.kind !== 'file') continue
    bytes += entry.bytes
    files += 1
  }
  return { bytes, files }
}

export const diskUsage = defineAction({
  name: 'disk.usage',
  description: 'how much space a file or folder takes',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 60_000,
  input: z.strictObject({ path: pathArgument.optional() }),
  resources: async (args, { tree }) => [await pathResource(tree, args.path ?? '.', 'read')],
  run: async (args, context) => {
    const entry = await context.tree.entry(args.path ?? '.')
    const path = context.tree.show(entry.absolute)
    if (entry.kind !== 'folder') {
      return {
        text: `${path}: ${formatBytes(entry.bytes)}`,
        data: { path, paths: [path], bytes: entry.bytes, count: 1 },
      }
    }
    const { bytes, files } = await measure(context, args.path ?? '.')
    return {
      text: `${showFolder(context, entry.absolute)}: ${formatBytes(bytes)} in ${plural(files, 'file')}`,
      data: { path, paths: [path], bytes, count: files },
    }
  },
})

const foldersInput = z.strictObject({
  root: pathArgument.optional(),
  order: z.enum(['ascending', 'descending']).optional().describe('by size; default descending'),
  limit: countArgument.optional(),
})

async function folderSizes(args: z.output<typeof foldersInput>, context: ActionContext): Promise<ActionResult> {
  const root = args.root ?? '.'
  const measured: { entry: Entry; bytes: number }[] = []
  for (const entry of await context.tree.list(root)) {
    if (entry.kind === 'folder' && !entry.name.startsWith('.')) {
      measured.push({ entry, bytes: (await measure(context, entry.absolute)).bytes })
    }
  }
  const turn = args.order === 'ascending' ? 1 : -1
  const sorted = measured.toSorted((a, b) => turn * (a.bytes - b.bytes) || (a.entry.name < b.entry.name ? -1 : 1))
  const kept = args.limit === undefined ? sorted : sorted.slice(0, args.limit)
  const paths = kept.map(({ entry }) => context.tree.show(entry.absolute))
  const rows = kept.map(({ bytes }, index) => [
    `${paths[index]}/`,
    kept.length === 1 ? formatBytes(bytes) : shortBytes(bytes),
  ])
  return {
    text:
      rows.length === 0
        ? `there are no folders in ${showFolder(context, await context.tree.locate(root))}`
        : limitLines(alignColumns(rows)),
    data: {
      path: paths[0] ?? '',
      paths,
      count: kept.length,
      folders: kept.map(({ bytes }, index) => ({ path: paths[index] ?? '', bytes })),
      text: paths.join('\n'),
    },
  }
}

export const diskFolders = defineAction({
  name: 'disk.folders',
  description: 'the folders in a folder by the space they take',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 60_000,
  input: foldersInput,
  resources: async (args, { tree }) => [await pathResource(tree, args.root ?? '.', 'read')],
  run: folderSizes,
})

/** file systems that hold files on a disk or server, and not what the kernel makes up. */
const realKinds =
  /^(?:ext[234]|xfs|btrfs|zfs|f2fs|jfs|reiserfs|bcachefs|vfat|exfat|ntfs3?|fuseblk|hfsplus|apfs|udf|nfs4?|cifs|smb3|virtiofs|9p|overlay)$/
/** mounts looked at, and how long a dead server may keep us waiting. */
const maxMounts = 50
const mountPatienceMs = 1000

interface Space {
  readonly mount: string
  readonly total: number
  readonly free: number
  readonly used: number
}

async function spaceOf(path: string, mount: string): Promise<Space> {
  const { blocks, bavail, bfree, bsize } = await statfs(path)
  return { mount, total: blocks * bsize, free: bavail * bsize, used: (blocks - bfree) * bsize }
}

// used against what a person can use, as df counts it: blocks kept for root are left out.
function percentUsed({ used, free }: Space): number {
  return used + free === 0 ? 0 : Math.ceil((used / (used + free)) * 100)
}

/** the places where real file systems are mounted, each device once, the shortest name first. */
async function realMounts(): Promise<string[]> {
  let table = ''
  try {
    table = await readFile('/proc/self/mounts', 'utf8')
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
  const mounts = table
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => realKinds.test(fields[2] ?? ''))
    // spaces in names are written as octal numbers.
    .map((fields) =>
      (fields[1] ?? '').replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
  return mounts.toSorted((a, b) => a.length - b.length).slice(0, maxMounts)
}

/** undefined where the answer does not come in time, as with a file server that is gone. */
async function patiently<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), mountPatienceMs)
  })
  try {
    return await Promise.race([promise, patience])
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  } finally {
    clearTimeout(timer)
  }
}

async function freeSpace(args: { path?: string | undefined }, context: ActionContext): Promise<ActionResult> {
  const here = await context.tree.locate(args.path ?? '.')
  const own = await spaceOf(here, here)
  const ownDevice = (await stat(here)).dev
  const seen = new Set([ownDevice])
  const others: Space[] = []
  let ownMount = '/'
  for (const mount of await realMounts()) {
    context.signal.throwIfAborted()
    const device = (await patiently(stat(mount)))?.dev
    if (device === ownDevice && (here === mount || here.startsWith(mount === '/' ? '/' : `${mount}/`))) ownMount = mount
    if (device === undefined || seen.has(device)) continue
    seen.add(device)
    const space = await patiently(spaceOf(mount, mount))
    if (space !== undefined && space.total > 0) others.push(space)
  }
  const lines = [
    `${formatBytes(own.free)} free of ${formatBytes(own.total)} on the disk of this folder (${ownMount}), ${percentUsed(own)}% used`,
    ...others.map(
      (space) =>
        `${space.mount}: ${shortBytes(space.free)} free of ${shortBytes(space.total)}, ${percentUsed(space)}% used`,
    ),
  ]
  return {
    text: lines.join('\n'),
    data: {
      path: ownMount,
      total: own.total,
      used: own.used,
      free: own.free,
      percent_used: percentUsed(own),
      others: others.map(({ mount, total, used, free }) => ({ path: mount, total, used, free })),
    },
  }
}

export const diskFree = defineAction({
  name: 'disk.free',
  description: 'how much space is free on the disk',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 10_000,
  input: z.strictObject({ path: pathArgument.optional() }),
  resources: async (args, { tree }) => [
    await pathResource(tree, args.path ?? '.', 'read'),
    { kind: 'system', access: 'read', name: 'disks' },
  ],
  run: freeSpace,
})
