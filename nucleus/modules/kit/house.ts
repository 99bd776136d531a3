// a small house for the test of a module: it is started as the nucleus does, with the real bus, journal and store, in a
// folder of its own that is gone afterwards.
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { Nucleus } from '../../contract.ts'
import type { EventDefinition, EventEnvelope } from '../../events/event.ts'
import type { ModuleHealth, ModuleStatus } from '../../health/health.ts'
import { assembleHealth } from '../../health/tree.ts'
import { openInfrastructure } from '../../infrastructure/open.ts'
import { kernelFacts } from '../../kernel-facts.ts'
import { createNucleusService } from '../../kernel-service.ts'
import { moduleErrors } from '../errors.ts'
import { createLoader, type ImportFile } from '../loader.ts'
import { createModuleManager, type ModuleManager } from '../manager.ts'
import { readOneManifest, type FoundModule } from '../manifest.ts'
import { createServiceRegistry } from '../../services/registry.ts'
import type { ServiceDefinition } from '../../services/service.ts'
import type { SettingsOf, SettingsSchema } from '../../settings/schema.ts'
import { currentTraceparent } from '../../trace.ts'

const lookEveryMs = 10

type Values = Readonly<Record<string, string | number | boolean>>

export interface House extends AsyncDisposable {
  readonly manager: ModuleManager
  use<Interface extends object>(service: ServiceDefinition<Interface>): Interface
  /** providers of a service of kind many, by module. */
  useAll<Interface extends object>(service: ServiceDefinition<Interface>): ReadonlyMap<string, Interface>
  /** emits as another module would. gives the event's id. */
  emit<Data>(event: EventDefinition<Data>, data: Data): Promise<string>
  /** what the journal has of an event, once there are at least `count`. */
  events<Data>(event: EventDefinition<Data>, count: number): Promise<EventEnvelope<Data>[]>
  status(module: string): ModuleStatus | undefined
  /** what a module says of itself now. */
  health(module: string): Promise<ModuleHealth | undefined>
  /** resolves when a module has handled every journaled event there is. */
  handled(module: string): Promise<void>
}

export interface HouseOptions {
  /** the folder that the modules lie in; those that are not there are the project's. */
  readonly folder: string
  /** their names. what they require must be among them. */
  readonly names: readonly string[]
  /** those that run in processes of their own. default: what their manifests say. */
  readonly inProcess?: readonly string[]
  /** values that differ from the defaults, by module; `home` is set where a module has it. */
  readonly settings?: Readonly<Record<string, Values>>
  /** replaced only where a test runner imports by its own means. */
  readonly importFile?: ImportFile
}

/** @throws what the first start of a module throws */
export async function openHouse({
  folder,
  names,
  settings = {},
  inProcess = [],
  importFile,
}: HouseOptions): Promise<House> {
  const home = await mkdtemp(join(tmpdir(), 'lotus-modules-'))
  const shipped = join(import.meta.dirname, '../../../modules')
  const log = pino({ level: 'silent' })
  const read = async (name: string): Promise<FoundModule> => {
    const isHere = existsSync(join(folder, name, 'manifest.json'))
    const one = await readOneManifest(isHere ? folder : shipped, name)
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
      loader: createLoader({ modulesFolder: shipped, ...(importFile === undefined ? {} : { importFile }) }),
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
      home,
      readManifest: read,
      health: () =>
        assembleHealth({
          phase: 'running',
          version: '0.0.0',
          uptimeMs: 0,
          modules: manager.statuses(),
          infrastructure: infrastructure.health(),
        }),
      nodes: async () => ({ list: async () => [], close: async () => undefined }),
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
    if (failed.length > 0) {
      const why = failed.map((one) => `${one.name} is ${one.status}: ${one.lastError ?? one.reason ?? ''}`)
      throw moduleErrors.MODULE_START_FAILED({ detail: why.join('; ') })
    }
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
      until(5_000, async () => {
        const events = await bus.read({ types: [event.type] })
        if (events.length < count) return `${events.length} of ${count} ${event.type}`
        return { value: events as EventEnvelope<Data>[] }
      }),
    handled: (module: string) =>
      until(15_000, async () => {
        const { lag } = await bus.journalStatistics()
        const behind = Object.entries(lag).filter(([group, events]) => group.startsWith(`${module}/`) && events > 0)
        return behind.length > 0 ? JSON.stringify(behind) : { value: undefined }
      }),
    health: (module) => manager.probe(module),
    status: (module) => manager.statuses().find(({ name }) => name === module),
    [Symbol.asyncDispose]: close,
  }
}

/** looks again and again, until there is a value. @throws MODULE_TEST_WAITED with what was missing last */
async function until<Value>(limitMs: number, look: () => Promise<{ readonly value: Value } | string>): Promise<Value> {
  const end = performance.now() + limitMs
  for (;;) {
    const found = await look()
    if (typeof found !== 'string') return found.value
    if (performance.now() > end) throw moduleErrors.MODULE_TEST_WAITED({ value: found, detail: `${limitMs} ms` })
    await pause(lookEveryMs)
  }
}
