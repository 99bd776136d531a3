// turns whatever was thrown into an answer: a status, and {error: {code, message, fix}}.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { isLotusError } from '../../../nucleus/errors.ts'
import { safeJson } from '../../../nucleus/escape.ts'
import { gatewayErrors } from '../errors.ts'
import { presentError, type ProblemBody } from '../wire/problem.ts'
import { statusOf } from './statuses.ts'

interface Problem {
  readonly status: number
  readonly body: ProblemBody
}

interface FrameworkError {
  readonly code?: string
  readonly message: string
  readonly statusCode?: number
  readonly validation?: readonly { readonly instancePath?: string; readonly message?: string }[]
  readonly validationContext?: string
}

/** what is answered to an error. */
export function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (isLotusError(error)) return { status: statusOf(error), body: presentError(error) }
  const known = error as FrameworkError
  if (known.validation !== undefined) return invalid(known)
  const translated = translate(known, request)
  if (translated === undefined) return { status: 500, body: presentError(error) }
  return { status: statusOf(translated), body: presentError(translated) }
}

/** all that is wrong at once, each with its place. */
function invalid({ validation = [], validationContext = 'body' }: FrameworkError): Problem {
  const problems = validation.map(({ instancePath = '', message = 'is invalid' }) => ({
    place: `${validationContext}${instancePath === '/' ? '' : instancePath.replaceAll('/', '.')}`,
    message,
  }))
  const detail = problems.map(({ place, message }) => `${place}: ${message}`).join('; ')
  const { error } = presentError(gatewayErrors.REQUEST_INVALID({ detail }))
  return { status: 400, body: { error: { ...error, problems } } }
}

function translate({ code, message, statusCode }: FrameworkError, request: FastifyRequest): Error | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return gatewayErrors.BODY_TOO_LARGE()
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return gatewayErrors.MEDIA_TYPE_UNSUPPORTED({ value: request.headers['content-type'] ?? '' })
    default:
      if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return undefined
      // a syntax error of JSON, a length that does not fit, an address that can’t be decoded
      return gatewayErrors.REQUEST_INVALID({ detail: message })
  }
}

/** makes Fastify’s error handler; what is our fault goes to the log, with its stack. */
export function createErrorHandler(log: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, body } = problemOf(error, request)
    const fields = { method: request.method, route: request.routeOptions.url }
    if (status === 500) log.error({ err: error, ...fields }, 'a request failed')
    else if (status > 500)
      log.warn({ code: body.error.code, reason: body.error.message, ...fields }, 'a request failed')
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="lotus"')
    if (status === 503) reply.header('retry-after', '1')
    // what was not read of a body that is too large must not be taken for the next request
    if (status === 413 || status === 415) reply.header('connection', 'close')
    reply.code(status).type('application/json; charset=utf-8').send(safeJson(body))
  }
}

/** answers what is no HTTP at all, or came too slowly, and closes the connection. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  // the client has gone away: nobody reads an answer
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  endWith(socket, brokenRequest(error.code))
}

/** CONNECT asks for a tunnel, which nothing here is; without an answer Node would only hang up. */
export function answerConnect(_request: unknown, socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  endWith(socket, gatewayErrors.METHOD_NOT_ALLOWED({ value: 'CONNECT', detail: 'LOTUS is no proxy' }))
}

/** ends a connection that asks too slowly where others need its place, or one that there is no room for. */
export function sayFarewell(socket: Socket, reason: 'slow' | 'full'): void {
  const problem =
    reason === 'slow'
      ? gatewayErrors.REQUEST_TOO_SLOW({ detail: 'others need its place' })
      : gatewayErrors.GATEWAY_FULL({ detail: 'connections' })
  socket.on('error', () => socket.destroy())
  endWith(socket, problem)
  // its place is needed now, not when it has hung up too
  socket.destroySoon()
}

// who does not take its last answer within this time is not listening
const farewellMs = 1_000

function endWith(socket: Duplex, problem: Error): void {
  const body = safeJson(presentError(problem))
  const status = statusOf(problem)
  setTimeout(() => socket.destroy(), farewellMs).unref()
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Bad Request'}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  405: 'Method Not Allowed',
  503: 'Service Unavailable',
  431: 'Request Header Fields Too Large',
}

function brokenRequest(code: string | undefined): Error {
  if (code === 'HPE_HEADER_OVERFLOW') return gatewayErrors.HEADERS_TOO_LARGE()
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return gatewayErrors.REQUEST_TOO_SLOW()
  return gatewayErrors.REQUEST_INVALID({ detail: 'it is not HTTP' })
}
