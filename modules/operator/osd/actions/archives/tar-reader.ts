// reads tar archives as streams, also compressed with gzip.
import { Readable, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { isLotusError } from '../../../../../nucleus/errors.ts'
import type { Tree } from '../../action.ts'
import { actionErrors } from '../errors.ts'
import type { ArchiveEntry } from './reader.ts'

const kinds: Readonly<Record<string, ArchiveEntry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'link',
  link: 'link',
}

/** the entries of a tar; what is wrong with it becomes ARCHIVE_DAMAGED. */
export async function* readTar(
  tree: Tree,
  path: string,
  zipped: boolean,
  signal: AbortSignal,
): AsyncGenerator<ArchiveEntry> {
  // loaded here, so that the daemon starts without it.
  const { extract } = await import('tar-stream')
  const entries = extract()
  const source = Readable.from(tree.stream(path))
  const stages = zipped ? [source, createGunzip(), entries] : [source, entries]
  // the callback has nothing to do: an error in any stage ends `entries`, and with it the loop below.
  pipeline(stages, () => undefined)
  const wrong = (error: unknown) =>
    isLotusError(error) || signal.aborted ? error : actionErrors.ARCHIVE_DAMAGED({ value: path, cause: error })
  try {
    let empty = true
    for await (const entry of entries) {
      signal.throwIfAborted()
      empty = false
      const { header } = entry
      yield {
        name: header.name,
        kind: kinds[header.type ?? ''] ?? 'other',
        bytes: header.size ?? 0,
        mode: (header.mode ?? 0o644) & 0o7777,
        modifiedMs: header.mtime?.getTime(),
        ...(typeof header.linkname === 'string' ? { linkTarget: header.linkname } : {}),
        encrypted: false,
        content: () => contentOf(entry as AsyncIterable<Buffer>, wrong),
      }
      entry.resume()
    }
    if (empty && !zipped) throw actionErrors.ARCHIVE_DAMAGED({ value: path, detail: 'nothing is in it' })
  } catch (error) {
    throw wrong(error)
  } finally {
    source.destroy()
    entries.destroy()
  }
}

// an archive that is cut or damaged is often found out only while the content of an entry is read.
async function* contentOf(entry: AsyncIterable<Buffer>, wrong: (error: unknown) => unknown): AsyncGenerator<Buffer> {
  try {
    yield* entry
  } catch (error) {
    throw wrong(error)
  }
}
