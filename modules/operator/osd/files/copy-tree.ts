// copies a whole folder under a temporary name, with modes, owners, times and links, every file synced.
import { chmodSync, chownSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { join } from 'node:path'
import { errorOfErrno, fileError } from '../native/errno.ts'
import { setTimes } from '../native/libc.ts'
import { createTemporary } from './content.ts'
import type { Appearance } from './content.ts'
import { fileErrors } from './errors.ts'
import { entryReadProtection } from './protection.ts'
import type { GuardedFolders } from './protection.ts'
import { openFolderBeneath, readFileIn } from './safe-folder.ts'
import type { SafeFolder } from './safe-folder.ts'

export interface CopyLimits {
  readonly guarded: GuardedFolders
  readonly signal: AbortSignal
  /** what a copy looks like, made of what its original looks like. */
  looks(stats: BigIntStats): Appearance
  /** called for every entry; throws when there are too many, or too many bytes. */
  count(bytes: number): void
}

/** gives the copy of a file or link the looks of the original. */
export async function copyEntry(
  from: SafeFolder,
  name: string,
  stats: BigIntStats,
  to: SafeFolder,
  newName: string,
  limits: CopyLimits,
): Promise<string | undefined> {
  const path = join(from.path, name)
  limits.signal.throwIfAborted()
  limits.count(Number(stats.size))
  try {
    if (stats.isSymbolicLink()) {
      symlinkSync(readlinkSync(from.at(name)), to.at(newName))
      const failed = setTimes(to.descriptor, newName, { modifiedNs: stats.mtimeNs })
      if (failed < 0) throw errorOfErrno(failed, to.path)
      return undefined
    }
    if (!stats.isFile()) throw fileErrors.NOT_ORDINARY({ value: path })
    const file = createTemporary(to, newName)
    try {
      return await file.fill(readFileIn(from, name, limits.signal), limits.looks(stats))
    } finally {
      file.close()
    }
  } catch (error) {
    throw fileError(error, path)
  }
}

/**
 * copies everything in a folder into an empty one. nothing that is read-protected is copied: the whole copy is refused.
 * @throws READ_PROTECTED, NOT_ORDINARY for devices and the like, DISK_FULL; what was copied until then is left.
 */
export async function copyTree(from: SafeFolder, to: SafeFolder, limits: CopyLimits): Promise<void> {
  for (const name of readdirSync(from.at('.'))) {
    const path = join(from.path, name)
    const reason = entryReadProtection(path, limits.guarded)
    if (reason !== undefined) throw fileErrors.READ_PROTECTED({ value: path, detail: reason })
    const stats = from.look(name)
    // gone since it was listed, or named in another encoding than UTF-8: a copy without it would not be one.
    if (stats === undefined) throw fileErrors.PATH_CHANGED({ value: path })
    if (!stats.isDirectory()) {
      await copyEntry(from, name, stats, to, name, limits)
      continue
    }
    limits.count(0)
    const inner = openFolderBeneath(from, path)
    try {
      await copyFolder(inner, stats, to, name, limits)
    } finally {
      inner.close()
    }
  }
}

/** makes a folder with the looks of another and everything in it, synced from the bottom up. */
export async function copyFolder(
  from: SafeFolder,
  stats: BigIntStats,
  to: SafeFolder,
  name: string,
  limits: CopyLimits,
): Promise<void> {
  const path = join(to.path, name)
  try {
    mkdirSync(to.at(name), { mode: 0o700 })
  } catch (error) {
    throw fileError(error, path)
  }
  const made = openFolderBeneath(to, path)
  try {
    await copyTree(from, made, limits)
    const { mode, owner } = limits.looks(stats)
    const now = made.look('.')
    if (owner !== undefined && (owner.uid !== Number(now?.uid) || owner.gid !== Number(now?.gid))) {
      chownSync(made.at('.'), owner.uid, owner.gid)
    }
    chmodSync(made.at('.'), mode)
    // last: everything made inside has touched the folder's time.
    const failed = setTimes(made.descriptor, '.', { modifiedNs: stats.mtimeNs })
    if (failed < 0) throw errorOfErrno(failed, path)
    await made.sync()
  } catch (error) {
    throw fileError(error, path)
  } finally {
    made.close()
  }
}
