// the one way to change something: judge, write down, sync, do it in one atomic step, note what is there now.
import { renameSync, rmSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorOfErrno, fileError, isErrno } from '../native/errno.ts'
import { renameNoReplace } from '../native/libc.ts'
import type { Journal } from '../undo/journal.ts'
import type { Change, Done, FolderTimes } from '../undo/records.ts'
import { createTemporary, temporaryName } from './content.ts'
import type { Appearance } from './content.ts'
import { fileErrors } from './errors.ts'
import { giveTimeBack, identityOf, isSameFile, isUnchanged, timesOf } from './identity.ts'
import { absolutePath, followFolderLinks } from './paths.ts'
import { keepPreimage } from './preimage.ts'
import { writeProtection } from './protection.ts'
import type { Reach } from './reach.ts'
import { openFolder } from './safe-folder.ts'
import type { SafeFolder } from './safe-folder.ts'
import type { Scope } from './scope.ts'
import type { OpenTree } from './tree.ts'

export interface RecorderOptions {
  readonly reach: Reach
  readonly tree: OpenTree
  readonly journal: Journal
  /** what the policy decided on. */
  readonly scope: Scope
  readonly step: string
  readonly undoId: string
  readonly signal: AbortSignal
  readonly maxChanges: number
  readonly maxBytes: number
}

/** where a change happens: the folder is open, the caller closes it. */
export interface Target {
  readonly path: string
  readonly folder: SafeFolder
  readonly name: string
}

export type Access = 'create' | 'change' | 'remove'

export interface Written {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface Recorder {
  /** judges a path for a change. @throws WRITE_PROTECTED, PATH_OUTSIDE, PATH_UNDECIDED. */
  target(text: string, access: Access): Target
  /** what every change of the step has in common. */
  base(): { readonly number: number; readonly step: string; readonly undoId: string }
  /** the folders' times for a record; they will be synced when the step settles. */
  times(...folders: readonly SafeFolder[]): FolderTimes[]
  record(change: Change): Promise<void>
  done(number: number, folders: readonly SafeFolder[], rest: Partial<Omit<Done, 'number' | 'folders'>>): void
  /** gives something made under a temporary name its own. @throws PATH_EXISTS where something is. */
  place(folder: SafeFolder, temporary: string, name: string): void
  /** hands out a temporary name that is cleaned up when `work` fails or the process dies, and the time before. */
  withTemporary<Result>(
    folder: SafeFolder,
    work: (name: string, folders: readonly FolderTimes[]) => Promise<Result>,
  ): Promise<Result>
  /** writes a file and puts it in its place; `before` is what it replaces. */
  writeFile(
    where: Target,
    content: Buffer | AsyncIterable<Buffer>,
    looks: Appearance,
    before: BigIntStats | undefined,
  ): Promise<void>
  /** renames within a file system. @returns false, with nothing changed, where the two are on different ones. */
  rename(from: SafeFolder, name: string, to: SafeFolder, newName: string, trash: boolean): Promise<boolean>
  /** the folder needs to be synced when the step settles. */
  touched(folder: SafeFolder): void
  settle(): Promise<void>
  /** counts against what a step may write. @throws TOO_LARGE. */
  countBytes(more: number): void
  readonly count: number
  readonly written: readonly Written[]
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { reach, tree, journal, scope, step, undoId, signal } = options
  const dirty = new Set<string>()
  const written: Written[] = []
  let count = 0
  let bytes = 0

  function countBytes(more: number): void {
    bytes += more
    if (bytes <= options.maxBytes) return
    throw fileErrors.TOO_LARGE({ value: bytes, detail: `a plan writes at most ${options.maxBytes} bytes` })
  }

  function times(...folders: readonly SafeFolder[]): FolderTimes[] {
    for (const { path } of folders) dirty.add(path)
    return folders.map(timesOf).filter((one) => one !== undefined)
  }

  async function record(change: Change): Promise<void> {
    if (count >= options.maxChanges) {
      throw fileErrors.TOO_MANY_ENTRIES({ value: count, detail: `a plan makes at most ${options.maxChanges} changes` })
    }
    journal.append({ kind: 'change', change })
    await journal.sync()
    signal.throwIfAborted()
  }

  function done(number: number, folders: readonly SafeFolder[], rest: Partial<Omit<Done, 'number' | 'folders'>>): void {
    count += 1
    journal.append({ kind: 'done', done: { keptBytes: 0, ...rest, number, folders: times(...folders) } })
  }

  const base = (): { number: number; step: string; undoId: string } => ({ number: journal.nextNumber(), step, undoId })

  function place(folder: SafeFolder, temporary: string, name: string): void {
    const shown = tree.show(join(folder.path, name))
    const failed = renameNoReplace(folder.descriptor, temporary, folder.descriptor, name)
    if (failed === 0) return
    // some network file systems can't refuse to replace: look, then rename.
    if (!isErrno(failed, 'EINVAL')) throw errorOfErrno(failed, shown)
    if (folder.look(name) !== undefined) throw fileErrors.PATH_EXISTS({ value: shown })
    renameSync(folder.at(temporary), folder.at(name))
  }

