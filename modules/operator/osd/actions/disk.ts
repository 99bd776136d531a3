// disk.usage, disk.folders and disk.free: what takes space, and how much is left.
import { readFile, stat, statfs } from 'node:fs/promises'
import { z } from 'zod'
import type { ActionContext, ActionResult, Entry } from '../action.ts'
import { defineAction } from '../action.ts'
import { countArgument, pathArgument, pathsArgument } from './arguments.ts'
import { createExceptions } from './excepted.ts'
import { alignColumns, formatBytes, limitLines, plural, shortBytes, showFolder } from './format.ts'
import { pathResource } from './paths.ts'
import { isAbsent } from './system/users.ts'

interface Usage {
  readonly bytes: number
  readonly files: number
}

/** the sizes of all files below a folder, hidden ones too, added up. */
async function measure(
  context: ActionContext,
  path: string,
  fits: (entry: Entry) => boolean = () => true,
): Promise<Usage> {
  let [bytes, files] = [0, 0]
  for await (const entry of context.tree.walk(path, { hidden: true })) {
    context.signal.throwIfAborted()
    if (entry.kind !== 'file' || !fits(entry)) continue
    bytes += entry.bytes
    files += 1
  }
  return { bytes, files }
}

/** what people measure files in: decimal and binary units, and bytes. */
const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'KiB', 'MiB', 'GiB', 'TiB'] as const

function bytesIn(unit: (typeof sizeUnits)[number]): number {
  const power = 'BkMGT'.indexOf(unit[0] === 'K' ? 'k' : (unit[0] ?? 'B'))
  return unit.endsWith('iB') ? 1024 ** power : 1000 ** power
}

/** a size in the unit that was asked for, exact to three digits behind the point. */
function inUnit(bytes: number, unit: (typeof sizeUnits)[number] | undefined): string {
  if (unit === undefined) return formatBytes(bytes)
  if (unit === 'B') return plural(bytes, 'byte')
  return `${Math.round((bytes / bytesIn(unit)) * 1000) / 1000} ${unit} (${plural(bytes, 'byte')})`
}

interface SumArguments {
  readonly path?: string | undefined
  readonly paths?: readonly string[] | undefined
  readonly except?: readonly string[] | undefined
  readonly unit?: (typeof sizeUnits)[number] | undefined
}

/** several sizes and their sum, or a folder without some of what lies in it. */
async function addedUp(args: SumArguments, context: ActionContext): Promise<ActionResult> {
  const { tree } = context
  const roots = args.paths ?? [args.path ?? '.']
  const measured: { path: string; shown: string; bytes: number; files: number }[] = []
  for (const root of roots) {
    const entry = await tree.entry(root)
    const left = await createExceptions(args.except ?? [], entry.absolute, tree)
    const path = tree.show(entry.absolute)
    if (entry.kind !== 'folder') {
      measured.push({ path, shown: path, bytes: entry.bytes, files: 1 })
      continue
    }
    const fits = (one: Entry) => !left.excludes(one, one.absolute.slice(entry.absolute.length + 1))
    measured.push({ path, shown: showFolder(context, entry.absolute), ...(await measure(context, root, fits)) })
  }
  const bytes = measured.reduce((total, one) => total + one.bytes, 0)
  const files = measured.reduce((total, one) => total + one.files, 0)
  const without = args.except === undefined ? '' : ` without ${args.except.join(', ')}`
  const lines = measured.map((one) => `${one.shown}${without}: ${inUnit(one.bytes, args.unit)}`)
  if (measured.length > 1) lines.push(`together: ${inUnit(bytes, args.unit)} in ${plural(files, 'file')}`)
  const paths = measured.map((one) => one.path)
  return { text: limitLines(lines), data: { path: paths[0] ?? '', paths, bytes, count: files } }
}

export const diskUsage = defineAction({
  name: 'disk.usage',
  description: 'how much space a file or folder takes',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 60_000,
  input: z.strictObject({
    path: pathArgument.optional(),
    paths: pathsArgument.optional().describe('several, added up'),
    except: z.array(pathArgument).min(1).max(100).optional().describe('what is left out of a folder'),
    unit: z.enum(sizeUnits).optional(),
  }),
  resources: async (args, { tree }) =>
    Promise.all((args.paths ?? [args.path ?? '.']).map((path) => pathResource(tree, path, 'read'))),
  run: async (args, context) => {
    if (args.paths !== undefined || args.except !== undefined || args.unit !== undefined) return addedUp(args, context)
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

const compareInput = z.strictObject({
  path: pathArgument,
  other: pathArgument,
  question: z
    .enum(['larger', 'smaller', 'same'])
    .optional()
    .describe('answered with yes or no; default: which is larger'),
  wanted: z.enum(['larger', 'smaller']).optional().describe('which of the two is asked for; default the larger'),
})

async function compareSizes(args: z.output<typeof compareInput>, context: ActionContext): Promise<ActionResult> {
  const sizes: { shown: string; path: string; bytes: number }[] = []
  for (const path of [args.path, args.other]) {
    const entry = await context.tree.entry(path)
    const folder = entry.kind === 'folder'
    const shown = folder ? showFolder(context, entry.absolute) : context.tree.show(entry.absolute)
    const { bytes } = folder ? await measure(context, path) : entry
    sizes.push({ shown, path: context.tree.show(entry.absolute), bytes })
  }
  const [one, other] = sizes as [(typeof sizes)[number], (typeof sizes)[number]]
  const relation = one.bytes === other.bytes ? 'same' : one.bytes > other.bytes ? 'larger' : 'smaller'
  const words = { larger: 'larger than', smaller: 'smaller than', same: 'as large as' }
  const lines = sizes.map(({ shown, bytes }) => `${shown}: ${formatBytes(bytes)}`)
  if (args.question !== undefined) {
    const verdict = args.question === relation ? 'yes' : 'no'
    lines.unshift(`${verdict}, ${one.shown} is ${words[relation]} ${other.shown}`)
  } else if (relation === 'same') lines.unshift('they are equally large')
  else {
    const wanted = args.wanted ?? 'larger'
    const chosen = relation === wanted ? one : other
    lines.unshift(`${chosen.shown} is ${wanted}`)
  }
  return { text: lines.join('\n'), data: { path: one.path, paths: sizes.map(({ path }) => path), relation, count: 2 } }
}

export const diskCompare = defineAction({
  name: 'disk.compare',
  description: 'tell which of two files or folders is larger, or whether one is',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 60_000,
  input: compareInput,
  resources: async (args, { tree }) => [
    await pathResource(tree, args.path, 'read'),
    await pathResource(tree, args.other, 'read'),
  ],
  run: compareSizes,
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
