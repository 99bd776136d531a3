// what packages are installed and which can be had, read from the databases of dpkg, apk and apt.
import { readFile, readdir, stat } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { gunzip, zstdDecompress } from 'node:zlib'
import { promisify } from '../../../../../nucleus/builtins.ts'
import { actionErrors } from '../errors.ts'
import { unpackLz4 } from './lz4.ts'
import { isAbsent } from './users.ts'

export interface InstalledPackage {
  readonly name: string
  readonly version: string
  readonly summary: string
}

export type Manager = 'dpkg' | 'apk'

const dpkgStatus = '/var/lib/dpkg/status'
const apkInstalled = '/lib/apk/db/installed'
const rpmFolders = ['/var/lib/rpm', '/usr/lib/sysimage/rpm']
const aptLists = '/var/lib/apt/lists'
const maxDatabaseBytes = 128 * 1024 * 1024
const maxListBytes = 512 * 1024 * 1024

async function readIfThere(file: string, maxBytes: number): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(file)
    if (size > maxBytes)
      throw actionErrors.NOT_SUPPORTED_HERE({ value: file, detail: 'the package database is too large' })
    return await readFile(file)
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

const field = (stanza: string, name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(stanza)?.[1] ?? ''

/** packages of dpkg's status file that are installed, and not only known or removed with their settings left. */
export function parseDpkg(text: string): InstalledPackage[] {
  return text.split(/\n\n+/).flatMap((stanza) => {
    const name = field(stanza, 'Package')
    if (name === '' || !/^Status: \S+ \S+ installed$/m.test(stanza)) return []
    return [{ name, version: field(stanza, 'Version'), summary: field(stanza, 'Description') }]
  })
}

/** packages of apk's database: one letter a field. */
export function parseApk(text: string): InstalledPackage[] {
  return text.split(/\n\n+/).flatMap((stanza) => {
    const name = field(stanza, 'P')
    return name === '' ? [] : [{ name, version: field(stanza, 'V'), summary: field(stanza, 'T') }]
  })
}

/** the packages installed here; throws NOT_SUPPORTED_HERE where no database that we can read is found. */
export async function readInstalled(): Promise<{ manager: Manager; packages: InstalledPackage[] }> {
  const dpkg = await readIfThere(dpkgStatus, maxDatabaseBytes)
  if (dpkg !== undefined) return { manager: 'dpkg', packages: parseDpkg(dpkg.toString('utf8')) }
  const apk = await readIfThere(apkInstalled, maxDatabaseBytes)
  if (apk !== undefined) return { manager: 'apk', packages: parseApk(apk.toString('utf8')) }
  for (const folder of rpmFolders) {
    if ((await listNames(folder)).length > 0) {
      throw actionErrors.NOT_SUPPORTED_HERE({ detail: "rpm's package database is not read", fix: 'type `rpm -qa`' })
    }
  }
  throw actionErrors.NOT_SUPPORTED_HERE({ detail: 'no package database was found' })
}

async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}

/** pieces of apt's lists as text; each holds whole stanzas. */
async function* aptStanzas(file: string): AsyncGenerator<string> {
  const content = await readIfThere(file, maxDatabaseBytes)
  if (content === undefined) return
  const chunks = file.endsWith('.lz4') ? unpackLz4(content) : [await unpackWhole(file, content)]
  let rest = ''
  const decoder = new TextDecoder()
  for (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true })
    const end = rest.lastIndexOf('\n\n')
    if (end < 0) continue
    // unpacking and searching 50 MB takes half a second: others get their turn in between.
    await nextTurn()
    yield rest.slice(0, end + 1)
    rest = rest.slice(end + 2)
  }
  yield rest
}

async function unpackWhole(file: string, content: Buffer): Promise<Buffer> {
  const options = { maxOutputLength: maxListBytes }
  if (file.endsWith('.gz')) return promisify(gunzip)(content, options)
  if (file.endsWith('.zst')) return promisify(zstdDecompress)(content, options)
  return content
}

export interface AvailablePackage {
  readonly name: string
  readonly version: string
  readonly summary: string
}

/** packages of apt's lists whose name or summary holds the words; those named so come first. */
export async function searchAvailable(wanted: string, limit: number, signal: AbortSignal): Promise<AvailablePackage[]> {
  const files = (await listNames(aptLists)).filter((name) => /_Packages(?:\.(?:lz4|gz|zst))?$/.test(name)).toSorted()
  if (files.length === 0) {
    throw actionErrors.NOT_SUPPORTED_HERE({
      detail: 'apt has no package lists here',
      fix: 'type `sudo apt-get update` first',
    })
  }
  const words = wanted
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const found = new Map<string, AvailablePackage>()
  for (const file of files) {
    for await (const text of aptStanzas(`${aptLists}/${file}`)) {
      signal.throwIfAborted()
      for (const match of text.matchAll(/^Package: (.+)$(?:\n(?!\n|Package:).*)*/gm)) {
        const [stanza, name = ''] = match
        const summary = field(stanza, 'Description')
        const searched = `${name} ${summary}`.toLowerCase()
        if (words.every((word) => searched.includes(word)))
          found.set(name, { name, version: field(stanza, 'Version'), summary })
      }
    }
  }
  const needle = wanted.toLowerCase()
  const rank = ({ name }: AvailablePackage) =>
    name === needle ? 0 : name.startsWith(needle) ? 1 : name.includes(needle) ? 2 : 3
  return [...found.values()].toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)).slice(0, limit)
}
