// the files as they would be after some steps: reading goes through what was pretended, then to the real tree.
import { basename, dirname } from 'node:path'
import type { Entry, Tree } from '../action.ts'
import { locateNew } from '../actions/paths.ts'
import { fileErrors } from '../files/errors.ts'
import { isBelow } from '../files/paths.ts'
import { previewErrors } from './errors.ts'

/** what a path would be. */
export type Pretended =
  /** `content` is absent where it was too much to be held. */
  | { readonly kind: 'file'; readonly content?: Buffer; readonly mode: number }
  | { readonly kind: 'folder' }
  | { readonly kind: 'gone' }
  /** what now lies at another path, unchanged. */
  | { readonly kind: 'same'; readonly as: string; readonly mode?: number }

export interface Overlay {
  readonly tree: Tree
  /** the absolute path, also of what is not there yet. */
  locate(path: string): Promise<string>
  set(absolute: string, what: Pretended): void
  /** what is pretended of exactly this path, or of a folder above it. */
  at(absolute: string): Pretended | undefined
  /** an entry as an action gets it from a change. */
  entryOf(absolute: string, what: { kind: Entry['kind']; bytes: number; mode: number }): Entry
}

export function createOverlay(base: Tree, owner: { readonly uid: number }): Overlay {
  const pretended = new Map<string, Pretended>()

  function at(absolute: string): Pretended | undefined {
    const exact = pretended.get(absolute)
    if (exact !== undefined) return exact
    for (let above = dirname(absolute); above !== dirname(above); above = dirname(above)) {
      const what = pretended.get(above)
      if (what === undefined) continue
      if (what.kind === 'same') return { kind: 'same', as: what.as + absolute.slice(above.length) }
      // below a new folder, or one that is gone, is nothing but what was pretended there.
      return { kind: 'gone' }
    }
    return undefined
  }

  /** walking through pretended folders is beyond a preview: better none than a wrong one. */
  async function mustBeReal(path: string): Promise<void> {
    const absolute = await locateNew(base, path)
    const touched = [...pretended.keys()].some((one) => isBelow(one, absolute) || isBelow(absolute, one))
    if (touched || pretended.has(absolute)) throw previewErrors.PREVIEW_INCOMPLETE({ value: base.show(absolute) })
  }

  const entryOf: Overlay['entryOf'] = (absolute, { kind, bytes, mode }) => ({
    path: base.show(absolute),
    absolute,
    name: basename(absolute),
    kind,
    bytes,
    modifiedMs: Date.now(),
    mode,
    uid: owner.uid,
    gid: 0,
  })

  async function find(path: string): Promise<Entry | undefined> {
    const absolute = await locateNew(base, path)
    const what = at(absolute)
    switch (what?.kind) {
      case undefined:
        return await base.find(path)
      case 'gone':
        return undefined
      case 'folder':
        return entryOf(absolute, { kind: 'folder', bytes: 0, mode: 0o755 })
      case 'file':
        return entryOf(absolute, { kind: 'file', bytes: what.content?.length ?? 0, mode: what.mode })
      case 'same': {
        const real = await base.find(what.as)
        return real && { ...real, path: base.show(absolute), absolute, name: basename(absolute) }
      }
    }
  }

  /** the real path to read from, or the content that is pretended. */
  async function source(path: string): Promise<string | Buffer> {
    const absolute = await locateNew(base, path)
    const what = at(absolute)
    switch (what?.kind) {
      case undefined:
        return path
      case 'same':
        return what.as
      case 'gone':
        throw fileErrors.PATH_MISSING({ value: path })
      case 'folder':
        throw fileErrors.NOT_A_FILE({ value: path })
      case 'file':
        if (what.content === undefined) throw previewErrors.PREVIEW_INCOMPLETE({ value: path })
        return what.content
    }
  }

  const tree: Tree = {
    locate: (path) => locateNew(base, path),
    show: (absolute) => base.show(absolute),
    find,
    async entry(path) {
      const entry = await find(path)
      if (entry === undefined) throw fileErrors.PATH_MISSING({ value: path })
      return entry
    },
    async read(path, options) {
      const from = await source(path)
      return typeof from === 'string' ? await base.read(from, options) : from
    },
    async *stream(path) {
      const from = await source(path)
      if (typeof from === 'string') yield* base.stream(from)
      else yield from
    },
    async list(path) {
      await mustBeReal(path)
      return await base.list(path)
    },
    async *walk(path, options) {
      await mustBeReal(path)
      yield* base.walk(path, options)
    },
  }
  return {
    tree,
    locate: (path) => locateNew(base, path),
    set: (absolute, what) => void pretended.set(absolute, what),
    at,
    entryOf,
  }
}
