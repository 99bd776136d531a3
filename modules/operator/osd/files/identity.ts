// tells whether a file is still the one that was written down.
import { readdirSync, readlinkSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { join } from 'node:path'
import { createHash } from '../../../../nucleus/builtins.ts'
import { setTimes } from '../native/libc.ts'
import type { FolderTimes, Identity } from '../undo/records.ts'
import { openFolder, openFolderBeneath } from './safe-folder.ts'
import type { SafeFolder } from './safe-folder.ts'

export function identityOf(stats: BigIntStats, sha256?: string): Identity {
  return {
    device: String(stats.dev),
    inode: String(stats.ino),
    bytes: Number(stats.size),
    modifiedNs: String(stats.mtimeNs),
    mode: Number(stats.mode) & 0o7777,
    ...(sha256 === undefined ? {} : { sha256 }),
  }
}

/** the same file, whatever is in it. */
export function isSameFile(stats: BigIntStats | undefined, made: { device: string; inode: string }): boolean {
  return stats !== undefined && String(stats.ino) === made.inode && String(stats.dev) === made.device
}

/** the same file with the same content, as far as size and time of change tell. */
export function isUnchanged(stats: BigIntStats | undefined, identity: Identity): boolean {
  return (
    stats !== undefined &&
    isSameFile(stats, identity) &&
    Number(stats.size) === identity.bytes &&
    String(stats.mtimeNs) === identity.modifiedNs
  )
}

export function timesOf(folder: SafeFolder): FolderTimes | undefined {
  const stats = folder.look('.')
  if (stats === undefined) return undefined
  return { path: folder.path, device: String(stats.dev), inode: String(stats.ino), modifiedNs: String(stats.mtimeNs) }
}

/** gives a folder the time that it had, where it is still the same folder. */
export function giveTimeBack(times: FolderTimes): void {
  let folder: SafeFolder
  try {
    folder = openFolder(times.path)
  } catch {
    // it is gone, and its time with it.
    return
  }
  try {
    if (isSameFile(folder.look('.'), times)) setTimes(folder.descriptor, '.', { modifiedNs: BigInt(times.modifiedNs) })
  } finally {
    folder.close()
  }
}

/** one digest over names, kinds, modes, sizes, times and links of everything in a folder: changes when any of it does. */
export function digestOfTree(folder: SafeFolder): string {
  const hash = createHash('sha256')
  const visit = (inside: SafeFolder, path: string): void => {
    for (const name of readdirSync(inside.at('.')).sort()) {
      const stats = inside.look(name)
      if (stats === undefined) continue
      const target = stats.isSymbolicLink() ? readlinkSync(inside.at(name)) : ''
      // a folder's size is the file system's own affair.
      const size = stats.isDirectory() ? 0n : stats.size
      hash.update(`${path}/${name}\0${stats.mode}\0${size}\0${stats.mtimeNs}\0${target}\n`)
      if (!stats.isDirectory()) continue
      const inner = openFolderBeneath(inside, join(inside.path, name))
      try {
        visit(inner, `${path}/${name}`)
      } finally {
        inner.close()
      }
    }
  }
  visit(folder, '')
  return hash.digest('hex')
}
