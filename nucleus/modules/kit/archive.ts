// reads the archive of a module into memory, and refuses whatever is not a plain file in a plain folder. nothing is written
// and nothing of it is run.
import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, crc32 } from 'node:zlib'
import { isLotusError, toErrorData } from '../../errors.ts'
import { moduleErrors } from '../errors.ts'

/** files by their paths below the module's folder. */
export type ArchiveFiles = ReadonlyMap<string, Buffer>

export const archiveLimits = Object.freeze({
  /** of the archive itself, bytes. */
  archive: 32 * 1024 * 1024,
  /** of all that is in it, unpacked, bytes. */
  total: 64 * 1024 * 1024,
  entries: 2_000,
  /** folders within folders. */
  depth: 16,
  pathLength: 200,
})

interface Entry {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  content(): AsyncIterable<Buffer>
}

/** letters, digits and what is harmless on every file system; a name begins with none of `.`, `-` and space. */
const plainPart = /^[A-Za-z0-9_@+][A-Za-z0-9_@+. ,()-]{0,99}$/

/**
 * the files of a tar, tar.gz or zip. a single folder around everything is left out.
 * @throws MODULE_ARCHIVE_DAMAGED, MODULE_ARCHIVE_UNSAFE, MODULE_ARCHIVE_LARGE
 */
export async function readArchive(bytes: Buffer): Promise<ArchiveFiles> {
  if (bytes.length > archiveLimits.archive) throw tooLarge(`the archive has over ${archiveLimits.archive} bytes`)
  const collected = createCollection()
  try {
    if (bytes.subarray(0, 2).toString('latin1') === 'PK') await readZip(bytes, collected.add)
    else await readTar(bytes, collected.add)
  } catch (error) {
    if (isLotusError(error)) throw error
    throw moduleErrors.MODULE_ARCHIVE_DAMAGED({ detail: toErrorData(error).message, cause: error })
  }
  return withoutOuterFolder(collected.files)
}

/** takes entries one by one, and counts what they really unpack to, not what the archive claims. */
function createCollection() {
  const files = new Map<string, Buffer>()
  // as file systems see names that take upper and lower case for the same
  const seen = new Map<string, 'file' | 'folder'>()
  let entries = 0
  let total = 0
  const note = (path: string, kind: 'file' | 'folder'): void => {
    const key = path.toLowerCase()
    const before = seen.get(key)
    if (before !== undefined && (before === 'file' || kind === 'file')) throw unsafe(path, 'the same name twice')
    seen.set(key, kind)
  }
  const add = async (entry: Entry): Promise<void> => {
    entries += 1
    if (entries > archiveLimits.entries) throw tooLarge(`it has over ${archiveLimits.entries} entries`)
    if (entry.kind === 'link') throw unsafe(entry.name, 'a link')
    if (entry.kind === 'other') throw unsafe(entry.name, 'a device or something unknown')
    const path = safePath(entry.name)
    if (path === '') return
    const parts = path.split('/')
    for (let count = 1; count < parts.length; count += 1) note(parts.slice(0, count).join('/'), 'folder')
    note(path, entry.kind)
    if (entry.kind === 'folder') return
    const chunks: Buffer[] = []
    for await (const chunk of entry.content()) {
      total += chunk.length
      if (total > archiveLimits.total) throw tooLarge(`it unpacks to over ${archiveLimits.total} bytes`)
      chunks.push(chunk)
    }
    files.set(path, Buffer.concat(chunks))
  }
  return { files, add }
}

/** @throws MODULE_ARCHIVE_UNSAFE */
function safePath(name: string): string {
  if (name.length > archiveLimits.pathLength) throw unsafe(name, 'a path that is too long')
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) throw unsafe(name, 'an absolute path')
  const parts = name.split('/').filter((part, index, all) => part !== '.' && !(part === '' && index === all.length - 1))
  if (parts.includes('..')) throw unsafe(name, 'a path that leads out of the folder')
  if (parts.length > archiveLimits.depth) throw unsafe(name, `more than ${archiveLimits.depth} folders deep`)
  for (const part of parts) {
    if (!plainPart.test(part) || /[. ]$/.test(part)) throw unsafe(name, 'a name that is not plain')
    if (part.toLowerCase() === 'node_modules') throw unsafe(name, 'packages of its own; a module uses those of LOTUS')
  }
  return parts.join('/')
}

