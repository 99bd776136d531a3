// writes tar archives as streams, also compressed with gzip.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Pack } from 'tar-stream'
import type { Tree } from '../../action.ts'
import { actionErrors } from '../errors.ts'
import type { PackedEntry } from './create.ts'

/** the archive as chunks; a file that changes its size while it is read is CHANGED_MEANWHILE. */
export async function* packTar(
  tree: Tree,
  packed: readonly PackedEntry[],
  zipped: boolean,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  if (!zipped) {
    yield* tarChunks(tree, packed, signal)
    return
  }
  const gzip = createGzip()
  const done = pipeline(Readable.from(tarChunks(tree, packed, signal)), gzip)
  // the error also ends the loop below, which is where it is thrown from.
  done.catch(() => undefined)
  try {
    for await (const chunk of gzip) yield chunk as Buffer
    await done
  } finally {
    gzip.destroy()
  }
}

async function* tarChunks(tree: Tree, packed: readonly PackedEntry[], signal: AbortSignal): AsyncGenerator<Buffer> {
  // loaded here, so that the daemon starts without it.
  const { pack } = await import('tar-stream')
  const archive = pack()
  const fed = feed(archive, tree, packed, signal)
  // what goes wrong while feeding ends the archive, and so the loop below.
  fed.catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))))
  try {
    for await (const chunk of archive) yield chunk as Buffer
    await fed
  } finally {
    archive.destroy()
  }
}

async function feed(archive: Pack, tree: Tree, entries: readonly PackedEntry[], signal: AbortSignal): Promise<void> {
  for (const { name, entry } of entries) {
    signal.throwIfAborted()
    const header = { name, mode: entry.mode & 0o777, mtime: new Date(entry.modifiedMs) }
    if (entry.kind === 'folder') {
      archive.entry({ ...header, name: `${name}/`, type: 'directory' })
      continue
    }
    const packed = Promise.withResolvers<undefined>()
    // it may be rejected before anybody waits for it; whoever waits then still gets the error.
    packed.promise.catch(() => undefined)
    const stored = archive.entry({ ...header, type: 'file', size: entry.bytes }, (error) => {
      if (error === null || error === undefined) packed.resolve(undefined)
      else packed.reject(error)
    })
    let bytes = 0
    for await (const chunk of tree.stream(entry.absolute)) {
      signal.throwIfAborted()
      bytes += chunk.length
      if (bytes > entry.bytes) break
      if (!stored.write(chunk)) await drained(stored, archive)
    }
    if (bytes !== entry.bytes) throw actionErrors.CHANGED_MEANWHILE({ value: name })
    // its types want an argument.
    stored.end(undefined)
    await packed.promise
  }
  archive.finalize()
}

// a reader that leaves early destroys the archive: then nothing will ever drain.
function drained(stored: NodeJS.WritableStream, archive: Pack): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => () => {
      stored.removeListener('drain', onDrain)
      archive.removeListener('close', onClose)
      done()
    }
    const onDrain = settle(resolve)
    const onClose = settle(() => reject(new Error('the archive was closed')))
    stored.once('drain', onDrain)
    archive.once('close', onClose)
  })
}
