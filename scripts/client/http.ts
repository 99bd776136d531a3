// talks to the nucleus over HTTP on loopback: one request with a JSON answer, or an answer of many JSON lines.
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { LotusError, isLotusError } from '../../nucleus/errors.ts'
import { createLineReader } from '../../nucleus/wire/lines.ts'
import { clientErrors } from './errors.ts'
import type { StreamedEvent } from './event-stream.ts'

// importing node:http as a module touches every export and so loads undici with it, 40 ms that no goal has to spare.
const http = process.getBuiltinModule('node:http')

// the largest JSON answer, and the longest line of a stream.
const maxAnswerBytes = 16 * 1024 * 1024
// the gateway says every 15 s that a stream of events still lives.
const streamSilenceMs = 60_000

export interface Request {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** below the url of the nucleus, with a leading `/`. */
  readonly path: string
  /** a promise: the connection is opened while it is waited for. */
  readonly body?: unknown
  /** default 10,000. for a stream: the longest silence. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface EventsOptions {
  /** absent: all. */
  readonly types?: readonly string[]
  /** goes on after this event; absent: from now on. */
  readonly after?: string
  readonly signal: AbortSignal
}

export interface Client {
  /** one JSON answer. @throws what the nucleus answered, by its code; UNREACHABLE, ANSWER_UNCLEAR. */
  request(request: Request): Promise<Record<string, unknown>>
  /** the JSON lines of an answer as they come. @throws as `request` does; CONNECTION_LOST in the middle. */
  stream(request: Request): AsyncGenerator<Record<string, unknown>, void>
  /** what happens, as it happens: `open` once the stream is there, then events. @throws as `stream` does */
  events(options: EventsOptions): AsyncGenerator<'open' | StreamedEvent, void>
  /** an answer that is text, such as metrics. @throws UNREACHABLE, ANSWER_UNCLEAR */
  text(request: Request): Promise<string>
  /** the status and JSON of an answer, whatever the status is. */
  probe(request: Request): Promise<{ status: number; body: Record<string, unknown> }>
}

function open(url: string, token: string | undefined, accept: string, request: Request): ClientRequest {
  // a nucleus whose gateway is not up, or was unloaded, has no address.
  if (url === '') throw clientErrors.UNREACHABLE({ detail: 'its HTTP interface is not up' })
  const options: RequestOptions = {
    method: request.method ?? 'GET',
    agent: false,
    headers: {
      accept,
      connection: 'close',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    timeout: request.timeoutMs ?? 10_000,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  }
  const opened = http.request(new URL(request.path, url), options)
  opened.on('timeout', () => {
    opened.destroy(clientErrors.UNREACHABLE({ value: url, detail: `no answer in ${options.timeout} ms` }))
  })
  if (request.body === undefined) opened.end()
  else if (request.body instanceof Promise) request.body.then((body) => send(opened, body), opened.destroy.bind(opened))
  else send(opened, request.body)
  return opened
}

function send(opened: ClientRequest, body: unknown): void {
  if (opened.destroyed) return
  const text = JSON.stringify(body)
  opened.setHeader('content-type', 'application/json')
  opened.setHeader('content-length', Buffer.byteLength(text))
  opened.end(text)
}

async function answerTo(opened: ClientRequest, url: string): Promise<IncomingMessage> {
  return await new Promise<IncomingMessage>((resolve, reject) => {
    opened.once('response', resolve)
    // stays: a fault after the answer began also reaches whoever reads the answer.
    opened.on('error', (cause: NodeJS.ErrnoException) => {
      reject(
        isLotusError(cause)
          ? cause
          : clientErrors.UNREACHABLE({ value: url, detail: cause.code ?? cause.message, cause }),
      )
    })
  })
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw clientErrors.ANSWER_UNCLEAR({ value: text, cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw clientErrors.ANSWER_UNCLEAR({ value: text })
  return value as Record<string, unknown>
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxAnswerBytes) throw clientErrors.ANSWER_UNCLEAR({ detail: `more than ${maxAnswerBytes} bytes` })
      chunks.push(chunk)
    }
  } catch (cause) {
    if (isLotusError(cause)) throw cause
    throw clientErrors.UNREACHABLE({ detail: 'the answer was cut off', cause })
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function readAnswer(response: IncomingMessage): Promise<Record<string, unknown>> {
  return parseObject(await readText(response))
}

/** the error that an answer, or a line of a stream, tells of. */
export function faultOf(body: Record<string, unknown>): LotusError {
  const inner = (typeof body['error'] === 'object' && body['error'] !== null ? body['error'] : body) as Record<
    string,
    unknown
  >
  if (typeof inner['code'] !== 'string' || typeof inner['message'] !== 'string') {
    return clientErrors.ANSWER_UNCLEAR({ value: body })
  }
  return new LotusError({
    code: inner['code'],
    message: inner['message'],
    fix: typeof inner['fix'] === 'string' ? inner['fix'] : 'look at `lotus logs`',
    retryable: inner['retryable'] === true,
  })
}

/** whether a goal goes on although the stream that told of it has ended this way. */
export function isLoss(fault: unknown): fault is LotusError {
  return isLotusError(fault, 'GATEWAY_CLOSING') || isLotusError(fault, 'CONNECTION_LOST')
}

/** makes a client for the nucleus at this address. */
export function createClient(url: string, token: string | undefined): Client {
  const probe: Client['probe'] = async (request) => {
    const response = await answerTo(open(url, token, 'application/json', request), url)
    return { status: response.statusCode ?? 0, body: await readAnswer(response) }
  }
  return Object.freeze({
    probe,
    async text(request: Request) {
      const response = await answerTo(open(url, token, 'text/plain', request), url)
      const text = await readText(response)
      if (response.statusCode !== 200) throw clientErrors.ANSWER_UNCLEAR({ detail: `status ${response.statusCode}` })
      return text
    },
    async request(request: Request) {
      const { status, body } = await probe(request)
      if (status >= 200 && status < 300) return body
      throw faultOf(body)
    },
    async *stream(request: Request) {
      const response = await answerTo(open(url, token, 'application/x-ndjson', request), url)
      const status = response.statusCode ?? 0
      if (status < 200 || status >= 300) throw faultOf(await readAnswer(response))
      const reader = createLineReader(maxAnswerBytes)
      try {
        for await (const chunk of response as AsyncIterable<Buffer>) {
          for (const line of reader.push(chunk)) if (line.length > 0) yield parseObject(line.toString('utf8'))
          if (reader.overflowed)
            throw clientErrors.ANSWER_UNCLEAR({ detail: `a line of more than ${maxAnswerBytes} bytes` })
        }
      } catch (cause) {
        if (isLotusError(cause)) throw cause
        throw clientErrors.CONNECTION_LOST({ cause })
      }
    },
    async *events({ types, after, signal }: EventsOptions) {
      const query = [
        ...(types === undefined ? [] : [`types=${types.map(encodeURIComponent).join(',')}`]),
        ...(after === undefined ? [] : [`after=${encodeURIComponent(after)}`]),
      ]
      const request = { path: `/events?${query.join('&')}`, timeoutMs: streamSilenceMs, signal }
      const response = await answerTo(open(url, token, 'text/event-stream', request), url)
      const status = response.statusCode ?? 0
      if (status < 200 || status >= 300) throw faultOf(await readAnswer(response))
      const { readEvents } = await import('./event-stream.ts')
      try {
        yield* readEvents(response as AsyncIterable<Buffer>)
      } catch (cause) {
        if (signal.aborted) return
        if (isLotusError(cause)) throw cause
        throw clientErrors.CONNECTION_LOST({ cause })
      }
    },
  })
}
