// the service `nucleus`: what the kernel tells and does when a module asks.
import { join } from 'node:path'
import type { Nucleus } from './contract.ts'
import { eventErrors } from './events/errors.ts'
import { flowErrors } from './flows/errors.ts'
import type { FlowQuery } from './flows/flow.ts'
import type { HealthReport, ModuleStatus } from './health/health.ts'
import { identifierBefore } from './identifiers.ts'
import type { OpenInfrastructure } from './infrastructure/open.ts'
import { moduleErrors } from './modules/errors.ts'
import type { ModuleManager } from './modules/manager.ts'
import type { FoundModule } from './modules/manifest.ts'
import type { ModuleElsewhere } from './modules/places.ts'
import type { Nodes } from './nodes/nodes.ts'

/** makes the implementation; the kernel provides it as any module provides its own. */
export function createNucleusService(parts: {
  readonly manager: ModuleManager
  readonly infrastructure: OpenInfrastructure
  readonly health: () => HealthReport
  /** reads the manifest of one module anew. */
  readonly readManifest: (name: string) => Promise<FoundModule>
  /** LOTUS_HOME: added modules and the log lie there. */
  readonly home?: string
  /** the nuclei of the system. */
  readonly nodes: () => Promise<Nodes>
  /** modules that other nuclei run. */
  readonly elsewhere?: readonly ModuleElsewhere[]
}): Nucleus {
  const { manager, infrastructure } = parts
  const elsewhere = (parts.elsewhere ?? []).map(statusElsewhere)
  const { bus } = infrastructure
  const root = join(import.meta.dirname, '..')
  // what only a person's command needs is loaded with the first of them
  const named = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const { moduleFolders, withNearest } = await import('./modules/names.ts')
    const { whenFree } = await import('./modules/when-free.ts')
    return await withNearest(name, moduleFolders(root, parts.home), () => whenFree(work))
  }
  return Object.freeze({
    health: async () => parts.health(),
    modules: async () => [...manager.statuses(), ...elsewhere],
    load: (name: string) => named(name, () => manager.load(name)),
    unload: (name: string) => named(name, async () => await manager.unload(name)),
    reload: (name: string) => named(name, () => manager.reload(name)),
    enable: (name: string) => named(name, () => manager.enable(name)),
    disable: (name: string) => named(name, () => manager.disable(name)),
    moduleLogs: (query: Parameters<Nucleus['moduleLogs']>[0]) =>
      named(query.module, async () => {
        if (!manager.statuses().some(({ name }) => name === query.module)) {
          throw moduleErrors.MODULE_UNKNOWN({ value: query.module })
        }
        if (parts.home === undefined) return []
        const { readModuleLines } = await import('./logs/module-lines.ts')
        return await readModuleLines(parts.home, query)
      }),
    createModule: async (name: string) => {
      if (parts.home === undefined)
        throw moduleErrors.MODULE_NAME_INVALID({ value: name, detail: 'there is no LOTUS_HOME' })
      const { writeNewModule } = await import('./modules/kit/template.ts')
      await writeNewModule({ name, root, home: parts.home })
      return await manager.load(name)
    },
    checkModule: (name: string) =>
      named(name, async () => {
        const { checkModule } = await import('./modules/kit/check.ts')
        return await checkModule({ manager, root, readManifest: parts.readManifest }, name)
      }),
    events: (options: Parameters<Nucleus['events']>[0]) => bus.read(options),
    event: async (id: string) => {
      const [found] = await bus.read({ after: identifierBefore(id), until: id, limit: 1 })
      if (found?.id !== id) throw eventErrors.EVENT_UNKNOWN({ value: id })
      return found
    },
    tail: (options: Parameters<Nucleus['tail']>[0]) => bus.tail(options),
    deadLetters: (limit?: number) => bus.deadLetters(limit),
    replayDeadLetter: (group: string, eventId: string) => bus.replayDeadLetter(group, eventId),
    dropDeadLetter: (group: string, eventId: string) => bus.dropDeadLetter(group, eventId),
    replayEvents: (group: string, range: Parameters<Nucleus['replayEvents']>[1]) => bus.replay(group, range),
    flows: (query: FlowQuery) => infrastructure.flows.list(query),
    flow: async (id: string) => {
      const state = await infrastructure.flows.state(id)
      if (state === undefined) throw flowErrors.FLOW_UNKNOWN({ value: id })
      return { ...state, entries: await infrastructure.flows.entries(id) }
    },
    cancelFlow: (id: string) => infrastructure.flows.cancel(id),
    journal: () => bus.journalStatistics(),
    nodes: async () => await (await parts.nodes()).list(),
    dropEvents: ({ olderThanMs, dryRun }: Parameters<Nucleus['dropEvents']>[0]) =>
      infrastructure.journal.retain({ maxAgeMs: olderThanMs, maxBytes: Number.MAX_SAFE_INTEGER, dryRun }),
    statistics: async () => {
      const { eventsByType, handlerFailures, queueWaitMs } = bus.statistics()
      const { calls, timeMs } = infrastructure.storeStatistics()
      return {
        eventsByType,
        handlerFailures,
        queueWaitMs,
        storeCalls: calls,
        storeTimeMs: timeMs,
        diskFreeBytes: infrastructure.diskFreeBytes(),
      }
    },
  })
}

/** a module that is known and not started: other nuclei have it. */
function statusElsewhere({ found: { manifest }, reason }: ModuleElsewhere): ModuleStatus {
  const { name, version, description } = manifest
  const since = new Date().toISOString()
  return {
    name,
    version,
    description,
    status: 'stopped',
    reason,
    core: manifest.core,
    isElsewhere: true,
    generation: 0,
    since,
    restarts: 0,
    open: [],
  }
}
