// what every request passes before anything else: is it addressed to us, is its page ours, does it have the token?
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { gatewayErrors } from '../errors.ts'
import type { Hosts } from './hosts.ts'
import type { TokenKeeper } from './token-keeper.ts'

/** the token that a request carries, or undefined; only the header counts, never the address. */
export function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization
  return header === undefined ? undefined : /^Bearer ([\x21-\x7e]{1,1024}) *$/i.exec(header)?.[1]
}

/** @throws HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED */
export function assertAddressed(hosts: Hosts, request: Pick<IncomingMessage, 'headers' | 'socket'>): void {
  const { host, origin } = request.headers
  if (!hosts.allowsHost(host, request.socket)) {
    throw gatewayErrors.HOST_NOT_ALLOWED({ value: host ?? '' })
  }
  if (origin !== undefined && !hosts.allowsOrigin(origin, host)) {
    throw gatewayErrors.ORIGIN_NOT_ALLOWED({ value: origin })
  }
}

/** @throws UNAUTHENTICATED with the command that prints the token */
export async function assertAuthenticated(tokens: TokenKeeper, request: FastifyRequest): Promise<void> {
  const token = bearerOf(request)
  if (token !== undefined && (await tokens.matches(token))) return
  throw gatewayErrors.UNAUTHENTICATED({
    detail: token === undefined ? 'the request has none' : 'the one it has is not in force',
    fix: `send the header \`Authorization: Bearer TOKEN\`; ${tokens.hint}`,
  })
}
