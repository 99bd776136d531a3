// puts the files of an archive where LOTUS finds modules, and takes them away again. what was there before comes back where
// the new one can't be used.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../../process/files.ts'
import { digestOfFolder } from '../code-digest.ts'
import { listProblems, moduleErrors } from '../errors.ts'
import { parseManifest, type Manifest } from '../manifest.ts'
import { moduleFolders, moduleNames } from '../names.ts'
import type { ArchiveFiles } from './archive.ts'

const recordName = 'installed-modules.json'
const records = z.record(
  z.string(),
  z.object({ version: z.string(), from: z.string(), hash: z.string(), digest: z.string(), at: z.string() }),
)
type Records = z.output<typeof records>

/** `sha256-` and the digest in base64, as web pages pin their scripts. */
export function hashOf(bytes: Buffer): string {
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`
}

/** base64 or hexadecimal. @throws MODULE_HASH_DIFFERS, MODULE_HASH_INVALID */
export function assertHash(bytes: Buffer, pinned: string): void {
  const [, digest = ''] = /^sha256-([A-Za-z0-9+/]{43}=|[0-9a-f]{64})$/.exec(pinned) ?? []
  if (digest === '') throw moduleErrors.MODULE_HASH_INVALID({ value: pinned })
  const wanted = digest.length === 64 ? `sha256-${Buffer.from(digest, 'hex').toString('base64')}` : pinned
  const hash = hashOf(bytes)
  if (hash !== wanted) throw moduleErrors.MODULE_HASH_DIFFERS({ value: pinned, detail: `the archive has ${hash}` })
}

/** the manifest in an archive. @throws MANIFEST_INVALID */
export function manifestIn(files: ArchiveFiles): Manifest {
  const text = files.get('manifest.json')?.toString('utf8') ?? ''
  const rules = { isAdded: true, mayBeInline: true }
  const name = nameIn(text)
  const manifest = parseManifest(text, 'manifest.json', name, rules)
  if (Array.isArray(manifest)) {
    const lines = manifest.map(({ field, message }) => `manifest.json: ${field === '' ? '' : `${field}: `}${message}`)
    throw listProblems('MANIFEST_INVALID', lines)
  }
  if (!files.has('module.ts')) throw listProblems('MANIFEST_INVALID', ['module.ts is missing beside it'])
  return manifest as Manifest
}

/** the folder is named after it. */
function nameIn(text: string): string {
  try {
    const { name } = JSON.parse(text) as { name?: unknown }
    return typeof name === 'string' ? name : ''
  } catch {
    // what is no JSON is told by who reads the whole of it
    return ''
  }
}

/** what a person agrees to, a line each. */
export function describeRights(manifest: Manifest): string[] {
  const words: Readonly<Record<string, string>> = { read: 'reads', write: 'reads and writes', process: 'runs' }
  const rights = manifest.permissions.map((permission) => {
    const [kind = '', rest = ''] = permission.split(/:(.*)/s)
    if (kind === 'network') return 'network: connects to other machines and listens'
    const note = kind === 'process' ? ', with all your rights and outside of any sandbox' : ''
    return `${permission}: ${words[kind] ?? kind} ${rest}${note}`
  })
  const uses = [...manifest.requires, ...manifest.uses]
  return [
    ...(manifest.isolation === 'inline' ? ['inline: runs in the process of LOTUS, with all that LOTUS may do'] : []),
    ...rights,
    ...(uses.includes('nucleus') ? ['nucleus: loads, reloads, disables and unloads other modules'] : []),
    ...(uses.length === 0 ? [] : [`asks these services: ${uses.join(', ')}`]),
    ...(manifest.consumes.length === 0 ? [] : [`hears these events: ${manifest.consumes.join(', ')}`]),
    ...(manifest.infrastructure.length === 0 ? [] : [`keeps data in: ${manifest.infrastructure.join(', ')}`]),
  ]
}

export interface Placement {
  /** the version that was there before. */
  readonly replaced: string | undefined
  /** it is used: what was there before is gone, and what is there now is on record. */
  keep(): Promise<void>
  /** it can't be used: what was there before is back. */
  takeBack(): Promise<void>
}

export interface PlaceParts {
  readonly root: string
  readonly home: string
  readonly manifest: Manifest
  readonly files: ArchiveFiles
  /** a path or address, for the record. */
  readonly from: string
  readonly hash: string
}

/** @throws MODULE_EXISTS where a module of this name was not installed from an archive */
export function assertReplaceable({ root, home, manifest }: Pick<PlaceParts, 'root' | 'home' | 'manifest'>): void {
  const { name } = manifest
  const isThere = moduleNames(moduleFolders(root, home)).includes(name) || existsSync(folderOf(home, name))
  if (isThere && readRecords(home)[name] === undefined) throw moduleErrors.MODULE_EXISTS({ value: name })
}

/** puts the files there at once: nobody sees half a module. @throws MODULE_EXISTS */
export async function place(parts: PlaceParts): Promise<Placement> {
  const { home, manifest, files } = parts
  assertReplaceable(parts)
  const { name } = manifest
  const folder = folderOf(home, name)
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
  const staged = await mkdtemp(join(home, '.install-'))
  const fresh = join(staged, 'new')
  const former = join(staged, 'former')
  try {
    await mkdir(fresh, { mode: 0o700 })
    for (const [path, content] of files) {
      await mkdir(dirname(join(fresh, path)), { recursive: true, mode: 0o700 })
      // never executable: nothing of an archive is run but what the kernel imports
      await writeFile(join(fresh, path), content, { mode: 0o600, flag: 'wx' })
    }
    if (existsSync(folder)) await rename(folder, former)
    await rename(fresh, folder)
  } catch (error) {
    if (existsSync(former) && !existsSync(folder)) await rename(former, folder)
    await rm(staged, { recursive: true, force: true })
    throw error
  }
  return {
    replaced: existsSync(former) ? readRecords(home)[name]?.version : undefined,
    keep: async () => {
      const { from, hash } = parts
      const digest = await digestOfFolder(folder)
      const record = { version: manifest.version, from, hash, digest, at: new Date().toISOString() }
      writeRecords(home, { ...readRecords(home), [name]: record })
      await rm(staged, { recursive: true, force: true })
    },
    takeBack: async () => {
      await rm(folder, { recursive: true, force: true })
      if (existsSync(former)) await rename(former, folder)
      await rm(staged, { recursive: true, force: true })
    },
  }
}

/** whether somebody has changed an installed module since. @throws MODULE_NOT_INSTALLED */
export async function isChanged(home: string, name: string): Promise<boolean> {
  const record = readRecords(home)[name]
  if (record === undefined) throw moduleErrors.MODULE_NOT_INSTALLED({ value: name })
  return existsSync(folderOf(home, name)) && (await digestOfFolder(folderOf(home, name))) !== record.digest
}

/** takes an installed module away. @throws MODULE_NOT_INSTALLED */
export async function remove(home: string, name: string): Promise<void> {
  const { [name]: record, ...others } = readRecords(home)
  if (record === undefined) throw moduleErrors.MODULE_NOT_INSTALLED({ value: name })
  await rm(folderOf(home, name), { recursive: true, force: true })
  writeRecords(home, others)
}

function folderOf(home: string, name: string): string {
  return join(home, 'modules', name)
}

/** @throws MODULE_RECORD_DAMAGED */
function readRecords(home: string): Records {
  const path = join(home, recordName)
  if (!existsSync(path)) return {}
  try {
    return records.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw moduleErrors.MODULE_RECORD_DAMAGED({ value: path, cause })
  }
}

function writeRecords(home: string, next: Records): void {
  writeDurably(join(home, recordName), `${JSON.stringify(next, undefined, 2)}\n`)
}
