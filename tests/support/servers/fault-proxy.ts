// a wire that can be broken: a TCP proxy before a server that cuts, refuses, holds or slows what goes through.
import { createServer, connect, type Socket } from 'node:net'

export interface FaultProxy {
  readonly port: number
  /** breaks every connection and refuses new ones. */
  cut(): void
  /** keeps connections and carries nothing, as a network does that swallows packets. */
  hold(): void
  /** carries every piece this much later. */
  slow(milliseconds: number): void
  /** carries on as if nothing had been; what was held goes on its way. */
  restore(): void
  close(): Promise<void>
}

type Fault = 'none' | 'cut' | 'hold'

/** carries connections to a port of this machine. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let fault: Fault = 'none'
  let delayMs = 0
  let carryOn: (() => void)[] = []

  const passable = async (): Promise<void> => {
    if (fault === 'hold') await new Promise<void>((resolve) => carryOn.push(resolve))
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
  }
  const carry = (from: Socket, to: Socket): void => {
    // one piece after the other: nothing overtakes what was delayed.
    let last = Promise.resolve()
    from.on('data', (piece) => {
      last = last.then(passable).then(() => {
        if (!to.destroyed) to.write(piece)
      })
    })
    from.on('end', () => {
      last = last.then(passable).then(() => {
        to.end()
      })
    })
  }
  const server = createServer((client) => {
    client.on('error', () => undefined)
    if (fault === 'cut') {
      client.resetAndDestroy()
      return
    }
    const upstream = connect({ host: '127.0.0.1', port: targetPort })
    const pair = [client, upstream] as const
    pairs.add(pair)
    upstream.on('error', () => client.destroy())
    client.on('close', () => {
      upstream.destroy()
      pairs.delete(pair)
    })
    upstream.on('close', () => client.destroy())
    carry(client, upstream)
    carry(upstream, client)
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve(address.port)
    })
  })
  const breakAll = (): void => {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy()
      upstream.destroy()
    }
  }
  return {
    port,
    cut: () => {
      fault = 'cut'
      breakAll()
    },
    hold: () => {
      fault = 'hold'
    },
    slow: (milliseconds) => {
      delayMs = milliseconds
    },
    restore: () => {
      fault = 'none'
      delayMs = 0
      for (const go of carryOn) go()
      carryOn = []
    },
    close: async () => {
      breakAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
