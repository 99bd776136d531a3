// takes back what a plan had done when it failed or was cut off: in reverse, each change checked for whether it
// happened, so that it can be repeated after another crash and comes out the same.
import { chmodSync, closeSync, createReadStream, linkSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { basename, dirname } from 'node:path'
import { appearanceOf, createTemporary, temporaryName } from '../files/content.ts'
import { digestOfTree, giveTimeBack, isSameFile, isUnchanged } from '../files/identity.ts'
import { openEntry, openFolder, openFolderBeneath } from '../files/safe-folder.ts'
import type { SafeFolder } from '../files/safe-folder.ts'
import { errorOfErrno, isErrno } from '../native/errno.ts'
import { renameNoReplace } from '../native/libc.ts'
import type { Change, ModeChange, PlaceChange, RenameChange, ReplaceChange, Story } from './records.ts'

interface Rollback {
  readonly story: Story
  /** where the pre-images of the plan are. */
  readonly folder: string
}

/** the folder and name of a path; undefined when the folder is gone, and with it whatever there was to take back. */
function open(path: string): { folder: SafeFolder; name: string } | undefined {
  try {
    return { folder: openFolder(dirname(path)), name: basename(path) }
  } catch {
    return undefined
  }
}

/**
 * takes everything back. what somebody else has changed since is left as it is.
 * @param folder where the pre-images of the plan are.
 * @returns what could not be taken back, in words; empty when the files are as they were.
 */
export async function rollBack(story: Story, folder: string): Promise<string[]> {
  const left: string[] = []
  const touched = new Set<string>()
  for (const one of story.trail.toReversed()) {
    try {
      const failure = 'op' in one ? await takeBack(one, { story, folder }) : removeLitter(one.path)
      if (failure !== undefined) left.push(failure)
    } catch (error) {
      left.push(`${one.path}: ${error instanceof Error ? error.message : String(error)}`)
    }
    // each folder is where it was at this moment of the plan; the earliest time is given last, and stays.
    for (const times of one.folders) {
      giveTimeBack(times)
      touched.add(times.path)
    }
  }
  for (const path of touched) await syncFolder(path)
  return left
}

async function takeBack(change: Change, rollback: Rollback): Promise<string | undefined> {
  const at = open(change.path)
  if (at === undefined) return change.op === 'rename' ? `${change.path}: its folder is gone` : undefined
  const { folder, name } = at
  try {
    switch (change.op) {
      case 'place':
        return takeBackPlace(change, folder, name, rollback)
      case 'replace':
        return await takeBackReplace(change, folder, name, rollback)
      case 'folder':
        return takeBackFolder(folder, name)
      case 'rename':
        return takeBackRename(change, folder, name)
      case 'mode':
        return takeBackMode(change, folder, name)
    }
  } finally {
    folder.close()
  }
}

/** whether a file was changed after the plan had made it. */
function wasChanged({ number }: Change, stats: BigIntStats | undefined, { story }: Rollback): boolean {
  const after = story.done.get(number)?.after
  return after !== undefined && !isUnchanged(stats, after)
}

function takeBackPlace(change: PlaceChange, folder: SafeFolder, name: string, rollback: Rollback): string | undefined {
  const stats = folder.look(name)
  // another file by now, or none: ours never got its name, or somebody took it away.
  if (!isSameFile(stats, change.made)) return undefined
  if (change.what !== 'tree') {
    if (change.what === 'file' && wasChanged(change, stats, rollback))
      return `${change.path}: its content was changed since`
    rmSync(folder.at(name))
    return undefined
  }
  const inside = openFolderBeneath(folder, change.path)
  try {
    if (digestOfTree(inside) !== change.digest) return `${change.path}: something in it was changed since`
  } finally {
    inside.close()
  }
  // out of sight in one step, then gone.
  const temporary = basename(change.temporary)
  const failed = renameNoReplace(folder.descriptor, name, folder.descriptor, temporary)
  if (failed < 0) throw errorOfErrno(failed, change.path)
  rmSync(folder.at(temporary), { recursive: true, force: true })
  return undefined
}

async function takeBackReplace(
  change: ReplaceChange,
  folder: SafeFolder,
  name: string,
  rollback: Rollback,
): Promise<string | undefined> {
  const stats = folder.look(name)
  const formerContent = `the former content is ${rollback.folder}/${change.kept}`
  if (!isSameFile(stats, change.made)) {
    return isSameFile(stats, change.before) ? undefined : `${change.path}: somebody replaced it since, ${formerContent}`
  }
  if (wasChanged(change, stats, rollback)) return `${change.path}: its content was changed since, ${formerContent}`
  const temporary = temporaryName()
  const kept = `${rollback.folder}/${change.kept}`
  try {
    linkSync(kept, folder.at(temporary))
  } catch (error) {
    if (!isErrno(error, 'EXDEV') && !isErrno(error, 'EPERM')) throw error
    await copyBack(rollback.folder, change.kept, folder, temporary)
  }
  renameSync(folder.at(temporary), folder.at(name))
  return undefined
}

async function copyBack(undoFolder: string, kept: string, folder: SafeFolder, temporary: string): Promise<void> {
  const from = openFolder(undoFolder)
  try {
    const stats = from.look(kept)
    if (stats === undefined) throw new Error(`the pre-image ${undoFolder}/${kept} is gone`)
    const file = createTemporary(folder, temporary)
    try {
      await file.fill(createReadStream(from.at(kept)), appearanceOf(stats, { times: true }))
    } finally {
      file.close()
    }
  } finally {
    from.close()
  }
}

function takeBackFolder(folder: SafeFolder, name: string): string | undefined {
  if (folder.look(name)?.isDirectory() !== true) return undefined
  try {
    rmdirSync(folder.at(name))
    return undefined
  } catch (error) {
    if (isErrno(error, 'ENOTEMPTY')) return `${folder.path}/${name}: somebody put something into it`
    throw error
  }
}

function takeBackRename(change: RenameChange, folder: SafeFolder, name: string): string | undefined {
  const there = open(change.to)
  if (there === undefined) return isSameFile(folder.look(name), change.moved) ? undefined : `${change.to} is gone`
  try {
    // where it never moved, or moved back already, there is nothing to do.
    if (!isSameFile(there.folder.look(there.name), change.moved)) {
      return isSameFile(folder.look(name), change.moved) ? undefined : `${change.path}: it is no longer at ${change.to}`
    }
    const failed = renameNoReplace(there.folder.descriptor, there.name, folder.descriptor, name)
    if (isErrno(failed, 'EEXIST')) return `${change.path}: something else is there now, it stays at ${change.to}`
    if (failed < 0) throw errorOfErrno(failed, change.path)
    if (change.trash) removeIfEmpty(there.folder.path)
    return undefined
  } finally {
    there.folder.close()
  }
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // something of the plan is still in it, and goes with the plan.
  }
}

function takeBackMode(change: ModeChange, folder: SafeFolder, name: string): string | undefined {
  const stats = folder.look(name)
  if (!isSameFile(stats, change.made) || stats === undefined || stats.isSymbolicLink()) return undefined
  if ((Number(stats.mode) & 0o7777) !== change.after) return undefined
  const descriptor = openEntry(folder, name)
  try {
    chmodSync(`/proc/self/fd/${descriptor}`, change.before)
  } finally {
    closeSync(descriptor)
  }
  return undefined
}

/** removes what was still being made under a temporary name when the plan ended. */
function removeLitter(path: string): undefined {
  const at = open(path)
  if (at === undefined) return
  try {
    rmSync(at.folder.at(at.name), { recursive: true, force: true })
  } finally {
    at.folder.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  let folder: SafeFolder
  try {
    folder = openFolder(path)
  } catch {
    // taken back itself: the folder above it is synced.
    return
  }
  try {
    await folder.sync()
  } finally {
    folder.close()
  }
}
