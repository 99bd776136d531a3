// streams over the wall of a process: the consumer says how many items it takes, so that a fast source waits for it.
import { moduleErrors } from '../errors.ts'
import { fromWire, toWire } from './values.ts'
import type { SignalBook } from './signals.ts'

/** gives what is streamed; its parameters come from the other side. */
export type StreamSource = (...parameters: unknown[]) => AsyncIterable<unknown>

export interface StreamEnds {
  /** a stream of the other side. */
  open(name: string, parameters: unknown[]): AsyncIterable<unknown>
  /** the other side opens one of ours. */
  serve(id: number, source: StreamSource | undefined, parameters: unknown): void
  came(id: number, item: unknown): void
  ended(id: number, error: Error | undefined): void
  wanted(id: number, count: number): void
  stopped(id: number): void
  close(reason: Error): void
}

export interface StreamMessages {
  open(id: number, name: string, parameters: unknown): void
  /** @throws MODULE_MESSAGE_TOO_LARGE */
  item(id: number, item: unknown): Promise<void>
  end(id: number, error: unknown): void
  more(id: number, count: number): void
  stop(id: number): void
  readonly signals: SignalBook
}

/** items that may be on their way without having been taken. */
const credit = 64
/** streams that the other side may have open here. */
const maxServed = 256

const done: IteratorResult<unknown> = Object.freeze({ done: true, value: undefined })

interface Consumer {
  came(item: unknown): void
  ended(error: Error | undefined): void
}
interface Producer {
  wanted(count: number): void
  stop(): void
}

export function createStreamEnds(messages: StreamMessages): StreamEnds {
  const { signals } = messages
  const consumers = new Map<number, Consumer>()
  const producers = new Map<number, Producer>()
  let lastId = 0
  let closed: Error | undefined

  const open = (name: string, parameters: unknown[]): AsyncIterable<unknown> => {
    const queue: unknown[] = []
    let asked: PromiseWithResolvers<IteratorResult<unknown>>[] = []
    let id: number | undefined
    let taken = 0
    let over = false
    let failure: Error | undefined
    const book = signals.outgoing()

    const finish = (error: Error | undefined): void => {
      if (over) return
      over = true
      failure = error
      book.release()
      if (id !== undefined) consumers.delete(id)
      const [first, ...others] = asked
      asked = []
      if (error === undefined) first?.resolve(done)
      else first?.reject(error)
      if (first !== undefined) failure = undefined
      for (const one of others) one.resolve(done)
    }
    const begin = (): void => {
      if (closed !== undefined) throw closed
      const list = toWire(parameters, book.ports)
      id = lastId += 1
      consumers.set(id, {
        came: (item) => {
          const one = asked.shift()
          if (one === undefined) queue.push(item)
          else deliver(one, item)
        },
        ended: finish,
      })
      messages.open(id, name, list)
      book.sent()
    }
    const took = (): void => {
      taken += 1
      if (taken < credit / 2 || id === undefined || over) return
      messages.more(id, taken)
      taken = 0
    }
    const deliver = (one: PromiseWithResolvers<IteratorResult<unknown>>, item: unknown): void => {
      took()
      one.resolve({ done: false, value: item })
    }
    const next = (): Promise<IteratorResult<unknown>> => {
      if (id === undefined && !over) {
        try {
          begin()
        } catch (error) {
          over = true
          return Promise.reject(error)
        }
      }
      const one = Promise.withResolvers<IteratorResult<unknown>>()
      if (queue.length > 0) deliver(one, queue.shift())
      else if (failure !== undefined) {
        one.reject(failure)
        failure = undefined
      } else if (over) one.resolve(done)
      else asked.push(one)
      return one.promise
    }
    const iterator: AsyncIterableIterator<unknown> = {
      next,
      return: async () => {
        const stopped = id
        const wasOpen = stopped !== undefined && !over
        queue.length = 0
        finish(undefined)
        over = true
        if (wasOpen) messages.stop(stopped)
        return done
      },
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  const serve = (id: number, source: StreamSource | undefined, parameters: unknown): void => {
    if (source === undefined || producers.size >= maxServed || producers.has(id)) {
      const error = moduleErrors.MODULE_BUSY_CALLS({ value: id, detail: `${producers.size} streams are open` })
      return messages.end(id, error)
    }
    const book = signals.incoming()
    let left = credit
    const stop = new AbortController()
    let wake: (() => void) | undefined
    let iterator: AsyncIterator<unknown> | undefined
    producers.set(id, {
      wanted: (count) => {
        // never more than one credit, whatever the other side says
        left = Math.min(credit, left + Math.max(1, count))
        wake?.()
      },
      stop: () => {
        stop.abort()
        book.abort(moduleErrors.MODULE_STREAM_LEFT())
        wake?.()
        // a source that waits inside `next` ends only when that has come back: its signal is what wakes it
        Promise.resolve(iterator?.return?.()).catch(() => undefined)
      },
    })
    const produce = async (): Promise<void> => {
      const list = fromWire(parameters, book.ports) as unknown[]
      iterator = source(...list)[Symbol.asyncIterator]()
      while (!stop.signal.aborted) {
        // woken by a wish for more, which is at least one, or by the end
        if (left <= 0) await new Promise<void>((resolve) => (wake = resolve))
        if (stop.signal.aborted) return
        const result = await iterator.next()
        if (result.done === true || stop.signal.aborted) return
        left -= 1
        await messages.item(id, toWire(result.value, signals.none))
      }
    }
    produce()
      .then(
        () => messages.end(id, undefined),
        (error: unknown) => messages.end(id, error ?? new Error('nothing was thrown')),
      )
      .finally(() => {
        producers.delete(id)
        book.release()
      })
      .catch(() => undefined)
  }

  return Object.freeze({
    open,
    serve,
    came: (id: number, item: unknown) => consumers.get(id)?.came(fromWire(item, signals.none)),
    ended: (id: number, error: Error | undefined) => consumers.get(id)?.ended(error),
    wanted: (id: number, count: number) => producers.get(id)?.wanted(count),
    stopped: (id: number) => producers.get(id)?.stop(),
    close: (reason: Error) => {
      closed = reason
      for (const consumer of consumers.values()) consumer.ended(reason)
      for (const producer of producers.values()) producer.stop()
    },
  })
}
