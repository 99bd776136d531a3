// opens folders so that nothing but the judged path can be reached, and hands out paths through their descriptors.
import { closeSync, constants, createReadStream, fstatSync, fsync, fsyncSync, lstatSync, openSync } from 'node:fs'
import type { BigIntStats, ReadStream } from 'node:fs'
import { openat2, resolve } from '../native/libc.ts'
import { errorOfErrno, fileError } from '../native/errno.ts'
import { isWithin } from './paths.ts'
import { fileErrors } from './errors.ts'

const pathOnly = 0x200000
const currentFolder = -100
const folderFlags = pathOnly | constants.O_DIRECTORY

/** an open folder; its descriptor stays on the same folder whatever is renamed meanwhile. */
export interface SafeFolder {
  readonly descriptor: number
  /** absolute and without links, as it was when it was opened. */
  readonly path: string
  /** a path for Node's file system calls that names an entry of exactly this folder. */
  at(name: string): string
  /** what an entry is, links not followed; undefined where there is none. */
  look(name: string): BigIntStats | undefined
  /** makes the folder's entries durable. */
  sync(): Promise<void>
  syncNow(): void
  close(): void
}

function fromDescriptor(descriptor: number, path: string): SafeFolder {
  let open = true
  const at = (name: string): string => `/proc/self/fd/${descriptor}/${name}`
  return {
    descriptor,
    path,
    at,
    look(name) {
      try {
        return lstatSync(at(name), { bigint: true, throwIfNoEntry: false })
      } catch (error) {
        throw fileError(error, `${path}/${name}`)
      }
    },
    sync() {
      // a descriptor that only names a path can't be synced; the same folder is opened once more through it.
      const readable = openSync(`/proc/self/fd/${descriptor}`, constants.O_RDONLY | constants.O_DIRECTORY)
      return new Promise((done, failed) => {
        fsync(readable, (error) => {
          closeSync(readable)
          if (error === null) done()
          else failed(fileError(error, path))
        })
      })
    },
    syncNow() {
      const readable = openSync(`/proc/self/fd/${descriptor}`, constants.O_RDONLY | constants.O_DIRECTORY)
      try {
        fsyncSync(readable)
      } finally {
        closeSync(readable)
      }
    },
    close() {
      if (!open) return
      open = false
      closeSync(descriptor)
    },
  }
}

function opened(descriptor: number, path: string): SafeFolder {
  if (descriptor < 0) throw errorOfErrno(descriptor, path)
  return fromDescriptor(descriptor, path)
}

/** opens an absolute path that must have no link in it. @throws PATH_MISSING, NOT_A_FOLDER, PATH_CHANGED. */
export function openFolder(path: string): SafeFolder {
  return opened(openat2(currentFolder, path, folderFlags, resolve.noSymlinks | resolve.noMagicLinks), path)
}

const beneath = resolve.beneath | resolve.noSymlinks | resolve.noMagicLinks

/** opens a folder at or below an open one; no link on the way is followed, and nothing leads out of it. */
export function openFolderBeneath(root: SafeFolder, path: string): SafeFolder {
  if (!isWithin(path, root.path)) throw fileErrors.PATH_OUTSIDE({ value: path })
  const relative = path === root.path ? '.' : path.slice(root.path === '/' ? 1 : root.path.length + 1)
  return opened(openat2(root.descriptor, relative, folderFlags, beneath), path)
}

/** opens an entry of a folder without doing anything to it; the descriptor is for fstat and for opening it again. */
export function openEntry(folder: SafeFolder, name: string): number {
  const descriptor = openat2(folder.descriptor, name, pathOnly | constants.O_NOFOLLOW, beneath)
  if (descriptor < 0) throw errorOfErrno(descriptor, `${folder.path}/${name}`)
  return descriptor
}

/**
 * opens a file for reading that was looked at before: never through a link that took its name, never a pipe or device.
 * @throws PATH_CHANGED, NOT_A_FILE, NOT_ORDINARY.
 */
export function openFileIn(folder: SafeFolder, name: string): { descriptor: number; bytes: number } {
  const path = `${folder.path}/${name}`
  const pathOnly = openEntry(folder, name)
  try {
    const stats = fstatSync(pathOnly)
    if (stats.isDirectory()) throw fileErrors.NOT_A_FILE({ value: path })
    if (stats.isSymbolicLink()) throw fileErrors.PATH_CHANGED({ value: path })
    // opening alone can have an effect, or wait for ever.
    if (!stats.isFile()) throw fileErrors.NOT_ORDINARY({ value: path })
    const descriptor = openSync(`/proc/self/fd/${pathOnly}`, constants.O_RDONLY | constants.O_NOCTTY)
    return { descriptor, bytes: stats.size }
  } catch (error) {
    throw fileError(error, path)
  } finally {
    closeSync(pathOnly)
  }
}

/** the content of a file that was looked at before, in chunks. the file is closed when the stream is. */
export function readFileIn(folder: SafeFolder, name: string, signal?: AbortSignal): ReadStream {
  const { descriptor } = openFileIn(folder, name)
  return createReadStream('', {
    fd: descriptor,
    highWaterMark: 256 * 1024,
    ...(signal === undefined ? {} : { signal }),
  })
}

/** whether this kernel can open beneath a folder at all; where it can't, file actions are refused. */
export function canOpenSafely(): boolean {
  const descriptor = openat2(currentFolder, '/', folderFlags, resolve.noSymlinks)
  if (descriptor >= 0) closeSync(descriptor)
  return descriptor >= 0
}
