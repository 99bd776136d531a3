// a way to a server that can be cut off for good: who used it is then as good as dead, whatever it still does.
import { connect, createServer, type Socket } from 'node:net'

export interface SeverableWay {
  readonly port: number
  /** closes what is open and refuses what comes. */
  sever(): Promise<void>
}

/** @param port - of the server, on loopback */
export function openSeverableWay(port: number): Promise<SeverableWay> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket, other: () => Socket): void => {
    sockets.add(socket)
    socket.once('error', () => other().destroy())
    socket.once('close', () => {
      sockets.delete(socket)
      other().destroy()
    })
  }
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    keep(near, () => far)
    keep(far, () => near)
    near.pipe(far)
    far.pipe(near)
  })
  const sever = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('no port'))
      else resolve({ port: address.port, sever })
    })
  })
}
