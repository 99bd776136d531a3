// changing things below the granted roots, as actions see it: write, make folders, copy, move, trash, set modes.
import { chmodSync, closeSync, createReadStream, fstatSync, mkdirSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Changes } from '../action.ts'
import { fileError } from '../native/errno.ts'
import type { Identity, RenameChange } from '../undo/records.ts'
import { appearanceOf, appearanceOfCopy } from './content.ts'
import type { Appearance } from './content.ts'
import { copyEntry, copyFolder } from './copy-tree.ts'
import { fileErrors } from './errors.ts'
import { digestOfTree, identityOf, isSameFile, isUnchanged } from './identity.ts'
import { absolutePath, followFolderLinks, isWithin } from './paths.ts'
import { readProtection } from './protection.ts'
import { createRecorder } from './recorder.ts'
import type { RecorderOptions, Written } from './recorder.ts'
import { openEntry, openFolder, openFolderBeneath } from './safe-folder.ts'
import type { SafeFolder } from './safe-folder.ts'
import { nameInTrash, trashFolders } from './trash.ts'

export interface ChangeOptions extends RecorderOptions {
  /** LOTUS_HOME/trash. */
  readonly trash: string
}

/** what a copy looks like. */
type Looks = (stats: BigIntStats) => Appearance

/** the changes of one step: what an action sees, and what osd itself needs. */
export interface ChangeSet extends Changes {
  /**
   * puts a kept pre-image in the place of what is there now; for undoing. mode and owner that somebody gave it since
   * stay, so that what was made private does not become readable.
   * @returns whose mode and owner it has: those of the pre-image or those of what was there.
   * @throws PATH_CHANGED.
   */
  restore(
    path: string,
    preimage: { folder: SafeFolder; name: string },
    expected: Identity,
  ): Promise<'former' | 'present'>
  /** gives something its former name back; for undoing. @throws PATH_CHANGED, PATH_EXISTS. */
  giveBack(change: RenameChange): Promise<void>
  /** makes the names of everything changed so far durable; called before the step counts as done. */
  settle(): Promise<void>
  readonly count: number
  /** length and digest of what was written, for the audit. */
  readonly written: readonly Written[]
}

