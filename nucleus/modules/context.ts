// builds the context of one generation: a frozen object of closures that gives what the manifest names, nothing else.
import type { Logger } from 'pino'
import type { EventDefinition } from '../events/event.ts'
import { createTraceparent } from '../identifiers.ts'
import { scopeFlows } from '../flows/scoped.ts'
import type { Infrastructure } from '../infrastructure/ports.ts'
import type { Scope } from '../scope.ts'
import { serviceErrors } from '../services/errors.ts'
import type { ServiceRegistry } from '../services/registry.ts'
import type { SettingsOf, SettingsSchema } from '../settings/schema.ts'
import { currentTrace, runInTrace } from '../trace.ts'
import { createActivity, type Activity } from './activity.ts'
import { moduleErrors } from './errors.ts'
import { createLazyParts, type LazyParts } from './lazy-parts.ts'
import type { Manifest } from './manifest.ts'
import type { EventHandler, ModuleContext } from './module.ts'
import type { EventBus, ReportFailure } from './ports.ts'
import { parseServiceReference } from './service-reference.ts'

/** what a context is made of. */
export interface ContextParts {
  readonly manifest: Manifest
  readonly generation: number
  readonly scope: Scope
  readonly registry: ServiceRegistry
  readonly bus: EventBus
  readonly infrastructure: Infrastructure
  /** the values of this module's settings. */
  readonly settings: SettingsOf<SettingsSchema>
  readonly log: Logger
  /** what the generation before has handed over. */
  readonly previous: unknown
  readonly reportFailure: ReportFailure
  /** whether a module runs in a process of its own: what it emits was validated there, by whoever wrote it. */
  readonly isFar?: (module: string) => boolean
}

export type AnyContext = ModuleContext<SettingsOf<SettingsSchema>>

export interface BuiltContext {
  readonly context: AnyContext
  readonly activity: Activity
  readonly parts: LazyParts
  /** what the module hands to its next generation; undefined where it hands nothing over. */
  handOver(): (() => unknown) | undefined
}

/** makes the context; nothing of the module runs through it before its activity is activated. */
export function buildContext(parts: ContextParts): BuiltContext {
  const { manifest, scope, registry } = parts
  const { name } = manifest
  const activity = createActivity({ module: name, scope, bus: parts.bus, reportFailure: parts.reportFailure })
  const lazyParts = createLazyParts(name, scope.signal)
  const mayUse = named(name, 'requires` or `uses', [...manifest.requires, ...manifest.uses].map(serviceOf))
  const mayEmit = named(name, 'emits', manifest.emits)
  const mayConsume = named(name, 'consumes', manifest.consumes)
  let collect: (() => unknown) | undefined

  const context: AnyContext = {
    name,
    generation: parts.generation,
    on: (event, handler, options) => {
      mayConsume(event.type)
      return activity.subscribe(
        event,
        parts.isFar === undefined ? handler : checked(event, handler, parts.isFar),
        options,
      )
    },
    emit: (event, data) => {
      try {
        mayEmit(event.type)
      } catch (error) {
        return Promise.reject(error)
      }
      return parts.bus.emit(name, event, data)
    },
    use: (service, options) => {
      mayUse(service.name)
      if (service.many) throw serviceErrors.SERVICE_OF_MANY({ value: service.name })
      return registry.handle(service, options)
    },
    useAll: (service, options) => {
      mayUse(service.name)
      if (!service.many) throw serviceErrors.SERVICE_OF_MANY({ value: service.name })
      return registry.handles(service, options)
    },
    available: (service) => {
      mayUse(service.name)
      return registry.available(service.name)
    },
    settings: parts.settings,
    log: parts.log.child({ module: name, generation: parts.generation }),
    infra: pickInfrastructure(manifest, parts.infrastructure, activity),
    signal: scope.signal,
    defer: (label, release) => {
      scope.defer(label, release)
    },
    timer: activity.timer,
    lazy: lazyParts.add,
    state: Object.freeze({
      previous: parts.previous,
      handOver: (collectState: () => unknown) => {
        collect = collectState
      },
    }),
    trace: (traceId, work) =>
      runInTrace({ ...currentTrace(), traceparent: createTraceparent(traceId), module: name }, work),
  }
  return { context: Object.freeze(context), activity, parts: lazyParts, handOver: () => collect }
}

/** a handler that gets from processes of others only what the definition that it knows lets through. */
function checked<Data>(
  { type, schema }: EventDefinition<Data>,
  handler: EventHandler<Data>,
  isFar: (module: string) => boolean,
): EventHandler<Data> {
  return (data, event) => {
    if (isFar(event.source)) {
      const { success, error } = schema.safeParse(data)
      if (!success)
        throw moduleErrors.MODULE_EVENT_INVALID({ value: type, detail: `from ${event.source}`, cause: error })
    }
    return handler(data, event)
  }
}

function serviceOf(reference: string): string {
  return parseServiceReference(reference).service
}

/** a guard that lets pass only what a field of the manifest names. */
function named(module: string, field: string, names: readonly string[]): (value: string) => void {
  const known = new Set(names)
  return (value) => {
    if (known.has(value)) return
    throw moduleErrors.NOT_IN_MANIFEST({
      value,
      detail: `module ${module}`,
      fix: `add ${JSON.stringify(value)} to \`${field}\` in modules/${module}/manifest.json`,
    })
  }
}

function pickInfrastructure(manifest: Manifest, all: Infrastructure, activity: Activity): Infrastructure {
  const mayHave = named(manifest.name, 'infrastructure', manifest.infrastructure)
  const pick = <Name extends keyof Infrastructure>(resource: Name): Infrastructure[Name] => {
    mayHave(resource)
    return all[resource]
  }
  return Object.freeze({
    get store() {
      return pick('store')
    },
    get cache() {
      return pick('cache')
    },
    get vectors() {
      return pick('vectors')
    },
    get flows() {
      const flows = pick('flows')
      // code that belongs to a generation works as long as that serves
      return scopeFlows(manifest.name, flows, (name, code) =>
        activity.keepOpen(`flow ${name}`, () => flows.define(name, code)),
      )
    },
  })
}
