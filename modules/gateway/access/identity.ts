// whom the token speaks for: the person that LOTUS runs as, and no team.
import { userInfo } from 'node:os'
import { gatewayErrors } from '../errors.ts'

export interface Identity {
  readonly user: string
}

/** the local user; a uid without a name in /etc/passwd is called by its number. */
export function localIdentity(): Identity {
  try {
    return { user: userInfo().username }
  } catch {
    // containers often run as a uid that nobody has named
    return { user: String(process.getuid?.() ?? 'unknown') }
  }
}

/**
 * bodies may repeat who asks, as clients of llmos-lite do, but never claim it.
 * @throws IDENTITY_MISMATCH with the reason
 */
export function assertIdentity(
  identity: Identity,
  claim: { readonly user_id?: string | null | undefined; readonly team_id?: string | null | undefined },
): void {
  const { user_id: user, team_id: team } = claim
  if (user !== undefined && user !== null && user !== identity.user) {
    throw gatewayErrors.IDENTITY_MISMATCH({ value: user, detail: `user_id: the token is ${identity.user}’s` })
  }
  if (team !== undefined && team !== null) {
    throw gatewayErrors.IDENTITY_MISMATCH({ value: team, detail: 'team_id: the token belongs to no team' })
  }
}
