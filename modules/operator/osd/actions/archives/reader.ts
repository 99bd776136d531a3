// one way to read every kind of archive: its entries one after the other, each with its content as a stream.
import type { Tree } from '../../action.ts'
import { type ArchiveKind, kindOfContent } from './kinds.ts'
import { readTar } from './tar-reader.ts'
import { readZip } from './zip-reader.ts'

export interface ArchiveEntry {
  /** as the archive has it, not yet judged. */
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  /** what the archive claims; the content may differ. */
  readonly bytes: number
  readonly mode: number
  readonly modifiedMs: number | undefined
  readonly linkTarget?: string
  readonly encrypted: boolean
  /** may be read once, and only before the next entry is asked for. */
  content(): AsyncIterable<Buffer>
}

export interface ArchiveSource {
  readonly kind: ArchiveKind
  /** size of the archive itself. */
  readonly bytes: number
  /** entries in their order; what is not read of one is passed over. */
  entries(signal: AbortSignal): AsyncIterable<ArchiveEntry>
}

/** opens an archive; throws ARCHIVE_KIND and ARCHIVE_DAMAGED. */
export async function openArchive(tree: Tree, path: string): Promise<ArchiveSource> {
  const { bytes } = await tree.entry(path)
  const kind = await kindOfContent(tree, path)
  return {
    kind,
    bytes,
    entries: (signal) =>
      kind === 'zip' ? readZip(tree, path, signal) : readTar(tree, path, kind === 'tar.gz', signal),
  }
}
