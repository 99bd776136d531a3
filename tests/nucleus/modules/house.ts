// a small house for tests: modules written to a folder of their own, a kernel's manager around them, a bus in memory.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { constants, Script } from 'node:vm'
import pino, { type Logger } from 'pino'
import type { EventEnvelope } from '../../../nucleus/events/event.ts'
import { createIdentifier } from '../../../nucleus/identifiers.ts'
import type { Infrastructure } from '../../../nucleus/infrastructure/ports.ts'
import { kernelFacts } from '../../../nucleus/kernel-facts.ts'
import { createLoader } from '../../../nucleus/modules/loader.ts'
import { createModuleManager, type DisabledList, type ModuleManager } from '../../../nucleus/modules/manager.ts'
import { readManifests, readOneManifest } from '../../../nucleus/modules/manifest.ts'
import type { EventBus } from '../../../nucleus/modules/ports.ts'
import type { StateChange } from '../../../nucleus/modules/record.ts'
import { createServiceRegistry, type ServiceRegistry } from '../../../nucleus/services/registry.ts'
import { currentTraceparent } from '../../../nucleus/trace.ts'

// vitest imports by its own means, which know nothing of node's resolve hooks; modules are imported as in production
export const nativeImport = new Script('(url) => import(url)', {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as (url: string) => Promise<unknown>

const project = pathToFileURL(join(import.meta.dirname, '../../../')).href

/** the first lines of every module that a test writes. */
export const prelude = `
import { defineModule } from '${project}nucleus/modules/module.ts'
import { defineService } from '${project}nucleus/services/service.ts'
import { defineEvent } from '${project}nucleus/events/event.ts'
import { z } from '${project}node_modules/zod/index.js'
`

export interface MemoryBus extends EventBus {
  readonly emitted: EventEnvelope[]
  /** subscriptions that are open. */
  listeners(): number
}

/** delivers to every open subscription before `emit` resolves; a handler's error is the caller's, as a test wants it. */
export function createMemoryBus(onFailure: (owner: string, during: string, error: unknown) => void): MemoryBus {
  const emitted: EventEnvelope[] = []
  const open = new Set<{ type: string; handle: (event: EventEnvelope) => Promise<void> }>()
  return {
    emitted,
    listeners: () => open.size,
    emit: async (source, definition, data, traceparent) => {
      const event: EventEnvelope = {
        specversion: '1.0',
        id: createIdentifier(),
        source,
        type: definition.type,
        time: new Date().toISOString(),
        traceparent: traceparent ?? currentTraceparent(),
        data,
      }
      emitted.push(event)
      const results = await Promise.allSettled(
        Array.from(open, async (one) => {
          if (one.type === event.type) await one.handle(event)
        }),
      )
      for (const result of results) if (result.status === 'rejected' && source === 'test') throw result.reason
      return event.id
    },
    subscribe: ({ owner, definition, handler }) => {
      const running = new Set<Promise<void>>()
      const subscription = {
        type: definition.type,
        handle: async (event: EventEnvelope) => {
          const run = (async () => await handler(event.data as never, event as never))()
          running.add(run)
          try {
            await run
          } catch (error) {
            onFailure(owner, `event ${definition.type}`, error)
            throw error
          } finally {
            running.delete(run)
          }
        },
      }
      open.add(subscription)
      return {
        ready: Promise.resolve(),
        pending: 0,
        close: async () => {
          open.delete(subscription)
          await Promise.allSettled(running)
        },
      }
    },
  }
}

export interface House {
  readonly folder: string
  readonly manager: ModuleManager
  readonly registry: ServiceRegistry
  readonly bus: MemoryBus
  readonly changes: StateChange[]
  /** writes a module anew; its manifest's missing fields are filled in. */
  write(name: string, manifest: Readonly<Record<string, unknown>>, code: string): Promise<void>
  /** types of the events that the kernel has emitted. */
  kernelEvents(): string[]
  clear(): Promise<void>
}

export interface ModuleSource {
  readonly manifest?: Readonly<Record<string, unknown>>
  /** the rest of module.ts after the prelude. */
  readonly code: string
}

/** writes the modules and makes the manager; nothing is started. */
export async function buildHouse(
  modules: Readonly<Record<string, ModuleSource>>,
  options: { log?: Logger; waitMs?: number; disabled?: DisabledList } = {},
): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'lotus-house-'))
  const write: House['write'] = async (name, manifest, code) => {
    await mkdir(join(folder, name), { recursive: true })
    const complete = { name, version: '1.0.0', description: `the ${name} of a test`, kernel: '^1', ...manifest }
    await writeFile(join(folder, name, 'manifest.json'), JSON.stringify(complete))
    await writeFile(join(folder, name, 'module.ts'), prelude + code)
  }
  for (const [name, source] of Object.entries(modules)) await write(name, source.manifest ?? {}, source.code)

  const bus = createMemoryBus((owner, during, error) => manager.blame(owner, during, error))
  const changes: StateChange[] = []
  const log = options.log ?? pino({ level: 'silent' })
  const registry = createServiceRegistry({
    isMany: (service) => manager.isMany(service),
    waitMs: options.waitMs ?? 2_000,
  })
  const manager = createModuleManager({
    found: await readManifests(folder),
    ...(options.disabled === undefined ? {} : { disabled: options.disabled }),
    kernel: kernelFacts,
    readManifest: (name) => readOneManifest(folder, name),
    onChange: (change) => void changes.push(change),
    host: {
      loader: createLoader({ modulesFolder: folder, importFile: nativeImport }),
      registry,
      bus,
      infrastructure: {} as Infrastructure,
      log,
      settingsOf: () => ({}),
      emit: (definition, data) => {
        bus.emit('nucleus', definition, data, currentTraceparent()).catch(() => undefined)
      },
    },
  })
  return {
    folder,
    manager,
    registry,
    bus,
    changes,
    write,
    kernelEvents: () => bus.emitted.filter((event) => event.source === 'nucleus').map((event) => event.type),
    clear: async () => {
      await manager.stopAll('the test is over')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
