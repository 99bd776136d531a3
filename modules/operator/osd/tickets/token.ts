// checks the token of a client without a peer, in constant time and not too often.
import { readFileSync } from 'node:fs'
import { hash, timingSafeEqual } from '../../../../nucleus/builtins.ts'
import type { TokenPurpose } from '../../contract.ts'
import { ticketErrors } from './errors.ts'
import { hashOfToken, isInForce, type Tokens } from './token-book.ts'

const wrongTriesPerMinute = 20

export interface TokenCheck {
  /** @throws TOKEN_REFUSED, TOKEN_TRIES, TOKEN_PURPOSE where it is for something else. */
  check(token: string, ...purposes: readonly TokenPurpose[]): void
}

/**
 * the tokens that osd has not made: LOTUS_HTTP_TOKEN, and the one in LOTUS_HOME/token. both are for everything.
 * @param file LOTUS_HOME/token, read at each call so that a new token holds at once.
 * @param given LOTUS_HTTP_TOKEN, where it is set.
 */
export function standingTokens(file: string, given: string | undefined): string[] {
  const tokens = given === undefined ? [] : [given]
  try {
    tokens.push(readFileSync(file, 'utf8').trim())
  } catch {
    // none was made yet: then only the given one holds.
  }
  return tokens.filter((token) => token !== '')
}

export function createTokenCheck(standing: () => readonly string[], tokens: Pick<Tokens, 'find'>): TokenCheck {
  let wrong: number[] = []
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer')

  function purposeOf(token: string): TokenPurpose | undefined {
    const actual = digest(token)
    // no early way out: every candidate is compared.
    let right = false
    for (const candidate of standing()) right = timingSafeEqual(digest(candidate), actual) || right
    if (right) return 'api'
    // a hash of 256 random bits is looked up as it is: who knows a part of it knows nothing of the token.
    const record = tokens.find(hashOfToken(token))
    return record !== undefined && isInForce(record, Date.now()) ? record.purpose : undefined
  }

  return {
    check(token, ...purposes) {
      const now = performance.now()
      wrong = wrong.filter((at) => now - at < 60_000)
      if (wrong.length >= wrongTriesPerMinute) throw ticketErrors.TOKEN_TRIES({ retryAfterMs: 60_000 })
      const purpose = purposeOf(token)
      if (purpose === undefined) {
        wrong.push(now)
        throw ticketErrors.TOKEN_REFUSED()
      }
      if (!purposes.includes(purpose)) {
        throw ticketErrors.TOKEN_PURPOSE({ value: purpose, detail: `this needs ${purposes.join(' or ')}` })
      }
    },
  }
}
