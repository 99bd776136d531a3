// ends the server: nothing new comes in, what runs has a moment to end, what is left is cut off.
import type { Server as HttpServer } from 'node:http'
import { Server } from 'node:net'
import { settlesWithin } from '../../../nucleus/scope.ts'
import type { Connections } from './connections.ts'

// below the time that the kernel gives to one release
const graceMs = 4_000
const sweepMs = 25
// whoever has just connected gets so many sweeps, half a second, to ask. not a time: where this process was held up, what
// they sent lies there unread when the time is over, and between two sweeps it is read
const silentSweeps = 20

/** closes a server; resolves when no connection is left. */
export async function closeServer(server: HttpServer, connections: Connections): Promise<void> {
  // not yet the server's own `close`, which cuts off at once whoever is between two requests
  const closed = new Promise<void>((resolve) => {
    Server.prototype.close.call(server, () => resolve())
  })
  let sweeps = 0
  const sweep = setInterval(() => {
    // a kept connection that falls idle after its answer would hold the server open until it times out
    server.closeIdleConnections()
    sweeps += 1
    if (sweeps > silentSweeps) connections.destroySilent()
  }, sweepMs)
  try {
    if (!(await settlesWithin(closed, graceMs))) {
      server.closeAllConnections()
      await closed
    }
  } finally {
    clearInterval(sweep)
    // only now: it ends the timer that looks for slow requests, which would hold the server and all that it answers with
    server.close()
  }
}
