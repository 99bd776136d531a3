// archive.list: what is in an archive, without unpacking it.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { pathArgument } from '../arguments.ts'
import { formatBytes, limitLines, nameList, plural } from '../format.ts'
import { pathResource } from '../paths.ts'
import { shownEntryName } from './entry-name.ts'
import { createArchiveMeter } from './limits.ts'
import { openArchive } from './reader.ts'

const input = z.strictObject({
  path: pathArgument,
  answer: z.enum(['list', 'count']).optional().describe('default list'),
  contains: z.string().min(1).max(4096).optional().describe('only whether this file or folder is in it'),
})

type Arguments = z.output<typeof input>

const plainOf = (name: string) =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '')

/** entries of a name, by all of it or its end; a folder is also there where only what lies in it is listed. */
function named(wanted: string, names: readonly string[]): string[] {
  const plain = plainOf(wanted)
  const ends = names.filter((name) => plainOf(name) === plain || plainOf(name).endsWith(`/${plain}`))
  return ends.length > 0 ? ends : names.filter((name) => `/${plainOf(name)}`.includes(`/${plain}/`))
}

function containsWords(path: string, wanted: string, found: readonly string[]): string {
  const [first] = found
  if (first === undefined) return `no, ${path} does not contain ${wanted}`
  const others = found.length === 1 && first === wanted ? '' : `: ${nameList(found)}`
  return `yes, ${path} contains ${wanted}${others}`
}

async function listArchive(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const path = context.tree.show(await context.tree.locate(args.path))
  const source = await openArchive(context.tree, args.path)
  const meter = createArchiveMeter(path, source.bytes)
  const names: string[] = []
  const plainNames: string[] = []
  let [files, bytes] = [0, 0]
  for await (const entry of source.entries(context.signal)) {
    meter.addEntry()
    const name = shownEntryName(entry.name)
    plainNames.push(name)
    if (entry.kind === 'link') names.push(`${name} -> ${shownEntryName(entry.linkTarget ?? '?')}`)
    else names.push(entry.kind === 'folder' && !name.endsWith('/') ? `${name}/` : name)
    if (entry.kind !== 'file') continue
    files += 1
    bytes += entry.bytes
  }
  const data = { path, paths: [path], names, count: files, bytes, text: names.join('\n') }
  if (args.contains !== undefined) {
    return { text: containsWords(path, args.contains, named(args.contains, plainNames)), data }
  }
  if (args.answer === 'count') return { text: `${plural(files, 'file')} in ${path}`, data }
  const head = `${path} holds ${plural(files, 'file')}, ${formatBytes(bytes)}`
  return {
    text: names.length === 0 ? `${path} is empty` : `${head}:\n${limitLines(names)}`,
    data,
  }
}

export const listAction = defineAction({
  name: 'archive.list',
  description: 'the names in a zip or tar archive',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 120_000,
  input,
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'read')],
  run: listArchive,
})
