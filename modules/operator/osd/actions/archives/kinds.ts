// kinds of archives: told by the name for new ones, by the first bytes for those that are there.
import type { Tree } from '../../action.ts'
import { actionErrors } from '../errors.ts'

export type ArchiveKind = 'tar' | 'tar.gz' | 'zip'

/** the kind that a name asks for; throws ARCHIVE_KIND. */
export function kindOfName(name: string): ArchiveKind {
  const lower = name.toLowerCase()
  if (lower.endsWith('.zip')) return 'zip'
  if (lower.endsWith('.tar')) return 'tar'
  if (lower.endsWith('.tar.gz') || lower.endsWith('.tgz')) return 'tar.gz'
  throw actionErrors.ARCHIVE_KIND({ value: name })
}

const tarMagicAt = 257
const headBytes = 512

/** the kind that an archive is of; throws ARCHIVE_KIND or ARCHIVE_DAMAGED. */
export async function kindOfContent(tree: Tree, path: string): Promise<ArchiveKind> {
  let head = Buffer.alloc(0)
  for await (const chunk of tree.stream(path)) {
    head = Buffer.concat([head, chunk])
    if (head.length >= headBytes) break
  }
  if (head.length === 0) throw actionErrors.ARCHIVE_DAMAGED({ value: path, detail: 'it is empty' })
  if (head[0] === 0x1f && head[1] === 0x8b) return 'tar.gz'
  if (head[0] === 0x50 && head[1] === 0x4b) return 'zip'
  if (head.subarray(tarMagicAt, tarMagicAt + 5).toString('latin1') === 'ustar') return 'tar'
  // a name that promises a tar has the last word, for tars from before the magic.
  const kind = kindOfName(path)
  if (kind !== 'tar') throw actionErrors.ARCHIVE_DAMAGED({ value: path })
  return kind
}
