// one end of a symmetrical connection between two processes: calls, answers and notices as lines of JSON.
// light on purpose (the command-line client loads it at every call): nothing beyond node:net.
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { fromErrorData, toErrorData } from '../errors.ts'
import type { ErrorData, LotusError } from '../errors.ts'
import { wireErrors } from './errors.ts'
import { createLineReader } from './lines.ts'

export interface CallInfo {
  /** aborted when the caller cancels or the connection ends. */
  readonly signal: AbortSignal
  readonly peer: Peer
}

/** Contract: gives the result as plain JSON or throws; an error of LOTUS keeps its code on the other side. */
export type CallHandler = (method: string, params: unknown, info: CallInfo) => unknown

/** Contract: must not throw; whatever it does is not answered. */
export type NoticeHandler = (method: string, params: unknown, peer: Peer) => void

export interface PeerOptions {
  readonly onCall?: CallHandler
  readonly onNotice?: NoticeHandler
  /** called once, after every open call has been rejected. */
  readonly onClose?: (reason: LotusError) => void
  /** bytes of one message, both ways. default 4 MiB. */
  readonly maxFrameBytes?: number
  /** calls of the other side that may run here at once, and calls of ours that may be open. default 256. */
  readonly maxInFlight?: number
}

export interface CallOptions {
  /** default 10,000. */
  readonly timeoutMs?: number
  /**
   * asks the other side to stop. its answer (what came of it until then) is still waited for, at most
   * `cancelGraceMs` (default 5,000), then the call rejects with WIRE_CANCELLED.
   */
  readonly signal?: AbortSignal
  readonly cancelGraceMs?: number
}

export interface Peer {
  /** @throws what the other side threw, by its code; WIRE_CLOSED, WIRE_TIMED_OUT, WIRE_BUSY, WIRE_FRAME_TOO_LARGE. */
  call(method: string, params?: unknown, options?: CallOptions): Promise<unknown>
  /**
   * tells without an answer; lost without a trace when the connection ends.
   * @param options.unhurried - it may wait some milliseconds for a frame that goes out anyway, and comes before that one
   */
  notify(method: string, params?: unknown, options?: { readonly unhurried?: boolean }): void
  /** ends the connection; what is open rejects with WIRE_CLOSED. */
  close(): void
  readonly closed: boolean
}

interface OpenCall {
  readonly settle: (answer: { result?: unknown; error?: LotusError }) => void
}

interface Frame {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: unknown
  readonly cancel?: unknown
}

// what may wait to be sent before the other side is taken for dead: four full frames.
const unsentFrames = 4
// how long a notice that is in no hurry waits for company
const unhurriedMs = 10

