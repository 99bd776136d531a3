// the code pack: what the last starts of a process have loaded, and what they worked out of files, in one file beside the
// compile cache. so a start need not find, open and strip some hundred files again. the files stay what counts: each is
// looked at before what is packed of it is taken, and whatever is not as it was then is read anew.
import { spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { getCompileCacheDir, isBuiltin, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** how a file looked. */
export interface Look {
  /** beneath the project's folder, or absolute. */
  readonly name: string
  /** -1: it was not there. */
  readonly size: number
  /** when anything about it was changed last: unlike the time of its text, no program can set that back. */
  readonly changedMs: number
}

export interface PackedFile extends Look {
  /** how Node takes the text; empty where it finds out by itself. */
  readonly format: string
  /** the file that says how it is found: it must be as it was, too. -1: none */
  readonly scope: number
  /** where its text begins behind the header. */
  readonly offset: number
  /** -1: its text is not here. */
  readonly length: number
  /** what it imports: a key, the index of the file that is meant, and so on. see `importKey` */
  readonly imports: readonly (string | number)[]
}

/** plain data that was worked out of files. */
export interface PackedFact {
  readonly name: string
  readonly from: readonly number[]
  readonly offset: number
  readonly length: number
}

/** what stands before the texts. */
export interface PackHeader {
  readonly layout: 1
  readonly node: string
  readonly root: string
  readonly files: readonly PackedFile[]
  readonly facts: readonly PackedFact[]
  /** of all texts together. */
  readonly bytes: number
}

export interface OpenPack {
  readonly header: PackHeader
  /** whether a file is still what it was when it was packed; looked at once. */
  isFresh(index: number): boolean
  /** undefined where it is not in the pack. */
  text(packed: { readonly offset: number; readonly length: number }): string | undefined
}

/** what a start found out that is not in the pack. */
export interface Lack {
  readonly target: string
  readonly root: string
  readonly loaded: readonly (readonly [url: string, format: string])[]
  readonly imports: readonly (readonly [parent: string, key: string, url: string])[]
  readonly facts: readonly { readonly name: string; readonly from: readonly Look[]; readonly text: string }[]
}

/** something that was worked out of files, if that is known and still true. */
export interface Recollection {
  readonly known: { readonly value: unknown } | undefined
  /** keeps what has been worked out for the next start: plain data. */
  keep(value: unknown): void
}

interface Use {
  recollect(name: string, paths: readonly string[]): Recollection
  end(): Lack | undefined
}

const projectRoot = join(import.meta.dirname, '../..')
/** digits of the header's length, with which the file begins. */
export const lengthDigits = 16
/** a pack that is larger than this is begun anew with what the last start has loaded. */
export const mostBytes = 64 * 1024 * 1024
/** options of Node that don't change how files are found and loaded. */
const harmless =
  /^--(?:(?:max|min)-(?:old|semi)-|semi-space-|cpu-prof|heap-prof|trace-gc|enable-source-maps|no-warnings)/

let inUse: Use | undefined

/**
 * takes code from the pack of this kind of process from now on, and notes what is loaded beside it. without a compile
 * cache, or where options of Node change how files are loaded, there is none.
 * @param name - what the process is called, a word
 */
export function openCodePack(name: string): void {
  const folder = getCompileCacheDir()
  if (inUse !== undefined || folder === undefined) return
  if (process.env['NODE_OPTIONS'] !== undefined || !process.execArgv.every((option) => harmless.test(option))) return
  const target = join(folder, `lotus-${name}.pack`)
  inUse = usePack(target, readPack(target, projectRoot))
}

/** loads plainly from now on. where the pack lacked something, a process of its own writes it anew. */
export function closeCodePack(): void {
  const lack = endCodePack()
  if (lack !== undefined) beginWriting(lack)
}

/** loads plainly from now on; gives what the pack lacked. */
export function endCodePack(): Lack | undefined {
  const lack = inUse?.end()
  inUse = undefined
  return lack
}

/**
 * asks for what an earlier start has worked out of files. they are looked at here, so that they are read afterwards.
 * @param paths - everything that it depends on, the code that works it out among them; absolute
 */
export function recollect(name: string, paths: readonly string[]): Recollection {
  return inUse?.recollect(name, paths) ?? { known: undefined, keep: () => undefined }
}

function hasAny(attributes: object | undefined): boolean {
  for (const _ in attributes) return true
  return false
}

/** how an import is known: the same words may mean another file where they are required. */
function importKey(specifier: string, conditions: readonly string[]): string {
  return conditions.includes('require') ? `require ${specifier}` : specifier
}

export function lookAt(name: string, root: string): Look {
  const found = statSync(pathOf(name, root), { throwIfNoEntry: false })
  return { name, size: found?.size ?? -1, changedMs: found?.ctimeMs ?? 0 }
}

export function isAsBefore(look: Look, root: string): boolean {
  const { size, changedMs } = lookAt(look.name, root)
  return size === look.size && changedMs === look.changedMs
}

function pathOf(name: string, root: string): string {
  return name.startsWith('/') ? name : `${root}/${name}`
}

/** reads a pack; undefined where there is none, or none that this process may use. */
export function readPack(target: string, root: string): OpenPack | undefined {
  try {
    const bytes = bytesOf(target)
    const begin = lengthDigits + Number(bytes?.toString('latin1', 0, lengthDigits))
    if (bytes === undefined || !(begin <= bytes.length)) return undefined
    const header = JSON.parse(bytes.toString('utf8', lengthDigits, begin)) as PackHeader
    const fits = header.layout === 1 && header.node === process.version && header.root === root
    return fits && bytes.length === begin + header.bytes ? packOf(header, bytes.subarray(begin)) : undefined
  } catch {
    // not there, or torn: the start does without
    return undefined
  }
}

/** all of it at once: most of it is needed, and a piece for each file takes longer. */
function bytesOf(target: string): Buffer | undefined {
  const descriptor = openSync(target, 'r')
  try {
    const { uid, mode, size } = fstatSync(descriptor)
    // code that somebody else could have written is not run
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0 || size > mostBytes) return undefined
    const bytes = Buffer.allocUnsafeSlow(size)
    return readSync(descriptor, bytes) === size ? bytes : undefined
  } finally {
    closeSync(descriptor)
  }
}

function packOf(header: PackHeader, texts: Buffer): OpenPack {
  const { files, root } = header
  const known: (boolean | undefined)[] = []
  const isFresh = (index: number): boolean => {
    const before = known[index]
    if (before !== undefined) return before
    const file = files[index]!
    // in a circle, which no pack has, nobody is fresh
    known[index] = false
    return (known[index] = isAsBefore(file, root) && (file.scope < 0 || isFresh(file.scope)))
  }
  return {
    header,
    isFresh,
    text: ({ offset, length }) => (length < 0 ? undefined : texts.toString('utf8', offset, offset + length)),
  }
}

function usePack(target: string, pack: OpenPack | undefined): Use {
  const root = projectRoot
  const { files = [], facts = [] } = pack?.header ?? {}
  const rootUrl = `${pathToFileURL(root).href}/`
  const indices = new Map<string, number>()
  for (const [index, { name }] of files.entries()) indices.set(name, index)
  const urls: string[] = []
  const urlOf = (index: number): string => (urls[index] ??= `${rootUrl}${files[index]!.name}`)
  const indexByUrl = new Map<string, number | undefined>()
  const indexOf = (url: string): number | undefined => {
    if (!indexByUrl.has(url)) {
      indexByUrl.set(url, url.startsWith(rootUrl) ? indices.get(url.slice(rootUrl.length)) : undefined)
    }
    return indexByUrl.get(url)
  }
  const isOfProject = (url: string): boolean => url.startsWith(rootUrl) && !/[?#]/.test(url)

  const loaded: [string, string][] = []
  const imports: [string, string, string][] = []
  const found: Lack['facts'][number][] = []

  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith('node:') && isBuiltin(specifier)) {
        return { url: specifier, format: 'builtin', shortCircuit: true }
      }
      const { parentURL, conditions, importAttributes } = context
      // what is imported with attributes is no code
      if (parentURL === undefined || hasAny(importAttributes)) return next(specifier, context)
      const key = importKey(specifier, conditions)
      const parent = indexOf(parentURL)
      const known = parent === undefined ? undefined : importedAs(key, files[parent]!)
      if (known !== undefined && pack?.isFresh(known) === true) {
        return { url: urlOf(known), format: files[known]!.format || undefined, shortCircuit: true }
      }
      const resolved = next(specifier, context)
      if (isOfProject(resolved.url)) imports.push([parentURL, key, resolved.url])
      return resolved
    },
    load(url, context, next) {
      const index = indexOf(url)
      const file = index === undefined || pack?.isFresh(index) !== true ? undefined : files[index]!
      const source = file === undefined ? undefined : pack?.text(file)
      if (source !== undefined) return { format: file?.format || undefined, source, shortCircuit: true }
      const result = next(url, context)
      // one that is packed without its text stays so
      if (file?.length !== -1 && isOfProject(url)) loaded.push([url, result.format ?? ''])
      return result
    },
  })

  return {
    recollect: (name, paths) => {
      const fact = facts.find((one) => one.name === name && one.from.length === paths.length)
      const isTrue =
        fact?.from.every((index, at) => pathOf(files[index]!.name, root) === paths[at] && pack?.isFresh(index)) ?? false
      const text = fact === undefined || !isTrue ? undefined : pack?.text(fact)
      if (text !== undefined) return { known: { value: JSON.parse(text) as unknown }, keep: () => undefined }
      const from = paths.map((path) => lookAt(path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path, root))
      return { known: undefined, keep: (value) => void found.push({ name, from, text: JSON.stringify(value) }) }
    },
    end: () => {
      hooks.deregister()
      return loaded.length + found.length === 0 ? undefined : { target, root, loaded, imports, facts: found }
    },
  }
}

function importedAs(key: string, { imports }: PackedFile): number | undefined {
  for (let at = 0; at < imports.length; at += 2) if (imports[at] === key) return imports[at + 1] as number
  return undefined
}

/** in a process of its own, which nobody waits for: it reads and strips every file that is new. */
function beginWriting(lack: Lack): void {
  const writer = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'code-pack-writer.ts')],
    { stdio: ['pipe', 'ignore', 'inherit'], env: {}, cwd: '/' },
  )
  const kill = (): void => void writer.kill('SIGKILL')
  process.once('exit', kill)
  writer.once('exit', () => process.off('exit', kill))
  writer.on('error', (error) => process.stderr.write(`lotus: the code pack can’t be written: ${error.message}\n`))
  // one that ends early has said why
  writer.stdin.on('error', () => undefined)
  writer.stdin.end(JSON.stringify(lack))
  writer.unref()
}
