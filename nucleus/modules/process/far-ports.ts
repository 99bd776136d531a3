// what a context is made of, seen from a module's own process: bus, services, resources and log that lie in the nucleus.
import type { Logger } from 'pino'
import { createEnvelope } from '../../events/envelope.ts'
import type { SubscribeRequest } from '../../events/bus.ts'
import type { EventDefinition, EventEnvelope } from '../../events/event.ts'
import type { Subscription } from '../../events/subscription.ts'
import type { Infrastructure } from '../../infrastructure/ports.ts'
import { serializeError } from '../../logs/serialize-error.ts'
import { serviceErrors } from '../../services/errors.ts'
import { createHandle, type HandleOptions } from '../../services/handle.ts'
import { createProvider, type Provider } from '../../services/provider.ts'
import type { Provision, ServiceRegistry } from '../../services/registry.ts'
import type { ServiceDefinition } from '../../services/service.ts'
import type { Slot } from '../../services/slot.ts'
import { settlesWithin } from '../../scope.ts'
import { currentTraceparent } from '../../trace.ts'
import type { EventHandler } from '../module.ts'
import type { EventBus } from '../ports.ts'
import type { Channel } from './channel.ts'
import { flowErrors } from '../../flows/errors.ts'
import { resourceMethods, runInFarTrace, traceToTell, type FarEvent, type Providers } from './protocol.ts'

export interface FarBus extends EventBus {
  /** hands an event to a subscription; what the handler throws is the nucleus' to deal with. */
  deliver(id: number, event: EventEnvelope): Promise<void>
}

/** events: validated here, where their schema is; delivered and retried there. */
export function createFarBus(channel: Channel, module: () => string): FarBus {
  const handlers = new Map<number, EventHandler<never>>()
  let lastId = 0
  const far = <Data>({ type, durability }: EventDefinition<Data>): FarEvent => ({ type, durability })
  return Object.freeze({
    emit: async <Data>(source: string, definition: EventDefinition<Data>, data: Data) => {
      const event = createEnvelope(source, definition, data, currentTraceparent())
      return (await channel.call('emit', far(definition), event.data, traceToTell())) as string
    },
    subscribe: <Data>({ definition, handler, options = {} }: SubscribeRequest<Data>): Subscription => {
      const id = (lastId += 1)
      handlers.set(id, handler)
      const ready = channel.call('subscribe', id, far(definition), { ...options }).then(() => undefined)
      return {
        ready,
        pending: 0,
        close: async () => {
          await channel.call('unsubscribe', id)
          handlers.delete(id)
        },
      }
    },
    deliver: async (id: number, event: EventEnvelope) => {
      const handler = handlers.get(id)
      if (handler === undefined) throw serviceErrors.SERVICE_UNAVAILABLE({ value: event.type })
      await runInFarTrace({ traceparent: event.traceparent }, module(), () =>
        handler(event.data as never, event as never),
      )
    },
  })
}

export interface FarRegistry extends ServiceRegistry {
  setProviders(providers: Providers): void
  /** what this module provides. @throws SERVICE_UNAVAILABLE */
  provider(service: string): Provider
}