/** takes over a connected stream; the stream is destroyed when the peer is closed. */
export function createPeer(stream: Duplex, options: PeerOptions = {}): Peer {
  const maxFrameBytes = options.maxFrameBytes ?? 4 * 1024 * 1024
  const maxInFlight = options.maxInFlight ?? 256
  const ours = new Map<number, OpenCall>()
  const theirs = new Map<number, AbortController>()
  const reader = createLineReader(maxFrameBytes)
  let nextId = 1
  let closed = false
  let held = false
  let leaving = false
  let patience: NodeJS.Timeout | undefined

  function letGo(): void {
    leaving = false
    clearTimeout(patience)
    patience = undefined
    if (!held) return
    held = false
    stream.uncork()
  }

  function end(reason: LotusError): void {
    if (closed) return
    closed = true
    // what was said before the end is still sent
    letGo()
    stream.destroy()
    for (const { settle } of ours.values()) settle({ error: reason })
    for (const controller of theirs.values()) controller.abort(reason)
    theirs.clear()
    options.onClose?.(reason)
  }

  function send(frame: object, unhurried = false): void {
    if (closed) throw wireErrors.WIRE_CLOSED()
    const text = JSON.stringify(frame)
    if (Buffer.byteLength(text) > maxFrameBytes) {
      throw wireErrors.WIRE_FRAME_TOO_LARGE({ value: text.length, detail: `the limit is ${maxFrameBytes} bytes` })
    }
    // frames of the same moment go out together: each piece wakes the other side
    if (!held) {
      held = true
      stream.cork()
    }
    if (unhurried) patience ??= setTimeout(letGo, unhurriedMs)
    else if (!leaving) {
      leaving = true
      process.nextTick(letGo)
    }
    stream.write(`${text}\n`)
    // a reader that stopped reading must not make this process hold everything that it was told.
    if (stream.writableLength > unsentFrames * maxFrameBytes) {
      end(wireErrors.WIRE_CLOSED({ detail: 'the other side no longer reads' }))
    }
  }

  function answer(id: number, body: { result: unknown } | { error: ErrorData }): void {
    if (closed) return
    try {
      send({ id, ...body })
    } catch (error) {
      if (!closed) send({ id, error: toErrorData(error) })
    }
  }

  async function serve(id: number, method: string, params: unknown): Promise<void> {
    if (theirs.size >= maxInFlight)
      return answer(id, { error: toErrorData(wireErrors.WIRE_BUSY({ value: maxInFlight })) })
    if (options.onCall === undefined) {
      return answer(id, { error: toErrorData(wireErrors.WIRE_METHOD_UNKNOWN({ value: method })) })
    }
    const controller = new AbortController()
    theirs.set(id, controller)
    try {
      const result = await options.onCall(method, params, { signal: controller.signal, peer })
      answer(id, { result: result ?? null })
    } catch (error) {
      answer(id, { error: toErrorData(error) })
    } finally {
      theirs.delete(id)
    }
  }

  function receive(line: Buffer): void {
    let frame: Frame
    try {
      frame = JSON.parse(line.toString('utf8')) as Frame
    } catch (cause) {
      return end(wireErrors.WIRE_MALFORMED({ value: line.toString('utf8'), cause }))
    }
    if (typeof frame !== 'object' || frame === null) return end(wireErrors.WIRE_MALFORMED({ value: frame }))
    if (typeof frame.method === 'string') {
      if (typeof frame.id === 'number') void serve(frame.id, frame.method, frame.params)
      else options.onNotice?.(frame.method, frame.params, peer)
    } else if (typeof frame.cancel === 'number') {
      theirs.get(frame.cancel)?.abort(wireErrors.WIRE_CANCELLED())
    } else if (typeof frame.id === 'number') {
      // an answer that nobody waits for any more came too late; its call has been told so.
      ours
        .get(frame.id)
        ?.settle(isErrorData(frame.error) ? { error: fromErrorData(frame.error) } : { result: frame.result })
    } else {
      end(wireErrors.WIRE_MALFORMED({ value: frame }))
    }
  }

  const peer: Peer = {
    get closed() {
      return closed
    },
    call(method, params, { timeoutMs = 10_000, signal, cancelGraceMs = 5_000 } = {}) {
      return new Promise((resolve, reject) => {
        if (ours.size >= maxInFlight) return reject(wireErrors.WIRE_BUSY({ value: maxInFlight }))
        if (signal?.aborted === true) return reject(wireErrors.WIRE_CANCELLED({ value: method }))
        const id = nextId++
        const tell = (): void => {
          if (!closed) send({ cancel: id })
        }
        let timer = setTimeout(() => {
          settle({ error: wireErrors.WIRE_TIMED_OUT({ value: method, detail: `waited ${timeoutMs} ms` }) })
          tell()
        }, timeoutMs)
        const onAbort = (): void => {
          tell()
          clearTimeout(timer)
          timer = setTimeout(() => settle({ error: wireErrors.WIRE_CANCELLED({ value: method }) }), cancelGraceMs)
        }
        const settle: OpenCall['settle'] = ({ result, error }) => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
          if (!ours.delete(id)) return
          if (error === undefined) resolve(result)
          else reject(error)
        }
        ours.set(id, { settle })
        signal?.addEventListener('abort', onAbort, { once: true })
        try {
          send({ id, method, params })
        } catch (error) {
          settle({ error: error as LotusError })
        }
      })
    },
    notify(method, params, { unhurried = false } = {}) {
      if (!closed) send({ method, params }, unhurried)
    },
    close() {
      end(wireErrors.WIRE_CLOSED())
    },
  }

  stream.on('data', (chunk: Buffer) => {
    for (const line of reader.push(chunk)) {
      if (closed) return
      if (line.length > 0) receive(line)
    }
    if (reader.overflowed) end(wireErrors.WIRE_FRAME_TOO_LARGE({ detail: `the limit is ${maxFrameBytes} bytes` }))
  })
  stream.on('error', (cause: Error) => end(wireErrors.WIRE_CLOSED({ cause })))
  stream.on('close', () => end(wireErrors.WIRE_CLOSED()))
  stream.on('end', () => end(wireErrors.WIRE_CLOSED()))
  return peer
}

function isErrorData(value: unknown): value is ErrorData {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value
}

/**
 * connects to a Unix socket.
 * @throws WIRE_UNREACHABLE when nobody listens there, it may not be opened, or it takes longer than `timeoutMs`
 * (default 3,000).
 */
export function connectPeer(path: string, options: PeerOptions = {}, timeoutMs = 3_000): Promise<Peer> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    const timer = setTimeout(() => {
      socket.destroy()
      reject(wireErrors.WIRE_UNREACHABLE({ value: path, detail: `waited ${timeoutMs} ms` }))
    }, timeoutMs)
    const onError = (cause: NodeJS.ErrnoException): void => {
      clearTimeout(timer)
      reject(wireErrors.WIRE_UNREACHABLE({ value: path, detail: cause.code ?? cause.message, cause }))
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      resolve(createPeer(socket, options))
    })
  })
}
