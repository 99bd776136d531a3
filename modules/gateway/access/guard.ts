// what every request passes before anything else: is it addressed to us, is its page ours, does it have the token?
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { TokenPurpose } from '../../operator/contract.ts'
import { gatewayErrors } from '../errors.ts'
import type { Hosts } from './hosts.ts'
import type { TokenKeeper } from './token-keeper.ts'

/** the token that a request carries, or undefined; only the header counts, never the address. */
export function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization
  return header === undefined ? undefined : /^Bearer ([\x21-\x7e]{1,1024}) *$/i.exec(header)?.[1]
}

/** @throws HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED */
export function assertAddressed(hosts: Hosts, request: Pick<IncomingMessage, 'headers' | 'socket' | 'url'>): void {
  const { host, origin } = request.headers
  if (!hosts.allowsHost(host, request.socket)) {
    throw gatewayErrors.HOST_NOT_ALLOWED({ value: host ?? '' })
  }
  // an address may name a host too, and then that one counts
  const named = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(request.url ?? '')?.[1]
  if (named !== undefined && !hosts.allowsHost(named, request.socket)) {
    throw gatewayErrors.HOST_NOT_ALLOWED({ value: named })
  }
  if (origin !== undefined && !hosts.allowsOrigin(origin, host)) {
    throw gatewayErrors.ORIGIN_NOT_ALLOWED({ value: origin })
  }
}

// names under which tokens travel in addresses
const tokenNames = /(?:^|&)(?:access_?token|auth(?:orization)?|api_?key|bearer|token)=/i

/** @throws TOKEN_IN_ADDRESS */
function assertNotInAddress(request: FastifyRequest): void {
  const at = request.url.indexOf('?')
  if (at === -1) return
  const query = request.url.slice(at + 1)
  // `%74oken` is `token` too; the value is not shown
  const plain = query.includes('%') ? query.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) => fromHex(hex)) : query
  if (tokenNames.test(plain)) throw gatewayErrors.TOKEN_IN_ADDRESS()
}

function fromHex(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16))
}

/**
 * lets a request pass that has a token in force for one of these purposes.
 * @throws UNAUTHENTICATED with the command that prints the token, TOKEN_REVOKED, TOKEN_EXPIRED, TOKEN_IN_ADDRESS,
 * PURPOSE_NOT_ALLOWED
 */
export async function assertAuthenticated(
  tokens: TokenKeeper,
  request: FastifyRequest,
  purposes: readonly TokenPurpose[],
): Promise<void> {
  assertNotInAddress(request)
  const token = bearerOf(request)
  const judgement = token === undefined ? undefined : await tokens.judge(token)
  switch (judgement?.status) {
    case 'in_force':
      if (purposes.includes(judgement.purpose)) return
      throw gatewayErrors.PURPOSE_NOT_ALLOWED({
        value: judgement.purpose,
        detail: `it takes ${purposes.join(' or ')}`,
      })
    case 'revoked':
      throw gatewayErrors.TOKEN_REVOKED({ value: judgement.name, detail: `at ${judgement.at}` })
    case 'expired':
      throw gatewayErrors.TOKEN_EXPIRED({ value: judgement.name, detail: `since ${judgement.at}` })
    default:
      throw gatewayErrors.UNAUTHENTICATED({
        detail: whyNot(request, token),
        fix: `send the header \`Authorization: Bearer TOKEN\`; ${tokens.hint}`,
      })
  }
}

function whyNot(request: FastifyRequest, token: string | undefined): string {
  if (token !== undefined) return 'the one it has is not in force'
  const scheme = /^([a-z]{1,20}) /i.exec(request.headers.authorization ?? '')?.[1]
  return scheme === undefined || /^bearer$/i.test(scheme)
    ? 'the request has none'
    : `its scheme is ${scheme}, not Bearer`
}
