// a thousand clients that are slow on purpose, in five ways, beside two hundred that ask as they should: all of those are served.
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shareLotus } from '../support/shared-lotus.ts'
import { waitFor } from '../support/wait-for.ts'

const limitMs = 180_000
const slowEach = 200
const normal = 200

const own = shareLotus({ limitMs })
let port = 0
let token = ''
const sockets = new Set<Socket>()

beforeAll(() => {
  port = Number(new URL(own.record()!.url).port)
  token = readFileSync(join(own.home, 'token'), 'utf8').trim()
})
afterAll(() => {
  for (const socket of sockets) socket.destroy()
})

async function connections(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^lotus_http_connections (\d+)$/m.exec(text)?.[1])
}

async function open(first: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  sockets.add(socket)
  // cut off by the other side: that is what it is for
  socket.on('error', () => undefined)
  socket.once('close', () => sockets.delete(socket))
  await new Promise((resolve) => void socket.once('connect', resolve))
  if (first !== '') socket.write(first)
  return socket
}

const host = (): string => `host: 127.0.0.1:${port}`
const head = (): string => `${host()}\r\nauthorization: Bearer ${token}\r\n`

/** how a client is slow, with what it sends first and what it sends again and again. */
const manners: Readonly<
  Record<string, { readonly first: () => string; readonly drop?: string; readonly deaf?: boolean }>
> = {
  'headers that never end': { first: () => `GET /health HTTP/1.1\r\n${host()}\r\n`, drop: 'x-more: y\r\n' },
  'drops of a request line': { first: () => 'G', drop: 'E' },
  'a body that stalls': {
    first: () => `POST /goals HTTP/1.1\r\n${head()}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
  },
  'reading nothing': {
    first: () => Array.from({ length: 20 }, () => `GET /docs/json HTTP/1.1\r\n${host()}\r\n\r\n`).join(''),
    deaf: true,
  },
  'saying nothing': { first: () => '' },
}

describe('beside a thousand slow clients', () => {
  it('two hundred normal ones are all served', { timeout: limitMs }, async () => {
    const slow: { socket: Socket; drop: string | undefined }[] = []
    for (const { first, drop, deaf } of Object.values(manners)) {
      const opened = await Promise.all(Array.from({ length: slowEach }, () => open(first())))
      for (const socket of opened) {
        if (deaf === true) socket.pause()
        else socket.resume()
        slow.push({ socket, drop })
      }
    }
    expect(slow).toHaveLength(1_000)
    const dripping = setInterval(() => {
      for (const { socket, drop } of slow) if (drop !== undefined && socket.writable) socket.write(drop)
    }, 1_000)
    try {
      const answers = await Promise.all(
        Array.from({ length: normal }, async (_, at) => {
          const path = ['/health', '/modules', '/goals', '/memory'][at % 4]!
          const response = await fetch(`http://127.0.0.1:${port}${path}`, {
            method: path === '/goals' ? 'POST' : 'GET',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            ...(path === '/goals' ? { body: JSON.stringify({ goal: `what is ${at} + 1?` }) } : {}),
            signal: AbortSignal.timeout(60_000),
          })
          await response.arrayBuffer()
          return response.status
        }),
      )
      expect(answers.filter((status) => status === 200)).toHaveLength(normal)
    } finally {
      clearInterval(dripping)
    }
    // none of the slow ones keeps its place for ever: headers have ten seconds, bodies thirty, readers fifteen
    for (const { socket } of slow) socket.resume()
    await waitFor(() => sockets.size === 0, {
      timeoutMs: 90_000,
      what: () => `the end of ${sockets.size} slow clients`,
    })
    expect((await own.get('/health')).body).toMatchObject({ status: 'healthy' })
    // those of the normal ones are let go by their owner after some seconds
    await waitFor(async () => (await connections()) < 10, { timeoutMs: 40_000, what: 'the end of their connections' })
  })

  it('more of them than there is room for lose their places to who asks', { timeout: limitMs }, async () => {
    await Promise.all(Array.from({ length: 2_500 }, () => open('G')))
    const answers = await Promise.all(
      Array.from({ length: normal }, async () => (await fetch(`http://127.0.0.1:${port}/health/live`)).status),
    )
    expect(answers.filter((status) => status === 200)).toHaveLength(normal)
    for (const socket of sockets) socket.destroy()
  })
})
