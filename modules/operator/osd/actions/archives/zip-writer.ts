// writes zip archives as streams, with names in UTF-8.
import { Readable } from 'node:stream'
import type { Tree } from '../../action.ts'
import type { PackedEntry } from './create.ts'

/** regular files and folders, as the upper half of a zip's outer attributes has them. */
const fileMode = 0o100000
const folderMode = 0o040000
/** times before 1980 cannot be written in a zip. */
const earliest = Date.UTC(1980, 0, 2)

/** the archive as chunks; each file is opened only when its turn comes. */
export async function* packZip(
  tree: Tree,
  packed: readonly PackedEntry[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  // loaded here, so that the daemon starts without it.
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  // what goes wrong inside ends the output, and so the loop below.
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  for (const { name, entry } of packed) {
    const mtime = new Date(Math.max(entry.modifiedMs, earliest))
    if (entry.kind === 'folder') {
      zip.addEmptyDirectory(name, { mtime, mode: folderMode | (entry.mode & 0o777) })
      continue
    }
    zip.addReadStreamLazy(name, { mtime, mode: fileMode | (entry.mode & 0o777) }, (callback) => {
      const content = Readable.from(tree.stream(entry.absolute), { signal })
      content.once('error', (error) => output.destroy(error))
      callback(null, content)
    })
  }
  zip.end()
  try {
    for await (const chunk of output) {
      signal.throwIfAborted()
      yield chunk as Buffer
    }
  } finally {
    output.destroy()
  }
}
