// one end of the connection between the nucleus and a module's process: calls both ways, as lines of JSON, by birpc.
import type { Socket } from 'node:net'
import { createBirpc } from 'birpc'
import { createLineReader } from '../../wire/lines.ts'
import { moduleErrors } from '../errors.ts'
import { errorFromWire, errorToWire } from './errors-on-wire.ts'
import { createFloodGate } from './flood-gate.ts'
import { createSignalBook } from './signals.ts'
import { createStreamEnds, type StreamSource } from './streams.ts'
import { fromWire, toWire } from './values.ts'

/** what one side offers to the other; parameters come from another process and are unchecked. */
export type Functions = Readonly<Record<string, (...parameters: never[]) => unknown>>
export type Sources = Readonly<Record<string, (...parameters: never[]) => AsyncIterable<unknown>>>

export interface ChannelOptions {
  readonly functions: Functions
  readonly sources: Sources
  /** what happens with a call while `maxCalls` are open: the nucleus refuses it, a module's process waits. */
  readonly whenFull: 'refuse' | 'wait'
  /** called once, after the end; open calls are rejected right after it. */
  readonly onClose: (reason: Error) => void
  /** lines that the other side may send within a second; what is more waits. default: no limit. */
  readonly maxMessagesPerSecond?: number
}

export interface Channel {
  /** @throws what the other side threw, the reason of the end, MODULE_BUSY_CALLS, MODULE_MESSAGE_TOO_LARGE, MODULE_VALUE_INVALID */
  call(name: string, ...parameters: unknown[]): Promise<unknown>
  /** without an answer; lost without a trace when the connection ends. */
  tell(name: string, ...parameters: unknown[]): void
  /** opened when its first item is asked for; the source waits while nobody takes what it gives. */
  stream(name: string, ...parameters: unknown[]): AsyncIterable<unknown>
  /** sends what waits, then ends; open calls and streams fail with the reason. */
  close(reason: Error): void
  readonly closed: boolean
  /** share of the last second in which the other side was not listened to because it sent too much, from 0 to 1. */
  throttled(): number
}

/** bytes of one message: the largest event and a page of rows fit. */
const maxFrameBytes = 8 * 1024 * 1024
/** what may wait to be sent before the other side counts as one that no longer reads. */
const maxUnsentBytes = 4 * maxFrameBytes
/** calls of ours that may be open at once. */
const maxCalls = 512
/** calls of the other side that may be open here; more than it is allowed to send is no accident. */
const maxServed = 2 * maxCalls

/** the names of the connection's own messages; none of them is a function of either side. */
const own = { abort: '$abort', open: '$open', item: '$item', end: '$end', more: '$more', stop: '$stop' } as const

interface Message {
  readonly t: 'q' | 's'
  readonly e?: unknown
}

type Served = (...parameters: unknown[]) => unknown

