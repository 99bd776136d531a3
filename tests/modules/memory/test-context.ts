// a module's context for tests, made of the kernel's own parts: a real store, journal and bus in a folder of its own.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { createBus, type Bus } from '../../../nucleus/events/bus.ts'
import type { Infrastructure, Vectors } from '../../../nucleus/infrastructure/ports.ts'
import { createMemoryCache } from '../../../nucleus/infrastructure/cache.ts'
import { createFlowsFront } from '../../../nucleus/flows/front.ts'
import { openSqliteFlows } from '../../../nucleus/infrastructure/sqlite/flows.ts'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'
import { openSqliteStore } from '../../../nucleus/infrastructure/sqlite/store.ts'
import { buildContext, type AnyContext } from '../../../nucleus/modules/context.ts'
import { manifestSchema } from '../../../nucleus/modules/manifest.ts'
import { createScope } from '../../../nucleus/scope.ts'
import { createServiceRegistry, type ServiceRegistry } from '../../../nucleus/services/registry.ts'

export interface TestContext {
  readonly context: AnyContext
  readonly bus: Bus
  readonly registry: ServiceRegistry
  readonly infrastructure: Infrastructure
  /** `LOTUS_HOME/data`. */
  readonly folder: string
  /** what failed by itself: timers, subscriptions. */
  readonly failures: { during: string; error: unknown }[]
  /** runs a timer of the module now, by its label. */
  runTimer(label: string): Promise<void>
  /** lets timers and subscriptions run, as the kernel does when a module has started. */
  activate(): Promise<void>
  /** loads what the module puts off until after the boot. */
  loadParts(): Promise<void>
  /** ends the module and closes everything; `kill` leaves out the module's own farewell. */
  close(): Promise<void>
}

export interface TestContextOptions {
  readonly home: string
  readonly manifest: Readonly<Record<string, unknown>>
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  readonly openVectors?: (path: string) => Vectors & { close(): Promise<void> }
}

export function openTestContext(options: TestContextOptions): TestContext {
  const folder = join(options.home, 'data')
  mkdirSync(folder, { recursive: true })
  const log = pino({ level: 'silent' })
  const store = openSqliteStore(join(folder, 'store.db'))
  const journal = openSqliteJournal({ path: join(folder, 'journal.db'), log })
  const cache = createMemoryCache()
  const vectors = options.openVectors?.(join(folder, 'vectors.db'))
  const bus = createBus({ journal, log })
  const manifest = manifestSchema().parse({
    name: 'test',
    version: '1.0.0',
    description: 'a module of a test',
    kernel: '^1',
    ...options.manifest,
  })
  const scope = createScope({ name: manifest.name })
  const failures: TestContext['failures'] = []
  const registry = createServiceRegistry({ isMany: (service) => service === 'tools', waitMs: 2_000 })
  const flows = createFlowsFront({
    backend: 'sqlite',
    log,
    open: async () => openSqliteFlows({ path: join(folder, 'flows.db'), log }),
  })
  const infrastructure = { store, cache, vectors: vectors as Vectors, flows }
  const built = buildContext({
    manifest,
    generation: 1,
    scope,
    registry,
    bus,
    infrastructure,
    settings: (options.settings ?? {}) as AnyContext['settings'],
    log,
    previous: undefined,
    reportFailure: (during, error) => void failures.push({ during, error }),
  })
  const timers = new Map<string, () => void | Promise<void>>()
  return {
    context: Object.freeze({
      ...built.context,
      timer: (label: string, everyMs: number, run: () => void | Promise<void>) => {
        timers.set(label, run)
        return built.context.timer(label, everyMs, run)
      },
    }),
    runTimer: async (label) => await timers.get(label)!(),
    bus,
    registry,
    infrastructure,
    folder,
    failures,
    activate: () => built.activity.activate(),
    loadParts: built.parts.loadAll,
    close: async () => {
      await built.activity.quiet()
      await scope.close()
      await bus.close()
      await vectors?.close()
      await journal.close()
      await flows.close()
      await store.close()
    },
  }
}
