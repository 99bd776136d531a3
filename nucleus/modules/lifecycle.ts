// the ways of one module through its states: start, stop, restart of the same code, reload of new code.
import type { Logger } from 'pino'
import { ModuleLoaded, ModuleUnloaded } from '../contract.ts'
import type { EventDefinition } from '../events/event.ts'
import type { Infrastructure } from '../infrastructure/ports.ts'
import type { ScopeReport } from '../scope.ts'
import type { ServiceRegistry } from '../services/registry.ts'
import type { SettingsOf, SettingsSchema } from '../settings/schema.ts'
import { moduleErrors } from './errors.ts'
import type { Instance } from './instance.ts'
import type { Loader } from './loader.ts'
import type { FoundModule } from './manifest.ts'
import type { EventBus } from './ports.ts'
import { prepare, type Prepared } from './prepare.ts'
import type { ModuleRecord } from './record.ts'

/** what the kernel lends to the modules that it runs. */
export interface Host {
  readonly loader: Loader
  readonly registry: ServiceRegistry
  readonly bus: EventBus
  readonly infrastructure: Infrastructure
  readonly log: Logger
  /** LOTUS_HOME, for what a module's own process may reach of it. */
  readonly home?: string
  /** whether LOTUS boots: then lazy parts are loaded afterwards, at any other time before a generation serves. */
  booting(): boolean
  /** the values of a module's settings, read anew for a reload. */
  settingsOf(found: FoundModule): SettingsOf<SettingsSchema>
  /** emits an event of the kernel; what goes wrong is logged. */
  emit<Data>(definition: EventDefinition<Data>, data: Data): void
  /** a piece of a module's work has failed: an event, a log line, and a minute of degraded health. */
  reportFailure(module: string, during: string, error: unknown): void
  /** whether a module runs in a process of its own. */
  isFar(module: string): boolean
  /** the process of a module that served has ended by itself. */
  ended(record: ModuleRecord, instance: Instance, error: Error): void
}

/** imports the code where it isn't there yet, starts it and lets it serve. @throws what the start throws */
export async function startModule(host: Host, record: ModuleRecord, before?: Instance): Promise<void> {
  record.waiting = false
  record.set('starting')
  try {
    const code = await prepare(host, record.found, before?.definition)
    const instance = await nextInstance(host, record, record.found, code, undefined)
    await switchTo(host, record, instance)
    host.emit(ModuleLoaded, { module: record.name, generation: instance.generation })
  } catch (error) {
    record.set('unhealthy', reasonOf(error))
    throw error
  }
}

/** ends what runs, and says what it left. */
export async function stopModule(host: Host, record: ModuleRecord, reason: string): Promise<void> {
  record.waiting = false
  host.registry.giveUp(record.name)
  const { instance } = record
  record.set('stopped', reason)
  if (instance === undefined) return
  const report = await instance.stop()
  record.instance = undefined
  tellLeft(host, record, instance, report)
  host.emit(ModuleUnloaded, { module: record.name, generation: instance.generation, reason })
}

/** ends what runs and starts the same code again; calls to its services wait meanwhile. @throws what the start throws */
export async function restartModule(host: Host, record: ModuleRecord): Promise<void> {
  const { instance } = record
  host.registry.hold(record.name)
  record.set('starting', 'is being restarted')
  record.restarts += 1
  try {
    if (instance !== undefined) {
      const report = await instance.stop()
      record.instance = undefined
      tellLeft(host, record, instance, report)
    }
    await startModule(host, record, instance)
  } finally {
    // after a good start there is nothing left to give up
    host.registry.giveUp(record.name)
  }
}

/**
 * starts new code beside the old and switches when it has started. where the new code fails, the old serves on.
 * @throws what the import or the start of the new code throws
 */
export async function reloadModule(host: Host, record: ModuleRecord, found: FoundModule): Promise<void> {
  const old = record.instance
  if (old === undefined) {
    record.found = found
    return await startModule(host, record)
  }
  // what can't even be imported disturbs nobody, and while it is imported nothing waits
  const code = await prepare(host, found)
  // state that is handed over must not change behind the back of the new generation
  const calm = old.handsOver
  if (calm) host.registry.hold(record.name)
  let next: Instance
  try {
    if (calm) await old.pause()
    const previous = calm ? await old.collect() : undefined
    next = await nextInstance(host, record, found, code, previous)
    await proveHealthy(host, record, old, next)
  } catch (error) {
    code.discard()
    if (calm) await old.serveAgain()
    throw error
  }
  record.found = found
  // first the old one falls silent, so that no event is handled by both
  await old.quiet()
  try {
    await switchTo(host, record, next)
  } catch (error) {
    // past the point of return: the old one has fallen silent already, so both end and a restart begins anew
    tellLeft(host, record, old, await old.stop())
    record.instance = undefined
    record.set('unhealthy', reasonOf(error))
    throw error
  }
  host.emit(ModuleLoaded, { module: record.name, generation: next.generation, reason: 'reloaded' })
  const report = await old.stop()
  tellLeft(host, record, old, report)
  host.emit(ModuleUnloaded, { module: record.name, generation: old.generation, reason: 'replaced' })
}

async function nextInstance(
  host: Host,
  record: ModuleRecord,
  found: FoundModule,
  code: Prepared,
  previous: unknown,
): Promise<Instance> {
  record.generation += 1
  const instance = await code.start({
    manifest: found.manifest,
    generation: record.generation,
    registry: host.registry,
    bus: host.bus,
    infrastructure: host.infrastructure,
    settings: host.settingsOf(found),
    log: host.log,
    previous,
    reportFailure: (during, error) => host.reportFailure(record.name, during, error),
    isFar: host.isFar,
    onEnd: (error) => host.ended(record, instance, error),
  })
  if (host.booting()) return instance
  try {
    await instance.loadParts()
    return instance
  } catch (error) {
    tellLeft(host, record, instance, await instance.stop())
    throw error
  }
}

/**
 * a version that is not well must not replace one that is. where the old one is not well either, the reason may lie
 * elsewhere, and a new version is how a person would mend it.
 * @throws MODULE_UNHEALTHY, HEALTH_TIMED_OUT, what its health check throws; the new one has ended then
 */
async function proveHealthy(host: Host, record: ModuleRecord, old: Instance, next: Instance): Promise<void> {
  try {
    const health = await next.health()
    if (health?.status !== 'unhealthy') return
    const before = await old.health().catch(() => undefined)
    if (before?.status === 'unhealthy') return
    throw moduleErrors.MODULE_UNHEALTHY({ value: record.name, detail: health.reason ?? 'it gives no reason' })
  } catch (error) {
    tellLeft(host, record, next, await next.stop())
    throw error
  }
}

async function switchTo(host: Host, record: ModuleRecord, instance: Instance): Promise<void> {
  try {
    await instance.serve()
  } catch (error) {
    tellLeft(host, record, instance, await instance.stop())
    throw error
  }
  record.instance = instance
  record.failedChecks = 0
  record.set('healthy')
}

function tellLeft(host: Host, record: ModuleRecord, instance: Instance, report: ScopeReport): void {
  record.released = report
  const fields = { module: record.name, generation: instance.generation }
  for (const { label, message } of report.errors) host.log.error({ ...fields, label }, `release failed: ${message}`)
  for (const label of report.left) host.log.error({ ...fields, label }, 'did not end in time and is left behind')
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
