// takes the port: alone at the first start, beside the old generation in a reload, and with a clear word where it can't.
import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { toErrorData } from '../../../nucleus/errors.ts'
import { gatewayErrors } from '../errors.ts'
import { systemCodeOf } from '../system-code.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

export interface Claim extends Address {
  /** the old generation of this gateway listens there until it ends. */
  readonly shared: boolean
}

// two generations listen side by side where the system shares ports; elsewhere the new one waits for the old
const takeOverMs = 10_000
const takeOverStepMs = 20

/**
 * finds out whether the port is free, by taking it alone for a moment: a shared port would let a second nucleus in
 * unnoticed. gives the number where any port will do.
 * @throws PORT_TAKEN, LISTEN_FAILED
 */
export async function claimPort(address: Address, previousPort: number | undefined): Promise<Claim> {
  const isHandedOver = previousPort !== undefined && (address.port === previousPort || address.port === 0)
  if (isHandedOver) return { host: address.host, port: previousPort, shared: true }
  const probe = createServer()
  await listenOnce(probe, { ...address, exclusive: true }).catch((error: unknown) => {
    throw explain(error, address)
  })
  const bound = probe.address()
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port
  return { host: address.host, port, shared: false }
}

/**
 * listens.
 * @throws PORT_TAKEN, LISTEN_FAILED
 */
export async function listen(server: Server, claim: Claim, signal: AbortSignal): Promise<void> {
  const { host, port } = claim
  const deadline = Date.now() + takeOverMs
  for (;;) {
    try {
      await listenShared(server, { host, port })
      return
    } catch (error) {
      const waits = claim.shared && systemCodeOf(error) === 'EADDRINUSE' && Date.now() < deadline && !signal.aborted
      if (!waits) throw explain(error, claim)
      await sleep(takeOverStepMs)
    }
  }
}

async function listenShared(server: Server, address: Address): Promise<void> {
  try {
    await listenOnce(server, { ...address, reusePort: true })
  } catch (error) {
    // not every system shares ports
    if (!['ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'ENOPROTOOPT'].includes(systemCodeOf(error))) throw error
    await listenOnce(server, address)
  }
}

async function listenOnce(
  server: Server,
  options: Address & { readonly reusePort?: boolean; readonly exclusive?: boolean },
): Promise<void> {
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
