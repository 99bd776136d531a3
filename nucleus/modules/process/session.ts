// the nucleus' answers to a module's process: each request goes through the module's context, which gives what its manifest
// names and nothing else. whatever comes from the process is unchecked.
import type { Logger } from 'pino'
import type { EventDefinition } from '../../events/event.ts'
import { serviceErrors } from '../../services/errors.ts'
import type { MethodKind, ServiceDefinition } from '../../services/service.ts'
import type { BuiltContext } from '../context.ts'
import { moduleErrors } from '../errors.ts'
import type { Manifest } from '../manifest.ts'
import type { Release, SubscribeOptions } from '../module.ts'
import type { ReportFailure } from '../ports.ts'
import type { Channel, Functions, Sources } from './channel.ts'
import { errorFromWire } from './errors-on-wire.ts'
import { createPace } from './pace.ts'
import { resourceMethods, runInFarTrace, type FarEvent } from './protocol.ts'

export interface SessionParts {
  readonly manifest: Manifest
  readonly built: BuiltContext
  readonly log: Logger
  readonly channel: () => Channel
  readonly reportFailure: ReportFailure
}

export interface Session {
  readonly functions: Functions
  readonly sources: Sources
  /** emits wait because there are too many. */
  readonly isSlowed: () => boolean
}

/** more subscriptions than a manifest has room for. */
const maxSubscriptions = 500
/** handles that are kept; a service has a few dozen methods. */
const maxHandles = 2_000
const levels = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])

type AnyMethod = (...parameters: unknown[]) => unknown

/** makes the nucleus' side of a connection, before anything has come over it. */
export function createSession({ manifest, built, log, channel, reportFailure }: SessionParts): Session {
  const { context } = built
  const subscriptions = new Map<number, Release>()
  const methods = new Map<string, AnyMethod>()
  const pace = createPace(manifest.limits.events)

  /** a method of a service that this module may use, by its handle, which stays valid. */
  const methodOf = (service: string, module: string | null, method: string, kind: MethodKind): AnyMethod => {
    const key = JSON.stringify([service, module, method, kind])
    const known = methods.get(key)
    if (known !== undefined) return known
    const definition = { name: service, many: module !== null, methods: { [method]: kind } } as ServiceDefinition
    const handle = (module === null ? context.use(definition) : context.useAll(definition).get(module)) as
      | Readonly<Record<string, AnyMethod>>
      | undefined
    const found = handle !== undefined && Object.hasOwn(handle, method) ? handle[method] : undefined
    if (found === undefined) throw serviceErrors.SERVICE_UNAVAILABLE({ value: `${service} of ${module}` })
    if (methods.size >= maxHandles) methods.clear()
    methods.set(key, found)
    return found
  }
  const invoke = <Result>(kind: MethodKind, parameters: readonly unknown[]): Result => {
    const [service, module, method, list, trace] = parameters
    const work = methodOf(String(service), typeof module === 'string' ? module : null, String(method), kind)
    return runInFarTrace(trace, manifest.name, () => work(...(Array.isArray(list) ? list : []))) as Result
  }

  const functions: Functions = {
    emit: async (definition: unknown, data: unknown, trace: unknown) => {
      await pace.take()
      return await runInFarTrace(trace, manifest.name, () => context.emit(farDefinition(definition), data))
    },
    subscribe: (id: unknown, definition: unknown, options: unknown) => {
      if (subscriptions.size >= maxSubscriptions) throw moduleErrors.MODULE_FLOODS({ value: 'subscriptions' })
      const number = Number(id)
      const release = context.on(
        farDefinition(definition),
        async (_data, event) => {
          await channel().call('event', number, event)
        },
        readOptions(options),
      )
      subscriptions.set(number, release)
    },
    unsubscribe: async (id: unknown) => {
      await subscriptions.get(Number(id))?.()
      subscriptions.delete(Number(id))
    },
    call: (...parameters: unknown[]) => invoke('call', parameters),
    resource: (name: unknown, method: unknown, parameters: unknown) => {
      const resource = String(name) as keyof typeof resourceMethods
      const known: readonly string[] | undefined = Object.hasOwn(resourceMethods, resource)
        ? resourceMethods[resource]
        : undefined
      if (known === undefined || !known.includes(String(method))) {
        throw moduleErrors.MODULE_PROTOCOL({ value: `${resource}.${String(method)}` })
      }
      const port = context.infra[resource] as unknown as Readonly<Record<string, AnyMethod>>
      return port[String(method)]?.(...(Array.isArray(parameters) ? parameters : []))
    },
    log: (level: unknown, fields: unknown, message: unknown) => {
      const word = levels.has(String(level)) ? (String(level) as 'info') : 'info'
      // who says it is known here, and not taken from what is said
      const { module: _module, generation: _generation, ...rest } = Object.assign({}, fields) as Record<string, unknown>
      log[word](rest, String(message).slice(0, 8_192))
    },
    failed: (during: unknown, error: unknown) => reportFailure(String(during).slice(0, 200), errorFromWire(error)),
  }
  const sources: Sources = {
    call: (...parameters: unknown[]) => invoke('stream', parameters),
  }
  return { functions, sources, isSlowed: pace.isSlowed }
}

/** validated on the other side, where its schema is: here it is data that is passed on. */
const asItIs = { safeParse: (data: unknown) => ({ success: true, data }) }

function farDefinition(definition: unknown): EventDefinition {
  const { type, durability } = Object.assign({}, definition) as Partial<FarEvent>
  return {
    type: String(type),
    durability: durability === 'journaled' ? 'journaled' : 'transient',
    description: '',
    schema: asItIs as unknown as EventDefinition['schema'],
  }
}

function readOptions(options: unknown): SubscribeOptions {
  const given = Object.assign({}, options) as SubscribeOptions
  const count = (value: number | undefined, limit: number): number | undefined =>
    Number.isInteger(value) && value! >= 1 ? Math.min(value!, limit) : undefined
  const concurrency = count(given.concurrency, 256)
  const maxAttempts = count(given.maxAttempts, 100)
  const timeoutMs = count(given.timeoutMs, 86_400_000)
  return {
    ...(typeof given.name === 'string' ? { name: given.name.slice(0, 100) } : {}),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(given.from === 'beginning' ? { from: 'beginning' } : {}),
    ...(given.live === true ? { live: true } : {}),
  }
}
