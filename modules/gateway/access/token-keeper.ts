// knows the bearer tokens in force, and judges those that are presented; keeps only hashes.
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { hash, timingSafeEqual } from '../../../nucleus/builtins.ts'
import { toErrorData } from '../../../nucleus/errors.ts'
import type { TokenPurpose } from '../../operator/contract.ts'
import { gatewayErrors } from '../errors.ts'
import { systemCodeOf } from '../system-code.ts'
import { noTokens, readTokenBook } from './token-book.ts'
import { fingerprintOf, isUsableToken, readOrMakeToken } from './token-file.ts'

// a token that was replaced or revoked is refused within this time
const lookAgainMs = 500
// one that is not known may have been made this moment; guessing must not make us read files all the time
const lookForNewMs = 50

/** what a token is worth. */
export type Judgement =
  | { readonly status: 'in_force'; readonly purpose: TokenPurpose }
  | { readonly status: 'revoked' | 'expired'; readonly name: string; readonly at: string }
  | { readonly status: 'unknown' }

export interface TokenKeeper {
  /**
   * what a token is worth; the time it takes says nothing about how much of it is right.
   * @throws TOKEN_INVALID, TOKEN_UNAVAILABLE when the file was replaced by something that can’t be read
   */
  judge(presented: string): Promise<Judgement>
  /** how a person gets one: a sentence with a command. */
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

/** the one token that is not in the book: of the setting, or of the file in LOTUS_HOME. */
interface StandingToken {
  readonly hint: string
  /** its hash. */
  digest(): Buffer
  /** looks whether it was replaced. */
  refresh(): Promise<void>
}

/**
 * opens the keeper, and makes the file where there is none.
 * @throws TOKEN_INVALID, TOKEN_UNAVAILABLE, TOKENS_EQUAL
 */
export async function openTokenKeeper(options: TokenKeeperOptions): Promise<TokenKeeper> {
  const standing = options.httpToken === '' ? await keepFile(options) : keepConfigured(options.httpToken)
  const path = join(options.home, 'tokens.json')
  let known = noTokens
  let lookedAt = performance.now()
  let looking: Promise<void> | undefined

  const readBook = async (): Promise<void> => {
    known = (await readTokenBook(path, known, [standing.digest().toString('hex')])) ?? known
  }
  const lookAgain = async (): Promise<void> => {
    await standing.refresh()
    await readBook().catch((error: unknown) => {
      // a book that can’t be trusted gives nobody entry; the standing token still holds
      known = noTokens
      options.log.error({ err: error }, 'no token of the book holds')
    })
    lookedAt = performance.now()
  }
  try {
    await readBook()
  } catch (error) {
    // equal tokens are an attack or a mistake of a person: LOTUS does not start with them
    if (toErrorData(error).code === 'TOKENS_EQUAL') throw error
    options.log.error({ err: error }, 'no token of the book holds')
  }

  const lookUnlessWithin = async (limitMs: number): Promise<void> => {
    if (performance.now() - lookedAt <= limitMs) return
    looking ??= lookAgain().finally(() => (looking = undefined))
    await looking
  }

  return Object.freeze({
    hint: standing.hint,
    judge: async (presented: string): Promise<Judgement> => {
      await lookUnlessWithin(lookAgainMs)
      const actual = digest(presented)
      const isStanding = (): boolean => timingSafeEqual(actual, standing.digest())
      const find = () => known.records.get(actual.toString('hex'))
      if (!isStanding() && find() === undefined) await lookUnlessWithin(lookForNewMs)
      if (isStanding()) return { status: 'in_force', purpose: 'api' }
      const record = find()
      if (record === undefined) return { status: 'unknown' }
      const { name, purpose, revoked_at: revokedAt, expires_at: expiresAt } = record
      if (revokedAt !== undefined) return { status: 'revoked', name, at: revokedAt }
      if (expiresAt !== undefined && !(Date.parse(expiresAt) > Date.now())) {
        return { status: 'expired', name, at: expiresAt }
      }
      return { status: 'in_force', purpose }
    },
  })
}

async function keepFile({ home, local, log }: TokenKeeperOptions): Promise<StandingToken> {
  const path = join(home, 'token')
  const first = await readOrMakeToken(path)
  warnOfExposure(log, path, first.wasExposed)
  let expected = digest(first.token)
  let fingerprint = first.fingerprint
  return {
    hint: `\`cat ${local ? shortPath(path) : '$LOTUS_HOME/token'}\` prints it${local ? '' : ' on the machine that LOTUS runs on'}, \`lotus token create\` makes another`,
    digest: () => expected,
    refresh: async () => {
      const stats = await stat(path).catch((error: unknown) => {
        // whoever removes the file wants a new token, and the next look makes it
        if (systemCodeOf(error) === 'ENOENT') return undefined
        throw gatewayErrors.TOKEN_UNAVAILABLE({ value: path, detail: toErrorData(error).message, cause: error })
      })
      if (stats !== undefined && fingerprintOf(stats) === fingerprint) return
      const next = await readOrMakeToken(path)
      warnOfExposure(log, path, next.wasExposed)
      expected = digest(next.token)
      fingerprint = next.fingerprint
    },
  }
}

function keepConfigured(token: string): StandingToken {
  if (!isUsableToken(token)) {
    // the value itself is a secret and stays out of the message
    throw gatewayErrors.TOKEN_INVALID({
      detail: 'LOTUS_HTTP_TOKEN is not one word of visible ASCII signs',
      fix: 'set LOTUS_HTTP_TOKEN to a word such as `openssl rand -hex 32` makes, or leave it empty',
    })
  }
  const expected = digest(token)
  return {
    hint: 'it is the value of LOTUS_HTTP_TOKEN that LOTUS was started with; `lotus token create` makes another',
    digest: () => expected,
    refresh: () => Promise.resolve(),
  }
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