/** takes over a connected stream. @param socket - destroyed when the channel ends */
export function createChannel(socket: Socket, options: ChannelOptions): Channel {
  const reader = createLineReader(maxFrameBytes)
  const waiting: (() => void)[] = []
  let open = 0
  let served = 0
  let held = false
  let ended: Error | undefined
  let receive: (message: Message) => unknown = () => undefined

  const send = async (name: string, ...parameters: unknown[]): Promise<void> => {
    if (ended === undefined) await rpc.$callEvent(name, ...parameters)
  }
  const tell = (name: string, ...parameters: unknown[]): void => {
    send(name, ...parameters).catch(end)
  }
  const signals = createSignalBook((id) => tell(own.abort, id))
  const streams = createStreamEnds({
    open: (id, name, parameters) => tell(own.open, id, name, parameters),
    item: (id, item) => send(own.item, id, item),
    end: (id, error) => tell(own.end, id, ...(error === undefined ? [] : [errorToWire(error)])),
    more: (id, count) => tell(own.more, id, count),
    stop: (id) => tell(own.stop, id),
    signals,
  })

  const letGo = (): void => {
    if (!held) return
    held = false
    socket.uncork()
  }
  function post(text: string): void {
    if (ended !== undefined) throw ended
    if (Buffer.byteLength(text) > maxFrameBytes) {
      throw moduleErrors.MODULE_MESSAGE_TOO_LARGE({
        detail: `${text.length} characters, the limit is ${maxFrameBytes} bytes`,
      })
    }
    // messages of the same moment go out together: each piece wakes the other side
    if (!held) {
      held = true
      socket.cork()
      process.nextTick(letGo)
    }
    socket.write(`${text}\n`)
    if (socket.writableLength > maxUnsentBytes) end(moduleErrors.MODULE_PROCESS_ENDED({ detail: 'it no longer reads' }))
  }

  function end(reason: Error): void {
    if (ended !== undefined) return
    ended = reason
    gate.close()
    letGo()
    socket.destroySoon()
    options.onClose(reason)
    void rpc.$rejectPendingCalls(({ reject }) => reject(reason))
    rpc.$close(reason)
    streams.close(reason)
    signals.close(reason)
    for (const wake of waiting.splice(0)) wake()
  }

  /** runs a function for the other side; whatever it throws is an error there. */
  const serve =
    (work: (...parameters: never[]) => unknown): Served =>
    async (parameters) => {
      if (served >= maxServed) {
        const reason = moduleErrors.MODULE_FLOODS({ value: `${served} open calls` })
        end(reason)
        throw reason
      }
      const book = signals.incoming()
      served += 1
      try {
        const list = fromWire(parameters, book.ports) as never[]
        return toWire(await work(...list), signals.none)
      } catch (error) {
        // `throw undefined` must not look like a success
        throw error instanceof Error ? error : new Error(String(error))
      } finally {
        served -= 1
        book.release()
      }
    }

  const functions: Record<string, Served> = Object.assign(Object.create(null), {
    [own.abort]: (id: unknown) => signals.aborted(id),
    [own.open]: (id: unknown, name: unknown, parameters: unknown) => {
      const source = Object.hasOwn(options.sources, String(name)) ? options.sources[String(name)] : undefined
      streams.serve(Number(id), source as StreamSource | undefined, parameters)
    },
    [own.item]: (id: unknown, item: unknown) => streams.came(Number(id), item),
    [own.end]: (id: unknown, error: unknown) =>
      streams.ended(Number(id), error === undefined ? undefined : errorFromWire(error)),
    [own.more]: (id: unknown, count: unknown) => streams.wanted(Number(id), Number(count)),
    [own.stop]: (id: unknown) => streams.stopped(Number(id)),
  })
  for (const [name, work] of Object.entries(options.functions)) functions[name] = serve(work)

  const rpc = createBirpc<Record<string, Served>, Record<string, Served>, false>(functions, {
    post,
    on: (handler) => {
      receive = handler
    },
    serialize: (message: Message) =>
      JSON.stringify(message.e === undefined ? message : { ...message, e: errorToWire(message.e) }),
    deserialize: (message: Message) =>
      message.e === undefined ? message : { ...message, e: errorFromWire(message.e) },
    resolver: (name) => functions[name],
    timeout: -1,
    proxify: false,
    // an answer that can't be sent (too large) becomes an error there; a call that can't be sent is its caller's to know
    onGeneralError: (_error, name) => name !== undefined,
  })

  const gate = createFloodGate(socket, options.maxMessagesPerSecond)

  function take(line: Buffer): void {
    let message: Message
    try {
      message = JSON.parse(line.toString('utf8')) as Message
    } catch (cause) {
      return end(moduleErrors.MODULE_PROTOCOL({ value: line.toString('utf8', 0, 100), cause }))
    }
    if (typeof message !== 'object' || message === null) return end(moduleErrors.MODULE_PROTOCOL({ value: message }))
    Promise.resolve(receive(message)).catch(end)
  }

  socket.on('data', (chunk: Buffer) => {
    const lines = reader.push(chunk)
    gate.count(lines.length)
    for (const line of lines) {
      if (ended !== undefined) return
      if (line.length > 0) take(line)
    }
    if (reader.overflowed) end(moduleErrors.MODULE_PROTOCOL({ detail: `a message above ${maxFrameBytes} bytes` }))
  })
  socket.on('error', (cause: Error) => end(moduleErrors.MODULE_PROCESS_ENDED({ detail: cause.message, cause })))
  socket.on('close', () => end(moduleErrors.MODULE_PROCESS_ENDED()))
  socket.on('end', () => end(moduleErrors.MODULE_PROCESS_ENDED()))

  /** waits for its turn; another may be faster than who was woken. */
  const takePlace = async (): Promise<void> => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    if (open >= maxCalls && ended === undefined) await takePlace()
  }

  const call = async (name: string, ...parameters: unknown[]): Promise<unknown> => {
    if (ended !== undefined) throw ended
    if (open >= maxCalls) {
      if (options.whenFull === 'refuse') throw moduleErrors.MODULE_BUSY_CALLS({ value: name, detail: `${open} open` })
      await takePlace()
    }
    const book = signals.outgoing()
    open += 1
    try {
      const list = toWire(parameters, book.ports)
      const answer = rpc.$call(name, list)
      book.sent()
      return fromWire(await answer, signals.none)
    } finally {
      open -= 1
      book.release()
      waiting.shift()?.()
    }
  }

  return Object.freeze({
    call,
    tell: (name: string, ...parameters: unknown[]) => tell(name, toWire(parameters, signals.none)),
    stream: (name: string, ...parameters: unknown[]) => streams.open(name, parameters),
    close: end,
    get closed() {
      return ended !== undefined
    },
    throttled: gate.share,
  })
}
