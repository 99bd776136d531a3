// the process that writes a code pack anew: what the old one held and still holds good, and what a start found beside it.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { findPackageJSON, stripTypeScriptTypes } from 'node:module'
import { setPriority } from 'node:os'
import { join, relative } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import {
  isAsBefore,
  lengthDigits,
  lookAt,
  mostBytes,
  readPack,
  type Lack,
  type Look,
  type PackHeader,
} from './code-pack.ts'

/** longer texts are not packed, bytes. */
const longestText = 4 * 1024 * 1024
/** a pack of more than this is begun anew, too. */
const mostFiles = 5_000
const mostFacts = 500
/** a file that has just been changed may change again without looking different: it waits for another start. */
const settledMs = 2_000
/** after so long nobody writes any more what was begun. */
const abandonedMs = 60_000
/** names that look the same as path and as URL. */
const plainName = /^[\w@.+-]+(?:\/[\w@.+-]+)*$/
/** the formats of files whose text is packed, and what they are then. */
const packedFormats: Readonly<Record<string, string>> = {
  'module-typescript': 'module',
  module: 'module',
  commonjs: 'commonjs',
  json: 'json',
  '': '',
}
/** npm's own list of what it has installed: it is written anew whenever that changes. */
const installed = 'node_modules/.package-lock.json'

interface FileDraft {
  readonly look: Look
  readonly format: string
  readonly text: Buffer | undefined
  readonly scope: string | undefined
  readonly imports: Map<string, string>
}

interface FactDraft {
  readonly from: readonly string[]
  readonly text: Buffer
}

interface Draft {
  readonly files: Map<string, FileDraft>
  readonly facts: Map<string, FactDraft>
}

/**
 * writes the pack that is asked for. gives how many files it knows; undefined where it was left as it is.
 * @param nowMs - files that were changed shortly before are not packed yet
 */
export function writePack(lack: Lack, nowMs = Date.now()): number | undefined {
  const kept = keep(lack)
  const isTooMuch = kept.files.size > mostFiles || kept.facts.size > mostFacts || bytesOf(kept) > mostBytes / 2
  const draft = isTooMuch ? { files: new Map(), facts: new Map() } : kept
  addFiles(lack, draft, nowMs)
  addImports(lack, draft)
  addFacts(lack, draft, nowMs)
  return replace(lack.target, encode(draft, lack.root)) ? draft.files.size : undefined
}

function bytesOf({ files, facts }: Draft): number {
  let bytes = 0
  for (const { text } of [...files.values(), ...facts.values()]) bytes += text?.length ?? 0
  return bytes
}

/** what the old pack held and what is still as it was. */
function keep({ target, root }: Lack): Draft {
  const draft: Draft = { files: new Map(), facts: new Map() }
  const pack = readPack(target, root)
  if (pack === undefined) return draft
  const { files, facts } = pack.header
  const nameOfIndex = (index: number): string => files[index]!.name
  for (const [index, file] of files.entries()) {
    if (!pack.isFresh(index)) continue
    const text = pack.text(file)
    const imports = new Map<string, string>()
    for (let at = 0; at < file.imports.length; at += 2) {
      imports.set(String(file.imports[at]), nameOfIndex(Number(file.imports[at + 1])))
    }
    draft.files.set(file.name, {
      look: { name: file.name, size: file.size, changedMs: file.changedMs },
      format: file.format,
      text: text === undefined ? undefined : Buffer.from(text),
      scope: file.scope < 0 ? undefined : nameOfIndex(file.scope),
      imports,
    })
  }
  for (const fact of facts) {
    const text = pack.text(fact)
    if (text === undefined || !fact.from.every((index) => pack.isFresh(index))) continue
    draft.facts.set(fact.name, { from: fact.from.map(nameOfIndex), text: Buffer.from(text) })
  }
  return draft
}

function nameOf(url: string, root: string): string | undefined {
  const name = url.slice(pathToFileURL(root).href.length + 1)
  return plainName.test(name) ? name : undefined
}

function addFiles({ root, loaded }: Lack, draft: Draft, nowMs: number): void {
  for (const [url, format] of loaded) {
    const name = nameOf(url, root)
    const look = name === undefined ? undefined : lookAt(name, root)
    if (look === undefined || !isSettled(look, nowMs)) continue
    const packed = look.size <= longestText ? packedFormats[format] : undefined
    const text = packed === undefined ? undefined : textOf(look.name, format, root)
    if (!isAsBefore(look, root)) continue
    const scope = addScope(url, root, draft)
    draft.files.set(look.name, { look, format: packed ?? format, text, scope, imports: new Map() })
  }
}

function isSettled({ size, changedMs }: Look, nowMs: number): boolean {
  return size >= 0 && nowMs - changedMs > settledMs
}

function textOf(name: string, format: string, root: string): Buffer {
  const source = readFileSync(join(root, name), 'utf8')
  // types give way to blanks: every line and column stays where it is
  return Buffer.from(format === 'module-typescript' ? stripTypeScriptTypes(source) : source)
}

