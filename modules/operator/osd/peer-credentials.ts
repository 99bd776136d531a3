// asks the kernel who is at the other end of a socket.
import type { Socket } from 'node:net'
import { peerCredentials } from './native/libc.ts'
import type { Credentials } from './native/libc.ts'
import { ticketErrors } from './tickets/errors.ts'

/** the descriptor of a socket; Node keeps it in its handle and has no public way to it. */
function descriptorOf(socket: Socket): number {
  const handle = (socket as unknown as { readonly _handle?: { readonly fd?: number } })._handle
  return handle?.fd ?? -1
}

/** @throws PEER_UNKNOWN when the connection has just ended. */
export function credentialsOf(socket: Socket): Credentials {
  const descriptor = descriptorOf(socket)
  const credentials = descriptor < 0 ? undefined : peerCredentials(descriptor)
  if (credentials === undefined) throw ticketErrors.PEER_UNKNOWN()
  return credentials
}
