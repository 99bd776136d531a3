// archive.list: what is in an archive, without unpacking it.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { pathArgument } from '../arguments.ts'
import { formatBytes, limitLines, plural } from '../format.ts'
import { pathResource } from '../paths.ts'
import { shownEntryName } from './entry-name.ts'
import { createArchiveMeter } from './limits.ts'
import { openArchive } from './reader.ts'

async function listArchive(args: { path: string }, context: ActionContext): Promise<ActionResult> {
  const path = context.tree.show(await context.tree.locate(args.path))
  const source = await openArchive(context.tree, args.path)
  const meter = createArchiveMeter(path, source.bytes)
  const names: string[] = []
  let [files, bytes] = [0, 0]
  for await (const entry of source.entries(context.signal)) {
    meter.addEntry()
    const name = shownEntryName(entry.name)
    if (entry.kind === 'link') names.push(`${name} -> ${shownEntryName(entry.linkTarget ?? '?')}`)
    else names.push(entry.kind === 'folder' && !name.endsWith('/') ? `${name}/` : name)
    if (entry.kind !== 'file') continue
    files += 1
    bytes += entry.bytes
  }
  const head = `${path} holds ${plural(files, 'file')}, ${formatBytes(bytes)}`
  return {
    text: names.length === 0 ? `${path} is empty` : `${head}:\n${limitLines(names)}`,
    data: { path, paths: [path], names, count: files, bytes, text: names.join('\n') },
  }
}

export const listAction = defineAction({
  name: 'archive.list',
  description: 'the names in a zip or tar archive',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 120_000,
  input: z.strictObject({ path: pathArgument }),
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'read')],
  run: listArchive,
})
