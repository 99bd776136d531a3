// undoes what a finished plan has done, as changes of their own: recorded, atomic together, and undoable again.
import { createReadStream, readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createHash } from '../../../../nucleus/builtins.ts'
import type { ChangeSet } from '../files/changes.ts'
import { digestOfTree, giveTimeBack, isSameFile, isUnchanged } from '../files/identity.ts'
import { openFolder, openFolderBeneath } from '../files/safe-folder.ts'
import type { SafeFolder } from '../files/safe-folder.ts'
import { undoErrors } from './errors.ts'
import type { Change, Done, FolderTimes, Identity, PlaceChange } from './records.ts'

export interface DoneChange {
  readonly change: Change
  readonly done: Done
}

/**
 * undoes changes, the last one first.
 * @param folder where the pre-images of their plan are.
 * @throws UNDO_CONFLICT for the first thing that somebody changed since; what was undone until then is for the caller's
 * journal to take back.
 */
export async function takeBackAll(all: readonly DoneChange[], changes: ChangeSet, folder: string): Promise<string[]> {
  const lines: string[] = []
  const kept = openFolder(folder)
  // a name that a plan needed on its way, and the name that what bears it had before: nobody has ever seen the first one
  const stopovers = new Map<string, string>()
  try {
    for (const one of all.toReversed()) {
      // a folder that nobody but the plan has touched gets its time back as well.
      const untouched = new Set(one.done.folders.filter(isUntouched).map(({ path }) => path))
      const line = await takeBackOne(one, changes, kept)
      const { change } = one
      if (change.op === 'rename' && isStopover(change.path)) stopovers.set(change.path, change.to)
      else if (change.op === 'rename' && stopovers.has(change.to))
        lines.push(line.replace(change.to, () => stopovers.get(change.to)!))
      else lines.push(line)
      for (const times of one.change.folders) if (untouched.has(times.path)) giveTimeBack(times)
    }
  } finally {
    kept.close()
  }
  return lines
}

/** the name between two, while they are swapped. */
const isStopover = (path: string): boolean => /^\.swap-[0-9a-f]{16}$/.test(basename(path))

async function takeBackOne({ change, done }: DoneChange, changes: ChangeSet, kept: SafeFolder): Promise<string> {
  const { path } = change
  switch (change.op) {
    case 'place':
      await checkPlaced(change, done)
      await changes.trash(path)
      return `removed ${path}`
    case 'folder':
      checkEmpty(path, done)
      await changes.trash(path)
      return `removed the folder ${path}`
    case 'replace': {
      if (done.after === undefined) throw undoErrors.UNDO_CONFLICT({ value: path })
      const now = await checkContent(path, done.after)
      const looks = await changes.restore(path, { folder: kept, name: change.kept }, now)
      return looks === 'former'
        ? `gave ${path} its former content`
        : `gave ${path} its former content; its mode and owner were changed since and stay`
    }
    case 'rename': {
      if (look(path) !== undefined) {
        throw undoErrors.UNDO_CONFLICT({ value: path, detail: 'something else is there now' })
      }
      const there = look(change.to)
      if (there === undefined || !isSameOrRestored(there, change.moved, done)) {
        throw undoErrors.UNDO_CONFLICT({ value: change.to, detail: 'it is no longer there' })
      }
      await changes.giveBack({ ...change, moved: { device: String(there.dev), inode: String(there.ino) } })
      return change.trash ? `brought ${path} back from the trash` : `moved ${change.to} back to ${path}`
    }
    case 'mode': {
      const stats = look(path)
      if (!isSameOrRestored(stats, change.made, done) || (Number(stats?.mode) & 0o7777) !== change.after) {
        throw undoErrors.UNDO_CONFLICT({ value: path, detail: 'its mode was changed since' })
      }
      await changes.setMode(path, change.before & 0o777)
      return `gave ${path} its former mode`
    }
  }
}

function look(path: string): ReturnType<SafeFolder['look']> {
  let folder: SafeFolder
  try {
    folder = openFolder(dirname(path))
  } catch {
    return undefined
  }
  try {
    return folder.look(basename(path))
  } finally {
    folder.close()
  }
}

/**
 * what a record names is there: by its inode, or, where a later change of its content was undone, as the file that has
 * come back in its stead, which has the size and, to the nanosecond, the time that the record left it with.
 */
function isSameOrRestored(
  stats: ReturnType<SafeFolder['look']>,
  named: { readonly device: string; readonly inode: string },
  { after }: Done,
): boolean {
  if (isSameFile(stats, named)) return true
  if (stats?.isFile() !== true || after === undefined) return false
  return isUnchanged(stats, { ...after, device: named.device, inode: String(stats.ino) })
}

/**
 * the file is the one that was written, with the same content: by its time, or where only the time differs, by its
 * digest. gives what it is now.
 */
async function checkContent(path: string, written: Identity): Promise<Identity> {
  const stats = look(path)
  if (stats === undefined) throw undoErrors.UNDO_CONFLICT({ value: path, detail: 'it is gone' })
  if (isUnchanged(stats, written)) return written
  const now = {
    ...written,
    inode: String(stats.ino),
    device: String(stats.dev),
    bytes: Number(stats.size),
    modifiedNs: String(stats.mtimeNs),
  }
  const same = stats.isFile() && now.bytes === written.bytes && written.sha256 !== undefined
  if (!same || (await digestOfFile(path)) !== written.sha256) {
    throw undoErrors.UNDO_CONFLICT({ value: path, detail: 'its content was changed since' })
  }
  return now
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  const folder = openFolder(dirname(path))
  try {
    for await (const chunk of createReadStream(folder.at(basename(path)))) hash.update(chunk as Buffer)
  } finally {
    folder.close()
  }
  return hash.digest('hex')
}

async function checkPlaced({ path, made, digest }: PlaceChange, done: Done): Promise<void> {
  if (digest === undefined) {
    const stats = look(path)
    if (stats?.isSymbolicLink() === true && isSameFile(stats, made)) return
    if (done.after === undefined) throw undoErrors.UNDO_CONFLICT({ value: path })
    await checkContent(path, done.after)
    return
  }
  if (!isSameFile(look(path), made))
    throw undoErrors.UNDO_CONFLICT({ value: path, detail: 'another folder is there now' })
  const above = openFolder(dirname(path))
  try {
    const folder = openFolderBeneath(above, path)
    try {
      if (digestOfTree(folder) !== digest) {
        throw undoErrors.UNDO_CONFLICT({ value: path, detail: 'something in it was changed since' })
      }
    } finally {
      folder.close()
    }
  } finally {
    above.close()
  }
}

function checkEmpty(path: string, done: Done): void {
  const stats = look(path)
  const same = done.after !== undefined && isSameFile(stats, done.after) && stats?.isDirectory() === true
  if (!same) throw undoErrors.UNDO_CONFLICT({ value: path, detail: 'the folder is not there any more' })
  const folder = openFolder(path)
  try {
    const [first] = readdirSync(folder.at('.'))
    if (first !== undefined) throw undoErrors.UNDO_CONFLICT({ value: path, detail: `${first} was put into it since` })
  } finally {
    folder.close()
  }
}

function isUntouched(times: FolderTimes): boolean {
  const stats = look(times.path)
  return isSameFile(stats, times) && String(stats?.mtimeNs) === times.modifiedNs
}
