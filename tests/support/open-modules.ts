// starts some modules as the nucleus does, with the real bus and embedded parts in a folder of their own, for tests.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { vi } from 'vitest'
import { Nucleus } from '../../nucleus/contract.ts'
import type { EventDefinition, EventEnvelope } from '../../nucleus/events/event.ts'
import type { ModuleStatus } from '../../nucleus/health/health.ts'
import { assembleHealth } from '../../nucleus/health/tree.ts'
import { openInfrastructure } from '../../nucleus/infrastructure/open.ts'
import { kernelFacts } from '../../nucleus/kernel-facts.ts'
import { createNucleusService } from '../../nucleus/kernel-service.ts'
import { createLoader } from '../../nucleus/modules/loader.ts'
import { createModuleManager, type ModuleManager } from '../../nucleus/modules/manager.ts'
import { readOneManifest, type FoundModule } from '../../nucleus/modules/manifest.ts'
import { createServiceRegistry } from '../../nucleus/services/registry.ts'
import type { ServiceDefinition } from '../../nucleus/services/service.ts'
import type { SettingsOf, SettingsSchema } from '../../nucleus/settings/schema.ts'
import { currentTraceparent } from '../../nucleus/trace.ts'
import { nativeImport } from '../nucleus/modules/house.ts'

type Values = Readonly<Record<string, string | number | boolean>>

export interface OpenModules extends AsyncDisposable {
  readonly manager: ModuleManager
  use<Interface extends object>(service: ServiceDefinition<Interface>): Interface
  /** providers of a service of kind many, by module. */
  useAll<Interface extends object>(service: ServiceDefinition<Interface>): ReadonlyMap<string, Interface>
  /** emits as another module would. gives the event's id. */
  emit<Data>(event: EventDefinition<Data>, data: Data): Promise<string>
  /** what the journal has of an event, once there are at least `count`. */
  events<Data>(event: EventDefinition<Data>, count: number): Promise<EventEnvelope<Data>[]>
  status(module: string): ModuleStatus | undefined
  /** resolves when a module has handled every journaled event there is. */
  handled(module: string): Promise<void>
}

export interface OpenModulesOptions {
  /** the folder that the modules lie in. */
  readonly folder: string
  /** their names. what they require must be among them. */
  readonly names: readonly string[]
  /** those that run in processes of their own. default: what their manifests say. */
  readonly inProcess?: readonly string[]
  /** values that differ from the defaults, by module; `home` is set where a module has it. */
  readonly settings?: Readonly<Record<string, Values>>
}

/** @throws what the first start of a module throws */
export async function openModules({
  folder,
  names,
  settings = {},
  inProcess = [],
}: OpenModulesOptions): Promise<OpenModules> {
  const home = await mkdtemp(join(tmpdir(), 'lotus-modules-'))
  const log = pino({ level: 'silent' })
  const read = async (name: string): Promise<FoundModule> => {
    const one = await readOneManifest(folder, name)
    return inProcess.includes(name) ? { ...one, manifest: { ...one.manifest, isolation: 'process' } } : one
  }
  const found = await Promise.all(names.map(read))
  const infrastructure = await openInfrastructure({
    home,
    settings: {},
    log,
    onFailure: ({ owner, error, event }) => manager.blame(owner, `event ${event.type}`, error),
  })
  const { bus } = infrastructure
  const registry = createServiceRegistry({
    isMany: (service) => service === 'tools' || manager.isMany(service),
    waitMs: 2_000,
  })
  const manager: ModuleManager = createModuleManager({
    found,
    // what the modules consume and none of them emits comes from the test
    kernel: { ...kernelFacts, events: [...kernelFacts.events, ...found.flatMap(({ manifest }) => manifest.consumes)] },
    readManifest: read,
    onChange: () => undefined,
    host: {
      loader: createLoader({ modulesFolder: folder, importFile: nativeImport }),
      registry,
      bus,
      infrastructure,
      log,
      home,
      settingsOf: ({ manifest }) => {
        const defaults = Object.entries(manifest.settings).map(([name, setting]) => [name, setting.default])
        const own = 'home' in manifest.settings ? { home } : {}
        return { ...Object.fromEntries(defaults), ...own, ...settings[manifest.name] } as SettingsOf<SettingsSchema>
      },
      emit: (definition, data) => {
        bus.emit('nucleus', definition, data, currentTraceparent()).catch(() => undefined)
      },
    },
  })
  registry.provide('nucleus', 1, {
    [Nucleus.name]: createNucleusService({
      manager,
      infrastructure,
      health: () =>
        assembleHealth({
          phase: 'running',
          version: '0.0.0',
          uptimeMs: 0,
          modules: manager.statuses(),
          infrastructure: infrastructure.health(),
        }),
    }),
  })
  const close = async (): Promise<void> => {
    await manager.stopAll('the test is over')
    await infrastructure.close()
    await rm(home, { recursive: true, force: true })
  }
  try {
    await manager.startAll()
    const failed = manager.statuses().filter(({ status }) => status !== 'healthy')
    if (failed.length > 0) throw new Error(JSON.stringify(failed))
  } catch (error) {
    await close()
    throw error
  }
  return {
    manager,
    use: (service) => registry.handle(service),
    useAll: (service) => registry.handles(service),
    emit: (event, data) => bus.emit('test', event, data),
    events: <Data>(event: EventDefinition<Data>, count: number) =>
      vi.waitFor(
        async () => {
          const events = await bus.read({ types: [event.type] })
          if (events.length < count) throw new Error(`${events.length} of ${count} ${event.type}`)
          return events as EventEnvelope<Data>[]
        },
        { timeout: 5_000, interval: 10 },
      ),
    handled: async (module: string) => {
      await vi.waitFor(
        async () => {
          const { lag } = await bus.journalStatistics()
          const behind = Object.entries(lag).filter(([group, events]) => group.startsWith(`${module}/`) && events > 0)
          if (behind.length > 0) throw new Error(JSON.stringify(behind))
        },
        { timeout: 15_000, interval: 10 },
      )
    },
    status: (module) => manager.statuses().find(({ name }) => name === module),
    [Symbol.asyncDispose]: close,
  }
}