/** the file that says how another is found and taken: of a package its package.json, which hangs on npm's list. */
function addScope(url: string, root: string, draft: Draft): string | undefined {
  const path = findPackageJSON(url)
  if (path === undefined) return undefined
  const scope = relative(root, path)
  const isPackage = scope.startsWith('node_modules/')
  if (isPackage) addWitness(installed, root, draft)
  const above = isPackage ? installed : undefined
  if (url === pathToFileURL(path).href) return above
  addWitness(scope, root, draft, above)
  return scope
}

/** a file that is only looked at. */
function addWitness(name: string, root: string, draft: Draft, scope?: string): void {
  if (draft.files.has(name)) return
  draft.files.set(name, { look: lookAt(name, root), format: 'json', text: undefined, scope, imports: new Map() })
}

function addImports({ root, imports }: Lack, { files }: Draft): void {
  for (const [parentUrl, key, url] of imports) {
    const parent = nameOf(parentUrl, root)
    const name = nameOf(url, root)
    if (parent === undefined || name === undefined || !files.has(name)) continue
    if (!isSteady(key, parentUrl, url, name)) continue
    if (!files.has(parent)) {
      // the file with which the process began: it is loaded by Node, and was long before
      const look = { name: parent, size: -1, changedMs: 0 }
      files.set(parent, { look, format: '', text: undefined, scope: undefined, imports: new Map() })
    }
    files.get(parent)!.imports.set(key, name)
  }
}

/** whether the import means this file for as long as that and its scope are as they were. */
function isSteady(key: string, parentUrl: string, url: string, name: string): boolean {
  if (name.startsWith('node_modules/')) return true
  // a link on the way could lead somewhere else tomorrow
  return URL.canParse(key, parentUrl) && new URL(key, parentUrl).href === url
}

function addFacts({ root, facts }: Lack, draft: Draft, nowMs: number): void {
  for (const { name, from, text } of facts) {
    if (text.length > longestText || !from.every((look) => isSettled(look, nowMs) && isAsBefore(look, root))) continue
    for (const look of from) addWitness(look.name, root, draft)
    draft.facts.set(name, { from: from.map((look) => look.name), text: Buffer.from(text) })
  }
}

function encode(draft: Draft, root: string): Buffer {
  const names = [...draft.files.keys()]
  const indices = new Map(names.map((name, index) => [name, index]))
  const texts: Buffer[] = []
  let bytes = 0
  const place = (text: Buffer | undefined): { offset: number; length: number } => {
    const placed = { offset: bytes, length: text?.length ?? -1 }
    if (text !== undefined) {
      texts.push(text)
      bytes += text.length
    }
    return placed
  }
  const files = Array.from(draft.files.values(), ({ look, format, scope, text, imports }) => ({
    ...look,
    format,
    scope: scope === undefined ? -1 : (indices.get(scope) ?? -1),
    ...place(text),
    imports: [...imports].flatMap(([key, to]) => (indices.has(to) ? [key, indices.get(to)!] : [])),
  }))
  const facts = Array.from(draft.facts, ([name, { from, text }]) => ({
    name,
    from: from.map((one) => indices.get(one)!),
    ...place(text),
  }))
  const header: PackHeader = { layout: 1, node: process.version, root, files, facts, bytes }
  const head = Buffer.from(JSON.stringify(header))
  return Buffer.concat([Buffer.from(String(head.length).padEnd(lengthDigits)), head, ...texts])
}

/** puts the pack in the place of the old one, whole. false where another process is about to do the same, or none may. */
function replace(target: string, bytes: Buffer): boolean {
  const path = `${target}.new`
  const begun = statSync(path, { throwIfNoEntry: false })
  if (begun !== undefined && Date.now() - begun.mtimeMs > abandonedMs) rmSync(path, { force: true })
  let descriptor: number
  try {
    descriptor = openSync(path, 'wx', 0o600)
  } catch (error) {
    // another process writes it, or the cache is nobody's to write: then starts stay as they are
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST' || code === 'EROFS' || code === 'EACCES') return false
    throw error
  }
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
    // the name must not outlive a loss of power with nothing behind it
    fsyncSync(descriptor)
    renameSync(path, target)
    return true
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
}

/** LOTUS comes first, but on a busy machine this process gets its turn, too. */
function makeWay(): void {
  try {
    setPriority(10)
  } catch {
    // a service may be forbidden to set priorities: then both share
  }
}

if (process.argv[1] === import.meta.filename) {
  process.title = 'lotus-code-pack'
  makeWay()
  try {
    writePack(JSON.parse(await readAll(process.stdin)) as Lack)
  } catch (error) {
    process.stderr.write(
      `lotus: the code pack can’t be written: ${error instanceof Error ? error.message : String(error)}\n`,
    )
    process.exitCode = 1
  }
}
