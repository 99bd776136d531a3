// all modules together: started level by level, loaded, unloaded and reloaded one by one, stopped in reverse order.
import { ModuleFailed } from '../contract.ts'
import { toErrorData } from '../errors.ts'
import type { ModuleHealth, ModuleStatus } from '../health/health.ts'
import { runInTrace } from '../trace.ts'
import { moduleErrors } from './errors.ts'
import { createFailureTeller } from './failure-teller.ts'
import { drawSoundGraph, type KernelFacts } from './graph.ts'
import { reloadModule, restartModule, startModule, stopModule, type Host } from './lifecycle.ts'
import type { FoundModule } from './manifest.ts'
import type { StopReport } from './module.ts'
import { createRecord, type ModuleRecord, type StateChange } from './record.ts'
import { createSupervisor } from './supervisor.ts'

export interface ModuleManager {
  /** starts all modules. @throws the failure of a module whose manifest says `boot: required`. */
  startAll(): Promise<void>
  /** loads what modules put off until after the boot; tells what can't be loaded and makes its module unhealthy. */
  loadParts(): Promise<void>
  /** stops all modules, those that others need last; never throws. */
  stopAll(reason: string): Promise<void>
  load(name: string): Promise<ModuleStatus>
  /** @throws MODULE_REQUIRED while modules that require it run, MODULE_KEPT where its manifest says `keep`. */
  unload(name: string): Promise<void>
  /**
   * where its contract has changed, those who know it are reloaded after it, in order.
   * @throws what the new code throws; the old code then serves on. MODULE_DEPENDENTS_OLD
   */
  reload(name: string): Promise<ModuleStatus>
  /** from now on starts bring it up again; loads it where it doesn't run. @throws what `load` throws, and it stays enabled */
  enable(name: string): Promise<ModuleStatus>
  /** unloads it where it runs, and no start brings it up until it is enabled. @throws MODULE_REQUIRED, MODULE_KEPT */
  disable(name: string): Promise<ModuleStatus>
  statuses(): ModuleStatus[]
  /** asks a module for its health now; undefined: it has no check. @throws HEALTH_TIMED_OUT, what the check throws */
  probe(name: string): Promise<ModuleHealth | undefined>
  /** what of the last generation that ended could not be released, a sentence each. */
  left(name: string): readonly string[]
  /** an error was traced to a module; a minute of degraded health and an event. unknown names are ignored. */
  blame(name: string, during: string, error: unknown): void
  /** what running modules want others to find. */
  announcements(): Readonly<Record<string, string>>
  /** what was done and spent since the start, by module. */
  reports(): Promise<Readonly<Record<string, StopReport>>>
  /** whether several modules may provide a service at once. */
  isMany(service: string): boolean
}

/** the modules that a person has disabled, kept over restarts. */
export interface DisabledList {
  has(name: string): boolean
  set(name: string, isDisabled: boolean): void
}

export interface ManagerParts {
  readonly host: Omit<Host, 'reportFailure' | 'booting' | 'ended' | 'isFar'>
  readonly found: readonly FoundModule[]
  readonly kernel: KernelFacts
  /** the first starts go one by one: should the process die, it is known in whose. */
  readonly isCareful?: boolean
  readonly disabled?: DisabledList
  /** reads the manifest of one module anew. */
  readManifest(name: string): Promise<FoundModule>
  onChange(change: StateChange): void
  /** hears before and after what a module's start did without is loaded. */
  onParts?(module: string, isBegun: boolean): void
}

/**
 * makes the manager of the modules that were found.
 * @throws GRAPH_INVALID that names every problem between them.
 */
