// knows the open connections and what each is doing, so that slow ones never keep others out: where there are too many,
// whoever has been asking for longest goes first, and whoever waits for an answer stays.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { isIPv6 } from 'node:net'

export interface Connections {
  count(): number
  /** cuts off whoever has connected and sent no whole request. */
  destroySilent(): void
  /** cuts off whoever has taken nothing of a finished answer for `stallMs`; to be called every now and then. */
  sweep(): void
}

export interface ConnectionLimits {
  readonly maxConnections: number
  readonly maxConnectionsPerPeer: number
  readonly stallMs: number
}

/** tells a connection why it ends. */
export type Farewell = (socket: Socket, reason: 'slow' | 'full') => void

interface Connection {
  readonly peer: string
  request: IncomingMessage | undefined
  response: ServerResponse | undefined
  /** how many bytes it had sent when it got its last answer; undefined before the first. */
  readUntil: number | undefined
  /** what was still to be taken of its answer at the last look that saw it taken from, and when that was. */
  left: number
  takenAt: number
}

// beyond its limit the server itself hangs up without a word; up to then each gets an answer
const spare = 512

/** begins to watch; must be called before the server listens. */
export function watchConnections(server: Server, limits: ConnectionLimits, farewell: Farewell): Connections {
  // in the order in which they came, or fell idle
  const open = new Map<Socket, Connection>()
  const peers = new Map<string, number>()
  server.maxConnections = limits.maxConnections + spare

  const forget = (socket: Socket): void => {
    const connection = open.get(socket)
    if (connection === undefined) return
    open.delete(socket)
    const left = (peers.get(connection.peer) ?? 1) - 1
    if (left === 0) peers.delete(connection.peer)
    else peers.set(connection.peer, left)
  }

  /**
   * ends the one that has been asking for longest, of one peer or of all; where none asks, the one that has been idle for
   * longest since its last answer. false where all wait for their answers.
   */
  const makeRoom = (peer: string | undefined): boolean => {
    let idle: Socket | undefined
    for (const [socket, connection] of open) {
      if ((peer !== undefined && connection.peer !== peer) || isServed(connection)) continue
      if (connection.readUntil === socket.bytesRead) idle ??= socket
      else return end(socket)
    }
    return idle !== undefined && end(idle)
  }

  const end = (socket: Socket): true => {
    forget(socket)
    farewell(socket, 'slow')
    return true
  }

  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket.remoteAddress)
    const isPeerFull = (peers.get(peer) ?? 0) >= limits.maxConnectionsPerPeer
    const hasRoom = !isPeerFull || makeRoom(peer)
    if (!hasRoom || (open.size >= limits.maxConnections && !makeRoom(undefined))) {
      farewell(socket, 'full')
      return
    }
    open.set(socket, { peer, request: undefined, response: undefined, readUntil: undefined, left: 0, takenAt: 0 })
    peers.set(peer, (peers.get(peer) ?? 0) + 1)
    socket.once('close', () => forget(socket))
  })
  // before whoever answers: what comes from a connection that was told to go is not begun any more
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const connection = open.get(socket)
    if (connection === undefined) {
      socket.destroy()
      return
    }
    connection.request = request
    connection.response = response
    response.once('close', () => {
      if (connection.response !== response || !open.has(socket)) return
      connection.request = undefined
      connection.response = undefined
      connection.readUntil = socket.bytesRead
      // it begins to be silent now: among those, it is the youngest
      open.delete(socket)
      open.set(socket, connection)
    })
  })
  return Object.freeze({
    count: () => open.size,
    destroySilent: () => {
      for (const [socket, { request }] of open) if (request === undefined) socket.destroy()
    },
    sweep: () => {
      const now = performance.now()
      for (const [socket, connection] of open) {
        if (connection.response?.writableEnded !== true) continue
        const left = socket.writableLength
        if (left > 0 && left === connection.left) {
          if (now - connection.takenAt >= limits.stallMs) socket.destroy()
          continue
        }
        connection.left = left
        connection.takenAt = now
      }
    },
  })
}

/** its whole request is there: what it waits for is ours to give. */
function isServed({ request }: Connection): boolean {
  return request !== undefined && request.complete
}

/** whom connections are counted for: an address, or the network that one household or machine has of IPv6. */
function peerOf(address: string | undefined): string {
  if (address === undefined) return ''
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4).join(':')
}
