// one implementation of a service by one generation of a module: it counts the calls inside, so that it can be drained.
import { serviceErrors } from './errors.ts'
import { guardStream, type GuardedStream } from './stream.ts'

/** the key under which an implementation on the far side of a process wall is called by names. */
export const remoteService = Symbol('remote service')

/** an implementation whose methods are not here: it takes the name of the method as well. */
export interface RemoteService {
  readonly [remoteService]: {
    call(method: string, parameters: unknown[]): Promise<unknown>
    stream(method: string, parameters: unknown[]): AsyncIterable<unknown>
  }
}

type AnyMethod = (...parameters: unknown[]) => unknown

/** what a slot calls while this implementation is the current one. */
export interface Provider {
  readonly module: string
  readonly generation: number
  call(method: string, parameters: unknown[]): Promise<unknown>
  stream(method: string, parameters: unknown[]): AsyncIterable<unknown>
  /** resolves when no call is inside; new calls are the slot's to keep away. */
  idle(): Promise<void>
  /** calls inside at this moment. */
  inFlight(): number
  /** ends every open stream: their consumers see the end, not an error. */
  endStreams(): Promise<void>
}

/** wraps an implementation; it stays usable until nobody refers to it. */
export function createProvider(service: string, module: string, generation: number, implementation: object): Provider {
  const methods = implementation as Readonly<Record<string, unknown>>
  const remote = remoteService in implementation ? (implementation as RemoteService)[remoteService] : undefined
  const streams = new Set<GuardedStream>()
  let inFlight = 0
  let waiters: (() => void)[] = []

  const settled = (): void => {
    inFlight -= 1
    if (inFlight > 0 || waiters.length === 0) return
    for (const wake of waiters) wake()
    waiters = []
  }
  const succeed = <Value>(value: Value): Value => {
    settled()
    return value
  }
  const fail = (error: unknown): never => {
    settled()
    throw error
  }
  // a name that comes from another process may be anything: what every object has is no method of a service
  const methodOf = (name: string): AnyMethod | undefined => {
    const method = methods[name]
    return typeof method === 'function' && !(name in Object.prototype) ? (method as AnyMethod) : undefined
  }
  const missing = (method: string): Error =>
    serviceErrors.SERVICE_METHOD_MISSING({ value: `${service}.${method}`, detail: `provided by ${module}` })

  const call = (name: string, parameters: unknown[]): Promise<unknown> => {
    const method = remote === undefined ? methodOf(name) : undefined
    if (method === undefined && remote === undefined) return Promise.reject(missing(name))
    inFlight += 1
    let result: unknown
    try {
      // in the caller's trace as it is: entering one of its own would cost three times the rest of a call
      result = remote === undefined ? method?.apply(implementation, parameters) : remote.call(name, parameters)
    } catch (error) {
      settled()
      return Promise.reject(error)
    }
    return (result instanceof Promise ? result : Promise.resolve(result)).then(succeed, fail)
  }

  const stream = (name: string, parameters: unknown[]): AsyncIterable<unknown> => {
    const method = remote === undefined ? methodOf(name) : undefined
    if (method === undefined && remote === undefined) throw missing(name)
    const source =
      remote === undefined
        ? (method?.apply(implementation, parameters) as AsyncIterable<unknown>)
        : remote.stream(name, parameters)
    const guarded = guardStream(source, () => streams.delete(guarded))
    streams.add(guarded)
    return guarded.iterable
  }

  return Object.freeze({
    module,
    generation,
    call,
    stream,
    idle: () => (inFlight === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiters.push(resolve))),
    inFlight: () => inFlight,
    endStreams: async () => {
      await Promise.all(Array.from(streams, (one) => one.end()))
    },
  })
}
