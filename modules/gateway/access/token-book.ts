// reads the tokens that osd has made, as hashes; looks at their file anew whenever it has changed.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { TokenBook, type TokenRecord } from '../../operator/contract.ts'
import { gatewayErrors } from '../errors.ts'
import { systemCodeOf } from '../system-code.ts'
import { fingerprintOf } from './token-file.ts'

const maxBytes = 1_048_576

export interface KnownTokens {
  /** by the SHA-256 of the token, in hexadecimal. */
  readonly records: ReadonlyMap<string, TokenRecord>
  /** changes whenever the file does; empty where there is none. */
  readonly fingerprint: string
}

export const noTokens: KnownTokens = { records: new Map(), fingerprint: '' }

/**
 * undefined where the file is as it was.
 * @param standing hashes of the tokens that are not in the book.
 * @throws TOKENS_EQUAL, TOKENS_DAMAGED
 */
export async function readTokenBook(
  path: string,
  known: KnownTokens,
  standing: readonly string[],
): Promise<KnownTokens | undefined> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return known.fingerprint === '' ? undefined : noTokens
    throw gatewayErrors.TOKENS_DAMAGED({ value: path, detail: systemCodeOf(error), cause: error })
  }
  try {
    const stats = await file.stat()
    const fingerprint = fingerprintOf(stats)
    if (fingerprint === known.fingerprint) return undefined
    if (!stats.isFile() || stats.size > maxBytes) throw gatewayErrors.TOKENS_DAMAGED({ value: path })
    return { records: index(await file.readFile('utf8'), path, standing), fingerprint }
  } finally {
    await file.close()
  }
}

function index(text: string, path: string, standing: readonly string[]): Map<string, TokenRecord> {
  let tokens: readonly TokenRecord[]
  try {
    tokens = TokenBook.parse(JSON.parse(text)).tokens
  } catch (cause) {
    throw gatewayErrors.TOKENS_DAMAGED({ value: path, cause })
  }
  const records = new Map<string, TokenRecord>()
  for (const record of tokens) {
    // two purposes for one token would be the wider of both for whoever has the narrower.
    if (records.has(record.sha256) || standing.includes(record.sha256)) {
      throw gatewayErrors.TOKENS_EQUAL({ value: record.id, detail: path })
    }
    records.set(record.sha256, record)
  }
  return records
}