  async function withTemporary<Result>(
    folder: SafeFolder,
    work: (name: string, folders: readonly FolderTimes[]) => Promise<Result>,
  ): Promise<Result> {
    const name = temporaryName()
    const folders = times(folder)
    journal.append({ kind: 'temporary', temporary: { path: join(folder.path, name), folders } })
    try {
      return await work(name, folders)
    } catch (error) {
      rmSync(folder.at(name), { recursive: true, force: true })
      for (const one of folders) giveTimeBack(one)
      throw fileError(error, tree.show(folder.path))
    }
  }

  async function writeFile(
    { path, folder, name }: Target,
    content: Buffer | AsyncIterable<Buffer>,
    looks: Appearance,
    before: BigIntStats | undefined,
  ): Promise<void> {
    await withTemporary(folder, async (temporary, folders) => {
      const file = createTemporary(folder, temporary, signal)
      try {
        const common = {
          ...base(),
          path,
          temporary: join(folder.path, temporary),
          made: file.made,
          folders,
        }
        const kept = String(common.number)
        if (before !== undefined) {
          await keepPreimage(folder, name, before, journal.folder, kept)
          journal.named()
        }
        // content and record become durable side by side, both before the name changes hands. each is waited for, so
        // that neither goes on with a descriptor that was closed because the other failed.
        const [filled, recorded] = await Promise.allSettled([
          file.fill(content, looks),
          before === undefined
            ? record({ ...common, op: 'place', what: 'file' })
            : record({ ...common, op: 'replace', before: identityOf(before), kept }),
        ])
        if (filled.status === 'rejected') throw filled.reason
        if (recorded.status === 'rejected') throw recorded.reason
        // told to stop while the content was written: from here on nothing may get its name.
        signal.throwIfAborted()
        if (before === undefined) place(folder, temporary, name)
        else if (isUnchanged(folder.look(name), identityOf(before))) renameSync(folder.at(temporary), folder.at(name))
        else throw fileErrors.PATH_CHANGED({ value: tree.show(path) })
        const after = folder.look(name)
        if (after === undefined) throw fileErrors.PATH_CHANGED({ value: tree.show(path) })
        countBytes(Number(after.size))
        written.push({ path, bytes: Number(after.size), sha256: filled.value })
        done(common.number, [folder], { after: identityOf(after, filled.value), keptBytes: Number(before?.size ?? 0n) })
      } finally {
        file.close()
      }
    })
  }

  async function rename(
    from: SafeFolder,
    name: string,
    to: SafeFolder,
    newName: string,
    trash: boolean,
  ): Promise<boolean> {
    const path = join(from.path, name)
    const stats = from.look(name)
    if (stats === undefined) throw fileErrors.PATH_MISSING({ value: tree.show(path) })
    if (to.look('.')?.dev !== stats.dev) return false
    const { device, inode } = identityOf(stats)
    const common = base()
    const moved = { device, inode }
    // a trash folder's own times are nobody's concern.
    const touchedFolders = trash ? [from] : [from, to]
    const folders = times(...touchedFolders)
    await record({ ...common, op: 'rename', path, to: join(to.path, newName), moved, trash, folders })
    const failed = renameNoReplace(from.descriptor, name, to.descriptor, newName)
    if (isErrno(failed, 'EXDEV')) return false
    if (failed < 0) throw errorOfErrno(failed, tree.show(path))
    // whoever swapped what lay there in the last moment: it goes back, nothing was meant for it.
    if (!isSameFile(to.look(newName), moved)) {
      renameNoReplace(to.descriptor, newName, from.descriptor, name)
      throw fileErrors.PATH_CHANGED({ value: tree.show(path) })
    }
    dirty.add(to.path)
    done(common.number, touchedFolders, { after: identityOf(stats), keptBytes: trash ? Number(stats.size) : 0 })
    return true
  }

  return {
    target(text, access) {
      signal.throwIfAborted()
      const path = followFolderLinks(absolutePath(text, reach.cwd, reach.home))
      const reason = writeProtection(path, reach.guarded)
      if (reason !== undefined) {
        throw fileErrors.WRITE_PROTECTED({ value: tree.show(path), detail: reason, cause: { path } })
      }
      scope.check(path, access)
      return { path, folder: tree.openParent(path), name: basename(path) }
    },
    base,
    times,
    record,
    done,
    place,
    withTemporary,
    writeFile,
    rename,
    touched({ path }) {
      dirty.add(path)
    },
    async settle() {
      const paths = [...dirty]
      dirty.clear()
      await Promise.all(paths.map(syncFolder))
    },
    countBytes,
    get count() {
      return count
    },
    written,
  }
}

/** makes the names in a folder durable; one that is gone by now needs it no more, the one above it does. */
async function syncFolder(path: string): Promise<void> {
  let folder: SafeFolder
  try {
    folder = openFolder(path)
  } catch {
    if (path !== '/') await syncFolder(dirname(path))
    return
  }
  try {
    await folder.sync()
  } finally {
    folder.close()
  }
}
