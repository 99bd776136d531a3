// what a module is: `defineModule({ settings, start })`, and the context that the kernel hands to `start`.
import type { Logger } from 'pino'
import type { EventDefinition, EventEnvelope } from '../events/event.ts'
import type { Infrastructure } from '../infrastructure/ports.ts'
import type { ModuleHealth } from '../health/health.ts'
import type { HandleOptions } from '../services/handle.ts'
import type { ServiceDefinition } from '../services/service.ts'
import type { SettingsOf, SettingsSchema } from '../settings/schema.ts'
import type { LazyPart } from './lazy-parts.ts'

/**
 * Contract: may be slow (it has `timeoutMs`), may throw (a journaled event is then retried with back-off and parked in
 * the dead letters after its last try; a transient one is dropped), must be idempotent by `event.id`.
 */
export type EventHandler<Data> = (data: Data, event: EventEnvelope<Data>) => void | Promise<void>

export interface SubscribeOptions {
  /** tells two subscriptions of one module to one event apart; part of the durable group's name. */
  readonly name?: string
  /** handlers that may run at once; 1 keeps order. default 1. */
  readonly concurrency?: number
  /** tries before the event is parked. default 5. */
  readonly maxAttempts?: number
  /** a handler that takes longer has failed this try. default 30,000. */
  readonly timeoutMs?: number
  /** where a new durable group begins. default 'now'. */
  readonly from?: 'beginning' | 'now'
  /** true: a live tail of journaled events without a group; nothing is acknowledged or retried. */
  readonly live?: boolean
}

/** ends a subscription or timer; resolves when what was running has ended. calling it twice is harmless. */
export type Release = () => Promise<void>

export interface ModuleContext<Settings = Record<string, never>> {
  readonly name: string
  /** counts the loads of this module in this process, from 1. */
  readonly generation: number
  on<Data>(event: EventDefinition<Data>, handler: EventHandler<Data>, options?: SubscribeOptions): Release
  /** validates and delivers; for a journaled event it resolves when the journal has it. gives the envelope's id. */
  emit<Data>(event: EventDefinition<Data>, data: Data): Promise<string>
  /**
   * a stable handle to a service that the manifest requires or uses. it stays valid when the provider is reloaded;
   * calls wait while it changes, and reject with SERVICE_UNAVAILABLE when nobody provides it.
   */
  use<Interface extends object>(service: ServiceDefinition<Interface>, options?: HandleOptions): Interface
  /** the providers of a `many` service at this moment, by module name. */
  useAll<Interface extends object>(
    service: ServiceDefinition<Interface>,
    options?: HandleOptions,
  ): ReadonlyMap<string, Interface>
  /** whether somebody provides an optional service right now. */
  available(service: ServiceDefinition): boolean
  readonly settings: Settings
  readonly log: Logger
  readonly infra: Infrastructure
  /** aborted when the module is unloaded. */
  readonly signal: AbortSignal
  /** runs at unload, in reverse order of registration; the label shows in health while it is open. */
  defer(label: string, release: () => void | Promise<void>): void
  /** `run` is called every `everyMs` until unload, never twice at once; a throw harms only the module's health. */
  timer(label: string, everyMs: number, run: () => void | Promise<void>): Release
  /**
   * a part that `start` does without, such as code that only a goal needs: loaded when it is first asked for, and in any
   * case right after the boot, in the order of these calls; in a reload before the new generation serves. one that can't
   * be loaded makes the module unhealthy.
   */
  lazy<Part>(label: string, load: () => Promise<Part>): LazyPart<Part>
  /** what the old instance left with `hand over`, undefined on a first start. plain data, at most 1 MiB. */
  readonly state: {
    readonly previous: unknown
    /** called on the old instance in a reload, and waited for; its result is the next one's `previous`. */
    handOver(collect: () => unknown): void
  }
  /** runs `work` with this trace id: events emitted, services called and lines logged inside carry it. */
  trace<Result>(traceId: string, work: () => Promise<Result>): Promise<Result>
}

/** what `start` gives back. */
export interface StartedModule {
  /** implementations by service name; exactly those that the manifest provides. */
  readonly services?: Readonly<Record<string, object>>
  /** Contract: answers within the manifest's time-out; throwing or answering late means unhealthy. */
  readonly health?: () => ModuleHealth | Promise<ModuleHealth>
  /** what others find in run/nucleus.json while it runs, such as `url` or `osd_socket`; names are snake_case. */
  readonly announce?: Readonly<Record<string, string>>
  /** what was done and spent since the start, asked for once before LOTUS stops; `stop` prints it. */
  readonly report?: () => StopReport | Promise<StopReport>
}

/** plain data, names in snake_case; written to run/last-stop.json under the module's name. */
export type StopReport = Readonly<Record<string, unknown>>

export interface ModuleDefinition<Schema extends SettingsSchema = SettingsSchema> {
  readonly settings: Schema
  start(context: ModuleContext<SettingsOf<Schema>>): StartedModule | void | Promise<StartedModule | void>
}

/** declares a module; `module.ts` exports it as default. */
export function defineModule<const Schema extends SettingsSchema = Record<string, never>>(definition: {
  settings?: Schema
  start(context: ModuleContext<SettingsOf<Schema>>): StartedModule | void | Promise<StartedModule | void>
}): ModuleDefinition<Schema> {
  return Object.freeze({ settings: definition.settings ?? ({} as Schema), start: definition.start })
}