/** services: those of this module lie here, all others there. */
export function createFarRegistry(channel: Channel): FarRegistry {
  const mine = new Map<string, Provider>()
  let providers: Providers = {}
  const modulesOf = (service: string): readonly string[] => providers[service] ?? []

  /** the far service as a place that is always filled: waiting and refusing are the nucleus' business. */
  const slotOf = (service: string, module: string | null): Slot => {
    const current: Provider = {
      module: module ?? '',
      generation: 0,
      call: (method, parameters) => channel.call('call', service, module, method, parameters, traceToTell()),
      stream: (method, parameters) => channel.stream('call', service, module, method, parameters, traceToTell()),
      idle: async () => undefined,
      inFlight: () => 0,
      endStreams: async () => undefined,
    }
    const nothing = (): void => undefined
    return { current, available: true, fill: nothing, hold: nothing, empty: nothing, provider: () => current }
  }
  const provide = (module: string, generation: number, services: Readonly<Record<string, object>>): Provision => {
    const provided = Object.entries(services).map(([service, implementation]) => {
      const provider = createProvider(service, module, generation, implementation)
      mine.set(service, provider)
      return provider
    })
    return {
      module,
      generation,
      inFlight: () => provided.reduce((sum, one) => sum + one.inFlight(), 0),
      restore: () => undefined,
      drain: (limitMs) => settlesWithin(Promise.all(provided.map((one) => one.idle())), limitMs),
      withdraw: async () => {
        await Promise.all(provided.map((one) => one.endStreams()))
      },
    }
  }
  return Object.freeze({
    provide,
    hold: () => undefined,
    giveUp: () => undefined,
    handle: <Interface extends object>(service: ServiceDefinition<Interface>, options?: HandleOptions) =>
      createHandle(service, slotOf(service.name, null), options),
    handles: <Interface extends object>(service: ServiceDefinition<Interface>, options?: HandleOptions) =>
      new Map(
        modulesOf(service.name).map((module) => [module, createHandle(service, slotOf(service.name, module), options)]),
      ),
    available: (service: string) => modulesOf(service).length > 0,
    modulesOf,
    watch: () => () => undefined,
    overview: () => providers,
    setProviders: (next: Providers) => {
      providers = next
    },
    provider: (service: string) => {
      const provider = mine.get(service)
      if (provider === undefined) throw serviceErrors.SERVICE_UNAVAILABLE({ value: service })
      return provider
    },
  })
}

/** resources: plain statements there, plain rows back. */
export function createFarInfrastructure(channel: Channel, dialect: 'sqlite' | 'postgres' | undefined): Infrastructure {
  const resource = (name: keyof typeof resourceMethods): object =>
    Object.fromEntries(
      resourceMethods[name].map((method) => [
        method,
        (...parameters: unknown[]) => channel.call('resource', name, method, parameters),
      ]),
    )
  // each table of methods names exactly what its port has: a test holds them against each other
  const resources = {
    store: { dialect, ...resource('store') },
    cache: resource('cache'),
    vectors: resource('vectors'),
  } as unknown as Omit<Infrastructure, 'flows'>
  return Object.freeze({
    ...resources,
    // a flow's code would have to be called from there at every step
    get flows(): never {
      throw flowErrors.FLOWS_INLINE_ONLY()
    },
  })
}

/** of one line of the log, as JSON. */
const maxFieldsLength = 64 * 1024

type TellLine = (level: string, fields: object, message: string) => void

/**
 * a log with the part of pino's interface that modules use: lines are written there, by pino, and pino itself takes a
 * third of the start of a process to load.
 */
export function createFarLog(tell: TellLine): Logger {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
  const make = (bound: object): object => {
    const line =
      (level: string) =>
      (first: unknown, ...rest: readonly unknown[]): void => {
        const [fields, words] = typeof first === 'object' && first !== null ? [first, rest] : [{}, [first, ...rest]]
        tell(level, plainFields({ ...bound, ...asFields(fields) }), words.map(String).join(' '))
      }
    return {
      level: 'trace',
      ...Object.fromEntries(levels.map((level) => [level, line(level)])),
      silent: () => undefined,
      isLevelEnabled: () => true,
      bindings: () => bound,
      child: (more: object) => make({ ...bound, ...more }),
      flush: () => undefined,
    }
  }
  return make({}) as Logger
}

function asFields(fields: object): object {
  return fields instanceof Error ? { err: fields } : fields
}

/** what a line can carry across: JSON, errors with their stack. */
function plainFields(fields: object): object {
  let text: string
  try {
    text = JSON.stringify(fields, (_key, value: unknown) => {
      if (value instanceof Error) return serializeError(value)
      return typeof value === 'bigint' ? String(value) : value
    })
  } catch (error) {
    // a line that can't be written whole is better than a module that fails because it wanted to say something
    return { not_written: error instanceof Error ? error.message : String(error) }
  }
  return text.length > maxFieldsLength ? { not_written: `${text.length} characters` } : (JSON.parse(text) as object)
}
