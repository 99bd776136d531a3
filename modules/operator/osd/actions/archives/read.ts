// archive.read: the text of one file in an archive, without unpacking it.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { pathArgument } from '../arguments.ts'
import { actionErrors } from '../errors.ts'
import { limitText, nameList } from '../format.ts'
import { pathResource } from '../paths.ts'
import { decodeText, splitLines } from '../text-file.ts'
import { shownEntryName } from './entry-name.ts'
import { createArchiveMeter } from './limits.ts'
import { openArchive } from './reader.ts'

/** a file is shown up to this many bytes. */
const maxShown = 1024 * 1024

const input = z.strictObject({
  path: pathArgument,
  entry: z.string().min(1).max(4096).describe('its name in the archive, or the end of it'),
})

type Arguments = z.output<typeof input>

const plainOf = (name: string) => name.normalize('NFC').replace(/^(?:\.\/)+/, '')

async function contentOf(content: AsyncIterable<Buffer>, name: string, context: ActionContext): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of content) {
    context.signal.throwIfAborted()
    bytes += chunk.length
    // what an archive claims about a size may be wrong: what comes out of it is counted.
    if (bytes > maxShown) throw actionErrors.TOO_LONG_TO_SHOW({ value: name, detail: `over ${maxShown} bytes` })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function readEntry(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const path = context.tree.show(await context.tree.locate(args.path))
  const source = await openArchive(context.tree, args.path)
  const meter = createArchiveMeter(path, source.bytes)
  const wanted = plainOf(args.entry)
  const found: { name: string; content: Buffer }[] = []
  for await (const entry of source.entries(context.signal)) {
    meter.addEntry()
    const name = plainOf(entry.name)
    if (entry.kind !== 'file' || (name !== wanted && !name.endsWith(`/${wanted}`))) continue
    if (entry.encrypted) throw actionErrors.ARCHIVE_LOCKED({ value: args.entry })
    if (found.length >= 20) throw actionErrors.TOO_MANY_MATCHES({ value: args.entry, detail: path })
    found.push({ name, content: await contentOf(entry.content(), shownEntryName(name), context) })
  }
  const exact = found.filter(({ name }) => name === wanted)
  const [chosen, second] = exact.length > 0 ? exact : found
  if (chosen === undefined) throw actionErrors.NOT_IN_ARCHIVE({ value: args.entry, detail: path })
  if (second !== undefined)
    throw actionErrors.TOO_MANY_MATCHES({
      value: args.entry,
      detail: `${path} has ${nameList(found.map(({ name }) => shownEntryName(name)))}`,
    })
  const { text } = decodeText(chosen.content, `${path}: ${shownEntryName(chosen.name)}`)
  const lines = splitLines(text).map((line) => line.text)
  const shown = limitText(lines.join('\n'))
  return {
    text: lines.length === 0 ? `${shownEntryName(chosen.name)} in ${path} is empty` : shown,
    data: { path, paths: [path], text: shown, count: lines.length },
  }
}

export const readAction = defineAction({
  name: 'archive.read',
  description: 'show the text of one file in an archive, without unpacking it',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 120_000,
  input,
  resources: async (args, { tree }) => [await pathResource(tree, args.path, 'read')],
  run: readEntry,
})
