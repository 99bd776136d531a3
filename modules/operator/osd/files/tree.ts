// reading below the granted roots: every path is judged without its links, then opened with links forbidden.
import { closeSync, createReadStream, read, readdirSync, readlinkSync, readSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from '../../../../nucleus/builtins.ts'
import { isLotusError } from '../../../../nucleus/errors.ts'
import type { Entry, Tree, WalkOptions } from '../action.ts'
import { fileError } from '../native/errno.ts'
import { fileErrors } from './errors.ts'
import { absolutePath, followFolderLinks, followLinks, isBelow } from './paths.ts'
import { entryReadProtection, isInternalName, readProtection } from './protection.ts'
import { rootOf } from './reach.ts'
import type { Reach } from './reach.ts'
import { openFileIn, openFolder, openFolderBeneath } from './safe-folder.ts'
import type { SafeFolder } from './safe-folder.ts'

const readAsync = promisify(read)
const defaultReadBytes = 16 * 1024 * 1024
// below this a read is over sooner than it could be handed to another thread.
const readAtOnceBytes = 256 * 1024

/** a tree holds its roots open until it is closed. */
export interface OpenTree extends Tree {
  /** opens the folder of a path; the caller closes it. the path must be judged and without links. */
  openParent(path: string): SafeFolder
  close(): void
}

export function kindOf(stats: BigIntStats): Entry['kind'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  return stats.isSymbolicLink() ? 'link' : 'other'
}

/** gives reading access to what a client may see; `signal` ends long walks. */
export function openTree(reach: Reach, signal: AbortSignal): OpenTree {
  const roots = new Map<string, SafeFolder>()

  function judge(path: string): SafeFolder {
    const root = rootOf(path, reach)
    // the cause carries the path: where this stops the reckoning of a plan's resources, the policy decides on it.
    if (root === undefined) throw fileErrors.PATH_OUTSIDE({ value: path, cause: { path } })
    const reason = readProtection(path, reach.guarded)
    if (reason !== undefined) throw fileErrors.READ_PROTECTED({ value: path, detail: reason, cause: { path } })
    let open = roots.get(root)
    if (open === undefined) {
      open = openFolder(root)
      roots.set(root, open)
    }
    return open
  }

  function openParent(path: string): SafeFolder {
    const root = judge(path)
    return openFolderBeneath(root, path === root.path ? path : dirname(path))
  }

  /** the name under which a path lies in the folder of {@link openParent}. */
  const nameIn = (folder: SafeFolder, path: string): string => (folder.path === path ? '.' : basename(path))

  const show = (path: string): string => {
    if (path === reach.cwd) return '.'
    return isBelow(path, reach.cwd) ? path.slice(reach.cwd.length + 1) : path
  }

  function entryOf(path: string, stats: BigIntStats, linkTarget: string | undefined): Entry {
    return {
      path: show(path),
      absolute: path,
      name: basename(path),
      kind: kindOf(stats),
      bytes: Number(stats.size),
      modifiedMs: Number(stats.mtimeNs / 1000n) / 1000,
      mode: Number(stats.mode) & 0o7777,
      uid: Number(stats.uid),
      gid: Number(stats.gid),
      ...(linkTarget === undefined ? {} : { linkTarget }),
    }
  }

  const targetOf = (folder: SafeFolder, name: string, stats: BigIntStats): string | undefined =>
    stats.isSymbolicLink() ? readlinkSync(folder.at(name)) : undefined

  function find(text: string): Entry | undefined {
    const path = followFolderLinks(absolutePath(text, reach.cwd, reach.home))
    let folder: SafeFolder
    try {
      folder = openParent(path)
    } catch (error) {
      if (isLotusError(error, 'PATH_MISSING') || isLotusError(error, 'NOT_A_FOLDER')) return undefined
      throw error
    }
    try {
      const name = nameIn(folder, path)
      const stats = folder.look(name)
      return stats === undefined ? undefined : entryOf(path, stats, targetOf(folder, name, stats))
    } finally {
      folder.close()
    }
  }

  /** the error for a path where nothing is; a name that differs in case only is named. */
  function missing(text: string, cause?: unknown): Error {
    const path = absolutePath(text, reach.cwd, reach.home)
    const like = likeNamed(path)
    return fileErrors.PATH_MISSING({
      value: text,
      ...(like === undefined ? {} : { detail: `did you mean ${show(join(dirname(path), like))}?` }),
      ...(cause === undefined ? {} : { cause }),
    })
  }

  /** the only name in the folder of a path that differs from its own in nothing but case. */
  function likeNamed(path: string): string | undefined {
    const fold = (name: string) => name.normalize('NFC').toLowerCase()
    let folder: SafeFolder
    try {
      folder = openFolderAt(dirname(path))
    } catch (error) {
      if (isLotusError(error)) return undefined
      throw error
    }
    try {
      const wanted = fold(basename(path))
      const found = readdirSync(folder.at('.')).filter(
        (name) => fold(name) === wanted && entryReadProtection(join(dirname(path), name), reach.guarded) === undefined,
      )
      return found.length === 1 ? found[0] : undefined
    } finally {
      folder.close()
    }
  }

  /** opens what a path leads to for reading. links inside the roots are followed first, then judged as their targets. */
  function openFile(text: string): { descriptor: number; path: string; bytes: number } {
    const path = followLinks(absolutePath(text, reach.cwd, reach.home))
    const folder = openParent(path)
    try {
      if (folder.path === path) throw fileErrors.NOT_A_FILE({ value: show(path) })
      return { ...openFileIn(folder, basename(path)), path }
    } catch (error) {
      throw fileError(error, show(path))
    } finally {
      folder.close()
    }
  }

  function openFolderAt(text: string): SafeFolder {
    const path = followLinks(absolutePath(text, reach.cwd, reach.home))
    return openFolderBeneath(judge(path), path)
  }

  function* entriesOf(folder: SafeFolder): Generator<Entry> {
    let names: string[]
    try {
      names = readdirSync(folder.at('.'))
    } catch (error) {
      throw fileError(error, show(folder.path))
    }
    names.sort(compareNames)
    for (const name of names) {
      if (isInternalName(name)) continue
      const stats = folder.look(name)
      // gone between the two looks: as if it had never been there.
      if (stats === undefined) continue
      yield entryOf(join(folder.path, name), stats, targetOf(folder, name, stats))
    }
  }

  async function* walk(text: string, options: WalkOptions = {}): AsyncGenerator<Entry> {
    const { depth = 64, limit = 200_000, hidden = false } = options
    let seen = 0

    async function* visit(folder: SafeFolder, level: number): AsyncGenerator<Entry> {
      for (const entry of entriesOf(folder)) {
        if (!hidden && entry.name.startsWith('.')) continue
        if (entryReadProtection(entry.absolute, reach.guarded) !== undefined) continue
        if (++seen > limit)
          throw fileErrors.TOO_MANY_ENTRIES({ value: show(folder.path), detail: `the limit is ${limit}` })
        // a long walk must not keep others waiting, and must end when its plan is cancelled.
        if (seen % 512 === 0) {
          await turn()
          signal.throwIfAborted()
        }
        yield entry
        if (entry.kind !== 'folder' || entry.name === '.git' || level >= depth) continue
        let inner: SafeFolder
        try {
          inner = openFolderBeneath(folder, entry.absolute)
        } catch (error) {
          // a folder that may not be entered or has just gone is listed, its inside is not.
          if (isLotusError(error, 'NOT_PERMITTED') || isLotusError(error, 'PATH_MISSING')) continue
          throw error
        }
        try {
          yield* visit(inner, level + 1)
        } finally {
          inner.close()
        }
      }
    }

    const top = openFolderAt(text)
    try {
      yield* visit(top, 1)
    } finally {
      top.close()
    }
  }

  return {
    async locate(path) {
      return followFolderLinks(absolutePath(path, reach.cwd, reach.home))
    },
    show,
    async find(path) {
      return find(path)
    },
    async entry(path) {
      const entry = find(path)
      if (entry === undefined) throw missing(path)
      return entry
    },
    async read(path, { maxBytes = defaultReadBytes } = {}) {
      const { descriptor, bytes } = openFile(path)
      try {
        if (bytes > maxBytes)
          throw fileErrors.TOO_LARGE({ value: path, detail: `${bytes} bytes, the limit is ${maxBytes}` })
        return await readWhole(descriptor, bytes, maxBytes, path)
      } catch (error) {
        throw fileError(error, path)
      } finally {
        closeSync(descriptor)
      }
    },
    async *stream(path) {
      const { descriptor } = openFile(path)
      const stream = createReadStream('', { fd: descriptor, autoClose: true, highWaterMark: readAtOnceBytes, signal })
      try {
        for await (const chunk of stream) yield chunk as Buffer
      } catch (error) {
        throw fileError(error, path)
      } finally {
        stream.destroy()
      }
    },
    async list(path) {
      const folder = openFolderAt(path)
      try {
        return [...entriesOf(folder)]
      } finally {
        folder.close()
      }
    },
    walk,
    openParent,
    close() {
      for (const root of roots.values()) root.close()
      roots.clear()
    },
  }
}

// code units in order, the same on every machine and in every locale.
function compareNames(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

async function readWhole(descriptor: number, bytes: number, maxBytes: number, path: string): Promise<Buffer> {
  // files of /proc and growing files hold more than they say: read until there is no more.
  let buffer = Buffer.allocUnsafe(Math.max(bytes + 1, 4096))
  let filled = 0
  for (;;) {
    const left = buffer.length - filled
    const count =
      left <= readAtOnceBytes
        ? readSync(descriptor, buffer, filled, left, null)
        : (await readAsync(descriptor, buffer, filled, Math.min(left, 4 * 1024 * 1024), null)).bytesRead
    if (count === 0) return buffer.subarray(0, filled)
    filled += count
    if (filled > maxBytes) throw fileErrors.TOO_LARGE({ value: path, detail: `the limit is ${maxBytes} bytes` })
    if (filled === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2)
  }
}
