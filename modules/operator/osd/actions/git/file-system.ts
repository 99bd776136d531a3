// the file system that isomorphic-git sees: reading only, and only what the tree of the action allows.
import { basename, join, relative } from 'node:path'
import type { PromiseFsClient } from 'isomorphic-git'
import { isLotusError } from '../../../../../nucleus/errors.ts'
import type { Entry, Tree } from '../../action.ts'

/** a pack is read whole by isomorphic-git; a larger one is refused rather than filling the memory. */
const maxFileBytes = 256 * 1024 * 1024

/** what Node's own file system would say, which is what isomorphic-git understands. */
const systemCodes: Readonly<Record<string, string>> = {
  PATH_MISSING: 'ENOENT',
  NOT_A_FOLDER: 'ENOTDIR',
  NOT_A_FILE: 'EISDIR',
}

async function asSystem<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    const code = isLotusError(error) ? systemCodes[error.code] : undefined
    if (code === undefined) throw error
    throw Object.assign(new Error(`${code}: ${path}`, { cause: error }), { code })
  }
}

function statsOf({ kind, bytes, modifiedMs, mode, uid, gid }: Entry) {
  return {
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => kind === 'link',
    size: bytes,
    mode,
    mtimeMs: modifiedMs,
    ctimeMs: modifiedMs,
    dev: 0,
    ino: 0,
    uid,
    gid,
  }
}

/** what a linked worktree has for itself; all else is in the common folder (gitrepository-layout(5)). */
const ownOfWorktree =
  /^(?:HEAD|index|gitdir|commondir|ORIG_HEAD|MERGE_HEAD|logs\/HEAD|refs\/(?:bisect|worktree|rewritten)\/.*)$/

/**
 * a client for isomorphic-git. it writes nothing and starts nothing, so hooks, filters and other programs that a
 * repository names are never run. read contents are kept for the life of the client: one action.
 */
export function createGitFileSystem(tree: Tree, gitFolder: string, commonFolder: string): PromiseFsClient {
  const kept = new Map<string, Buffer>()

  function placeOf(path: string): string {
    if (gitFolder === commonFolder || !path.startsWith(`${gitFolder}/`)) return path
    const inside = relative(gitFolder, path)
    return ownOfWorktree.test(inside) ? path : join(commonFolder, inside)
  }

  async function read(path: string): Promise<Buffer> {
    const place = placeOf(path)
    // ignore files and the like are asked for again and again; packs are kept by isomorphic-git itself.
    const content = kept.get(place) ?? (await tree.read(place, { maxBytes: maxFileBytes }))
    if (content.length < 65_536 && basename(place) !== 'index') kept.set(place, content)
    return content
  }

  const readOnly = async (path: string): Promise<never> => {
    throw Object.assign(new Error(`EROFS: ${path}`), { code: 'EROFS' })
  }
  const stat = (path: string) => asSystem(path, async () => statsOf(await tree.entry(placeOf(path))))

  return {
    promises: {
      readFile: (path: string, options?: string | { encoding?: string }) =>
        asSystem(path, async () => {
          const content = await read(path)
          const encoding = typeof options === 'string' ? options : options?.encoding
          return encoding === undefined ? content : content.toString('utf8')
        }),
      readdir: (path: string) =>
        asSystem(path, async () => (await tree.list(placeOf(path))).map((entry) => entry.name)),
      stat,
      lstat: stat,
      readlink: (path: string) => asSystem(path, async () => (await tree.entry(placeOf(path))).linkTarget ?? ''),
      writeFile: readOnly,
      unlink: readOnly,
      mkdir: readOnly,
      rmdir: readOnly,
      symlink: readOnly,
      chmod: readOnly,
    },
  }
}
