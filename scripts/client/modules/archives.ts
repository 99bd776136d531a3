// installing a module from an archive, and removing it: `lotus module install` and `remove`.
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { LotusError } from '../../../nucleus/errors.ts'
import { archiveLimits, readArchive } from '../../../nucleus/modules/kit/archive.ts'
import {
  assertHash,
  assertReplaceable,
  describeRights,
  hashOf,
  isChanged,
  manifestIn,
  place as placeFiles,
  remove,
} from '../../../nucleus/modules/kit/install.ts'
import { moduleErrors } from '../../../nucleus/modules/errors.ts'
import type { CommandCall } from '../command.ts'
import { askYes } from '../confirm.ts'
import { clientErrors } from '../errors.ts'
import { escapeLine, jsonLine } from '../escape.ts'
import { exitCodes } from '../exit-codes.ts'
import { textOf, type Fields } from '../fields.ts'
import { faultOf, type Client } from '../http.ts'
import { findNucleus } from '../nucleus.ts'
import { openClient } from '../session.ts'
import { loadNow } from './kit.ts'

const fetchLimitMs = 120_000
const answerLimitMs = 120_000
const changeLimitMs = 60_000

/** installs what a pinned hash vouches for, once the person has seen what it may do. */
export async function installModule(call: CommandCall, source: string): Promise<number> {
  const { place, options, terminal, json } = call
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(source)
  const pinned = options['hash']
  // of a file that is here the hash can be shown; it still comes from who made the archive
  if (typeof pinned !== 'string') {
    const shown = isAddress ? undefined : hashOf(await readFileOf(source))
    throw clientErrors.USAGE({
      value: source,
      detail: 'an archive is installed by its hash only',
      fix: `add --hash sha256-…, as its maker published it${shown === undefined ? '' : `; this file has ${shown}`}`,
    })
  }
  const bytes = isAddress ? await fetchArchive(source) : await readFileOf(source)
  assertHash(bytes, pinned)
  const files = await readArchive(bytes)
  const manifest = manifestIn(files)
  const { root, home } = place
  assertReplaceable({ root, home, manifest })
  const rights = describeRights(manifest)
  terminal.note(escapeLine(`${manifest.name} ${manifest.version}: ${manifest.description}`))
  for (const right of rights) terminal.note(`  ${escapeLine(right)}`)
  if (rights.length === 0) terminal.note('  asks for no rights')
  const refusal = await confirm(call, 'install it?')
  if (refusal !== undefined) return refusal
  const { client } = await openClient(place, terminal)
  const from = isAddress ? source : resolve(source)
  const placed = await placeFiles({ root, home, manifest, files, from, hash: hashOf(bytes) })
  let module: Fields
  try {
    module = await loadNow(client, manifest.name, placed.replaced === undefined ? 'load' : 'reload')
  } catch (error) {
    await placed.takeBack()
    // it is not tried again: there is nothing left to try
    if (placed.replaced === undefined) await unloadNow(client, manifest.name)
    throw error
  }
  await placed.keep()
  const replaced = placed.replaced ?? null
  if (json) terminal.print(jsonLine({ name: manifest.name, version: manifest.version, replaced, rights, module }))
  else {
    const instead = replaced === null ? '' : ` in place of ${replaced}`
    terminal.print(
      escapeLine(`${manifest.name} ${manifest.version} is installed${instead}: ${textOf(module, 'status')}`),
    )
  }
  return exitCodes.completed
}

/** unloads an installed module and removes its files. */
export async function removeModule(call: CommandCall, name: string): Promise<number> {
  const { place, terminal, json } = call
  const changed = await isChanged(place.home, name)
  terminal.note(escapeLine(`${name} ends, and its files are removed; what it keeps in the store stays`))
  if (changed) terminal.note('its files were changed after they were installed: those changes are lost')
  const refusal = await confirm(call, 'remove it?')
  if (refusal !== undefined) return refusal
  if (findNucleus(place) !== undefined) {
    const { client } = await openClient(place, terminal)
    const fault = await unloadNow(client, name)
    if (fault !== undefined && !['MODULE_NOT_RUNNING', 'MODULE_UNKNOWN'].includes(fault.code)) throw fault
  }
  await remove(place.home, name)
  terminal.print(json ? jsonLine({ name, removed: true }) : escapeLine(`${name} is removed`))
  return exitCodes.completed
}

/** the exit code where the answer is no, or nobody can be asked. */
async function confirm({ options, terminal }: CommandCall, question: string): Promise<number | undefined> {
  if (options['yes'] === true) return undefined
  if (!terminal.canAsk) {
    terminal.note('nobody can be asked here: --yes agrees')
    return exitCodes.needsConfirmation
  }
  const answer = await askYes(question, AbortSignal.timeout(answerLimitMs))
  return answer === true ? undefined : exitCodes.refused
}

/** gives why it could not be unloaded. */
async function unloadNow(client: Client, name: string): Promise<LotusError | undefined> {
  const path = `/modules/${encodeURIComponent(name)}/unload`
  const { status, body } = await client.probe({ method: 'POST', path, body: {}, timeoutMs: changeLimitMs })
  return status < 300 ? undefined : faultOf(body)
}

async function readFileOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw clientErrors.NOT_FOUND({ value: path, fix: 'name an archive that is there and yours to read', cause })
  })
  try {
    const { size } = await file.stat()
    if (size > archiveLimits.archive) throw moduleErrors.MODULE_ARCHIVE_LARGE({ value: path, detail: `${size} bytes` })
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** the pinned hash says whether it is the right one; the way there must not be read by others all the same. */
async function fetchArchive(address: string): Promise<Buffer> {
  const url = new URL(address)
  const isNear = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isNear)) {
    throw clientErrors.USAGE({ value: address, detail: 'archives are fetched over https', fix: 'use https://…' })
  }
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(fetchLimitMs) })
    if (!response.ok || response.body === null) throw new Error(`the server answers ${response.status}`)
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of response.body) {
      bytes += chunk.length
      if (bytes > archiveLimits.archive) throw new Error(`it is larger than ${archiveLimits.archive} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw moduleErrors.MODULE_FETCH_FAILED({ value: address, detail, cause })
  }
}
