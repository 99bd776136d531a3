// reads zip archives from their table of contents; names that are not UTF-8 are taken as code page 437, as zips have it.
import { isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import type { Entry as ZipEntry, ZipFile } from 'yauzl'
import { isLotusError } from '../../../../../nucleus/errors.ts'
import type { Tree } from '../../action.ts'
import { actionErrors } from '../errors.ts'
import { maxZipBytes } from './limits.ts'
import type { ArchiveEntry } from './reader.ts'

/** bits of a Unix mode that say what kind of thing it is, in the upper half of the outer attributes. */
const kindMask = 0o170000
const kindOf: Readonly<Record<number, ArchiveEntry['kind']>> = {
  0: 'file',
  0o100000: 'file',
  0o040000: 'folder',
  0o120000: 'link',
}
/** says that a name is in UTF-8; macOS and others write such names without saying so. */
const utf8Flag = 0x800
/** who made the entry, where it has a Unix mode: Unix itself, and macOS. */
const unixMakers: ReadonlySet<number> = new Set([3, 19])

/** the entries of a zip; what is wrong with it becomes ARCHIVE_DAMAGED. */
export async function* readZip(tree: Tree, path: string, signal: AbortSignal): AsyncGenerator<ArchiveEntry> {
  const content = await tree.read(path, { maxBytes: maxZipBytes })
  // loaded here, so that the daemon starts without it.
  const { fromBufferPromise, getFileNameLowLevel } = await import('yauzl')
  const wrong = (error: unknown) =>
    isLotusError(error) ? error : actionErrors.ARCHIVE_DAMAGED({ value: path, cause: error })
  let compressed = 0
  try {
    // names are judged by ourselves, where a bad one is refused with the reason: see safeEntryName.
    const zip = await fromBufferPromise(content, { lazyEntries: true, decodeStrings: false })
    try {
      for await (const entry of zip.eachEntry()) {
        signal.throwIfAborted()
        compressed += entry.compressedSize
        // entries that share their bytes unpack to far more than the archive could hold.
        if (compressed > content.length)
          throw actionErrors.ARCHIVE_DAMAGED({ value: path, detail: 'its entries overlap' })
        const flags = entry.generalPurposeBitFlag | (isUtf8(entry.fileNameRaw) ? utf8Flag : 0)
        const name = getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, false)
        yield describe(name, entry, zip, wrong)
      }
    } finally {
      zip.close()
    }
  } catch (error) {
    if (signal.aborted) throw error
    throw wrong(error)
  }
}

function describe(name: string, entry: ZipEntry, zip: ZipFile, wrong: (error: unknown) => Error): ArchiveEntry {
  const unix = unixMakers.has(entry.versionMadeBy >> 8) ? entry.externalFileAttributes >>> 16 : 0
  const kind = kindOf[unix & kindMask] ?? 'other'
  return {
    name,
    kind: kind === 'file' && name.endsWith('/') ? 'folder' : kind,
    bytes: entry.uncompressedSize,
    mode: (unix & 0o7777) === 0 ? 0o644 : unix & 0o7777,
    modifiedMs: entry.getLastModDate().getTime(),
    encrypted: entry.isEncrypted(),
    content: () => contentOf(entry, zip, wrong),
  }
}

async function* contentOf(entry: ZipEntry, zip: ZipFile, wrong: (error: unknown) => Error): AsyncGenerator<Buffer> {
  try {
    const stream: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry)
    let sum = 0
    for await (const chunk of stream) {
      sum = crc32(chunk, sum)
      yield chunk
    }
    if (sum !== entry.crc32) throw actionErrors.ARCHIVE_DAMAGED({ detail: 'a check sum does not fit' })
  } catch (error) {
    throw wrong(error)
  }
}