export function createModuleManager(parts: ManagerParts): ModuleManager {
  const records = new Map<string, ModuleRecord>()
  const manifestsOf = (found: readonly FoundModule[]) => found.map((one) => one.manifest)
  let graph = drawSoundGraph(manifestsOf(parts.found), parts.kernel)
  const failures = createFailureTeller<ModuleRecord>((record, during, error) => {
    parts.host.emit(ModuleFailed, {
      module: record.name,
      generation: record.generation,
      code: toErrorData(error).code,
      during,
      reason: toErrorData(error).message,
    })
  })
  const tell = (record: ModuleRecord, during: string, error: unknown): void => {
    parts.host.log.error({ module: record.name, during, err: error }, 'a piece of a module’s work failed')
    failures(record, during, error)
  }
  const blame = (name: string, during: string, error: unknown): void => {
    const record = records.get(name)
    if (record === undefined) return
    record.blame(error, { during, harms: true })
    tell(record, during, error)
  }
  let booting = false
  const ended: Host['ended'] = (record, instance, error) => {
    // a generation that was replaced, or one that a load, reload or stop deals with: the next health check finds the rest
    if (record.instance !== instance || record.operation !== undefined) return
    record.blame(error, { during: 'run', harms: false })
    record.set('unhealthy', toErrorData(error).message)
    tell(record, 'run', error)
    supervisor.failed(record)
  }
  const isFar = (name: string): boolean => records.get(name)?.found.manifest.isolation === 'process'
  const host: Host = Object.freeze({ ...parts.host, booting: () => booting, reportFailure: blame, ended, isFar })
  const recordFor = (found: FoundModule): ModuleRecord => {
    const record = createRecord(found, parts.onChange)
    record.isDisabled = parts.disabled?.has(found.manifest.name) ?? false
    return record
  }
  for (const found of parts.found) records.set(found.manifest.name, recordFor(found))

  const supervisor = createSupervisor({
    tell,
    restart: (record) => bringUpLater(record, () => restartModule(host, record)),
    park: (record, reason) =>
      exclusive(record, async () => {
        await stopModule(host, record, reason)
        record.set('parked', reason)
      }),
  })

  /** runs an operation on a module, alone. what it starts belongs to no trace and outlives whoever asked. */
  const exclusive = async <Result>(record: ModuleRecord, work: () => Promise<Result>): Promise<Result> => {
    if (record.operation !== undefined) throw moduleErrors.MODULE_BUSY({ value: record.name })
    const operation = runInTrace({}, work)
    record.operation = operation
    try {
      return await operation
    } finally {
      record.operation = undefined
    }
  }

  /** names of modules that a module requires and that don't run. */
  const missingFor = (record: ModuleRecord): string[] =>
    graph.requirements(record.name).filter((name) => records.get(name)?.instance === undefined)

  /** a start, alone: on success it is watched and wakes who waited for it, on failure it is tried again later. */
  const bringUp = async (record: ModuleRecord, start: () => Promise<void>): Promise<void> => {
    if (record.operation !== undefined) throw moduleErrors.MODULE_BUSY({ value: record.name })
    try {
      await exclusive(record, start)
    } catch (error) {
      record.blame(error, { during: 'start', harms: false })
      tell(record, 'start', error)
      supervisor.failed(record)
      throw error
    }
    watch(record)
    startWaiting()
  }
  /** the same where nobody waits for the result: `bringUp` has told a failure, and tries again. */
  const bringUpLater = (record: ModuleRecord, start: () => Promise<void>): void => {
    bringUp(record, start).catch(() => undefined)
  }
  const watch = (record: ModuleRecord): void => {
    runInTrace({}, supervisor.watch, record).catch((error: unknown) => tell(record, 'health check', error))
  }
  const startWaiting = (): void => {
    for (const record of records.values()) {
      if (!record.waiting || record.operation !== undefined || missingFor(record).length > 0) continue
      bringUpLater(record, () => startModule(host, record))
    }
  }

  const firstStart = async (record: ModuleRecord): Promise<void> => {
    if (record.isDisabled) return record.set('stopped', 'disabled')
    const missing = missingFor(record)
    if (missing.length > 0) {
      record.waiting = true
      record.set('stopped', `waits for ${missing.join(' and ')}`)
      if (record.found.manifest.boot === 'required') throw waits(record.name, missing)
      return
    }
    try {
      await bringUp(record, () => startModule(host, record))
    } catch (error) {
      if (record.found.manifest.boot === 'required') throw error
    }
  }

  const recordOf = (name: string): ModuleRecord => {
    const record = records.get(name)
    if (record === undefined) throw moduleErrors.MODULE_UNKNOWN({ value: name })
    return record
  }

  /** takes a manifest into the graph, if all still fits together with it. */
  const admit = (found: FoundModule): void => {
    const others = [...records.values()]
      .map((record) => record.found)
      .filter((one) => one.manifest.name !== found.manifest.name)
    graph = drawSoundGraph(manifestsOf([...others, found]), parts.kernel)
  }

  const reload = async (name: string): Promise<void> => {
    const record = recordOf(name)
    const found = await parts.readManifest(name)
    await exclusive(record, async () => {
      admit(found)
      const missing = missingFor(record)
      if (missing.length > 0) throw waits(name, missing)
      try {
        await reloadModule(host, record, found)
      } catch (error) {
        record.blame(error, { during: 'reload', harms: false })
        tell(record, 'reload', error)
        admit(record.found)
        if (record.instance === undefined) supervisor.failed(record)
        throw error
      }
    })
    watch(record)
    startWaiting()
  }
  // nothing of contracts is needed before the boot is over
  const digestOf = async ({ found }: ModuleRecord): Promise<string> => {
    const { digestOfContract } = await import('./contracts.ts')
    return await digestOfContract(found.folder)
  }
  /** who knows a contract that has changed is reloaded with it, those first that others need. */
  const reloadWithDependents = async (name: string): Promise<ModuleStatus> => {
    const record = recordOf(name)
    const before = record.contract
    await reload(name)
    record.contract = await digestOf(record)
    if (before === undefined || before === record.contract) return record.status()
    const { knowsContractOf } = await import('./contracts.ts')
    host.loader.renewContract(record.found)
    const failed: string[] = []
    for (const user of graph.levels.flat().map(recordOf)) {
      if (user.instance === undefined || !knowsContractOf(user.found.manifest, record.found.manifest)) continue
      host.loader.forget(user.name)
      try {
        await reload(user.name)
      } catch {
        // it has been told, and its old generation serves on with the old contract
        failed.push(user.name)
      }
    }
    if (failed.length > 0) throw moduleErrors.MODULE_DEPENDENTS_OLD({ value: name, detail: failed.join(', ') })
    return record.status()
  }
  /** what a later reload compares with; not in the boot, which has no time for it. */
  const noteContracts = async (): Promise<void> => {
    for (const record of records.values()) {
      if (record.instance !== undefined) record.contract ??= await digestOf(record)
    }
  }

  const load = async (name: string): Promise<ModuleStatus> => {
    if (records.get(name)?.instance !== undefined) throw moduleErrors.MODULE_ALREADY_LOADED({ value: name })
    const found = await parts.readManifest(name)
    admit(found)
    const record = records.get(name) ?? recordFor(found)
    record.found = found
    records.set(name, record)
    supervisor.unwatch(record)
    const missing = missingFor(record)
    if (missing.length > 0) throw waits(name, missing)
    await bringUp(record, () => startModule(host, record))
    record.contract = await digestOf(record)
    return record.status()
  }
  const unload = async (name: string): Promise<void> => {
    const record = recordOf(name)
    if (record.found.manifest.keep) throw moduleErrors.MODULE_KEPT({ value: name })
    if (record.instance === undefined && record.status().status === 'stopped' && !record.waiting) {
      throw moduleErrors.MODULE_NOT_RUNNING({ value: name })
    }
    const users = graph.dependents(name).filter((user) => records.get(user)?.instance !== undefined)
    if (users.length > 0) throw moduleErrors.MODULE_REQUIRED({ value: name, detail: `required by ${users.join(', ')}` })
    supervisor.unwatch(record)
    await exclusive(record, () => stopModule(host, record, 'unloaded'))
  }
  const setDisabled = (record: ModuleRecord, isDisabled: boolean): void => {
    parts.disabled?.set(record.name, isDisabled)
    record.isDisabled = isDisabled
  }
  const enable = async (name: string): Promise<ModuleStatus> => {
    const known = records.get(name)
    if (known !== undefined) setDisabled(known, false)
    else parts.disabled?.set((await parts.readManifest(name)).manifest.name, false)
    if (known?.instance !== undefined || known?.waiting === true) return known.status()
    return await load(name)
  }
  const disable = async (name: string): Promise<ModuleStatus> => {
    const record = recordOf(name)
    if (record.found.manifest.keep || record.found.manifest.boot === 'required') {
      throw moduleErrors.MODULE_KEPT({ value: name })
    }
    const isStopped = record.instance === undefined && record.status().status === 'stopped' && !record.waiting
    if (!isStopped) await unload(name)
    setDisabled(record, true)
    record.set('stopped', 'disabled')
    return record.status()
  }

  return Object.freeze({
    startAll: async () => {
      booting = true
      try {
        // a plain loop over levels: what may start together does, and a failure is known before the next level
        for (const level of graph.levels) {
          if (parts.isCareful === true) {
            for (const name of level) await firstStart(recordOf(name))
            continue
          }
          const results = await Promise.allSettled(level.map((name) => firstStart(recordOf(name))))
          for (const result of results) if (result.status === 'rejected') throw result.reason
        }
        await Promise.all(Array.from(records.values(), (record) => supervisor.check(record)))
      } finally {
        booting = false
      }
    },
    loadParts: async () => {
      // what is nearest to the person first: it is asked for first
      for (const name of graph.levels.flat().toReversed()) {
        const record = records.get(name)
        parts.onParts?.(name, true)
        try {
          await record?.instance?.loadParts()
        } catch (error) {
          if (record === undefined) continue
          record.blame(error, { during: 'load of a part', harms: false })
          tell(record, 'load of a part', error)
          await supervisor.check(record)
        } finally {
          parts.onParts?.(name, false)
        }
      }
      await noteContracts().catch((error: unknown) => host.log.warn({ err: error }, 'a contract could not be read'))
    },
    stopAll: async (reason: string) => {
      supervisor.stop()
      for (const level of graph.levels.toReversed()) {
        const results = await Promise.allSettled(
          level.map(async (name) => {
            const record = recordOf(name)
            await record.operation?.catch(() => undefined)
            await exclusive(record, () => stopModule(host, record, reason))
          }),
        )
        for (const result of results)
          if (result.status === 'rejected') host.log.error({ err: result.reason }, 'stop failed')
      }
    },
    load,
    unload,
    reload: reloadWithDependents,
    enable,
    disable,
    probe: async (name: string) => {
      const { instance } = recordOf(name)
      if (instance === undefined) throw moduleErrors.MODULE_NOT_RUNNING({ value: name })
      return await instance.health()
    },
    left: (name: string) => {
      const { released } = recordOf(name)
      return [
        ...(released?.left ?? []).map((label) => `${label} did not end in time`),
        ...(released?.errors ?? []).map(({ label, message }) => `${label} could not be released: ${message}`),
      ]
    },
    statuses: () => Array.from(records.values(), (record) => record.status()),
    blame,
    announcements: () =>
      Object.assign({}, ...Array.from(records.values(), (record) => record.instance?.announce ?? {})),
    reports: async () => {
      const reports: Record<string, StopReport> = {}
      await Promise.all(
        Array.from(records.values(), async (record) => {
          try {
            const report = await record.instance?.report()
            if (report !== undefined) reports[record.name] = report
          } catch (error) {
            tell(record, 'report', error)
          }
        }),
      )
      return reports
    },
    isMany: (service: string) => graph.isMany(service),
  })
}

function waits(name: string, missing: readonly string[]): Error {
  return moduleErrors.MODULE_WAITS({ value: name, detail: `waits for ${missing.join(' and ')}` })
}
