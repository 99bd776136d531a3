// what differs between the last commit, the index and the files: found by reading alone.
import { join } from 'node:path'
import type { WalkerEntry } from 'isomorphic-git'
import { isLotusError } from '../../../../../nucleus/errors.ts'
import type { ActionContext, Entry } from '../../action.ts'
import { actionErrors } from '../errors.ts'
import { type Repository, headCommit } from './repository.ts'
import { findUntracked } from './untracked.ts'

/** files compared at most. */
const maxTracked = 200_000
/** a larger file counts as modified when its time changed; reading it would take too long. */
const maxHashedBytes = 64 * 1024 * 1024

export type FileState = 'added' | 'modified' | 'deleted'

/** one path as the last commit, the index and the file have it. */
export interface TrackedFile {
  readonly path: string
  readonly headId: string | undefined
  readonly indexId: string | undefined
  /** index against the last commit. */
  readonly staged: FileState | undefined
  /** file against the index. */
  readonly unstaged: Exclude<FileState, 'added'> | undefined
}

export interface WorkingTree {
  readonly changed: readonly TrackedFile[]
  /** files and whole folders (with a slash at their end) that git does not know. */
  readonly untracked: readonly string[]
  /** tracked files that may not be read, and so were not compared. */
  readonly unread: readonly string[]
}

interface IndexEntry {
  readonly path: string
  readonly headId: string | undefined
  readonly headMode: number | undefined
  readonly indexId: string | undefined
  readonly indexMode: number | undefined
  readonly stat: { mtimeSeconds: number; mtimeNanoseconds: number; size: number } | undefined
  readonly submodule: boolean
}

async function describe(
  path: string,
  head: WalkerEntry | null,
  stage: WalkerEntry | null,
): Promise<IndexEntry | undefined> {
  const kinds = [await head?.type(), await stage?.type()]
  if (!kinds.some((kind) => kind === 'blob' || kind === 'commit')) return undefined
  const inHead = kinds[0] === 'blob' || kinds[0] === 'commit'
  const inIndex = kinds[1] === 'blob' || kinds[1] === 'commit'
  const stat = inIndex ? await stage?.stat() : undefined
  return {
    path,
    headId: inHead ? await head?.oid() : undefined,
    headMode: inHead ? await head?.mode() : undefined,
    indexId: inIndex ? await stage?.oid() : undefined,
    indexMode: inIndex ? await stage?.mode() : undefined,
    stat,
    submodule: kinds.includes('commit'),
  }
}

async function readIndex(repository: Repository, signal: AbortSignal): Promise<IndexEntry[]> {
  const { git, base } = repository
  const head = await headCommit(repository)
  const entries: IndexEntry[] = []
  await git.walk({
    ...base,
    trees: head === undefined ? [git.STAGE()] : [git.STAGE(), git.TREE({ ref: head })],
    map: async (path, [stage, tree]) => {
      signal.throwIfAborted()
      if (path === '.') return path
      const entry = await describe(path, tree ?? null, stage ?? null)
      if (entry !== undefined) entries.push(entry)
      if (entries.length > maxTracked)
        throw actionErrors.TOO_MANY_MATCHES({ detail: `over ${maxTracked} tracked files` })
      return path
    },
  })
  return entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function stagedState({ headId, headMode, indexId, indexMode }: IndexEntry): FileState | undefined {
  if (headId === undefined) return 'added'
  if (indexId === undefined) return 'deleted'
  return headId !== indexId || headMode !== indexMode ? 'modified' : undefined
}

/** when the index was written: a file changed at that moment may have changed after it was looked at. */
async function indexTimeMs(repository: Repository, context: Pick<ActionContext, 'tree'>): Promise<number> {
  return (await context.tree.find(join(repository.gitFolder, 'index')))?.modifiedMs ?? 0
}

/** size and time as the index has them mean unchanged, without reading; git does the same. */
function isUntouched(entry: IndexEntry, file: Entry, indexMs: number): boolean {
  if (entry.stat === undefined || entry.stat.size !== file.bytes) return false
  const seconds = Math.floor(file.modifiedMs / 1000)
  if (entry.stat.mtimeSeconds !== seconds || seconds >= Math.floor(indexMs / 1000)) return false
  const fraction = Math.floor(entry.stat.mtimeNanoseconds / 1e6)
  return fraction === 0 || fraction === Math.floor(file.modifiedMs - seconds * 1000)
}

async function fileState(
  entry: IndexEntry,
  repository: Repository,
  context: Pick<ActionContext, 'tree'>,
  indexMs: number,
): Promise<TrackedFile['unstaged']> {
  const { git, folder } = repository
  const file = await context.tree.find(join(folder, entry.path))
  if (file === undefined) return 'deleted'
  if (entry.submodule) return undefined
  const link = entry.indexMode === 0o120000
  if (link !== (file.kind === 'link')) return 'modified'
  if (link)
    return (await git.hashBlob({ object: file.linkTarget ?? '' })).oid === entry.indexId ? undefined : 'modified'
  if (file.kind !== 'file') return 'deleted'
  if (((file.mode & 0o100) !== 0) !== ((entry.indexMode ?? 0) === 0o100755)) return 'modified'
  if (isUntouched(entry, file, indexMs)) return undefined
  if (file.bytes > maxHashedBytes) return 'modified'
  const content = await context.tree.read(file.absolute, { maxBytes: maxHashedBytes })
  if ((await git.hashBlob({ object: content })).oid === entry.indexId) return undefined
  // with core.autocrlf or a text attribute the stored file has plain line ends; that alone is no change.
  if (!content.includes('\r\n')) return 'modified'
  const plain = Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
  return (await git.hashBlob({ object: plain })).oid === entry.indexId ? undefined : 'modified'
}

/** compares the last commit, the index and the files. */
export async function readWorkingTree(
  repository: Repository,
  context: Pick<ActionContext, 'tree' | 'signal'>,
): Promise<WorkingTree> {
  const entries = await readIndex(repository, context.signal)
  const indexMs = await indexTimeMs(repository, context)
  const changed: TrackedFile[] = []
  const unread: string[] = []
  for (const entry of entries) {
    context.signal.throwIfAborted()
    const staged = stagedState(entry)
    let unstaged: TrackedFile['unstaged']
    try {
      if (entry.indexId !== undefined) unstaged = await fileState(entry, repository, context, indexMs)
    } catch (error) {
      if (!isLotusError(error)) throw error
      unread.push(entry.path)
    }
    if (staged !== undefined || unstaged !== undefined) {
      changed.push({ path: entry.path, headId: entry.headId, indexId: entry.indexId, staged, unstaged })
    }
  }
  const tracked = entries.filter((entry) => entry.indexId !== undefined).map((entry) => entry.path)
  return { changed, untracked: await findUntracked(repository, context, tracked), unread }
}
