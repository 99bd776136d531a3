// the calls with which a person makes, sees and revokes tokens; each change is on record, without the token.
import { statSync } from 'node:fs'
import { writeDurably } from '../../../../nucleus/process/files.ts'
import type { AuditChain } from '../audit/chain.ts'
import type { Caller } from '../handlers.ts'
import type { ParametersOf, TokenShown } from '../protocol.ts'
import type { TokenRecord } from '../../contract.ts'
import { isInForce, randomToken, type Tokens } from './token-book.ts'

type Create = ParametersOf<'token.create'>

export interface TokenHandlers {
  create(wanted: Create, caller: Caller): Promise<TokenShown & { readonly token: string }>
  list(): { readonly tokens: readonly TokenShown[] }
  revoke(which: string, caller: Caller): Promise<TokenShown>
}

/** the one that LOTUS makes by itself; its file is its only record, and without the file a new one is made. */
export const homeTokenId = 'home'

/** @param homeToken LOTUS_HOME/token. */
export function createTokenHandlers(
  tokens: Tokens,
  homeToken: string,
  chain: Pick<AuditChain, 'append'>,
): TokenHandlers {
  const record = (kind: string, { id, name, purpose }: Named, { credentials }: Caller): Promise<void> =>
    chain.append({ kind, traceId: '', uid: credentials.uid, body: { token: id, name, purpose, pid: credentials.pid } })

  function showHome(): TokenShown[] {
    const stats = statSync(homeToken, { throwIfNoEntry: false })
    if (stats === undefined) return []
    const created_at = stats.mtime.toISOString()
    return [{ id: homeTokenId, name: 'LOTUS_HOME/token', purpose: 'api', status: 'in_force', created_at }]
  }

  return {
    async create({ purpose, name, expires_at: expiresAt, token: given }, caller) {
      const { record: made, token } = tokens.make({
        purpose,
        name,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(given === undefined ? {} : { token: given }),
      })
      try {
        await record('token.created', made, caller)
      } catch (error) {
        // what can't be put on record does not happen: nobody has seen this token.
        tokens.revoke(made.id)
        throw error
      }
      return { ...showToken(made), token }
    },
    list: () => ({ tokens: [...showHome(), ...tokens.list().map(showToken)] }),
    async revoke(which, caller) {
      const [home] = showHome()
      if (which === homeTokenId && home !== undefined) {
        // a new one in its place: whoever revokes it goes on with that, and could not ask for one without any
        writeDurably(homeToken, `${randomToken()}\n`)
        await record('token.revoked', home, caller)
        return { ...home, status: 'revoked', revoked_at: new Date().toISOString() }
      }
      const revoked = tokens.revoke(which)
      await record('token.revoked', revoked, caller)
      return showToken(revoked)
    },
  }
}

type Named = Pick<TokenRecord, 'id' | 'name' | 'purpose'>

function showToken(record: TokenRecord): TokenShown {
  const { id, name, purpose, created_at, expires_at, revoked_at } = record
  return {
    id,
    name,
    purpose,
    status: revoked_at !== undefined ? 'revoked' : isInForce(record, Date.now()) ? 'in_force' : 'expired',
    created_at,
    ...(expires_at === undefined ? {} : { expires_at }),
    ...(revoked_at === undefined ? {} : { revoked_at }),
  }
}
