// a nucleus and an osd as the lotus command sees them: recorded shapes over a real HTTP server and a real socket.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processStart } from '../../../nucleus/process/process-start.ts'
import { createPeer } from '../../../nucleus/wire/peer.ts'
import type { Peer } from '../../../nucleus/wire/peer.ts'

export interface SeenRequest {
  readonly route: string
  readonly query: Readonly<Record<string, string>>
  readonly authorization: string | undefined
  readonly body: Record<string, unknown>
}

export interface SeenCall {
  readonly method: string
  readonly params: Record<string, unknown>
}

/** answers one request: a value is sent as JSON, undefined means that the handler answered by itself. */
export type Route = (seen: SeenRequest, response: ServerResponse) => unknown

export interface FakeLotus {
  readonly home: string
  readonly url: string
  readonly requests: SeenRequest[]
  readonly calls: SeenCall[]
  close(): Promise<void>
}

export const token = 'test-token-0123456789'

/** the shape of a goal's end, with what a test changes. */
export function outcome(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    trace_id: '0193f6f28c0070018d3f9a4e1b7c2d10',
    goal: 'a goal',
    status: 'completed',
    mode: 'innate',
    answer: 'done',
    cost_usd: 0,
    duration_ms: 12,
    steps: [],
    ...fields,
  }
}

/** writes lines of JSON as a stream and leaves it open. */
export function sendLines(response: ServerResponse, lines: readonly unknown[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for (const line of lines) response.write(`${JSON.stringify(line)}\n`)
}

/** the route of a goal that ends at once in this way. */
export function goalThatEnds(fields: Record<string, unknown> = {}): Route {
  return (_seen, response) => {
    sendLines(response, [
      { type: 'accepted', trace_id: '0193f6f28c0070018d3f9a4e1b7c2d10' },
      { type: 'outcome', outcome: outcome(fields) },
    ])
    response.end()
  }
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString('utf8')
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

/** what osd answers where a test says nothing else. */
const usualOsd: Readonly<Record<string, (params: Record<string, unknown>) => unknown>> = {
  'ticket.issue': () => ({ ticket: 'ticket-1' }),
  'plan.show': () => ({
    goal: 'a goal',
    steps: [],
    decisions: [],
    preview: ['1. files.remove path=x'],
    yes_answers: true,
  }),
  'plan.answer': () => ({ taken: true }),
}

/** a LOTUS that looks alive: state folder, record, pid file, token, HTTP and osd. `routes` are by `METHOD /path`. */
export async function startFakeLotus(
  routes: Readonly<Record<string, Route>>,
  osd: Readonly<Record<string, (params: Record<string, unknown>) => unknown>> = {},
): Promise<FakeLotus> {
  const home = mkdtempSync(join(tmpdir(), 'lotus-fake-'))
  const requests: SeenRequest[] = []
  const calls: SeenCall[] = []
  const peers = new Set<Peer>()
  const http = createHttpServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://x')
      const seen: SeenRequest = {
        route: `${request.method} ${url.pathname}`,
        query: Object.fromEntries(url.searchParams),
        authorization: request.headers.authorization,
        body: await readBody(request),
      }
      requests.push(seen)
      const route = routes[seen.route]
      const answer = route === undefined ? undefined : route(seen, response)
      if (route !== undefined && answer === undefined) return
      response.writeHead(route === undefined ? 404 : 200, { 'content-type': 'application/json' })
      const missing = { error: { code: 'ROUTE_MISSING', message: `no ${seen.route}`, fix: 'none', retryable: false } }
      response.end(JSON.stringify(answer ?? missing))
    })()
  })
  const socketServer = createServer((socket) => {
    const peer = createPeer(socket, {
      onCall: (method, params) => {
        const given = (params ?? {}) as Record<string, unknown>
        calls.push({ method, params: given })
        const handler = osd[method] ?? usualOsd[method]
        if (handler === undefined) throw new Error(`no method ${method}`)
        return handler(given)
      },
      onClose: () => peers.delete(peer),
    })
    peers.add(peer)
  })
  mkdirSync(join(home, 'run'))
  const socket = join(home, 'run', 'osd.sock')
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => socketServer.listen(socket, resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  writeFileSync(join(home, 'token'), `${token}\n`, { mode: 0o600 })
  writeFileSync(
    join(home, 'run', 'nucleus.pid'),
    JSON.stringify({ pid: process.pid, start: processStart(process.pid) }),
  )
  writeFileSync(
    join(home, 'run', 'nucleus.json'),
    JSON.stringify({ pid: process.pid, version: '0.1.0', url, osd_socket: socket, status: 'healthy' }),
  )
  return {
    home,
    url,
    requests,
    calls,
    async close() {
      for (const peer of peers) peer.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await new Promise((resolve) => socketServer.close(resolve))
      rmSync(home, { recursive: true, force: true })
    },
  }
}
