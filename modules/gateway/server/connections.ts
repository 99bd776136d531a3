// knows the open connections, and which of them have not asked for anything yet: those can be cut off without harm.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  count(): number
  /** cuts off whoever has connected and sent no whole request. */
  destroySilent(): void
}

/** begins to watch; must be called before the server listens. */
export function watchConnections(server: Server): Connections {
  const open = new Set<Socket>()
  const silent = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    silent.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      silent.delete(socket)
    })
  })
  server.on('request', ({ socket }: { readonly socket: Socket }) => void silent.delete(socket))
  return Object.freeze({
    count: () => open.size,
    destroySilent: () => {
      for (const socket of silent) socket.destroy()
    },
  })
}
