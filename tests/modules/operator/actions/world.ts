// a folder for a test and the means to run actions in it: the real tree, and changes over the plain file system that are
// held to what the action said it would touch.
import { mkdtempSync, realpathSync } from 'node:fs'
import { chmod, cp, lstat, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { ActionContext, ActionResult, Changes, Entry, Resource } from '../../../../modules/operator/osd/action.ts'
import { dataFields } from '../../../../modules/operator/osd/actions/data-fields.ts'
import { actions } from '../../../../modules/operator/osd/actions/index.ts'
import type { Json } from '../../../../modules/operator/contract.ts'
import { fileErrors } from '../../../../modules/operator/osd/files/errors.ts'
import { createScope } from '../../../../modules/operator/osd/files/scope.ts'
import { type OpenTree, openTree } from '../../../../modules/operator/osd/files/tree.ts'

export interface World {
  readonly cwd: string
  readonly tree: OpenTree
  /** runs an action as osd does: arguments checked, resources computed, changes held to them. */
  run(name: string, args: { readonly [name: string]: Json }, options?: RunOptions): Promise<ActionResult>
  /** only what an action would touch, with paths relative to the working folder. */
  touches(name: string, args: { readonly [name: string]: Json }): Promise<string[]>
  write(path: string, content: string | Buffer, options?: { mode?: number; ageMs?: number }): Promise<void>
  folder(path: string): Promise<void>
  text(path: string): Promise<string>
  exists(path: string): Promise<boolean>
}

interface RunOptions {
  readonly environment?: ReadonlyMap<string, string>
  readonly signal?: AbortSignal
}

/** makes a folder that is gone after the test. */
export function createWorld(): World {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-actions-')))
  const cwd = join(home, 'work')
  const state = join(home, '.lotus')
  const guarded = { state, workspace: join(state, 'workspace'), private: [join(home, 'Private')] }
  const abort = new AbortController()
  const tree = openTree({ cwd, home, roots: [cwd], guarded, umask: 0o022 }, abort.signal)
  onTestFinished(async () => {
    tree.close()
    await rm(home, { recursive: true, force: true })
  })
  const at = (path: string) => resolve(cwd, path)
  const ready = mkdir(cwd, { recursive: true })

  async function prepare(name: string, args: { readonly [name: string]: Json }) {
    await ready
    const definition = actions.find((action) => action.name === name)
    if (definition === undefined) throw new Error(`there is no action ${name}`)
    const checked = definition.input.parse(args)
    const resources = await definition.resources(checked, { tree, cwd, signal: abort.signal })
    return { definition, checked, resources }
  }

  return {
    cwd,
    tree,
    async run(name, args, options = {}) {
      const { definition, checked, resources } = await prepare(name, args)
      const context: ActionContext = {
        tree,
        changes: createPlainChanges(tree, definition.effect === 'files' ? resources : []),
        cwd,
        home,
        uid: process.getuid?.() ?? 0,
        environment: options.environment ?? new Map(),
        timeZone: 'UTC',
        locale: 'en-GB',
        width: 80,
        signal: options.signal ?? abort.signal,
      }
      const result = await definition.run(checked, context)
      // what later steps may refer to is written down, and no more is given.
      expect(Object.keys(dataFields[name] ?? {})).toEqual(expect.arrayContaining(Object.keys(result.data)))
      return result
    },
    async touches(name, args) {
      const { resources } = await prepare(name, args)
      return resources.map(({ kind, access, name: path }) => `${kind} ${access} ${tree.show(path)}`).toSorted()
    },
    async write(path, content, { mode, ageMs } = {}) {
      await mkdir(dirname(at(path)), { recursive: true })
      await writeFile(at(path), content)
      if (mode !== undefined) await chmod(at(path), mode)
      const time = new Date(Date.now() - (ageMs ?? 60_000))
      await utimes(at(path), time, time)
    },
    async folder(path) {
      await mkdir(at(path), { recursive: true })
    },
    text: (path) => readFile(at(path), 'utf8'),
    async exists(path) {
      return lstat(at(path)).then(
        () => true,
        () => false,
      )
    },
  }
}

async function bytesOf(content: Buffer | AsyncIterable<Buffer>): Promise<Buffer> {
  if (Buffer.isBuffer(content)) return content
  const chunks: Buffer[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** changes without records or undo, which are tested where they are made. */
function createPlainChanges(tree: OpenTree, resources: readonly Resource[]): Changes {
  const scope = createScope(resources)
  const place = async (path: string, access: 'create' | 'change' | 'remove'): Promise<string> => {
    const absolute = await tree.locate(path)
    scope.check(absolute, access)
    return absolute
  }
  const free = async (path: string): Promise<string> => {
    const absolute = await place(path, 'create')
    if ((await tree.find(absolute)) !== undefined) throw fileErrors.PATH_EXISTS({ value: path })
    await mkdir(dirname(absolute), { recursive: true })
    return absolute
  }
  const entry = (path: string): Promise<Entry> => tree.entry(path)
  return {
    async write(path, content, { expect, mode, modifiedMs } = {}) {
      const there = await tree.find(path)
      if (expect === 'absent' && there !== undefined) throw fileErrors.PATH_EXISTS({ value: path })
      if (expect === 'present' && there === undefined) throw fileErrors.PATH_MISSING({ value: path })
      const absolute = await place(path, there === undefined ? 'create' : 'change')
      // what is half written must never be seen, here as there.
      const bytes = await bytesOf(content)
      const before = there === undefined ? undefined : await stat(absolute)
      await writeFile(absolute, bytes)
      await chmod(absolute, mode ?? (before === undefined ? 0o644 : before.mode & 0o7777))
      if (modifiedMs !== undefined) await utimes(absolute, modifiedMs / 1000, modifiedMs / 1000)
      return entry(absolute)
    },
    async makeFolder(path) {
      const absolute = await free(path)
      await mkdir(absolute, { recursive: true })
      return entry(absolute)
    },
    async copy(from, to) {
      const absolute = await free(to)
      await cp(await tree.locate(from), absolute, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
      return entry(absolute)
    },
    async move(from, to) {
      const absolute = await free(to)
      await rename(await place(from, 'remove'), absolute)
      return entry(absolute)
    },
    async trash(path) {
      await rm(await place(path, 'remove'), { recursive: true })
    },
    async setMode(path, mode) {
      const absolute = await place(path, 'change')
      await chmod(absolute, mode)
      return entry(absolute)
    },
  }
}

/** the code of the error that a promise ends with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : `not of LOTUS: ${String(error)}`
  }
  return 'no error'
}
