// ends the server: nothing new comes in, what runs has a moment to end, what is left is cut off.
import type { Server as HttpServer } from 'node:http'
import { Server } from 'node:net'
import { settlesWithin } from '../../../nucleus/scope.ts'
import type { Connections } from './connections.ts'

// below the time that the kernel gives to one release
const graceMs = 4_000
// whoever has just connected gets this long to ask
const silentMs = 500
const sweepMs = 25

/** closes a server; resolves when no connection is left. */
export async function closeServer(server: HttpServer, connections: Connections): Promise<void> {
  // not yet the server's own `close`, which cuts off at once whoever is between two requests
  const closed = new Promise<void>((resolve) => {
    Server.prototype.close.call(server, () => resolve())
  })
  const silentUntil = performance.now() + silentMs
  const sweep = setInterval(() => {
    // a kept connection that falls idle after its answer would hold the server open until it times out
    server.closeIdleConnections()
    if (performance.now() > silentUntil) connections.destroySilent()
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
