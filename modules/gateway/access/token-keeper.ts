// knows the bearer token in force, and judges those that are presented; keeps only hashes.
import { hash, timingSafeEqual } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { toErrorData } from '../../../nucleus/errors.ts'
import { gatewayErrors } from '../errors.ts'
import { systemCodeOf } from '../system-code.ts'
import { fingerprintOf, isUsableToken, readOrMakeToken } from './token-file.ts'

// a token that was replaced is refused within this time
const lookAgainMs = 500

export interface TokenKeeper {
  /**
   * whether this is the token in force; the time it takes says nothing about how much of it is right.
   * @throws TOKEN_INVALID, TOKEN_UNAVAILABLE when the file was replaced by something that can’t be read
   */
  matches(presented: string): Promise<boolean>
  /** how a person gets it: a sentence with a command. */
  readonly hint: string
}

export interface TokenKeeperOptions {
  readonly home: string
  /** the setting; empty takes the file in LOTUS_HOME. */
  readonly httpToken: string
  /** whether only this machine can ask: others are not told where the file lies. */
  readonly local: boolean
  readonly log: Logger
}

/**
 * opens the keeper, and makes the file where there is none.
 * @throws TOKEN_INVALID, TOKEN_UNAVAILABLE
 */
export async function openTokenKeeper(options: TokenKeeperOptions): Promise<TokenKeeper> {
  if (options.httpToken !== '') return keepConfigured(options.httpToken)
  const path = join(options.home, 'token')
  const first = await readOrMakeToken(path)
  warnOfExposure(options.log, path, first.wasExposed)

  let expected = digest(first.token)
  let fingerprint = first.fingerprint
  let lookedAt = performance.now()
  let looking: Promise<void> | undefined

  const lookAgain = async (): Promise<void> => {
    const stats = await stat(path).catch((error: unknown) => {
      // whoever removes the file wants a new token, and the next look makes it
      if (systemCodeOf(error) === 'ENOENT') return undefined
      throw gatewayErrors.TOKEN_UNAVAILABLE({ value: path, detail: toErrorData(error).message, cause: error })
    })
    if (stats === undefined || fingerprintOf(stats) !== fingerprint) {
      const next = await readOrMakeToken(path)
      warnOfExposure(options.log, path, next.wasExposed)
      expected = digest(next.token)
      fingerprint = next.fingerprint
    }
    lookedAt = performance.now()
  }

  return Object.freeze({
    hint: `\`cat ${options.local ? shortPath(path) : '$LOTUS_HOME/token'}\` prints it${options.local ? '' : ' on the machine that LOTUS runs on'}`,
    matches: async (presented: string) => {
      if (performance.now() - lookedAt > lookAgainMs) {
        looking ??= lookAgain().finally(() => (looking = undefined))
        await looking
      }
      return timingSafeEqual(digest(presented), expected)
    },
  })
}

function keepConfigured(token: string): TokenKeeper {
  if (!isUsableToken(token)) {
    // the value itself is a secret and stays out of the message
    throw gatewayErrors.TOKEN_INVALID({
      detail: 'LOTUS_HTTP_TOKEN is not one word of visible ASCII signs',
      fix: 'set LOTUS_HTTP_TOKEN to a word such as `openssl rand -hex 32` makes, or leave it empty',
    })
  }
  const expected = digest(token)
  return Object.freeze({
    hint: 'it is the value of LOTUS_HTTP_TOKEN that LOTUS was started with',
    matches: async (presented: string) => timingSafeEqual(digest(presented), expected),
  })
}

function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

function shortPath(path: string): string {
  const home = homedir()
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}

function warnOfExposure(log: Logger, path: string, wasExposed: boolean): void {
  if (!wasExposed) return
  log.warn({ path }, 'others could read the token: its file is closed to them now; remove it to get a new token')
}
