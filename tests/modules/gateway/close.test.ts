// the end of a server: whoever has asked is answered, and what it answered with is let go of, so that a LOTUS that is
// reloaded all day stays as small.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { closeServer } from '../../../modules/gateway/server/close.ts'
import { watchConnections } from '../../../modules/gateway/server/connections.ts'

/** serves one request and ends; what answered it is known to nobody else. */
async function serveOnce(): Promise<WeakRef<RequestListener>> {
  const answer: RequestListener = (_, response) => void response.end('served')
  const server = createServer(answer)
  const limits = { maxConnections: 8, maxConnectionsPerPeer: 8, stallMs: 1_000 }
  const connections = watchConnections(server, limits, (socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } })
  expect(await response.text()).toBe('served')
  await closeServer(server, connections)
  return new WeakRef(answer)
}

/** holds the whole process up, as a busy machine does. */
function holdUp(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs)
}

it('whoever has sent a request is answered, also where this process was held up since', async () => {
  const server = createServer((_, response) => void response.end('served'))
  const limits = { maxConnections: 8, maxConnectionsPerPeer: 8, stallMs: 1_000 }
  const connections = watchConnections(server, limits, (socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const accepted = once(server, 'connection')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await Promise.all([accepted, once(client, 'connect')])
  client.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  const closed = closeServer(server, connections)
  holdUp(1_000)
  expect((await Array.fromAsync(client)).join('')).toContain('served')
  await closed
})

it('nothing holds a server that was closed', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const answer = await serveOnce()
  // what a turn of the loop has in hand is held until it is over
  for (let turns = 0; turns < 10 && answer.deref() !== undefined; turns += 1) {
    await turn()
    collect()
  }
  expect(answer.deref()).toBeUndefined()
})
