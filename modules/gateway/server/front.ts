// the front door: takes the port at once, with the limits of every connection. it answers GET /health itself, which many
// ask often; every other request is the application's, and waits while that is being loaded.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { safeJson } from '../../../nucleus/escape.ts'
import { assertAddressed } from '../access/guard.ts'
import type { Hosts } from '../access/hosts.ts'
import type { RequestTally } from '../metrics/request-tally.ts'
import type { HealthAnswer } from '../wire/health-answer.ts'
import { presentError } from '../wire/problem.ts'
import { answerHeaders } from './answer-headers.ts'
import { answerBrokenRequest, answerConnect } from './problems.ts'

// not by an import: that reads every export, and one of them loads the whole of undici, 40 ms of the boot
const { createServer } = process.getBuiltinModule('node:http')

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

export interface Front {
  readonly server: Server
  /** hands every other request from now on to the application. */
  openTo(application: RequestHandler): void
}

export interface FrontLimits {
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
}

export interface FrontParts {
  readonly limits: FrontLimits
  /** asked for at each request: which port it is, is known only once it listens. */
  hosts(): Hosts
  /** true from the moment that the gateway is being closed: then no connection is kept. */
  closing(): boolean
  health(): HealthAnswer | Promise<HealthAnswer>
  readonly requests: Pick<RequestTally, 'count'>
  /** resolves when the application has been loaded and the door is open to it. */
  application(): Promise<unknown>
}

const json = { ...answerHeaders, 'content-type': 'application/json; charset=utf-8' }
const lastJson = { ...json, connection: 'close' }

/** makes the server, which does not listen yet. */
export function createFront({ limits, hosts, closing, health, requests, application }: FrontParts): Front {
  let answer: RequestHandler | undefined

  const isHealth = (request: IncomingMessage): boolean => {
    if (request.method !== 'GET' || request.url !== '/health') return false
    try {
      assertAddressed(hosts(), request)
      return true
    } catch {
      // the application says what is wrong with it
      return false
    }
  }

  const fail = (response: ServerResponse, error: unknown): void => {
    response.writeHead(503, { ...json, 'retry-after': '1' }).end(safeJson(presentError(error)))
  }

  const tellHealth = (response: ServerResponse, { code, text }: HealthAnswer, beganAt: number): void => {
    response.writeHead(code, closing() ? lastJson : json).end(text)
    requests.count({ method: 'GET', route: '/health', status: code, durationMs: performance.now() - beganAt })
  }

  const answerHealth = (response: ServerResponse): void => {
    const beganAt = performance.now()
    const known = health()
    // a promise for each of those who ask in one turn would cost a tenth of the answer
    if (!(known instanceof Promise)) tellHealth(response, known, beganAt)
    else
      known
        .then((told) => tellHealth(response, told, beganAt))
        .catch((error: unknown) => {
          fail(response, error)
        })
  }

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await application()
      if (!response.destroyed) answer?.(request, response)
    } catch (error) {
      fail(response, error)
    }
  }

  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: 30_000,
      // how late a slow request may be noticed
      connectionsCheckingInterval: Math.min(5_000, limits.headersTimeoutMs),
      maxHeaderSize: 16_384,
      // one without a host is answered by the check of hosts, in the same words as a wrong one
      requireHostHeader: false,
    },
    (request, response) => {
      if (isHealth(request)) answerHealth(response)
      else if (answer === undefined) void receive(request, response)
      else answer(request, response)
    },
  )
  server.on('clientError', answerBrokenRequest)
  server.on('connect', answerConnect)
  return Object.freeze({
    server,
    openTo: (next: RequestHandler) => {
      answer = next
    },
  })
}
