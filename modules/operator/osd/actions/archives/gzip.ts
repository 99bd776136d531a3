// archive.gzip: one file compressed as `name.gz`, the file itself kept.
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { pathArgument } from '../arguments.ts'
import { actionErrors } from '../errors.ts'
import { shortBytes } from '../format.ts'
import { createResources, ensureParent, pathResource } from '../paths.ts'

const input = z.strictObject({
  path: pathArgument,
  to: pathArgument.optional().describe('a new file; default the name with .gz behind it'),
})

type Arguments = z.output<typeof input>

const targetOf = (args: Arguments) => args.to ?? `${args.path}.gz`

/** the file as gzip, piece by piece, so that it may be of any size. */
async function* compressed(path: string, context: ActionContext): AsyncGenerator<Buffer> {
  const gzip = createGzip()
  const pumped = pump(context.tree.stream(path), gzip)
  try {
    for await (const chunk of gzip) {
      context.signal.throwIfAborted()
      yield chunk as Buffer
    }
    await pumped
  } finally {
    gzip.destroy()
  }
}

async function pump(source: AsyncIterable<Buffer>, gzip: ReturnType<typeof createGzip>): Promise<void> {
  try {
    for await (const chunk of source) {
      if (gzip.destroyed) return
      if (!gzip.write(chunk))
        await new Promise<void>((resolve) => void gzip.once('drain', resolve).once('close', resolve))
    }
    gzip.end()
  } catch (error) {
    // who reads the stream is told there; the failure must not be lost nor come twice.
    gzip.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

async function compressFile(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const { tree, changes } = context
  const source = await tree.entry(args.path)
  if (source.kind !== 'file') throw actionErrors.WRONG_KIND({ value: args.path, detail: `it is a ${source.kind}` })
  const to = targetOf(args)
  await ensureParent(context, to)
  const made = await changes.write(to, compressed(args.path, context), { expect: 'absent' })
  const path = tree.show(made.absolute)
  return {
    text: `compressed ${tree.show(source.absolute)} (${shortBytes(source.bytes)}) into ${path} (${shortBytes(made.bytes)})`,
    data: { path, paths: [path], count: 1, bytes: made.bytes },
  }
}

export const gzipAction = defineAction({
  name: 'archive.gzip',
  description: 'compress one file as a .gz file, and keep the file',
  effect: 'files',
  risk: 'low',
  undoable: true,
  timeoutMs: 120_000,
  input,
  resources: async (args, { tree }) => [
    await pathResource(tree, args.path, 'read'),
    ...(await createResources(tree, targetOf(args))),
  ],
  run: compressFile,
})
