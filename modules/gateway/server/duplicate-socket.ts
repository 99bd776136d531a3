// gives a second descriptor for a listening socket, so that two generations accept from one queue and none is lost:
// what waits in the queue of a socket that is closed, the system resets.
import type { Server } from 'node:net'

const duplicateCloseOnExec: Partial<Record<NodeJS.Platform, number>> = { linux: 1030, darwin: 67 }

/** the descriptor that a server listens on; undefined where the platform has none. */
export function descriptorOf(server: Server): number | undefined {
  const handle = (server as unknown as { _handle?: { fd?: number } | null })._handle
  return typeof handle?.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined
}

/** a new descriptor of this process for the same socket, not inherited by children; undefined where that fails. */
export async function duplicateDescriptor(descriptor: number): Promise<number | undefined> {
  const command = duplicateCloseOnExec[process.platform]
  if (command === undefined) return undefined
  // only a reload needs this, so only a reload pays for loading it
  const { default: koffi } = await import('koffi')
  const fcntl = koffi.load(null).func('int fcntl(int descriptor, int command, ...)')
  const duplicate: unknown = fcntl(descriptor, command, 'int', 0)
  return typeof duplicate === 'number' && duplicate >= 0 ? duplicate : undefined
}
