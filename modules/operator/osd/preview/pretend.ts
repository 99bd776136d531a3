// changing nothing: an action that runs with this believes that it changes files, and what it would do is noted.
import { dirname } from 'node:path'
import type { ShownChange } from '../../contract.ts'
import type { Changes, Entry } from '../action.ts'
import { findEntry } from '../actions/paths.ts'
import { sha256 } from '../canonical.ts'
import { fileErrors } from '../files/errors.ts'
import type { Scope } from '../files/scope.ts'
import { compareContents, maxComparedBytes } from './difference.ts'
import type { Content } from './difference.ts'
import { previewErrors } from './errors.ts'
import type { Overlay } from './overlay.ts'

export interface PretendOptions {
  readonly overlay: Overlay
  readonly scope: Scope
  readonly signal: AbortSignal
  readonly umask: number
  /** takes a change. @throws PREVIEW_FULL */
  note(change: ShownChange): void
}

/** reads up to the limit; beyond it only the size so far is known. */
async function collect(content: Buffer | AsyncIterable<Buffer>): Promise<Content> {
  if (Buffer.isBuffer(content)) return content.length > maxComparedBytes ? { bytes: content.length } : content
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of content) {
    bytes += chunk.length
    chunks.push(chunk)
    if (bytes > maxComparedBytes) return { bytes }
  }
  return Buffer.concat(chunks)
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(3, '0')

export function pretendChanges({ overlay, scope, signal, umask, note }: PretendOptions): Changes {
  const { tree } = overlay

  async function contentOf(entry: Entry | undefined): Promise<Content | undefined> {
    if (entry === undefined) return undefined
    if (entry.bytes > maxComparedBytes) return { bytes: entry.bytes }
    return await tree.read(entry.absolute, { maxBytes: maxComparedBytes * 2 })
  }

  /** the folders above a path that a change would make on its way. */
  async function makeParents(absolute: string): Promise<void> {
    const missing: string[] = []
    for (let above = dirname(absolute); (await findEntry(tree, above)) === undefined; above = dirname(above))
      missing.unshift(above)
    for (const folder of missing) {
      note({ kind: 'folder', path: tree.show(folder) })
      overlay.set(folder, { kind: 'folder' })
    }
  }

  async function transfer(kind: 'copy' | 'move', from: string, to: string): Promise<Entry> {
    signal.throwIfAborted()
    const source = await tree.entry(from)
    const goal = await overlay.locate(to)
    scope.check(goal, 'create')
    if (kind === 'move') scope.check(source.absolute, 'remove')
    if ((await findEntry(tree, goal)) !== undefined) throw fileErrors.PATH_EXISTS({ value: tree.show(goal) })
    await makeParents(goal)
    const pretended = overlay.at(source.absolute)
    // a folder with pretended things in it would have to be taken apart.
    if (pretended?.kind === 'folder') throw previewErrors.PREVIEW_INCOMPLETE({ value: source.path })
    note({ kind, path: source.path, to: tree.show(goal) })
    overlay.set(goal, pretended ?? { kind: 'same', as: source.absolute })
    if (kind === 'move') overlay.set(source.absolute, { kind: 'gone' })
    return overlay.entryOf(goal, source)
  }

  return {
    async write(path, content, options = {}) {
      signal.throwIfAborted()
      const absolute = await overlay.locate(path)
      const there = await findEntry(tree, absolute)
      const shown = tree.show(absolute)
      if (options.expect === 'absent' && there !== undefined) throw fileErrors.PATH_EXISTS({ value: shown })
      if (options.expect === 'present' && there === undefined) throw fileErrors.PATH_MISSING({ value: shown })
      if (there !== undefined && there.kind !== 'file') throw fileErrors.NOT_A_FILE({ value: shown })
      scope.check(absolute, there === undefined ? 'create' : 'change')
      const before = await contentOf(there)
      const after = await collect(content)
      const mode = options.mode ?? there?.mode ?? 0o666 & ~umask
      note({
        kind: there === undefined ? 'create' : 'change',
        path: shown,
        ...(await compareContents(before, after)),
        ...(Buffer.isBuffer(before) ? { before_sha256: sha256(before) } : {}),
        ...(Buffer.isBuffer(after) ? { after_sha256: sha256(after) } : {}),
      })
      overlay.set(absolute, { kind: 'file', mode, ...(Buffer.isBuffer(after) ? { content: after } : {}) })
      const bytes = Buffer.isBuffer(after) ? after.length : after.bytes
      return overlay.entryOf(absolute, { kind: 'file', bytes, mode })
    },
    async makeFolder(path) {
      signal.throwIfAborted()
      const absolute = await overlay.locate(path)
      scope.check(absolute, 'create')
      if ((await findEntry(tree, absolute)) !== undefined) throw fileErrors.PATH_EXISTS({ value: tree.show(absolute) })
      await makeParents(absolute)
      note({ kind: 'folder', path: tree.show(absolute) })
      overlay.set(absolute, { kind: 'folder' })
      return overlay.entryOf(absolute, { kind: 'folder', bytes: 0, mode: 0o777 & ~umask })
    },
    copy: (from, to) => transfer('copy', from, to),
    move: (from, to) => transfer('move', from, to),
    async trash(path) {
      signal.throwIfAborted()
      const entry = await tree.entry(path)
      scope.check(entry.absolute, 'remove')
      note({ kind: 'remove', path: entry.path, note: `${entry.kind}, to the trash` })
      overlay.set(entry.absolute, { kind: 'gone' })
    },
    async setMode(path, mode) {
      signal.throwIfAborted()
      const entry = await tree.entry(path)
      scope.check(entry.absolute, 'change')
      note({ kind: 'mode', path: entry.path, note: `mode ${octal(entry.mode)} before, ${octal(mode)} after` })
      return { ...entry, mode }
    },
  }
}
