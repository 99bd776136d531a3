// checks the token of a client without a peer, in constant time and not too often.
import { hash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ticketErrors } from './errors.ts'

const wrongTriesPerMinute = 20

export interface TokenCheck {
  /** @throws TOKEN_REFUSED, TOKEN_TRIES. */
  check(token: string): void
}

/**
 * @param file LOTUS_HOME/token, read at each check so that a new token holds at once.
 * @param given LOTUS_HTTP_TOKEN, where it is set.
 */
export function createTokenCheck(file: string, given: string | undefined): TokenCheck {
  let wrong: number[] = []
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer')

  function expected(): string[] {
    const tokens = given === undefined ? [] : [given]
    try {
      tokens.push(readFileSync(file, 'utf8').trim())
    } catch {
      // none was made yet: then only the given one holds.
    }
    return tokens.filter((token) => token !== '')
  }

  return {
    check(token) {
      const now = Date.now()
      wrong = wrong.filter((at) => now - at < 60_000)
      if (wrong.length >= wrongTriesPerMinute) throw ticketErrors.TOKEN_TRIES({ retryAfterMs: 60_000 })
      const actual = digest(token)
      // no early way out: every candidate is compared.
      let right = false
      for (const candidate of expected()) right = timingSafeEqual(digest(candidate), actual) || right
      if (right) return
      wrong.push(now)
      throw ticketErrors.TOKEN_REFUSED()
    },
  }
}
