// the file with the bearer token: made once, for its owner's eyes only, and never half written.
import { constants } from 'node:fs'
import { link, mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { FileHandle } from 'node:fs/promises'
import { randomBytes } from '../../../nucleus/builtins.ts'
import { isLotusError, toErrorData } from '../../../nucleus/errors.ts'
import { gatewayErrors } from '../errors.ts'
import { systemCodeOf } from '../system-code.ts'

const maxBytes = 4_096

/** a token that a header can carry: visible signs of ASCII without spaces. */
export function isUsableToken(token: string): boolean {
  return /^[\x21-\x7e]{1,1024}$/.test(token)
}

export interface TokenFile {
  readonly token: string
  /** changes whenever the file does. */
  readonly fingerprint: string
  /** others could read the file; its rights have been corrected. */
  readonly wasExposed: boolean
}

/** what tells one state of a file from another without reading it. */
export function fingerprintOf(stats: { ino: number; size: number; mtimeMs: number; ctimeMs: number }): string {
  return `${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`
}

/**
 * reads the token, or makes one of 256 bits where there is none.
 * @throws TOKEN_INVALID, TOKEN_UNAVAILABLE
 */
export async function readOrMakeToken(path: string): Promise<TokenFile> {
  try {
    // twice: another process may have made it between our look and our attempt
    return (await readToken(path)) ?? (await makeToken(path)) ?? (await readToken(path)) ?? fail(path)
  } catch (error) {
    if (isLotusError(error)) throw error
    throw gatewayErrors.TOKEN_UNAVAILABLE({
      value: path,
      detail: toErrorData(error).message,
      ...(systemCodeOf(error) === 'ENOSPC' ? { fix: 'free some space on its disk, then start again' } : {}),
      cause: error,
    })
  }
}

function fail(path: string): never {
  throw gatewayErrors.TOKEN_UNAVAILABLE({ value: path, detail: 'it keeps vanishing' })
}

/** undefined where there is no file, or an empty one that a full disk has left. */
async function readToken(path: string): Promise<TokenFile | undefined> {
  let file: FileHandle
  try {
    // a link could point at somebody else's file, and a named pipe would never answer
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw gatewayErrors.TOKEN_INVALID({ value: path, detail: 'it is not a regular file' })
    if (stats.size > maxBytes) throw gatewayErrors.TOKEN_INVALID({ value: path, detail: 'it is too long' })
    const wasExposed = (stats.mode & 0o077) !== 0
    if (wasExposed) await file.chmod(0o600)
    const token = (await file.readFile('utf8')).trim()
    if (token === '') return undefined
    if (!isUsableToken(token)) {
      throw gatewayErrors.TOKEN_INVALID({ value: path, detail: 'a token is one word of visible ASCII signs' })
    }
    return { token, fingerprint: fingerprintOf(wasExposed ? await file.stat() : stats), wasExposed }
  } finally {
    await file.close()
  }
}

/** undefined where another process was faster. */
async function makeToken(path: string): Promise<TokenFile | undefined> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const token = randomBytes(32).toString('base64url')
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(`${token}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    try {
      // a link fails where a file exists, so that of two processes one wins and both have its token
      await link(draft, path)
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error
      if (!(await isEmpty(path))) return undefined
      await rename(draft, path)
    }
  } finally {
    await unlink(draft).catch((error: unknown) => {
      // after a rename there is nothing left to remove
      if (systemCodeOf(error) !== 'ENOENT') throw error
    })
  }
  return await readToken(path)
}

async function isEmpty(path: string): Promise<boolean> {
  return (await readToken(path)) === undefined
}
