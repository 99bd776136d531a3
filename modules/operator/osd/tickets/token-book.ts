// the tokens that the person has made: LOTUS_HOME/tokens.json has their hashes, and nobody has the tokens but who asked.
import { createHash, randomBytes } from '../../../../nucleus/builtins.ts'
import { TokenBook, type TokenPurpose, type TokenRecord } from '../../contract.ts'
import { ticketErrors } from './errors.ts'
import { openRecordFile } from './record-file.ts'

export interface MadeToken {
  readonly record: TokenRecord
  /** told once, here. */
  readonly token: string
}

export interface NewToken {
  readonly purpose: TokenPurpose
  readonly name: string
  /** RFC 3339. */
  readonly expiresAt?: string
  /** one that exists elsewhere already; absent: 256 random bits. */
  readonly token?: string
}

export interface Tokens {
  /** @throws TOKEN_EQUAL, TOKEN_WEAK, TOKEN_LIMIT, TOKEN_TIME, TOKENS_UNREADABLE */
  make(wanted: NewToken): MadeToken
  /** those in force and those that were, the newest first. */
  list(): readonly TokenRecord[]
  /** @param which - an id, or the token itself. @throws TOKEN_UNKNOWN, TOKENS_UNREADABLE */
  revoke(which: string): TokenRecord
  /** the record of a token, in force or not; undefined for one that was never made here. */
  find(sha256: string): TokenRecord | undefined
  readonly problem: string | undefined
}

// tokens in force; revoked ones are kept so that whoever still uses one is told what became of it.
const mostInForce = 100
const mostKept = 500
const randomBytesOfToken = 32
/** a token of somebody else's making needs this many signs, of an alphabet of 16 that is 128 bits. */
const fewestSigns = 32
const fewestDifferentSigns = 12

/** 256 random bits, as a word that a header can carry. */
export const randomToken = (): string => randomBytes(randomBytesOfToken).toString('base64url')

export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** whether a token holds: not revoked, and its time is not over. */
export function isInForce(record: TokenRecord, nowMs: number): boolean {
  if (record.revoked_at !== undefined) return false
  return record.expires_at === undefined || Date.parse(record.expires_at) > nowMs
}

/**
 * @param file LOTUS_HOME/tokens.json.
 * @param others hashes of the tokens that are not in the book, at this moment: no two may be equal.
 */
export function createTokens(file: string, others: () => readonly string[]): Tokens {
  const book = openRecordFile({
    file,
    parse: (content) => TokenBook.parse(content).tokens,
    present: (tokens) => ({ version: 1, tokens }),
    damaged: ticketErrors.TOKENS_UNREADABLE,
  })

  /** room for one more: the oldest that are not in force go. */
  function makeRoom(nowMs: number): TokenRecord[] {
    const tokens = book.rows
    if (tokens.filter((one) => isInForce(one, nowMs)).length >= mostInForce) {
      throw ticketErrors.TOKEN_LIMIT({ value: mostInForce })
    }
    const ended = tokens.filter((one) => !isInForce(one, nowMs))
    const gone = new Set(ended.slice(0, Math.max(0, tokens.length - mostKept + 1)))
    return tokens.filter((one) => !gone.has(one))
  }

  return {
    get problem() {
      return book.problem
    },
    list: () => book.rows.toReversed(),
    find: (sha256) => book.rows.find((one) => one.sha256 === sha256),
    make({ purpose, name, expiresAt, token = randomToken() }) {
      const nowMs = Date.now()
      if (!isStrong(token)) throw ticketErrors.TOKEN_WEAK()
      if (expiresAt !== undefined && !(Date.parse(expiresAt) > nowMs))
        throw ticketErrors.TOKEN_TIME({ value: expiresAt })
      const sha256 = hashOfToken(token)
      if (book.rows.some((one) => one.sha256 === sha256) || others().includes(sha256)) throw ticketErrors.TOKEN_EQUAL()
      const record: TokenRecord = {
        id: randomBytes(6).toString('hex'),
        name,
        purpose,
        sha256,
        created_at: new Date(nowMs).toISOString(),
        ...(expiresAt === undefined ? {} : { expires_at: new Date(expiresAt).toISOString() }),
      }
      book.replace([...makeRoom(nowMs), record])
      return { record, token }
    },
    revoke(which) {
      const sha256 = hashOfToken(which)
      const found = book.rows.find((one) => one.id === which || one.sha256 === sha256)
      // the value may be a token, which no message shows.
      if (found === undefined) throw ticketErrors.TOKEN_UNKNOWN()
      if (found.revoked_at !== undefined) return found
      const revoked = { ...found, revoked_at: new Date().toISOString() }
      book.replace(book.rows.map((one) => (one === found ? revoked : one)))
      return revoked
    },
  }
}

/** a word that a header can carry, long and mixed enough to hold 128 bits where it was made at random. */
function isStrong(token: string): boolean {
  return (
    /^[\x21-\x7e]{1,1024}$/.test(token) && token.length >= fewestSigns && new Set(token).size >= fewestDifferentSigns
  )
}