/** gives changing access to one step. every method throws once `signal` is aborted, so that nothing comes late. */
export function createChanges(options: ChangeOptions): ChangeSet {
  const { reach, tree, journal } = options
  const recorder = createRecorder(options)
  const { target } = recorder
  const judged = (text: string): string => followFolderLinks(absolutePath(text, reach.cwd, reach.home))

  async function makeOneFolder(path: string): Promise<void> {
    const { folder, name } = target(path, 'create')
    try {
      const common = recorder.base()
      await recorder.record({ ...common, op: 'folder', path, folders: recorder.times(folder) })
      mkdirSync(folder.at(name), { mode: 0o700 })
      chmodSync(folder.at(name), 0o777 & ~reach.umask)
      const after = folder.look(name)
      recorder.done(common.number, [folder], after === undefined ? {} : { after: identityOf(after) })
    } catch (error) {
      throw fileError(error, tree.show(path))
    } finally {
      folder.close()
    }
  }

  /** makes the folders above a path that are missing, the highest first. */
  async function makeParents(path: string): Promise<void> {
    const missing: string[] = []
    for (let at = dirname(path); (await tree.find(at)) === undefined; at = dirname(at)) missing.unshift(at)
    for (const folder of missing) await makeOneFolder(folder)
  }

  /** the two ends of a copy or move: the source is there, the target free, the folders above it made. */
  async function ends(from: string, to: string): Promise<{ source: string; goal: string }> {
    const source = judged(from)
    const goal = judged(to)
    await tree.entry(source)
    if (isWithin(goal, source)) {
      throw goal === source
        ? fileErrors.PATH_EXISTS({ value: tree.show(goal) })
        : fileErrors.PATH_INVALID({ value: tree.show(goal), detail: 'a folder can’t go into itself' })
    }
    if ((await tree.find(goal)) !== undefined) throw fileErrors.PATH_EXISTS({ value: tree.show(goal) })
    await makeParents(goal)
    return { source, goal }
  }

  function digestAt(folder: SafeFolder, path: string): string {
    const inner = openFolderBeneath(folder, path)
    try {
      return digestOfTree(inner)
    } finally {
      inner.close()
    }
  }

  async function copyUnder(
    from: SafeFolder,
    name: string,
    stats: BigIntStats,
    to: SafeFolder,
    temporary: string,
    looks: Looks,
  ): Promise<void> {
    const limits = { guarded: reach.guarded, signal: options.signal, looks, count: recorder.countBytes }
    if (!stats.isDirectory()) {
      await copyEntry(from, name, stats, to, temporary, limits)
      return
    }
    const inner = openFolderBeneath(from, join(from.path, name))
    try {
      await copyFolder(inner, stats, to, temporary, limits)
    } finally {
      inner.close()
    }
  }

  async function copyTo(source: string, goal: string, looks: Looks): Promise<void> {
    const reason = readProtection(source, reach.guarded)
    if (reason !== undefined) throw fileErrors.READ_PROTECTED({ value: tree.show(source), detail: reason })
    const to = target(goal, 'create')
    const from = tree.openParent(source)
    try {
      const name = basename(source)
      const stats = from.look(name)
      if (stats === undefined) throw fileErrors.PATH_MISSING({ value: tree.show(source) })
      if (stats.isFile()) {
        await recorder.writeFile(to, tree.stream(source), looks(stats), undefined)
        return
      }
      await recorder.withTemporary(to.folder, async (temporary, folders) => {
        await copyUnder(from, name, stats, to.folder, temporary, looks)
        const copied = to.folder.look(temporary)
        if (copied === undefined) throw fileErrors.PATH_CHANGED({ value: tree.show(goal) })
        const common = recorder.base()
        const made = { device: String(copied.dev), inode: String(copied.ino) }
        const what = stats.isDirectory() ? 'tree' : 'link'
        const temporaryPath = join(to.folder.path, temporary)
        // taken before it has its name: the rename changes nothing inside.
        const digest = what === 'tree' ? { digest: digestAt(to.folder, temporaryPath) } : {}
        await recorder.record({
          ...common,
          op: 'place',
          path: goal,
          temporary: temporaryPath,
          made,
          what,
          ...digest,
          folders,
        })
        recorder.place(to.folder, temporary, to.name)
        recorder.done(common.number, [to.folder], { after: identityOf(copied) })
      })
    } finally {
      from.close()
      to.folder.close()
    }
  }

  async function trash(text: string): Promise<void> {
    const { path, folder, name } = target(text, 'remove')
    try {
      if (folder.look(name) === undefined) throw fileErrors.PATH_MISSING({ value: tree.show(path) })
      for (const place of trashFolders(folder, options.trash, journal.begin.planId)) {
        if (await recorder.rename(folder, name, place, nameInTrash(journal.changes + 1, name), true)) return
      }
      throw fileErrors.NOT_PERMITTED({
        value: tree.show(path),
        detail: 'there is no place for a trash on its file system',
      })
    } finally {
      folder.close()
    }
  }

  return {
    trash,
    get count() {
      return recorder.count
    },
    written: recorder.written,
    settle: recorder.settle,
    async write(text, content, { expect, mode, modifiedMs } = {}) {
      const existing = await tree.find(text)
      if (expect === 'absent' && existing !== undefined) throw fileErrors.PATH_EXISTS({ value: text })
      if (expect === 'present' && existing === undefined) throw fileErrors.PATH_MISSING({ value: text })
      if (existing !== undefined && existing.kind !== 'file') {
        throw fileErrors.NOT_A_FILE({ value: text, detail: `it is a ${existing.kind}` })
      }
      const where = target(text, existing === undefined ? 'create' : 'change')
      try {
        const before = where.folder.look(where.name)
        if (before !== undefined && !before.isFile()) throw fileErrors.PATH_CHANGED({ value: text })
        const looks = before === undefined ? { mode: 0o666 & ~reach.umask } : appearanceOf(before, { times: false })
        const asked = {
          ...looks,
          ...(mode === undefined ? {} : { mode: mode & 0o777 }),
          ...(modifiedMs === undefined ? {} : { modifiedNs: BigInt(Math.round(modifiedMs * 1000)) * 1000n }),
        }
        await recorder.writeFile(where, content, asked, before)
      } finally {
        where.folder.close()
      }
      return tree.entry(where.path)
    },
    async makeFolder(text) {
      const goal = judged(text)
      if ((await tree.find(goal)) !== undefined) throw fileErrors.PATH_EXISTS({ value: text })
      await makeParents(goal)
      await makeOneFolder(goal)
      return tree.entry(goal)
    },
    async copy(from, to) {
      const { source, goal } = await ends(from, to)
      await copyTo(source, goal, appearanceOfCopy)
      return tree.entry(goal)
    },
    async move(from, to) {
      const { source, goal } = await ends(from, to)
      const old = target(source, 'remove')
      let moved: boolean
      try {
        const next = target(goal, 'create')
        try {
          moved = await recorder.rename(old.folder, old.name, next.folder, next.name, false)
        } finally {
          next.folder.close()
        }
      } finally {
        old.folder.close()
      }
      if (!moved) {
        await copyTo(source, goal, (stats) => appearanceOf(stats, { times: true }))
        await trash(source)
      }
      return tree.entry(goal)
    },
    async setMode(text, mode) {
      const { path, folder, name } = target(text, 'change')
      // the descriptor is of the file that was judged: a link that takes its name meanwhile is not followed.
      try {
        const descriptor = openEntry(folder, name)
        try {
          const stats = fstatSync(descriptor, { bigint: true })
          if (!stats.isFile() && !stats.isDirectory()) throw fileErrors.NOT_ORDINARY({ value: text })
          if ((mode & ~0o777) !== 0) {
            throw fileErrors.NOT_PERMITTED({ value: mode.toString(8), detail: 'set-uid and the like are never set' })
          }
          const common = recorder.base()
          const { device, inode, mode: before } = identityOf(stats)
          await recorder.record({
            ...common,
            op: 'mode',
            path,
            made: { device, inode },
            before,
            after: mode,
            folders: [],
          })
          chmodSync(`/proc/self/fd/${descriptor}`, mode)
          recorder.touched(folder)
          recorder.done(common.number, [], { after: { ...identityOf(stats), mode } })
        } finally {
          closeSync(descriptor)
        }
      } catch (error) {
        throw fileError(error, text)
      } finally {
        folder.close()
      }
      return tree.entry(path)
    },
    async restore(path, preimage, expected) {
      const where = target(path, 'change')
      try {
        const before = where.folder.look(where.name)
        if (before === undefined || !isUnchanged(before, expected))
          throw fileErrors.PATH_CHANGED({ value: tree.show(path) })
        const stats = preimage.folder.look(preimage.name)
        if (stats === undefined) throw fileErrors.PATH_MISSING({ value: join(preimage.folder.path, preimage.name) })
        const content = createReadStream(preimage.folder.at(preimage.name))
        const former = appearanceOf(stats, { times: true })
        const { mode, owner } = appearanceOf(before, { times: false })
        // changing content never changes the owner, so that one that differs from the pre-image's is somebody's wish.
        const asLeft = mode === expected.mode && before.uid === stats.uid && before.gid === stats.gid
        const looks = asLeft ? former : { ...former, mode, ...(owner === undefined ? {} : { owner }) }
        await recorder.writeFile(where, content, looks, before)
        return asLeft ? 'former' : 'present'
      } finally {
        where.folder.close()
      }
    },
    async giveBack(change) {
      const where = target(change.path, 'create')
      try {
        const from = openFolder(dirname(change.to))
        try {
          const name = basename(change.to)
          if (!isSameFile(from.look(name), change.moved)) throw fileErrors.PATH_CHANGED({ value: tree.show(change.to) })
          const back = await recorder.rename(from, name, where.folder, where.name, false)
          if (!back)
            throw fileErrors.PATH_CHANGED({
              value: tree.show(change.path),
              detail: 'its file system is another one now',
            })
        } finally {
          from.close()
        }
      } finally {
        where.folder.close()
      }
    },
  }
}
