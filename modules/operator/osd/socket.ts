// osd's socket: where it listens, what it does with a stale one, and how connections become callers.
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { dirname } from 'node:path'
import { defineErrors } from '../../../nucleus/errors.ts'
import { createPeer } from '../../../nucleus/wire/peer.ts'
import { credentialsOf } from './peer-credentials.ts'
import type { Caller } from './handlers.ts'

export const socketErrors = defineErrors({
  SOCKET_TAKEN: {
    title: 'another lotus-osd answers on this socket',
    fix: 'end the other LOTUS first (./start_lotus.sh stop), or use another LOTUS_HOME',
  },
  SOCKET_UNUSABLE: { title: 'the socket can’t be opened', fix: 'check who owns its folder, then start again' },
})

/** whether somebody listens on a socket. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const settle = (value: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(value)
    }
    const timer = setTimeout(() => settle(true), 1_000)
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

/** makes the folder of the socket, for nobody but this user and its group. @throws SOCKET_UNUSABLE. */
function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 })
  } catch (cause) {
    throw socketErrors.SOCKET_UNUSABLE({ value: folder, detail: String(cause), cause })
  }
  const stats = lstatSync(folder)
  // somebody else's folder could be swapped under the socket.
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) throw socketErrors.SOCKET_UNUSABLE({ value: folder })
  if ((stats.mode & 0o027) !== 0) chmodSync(folder, stats.mode & 0o750)
}

export interface ListenOptions {
  readonly path: string
  onCall(method: string, params: unknown, caller: Caller, signal: AbortSignal): Promise<unknown>
  onClose(caller: Caller): void
}

const maxConnections = 256

/**
 * listens. a socket that nobody answers on is a leftover and is replaced.
 * @throws SOCKET_TAKEN, SOCKET_UNUSABLE.
 */
export async function listen(options: ListenOptions): Promise<{ close(): Promise<void> }> {
  prepareFolder(dirname(options.path))
  if (existsSync(options.path)) {
    if (await answers(options.path)) throw socketErrors.SOCKET_TAKEN({ value: options.path })
    rmSync(options.path, { force: true })
  }
  const callers = new Set<Caller>()

  function accept(socket: Socket): void {
    let caller: Caller | undefined
    const peer = createPeer(socket, {
      onCall: (method, params, { signal }) => options.onCall(method, params, caller!, signal),
      onClose() {
        if (caller === undefined) return
        callers.delete(caller)
        options.onClose(caller)
      },
    })
    try {
      caller = { peer, credentials: credentialsOf(socket), attached: false, tickets: [] }
      callers.add(caller)
    } catch {
      peer.close()
    }
  }

  const server: Server = createServer(accept)
  server.maxConnections = maxConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(socketErrors.SOCKET_UNUSABLE({ value: options.path, cause })))
    server.listen(options.path, () => resolve())
  })
  chmodSync(options.path, 0o660)
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const { peer } of callers) peer.close()
      await closed
    },
  }
}
