// takes the port: alone at a start, together with the old generation in a reload, and with a clear word where it can't.
import type { Server } from 'node:net'
import { isLotusError, toErrorData } from '../../../nucleus/errors.ts'
import { gatewayErrors } from '../errors.ts'
import { systemCodeOf } from '../system-code.ts'
import { descriptorOf, duplicateDescriptor } from './duplicate-socket.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** what the old generation leaves to the next: plain data that means something in its own process only. */
export interface LeftSocket extends Address {
  readonly process: number
  readonly descriptor: number | undefined
}

/** what a listening server leaves to the next generation. */
export function leaveSocket(server: Server, address: Address): LeftSocket {
  return { ...address, process: process.pid, descriptor: descriptorOf(server) }
}

/** reads what was left; undefined for anything else, and where the new generation wants another address. */
export function readLeftSocket(left: unknown, wanted: Address): LeftSocket | undefined {
  if (typeof left !== 'object' || left === null || !('port' in left) || !('host' in left)) return undefined
  const socket = left as LeftSocket
  const isWanted = socket.host === wanted.host && (socket.port === wanted.port || wanted.port === 0)
  return isWanted ? socket : undefined
}

/**
 * listens; gives the port, which matters where any would do.
 * @throws PORT_TAKEN, LISTEN_FAILED
 */
export async function listen(server: Server, wanted: Address, left: LeftSocket | undefined): Promise<number> {
  try {
    if (left === undefined) await listenOnce(server, wanted)
    else await takeOver(server, left)
  } catch (error) {
    throw explain(error, left ?? wanted)
  }
  const bound = server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : wanted.port
}

/** the old generation goes on listening until it is stopped: meanwhile either accepts what comes. */
async function takeOver(server: Server, left: LeftSocket): Promise<void> {
  const isOurs = left.process === process.pid && left.descriptor !== undefined
  const descriptor = isOurs ? await duplicateDescriptor(left.descriptor) : undefined
  if (descriptor === undefined) {
    throw gatewayErrors.LISTEN_FAILED({
      value: left.port,
      detail: 'its socket can’t be shared with the old generation',
      fix: 'the old generation serves on; restart LOTUS to load the new one',
    })
  }
  await listenOnce(server, { fd: descriptor })
}

async function listenOnce(server: Server, options: Address | { readonly fd: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const settle = (finish: () => void): void => {
      server.off('error', onError)
      server.off('listening', onListening)
      finish()
    }
    const onError = (error: Error): void => settle(() => reject(error))
    const onListening = (): void => settle(resolve)
    server.once('error', onError)
    server.once('listening', onListening)
    server.listen(options)
  })
}

function explain(error: unknown, { host, port }: Address): Error {
  if (isLotusError(error)) return error
  if (systemCodeOf(error) === 'EADDRINUSE') {
    return gatewayErrors.PORT_TAKEN({
      value: port,
      fix: `set LOTUS_HTTP_PORT to another port (0 takes a free one), or stop what listens there: \`ss -ltnp 'sport = :${port}'\` names it`,
      cause: error,
    })
  }
  return gatewayErrors.LISTEN_FAILED({
    value: `${host}:${port}`,
    detail: toErrorData(error).message,
    cause: error,
  })
}