/** `tar` and registries put everything into one folder. */
function withoutOuterFolder(files: ReadonlyMap<string, Buffer>): ArchiveFiles {
  if (files.has('manifest.json')) return files
  const outer = new Set(Array.from(files.keys(), (path) => path.slice(0, path.indexOf('/') + 1)))
  const [folder = ''] = outer
  if (outer.size !== 1 || !files.has(`${folder}manifest.json`)) {
    throw moduleErrors.MODULE_ARCHIVE_DAMAGED({ detail: 'it has no manifest.json' })
  }
  return new Map(Array.from(files, ([path, content]) => [path.slice(folder.length), content]))
}

const tarKinds: Readonly<Record<string, Entry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'link',
  link: 'link',
}

async function readTar(bytes: Buffer, add: (entry: Entry) => Promise<void>): Promise<void> {
  const { extract } = await import('tar-stream')
  const entries = extract()
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b
  const source = Readable.from([bytes])
  const controller = new AbortController()
  const { signal } = controller
  const piped = isZipped
    ? pipeline(source, createGunzip(), bounded, entries, { signal })
    : pipeline(source, entries, { signal })
  // what is wrong with the stream ends the loop below as well, in words of the reader
  let fault: unknown
  const ended = piped.catch((error: unknown) => void (fault = error))
  let count = 0
  try {
    for await (const entry of entries) {
      count += 1
      const { name, type } = entry.header
      await add({ name, kind: tarKinds[type ?? ''] ?? 'other', content: () => entry as AsyncIterable<Buffer> })
      entry.resume()
    }
    await piped
  } catch (error) {
    controller.abort()
    await ended
    throw isLotusError(fault) ? fault : error
  } finally {
    controller.abort()
    entries.destroy()
  }
  if (count === 0) throw moduleErrors.MODULE_ARCHIVE_DAMAGED({ detail: 'it is no tar, tar.gz or zip, or it is empty' })
}

/** headers count as well: a long one is held in memory before there is an entry. @throws MODULE_ARCHIVE_LARGE */
async function* bounded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // a header and the rest of a block for each entry
  const limit = archiveLimits.total + archiveLimits.entries * 2_048
  let total = 0
  for await (const chunk of chunks) {
    total += chunk.length
    if (total > limit) throw tooLarge(`it unpacks to over ${archiveLimits.total} bytes`)
    yield chunk
  }
}

const kindMask = 0o170000
const zipKinds: Readonly<Record<number, Entry['kind']>> = {
  0: 'file',
  0o100000: 'file',
  0o040000: 'folder',
  0o120000: 'link',
}
/** who made an entry, where it has a Unix mode: Unix itself, and macOS. */
const unixMakers: ReadonlySet<number> = new Set([3, 19])

async function readZip(bytes: Buffer, add: (entry: Entry) => Promise<void>): Promise<void> {
  const { fromBufferPromise } = await import('yauzl')
  // names are judged here, where a bad one is refused with its reason
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false })
  let compressed = 0
  try {
    for await (const entry of zip.eachEntry()) {
      compressed += entry.compressedSize
      // entries that share their bytes unpack to far more than the archive could hold
      if (compressed > bytes.length) throw moduleErrors.MODULE_ARCHIVE_DAMAGED({ detail: 'its entries overlap' })
      const raw = entry.fileNameRaw
      const name = raw.toString('utf8')
      if (!isUtf8(raw)) throw unsafe(name, 'a name that is not UTF-8')
      if (entry.isEncrypted()) throw unsafe(name, 'an encrypted file')
      const mode = unixMakers.has(entry.versionMadeBy >> 8) ? entry.externalFileAttributes >>> 16 : 0
      const kind = zipKinds[mode & kindMask] ?? 'other'
      await add({
        name,
        kind: kind === 'file' && name.endsWith('/') ? 'folder' : kind,
        content: async function* () {
          let sum = 0
          for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
            sum = crc32(chunk, sum)
            yield chunk
          }
          if (sum !== entry.crc32) throw moduleErrors.MODULE_ARCHIVE_DAMAGED({ value: name, detail: 'a check sum' })
        },
      })
    }
  } finally {
    zip.close()
  }
}

function unsafe(name: string, detail: string): Error {
  return moduleErrors.MODULE_ARCHIVE_UNSAFE({ value: name, detail })
}

function tooLarge(detail: string): Error {
  return moduleErrors.MODULE_ARCHIVE_LARGE({ detail })
}
