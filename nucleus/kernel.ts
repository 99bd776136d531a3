// the kernel: modules, services and health around one infrastructure, from the first start to the end of the drain.
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { HealthChanged, Nucleus, SystemStarted, SystemStopped } from './contract.ts'
import type { EventDefinition } from './events/event.ts'
import type { HealthReport, Notice, SystemStatus } from './health/health.ts'
import { assembleHealth, type HealthParts, type Phase } from './health/tree.ts'
import { createHealthWatch } from './health/watch.ts'
import { kernelFacts } from './kernel-facts.ts'
import type { OpenInfrastructure } from './infrastructure/open.ts'
import { createNucleusService } from './kernel-service.ts'
import type { Loader } from './modules/loader.ts'
import { createModuleManager, type DisabledList, type ModuleManager } from './modules/manager.ts'
import type { FoundModule } from './modules/manifest.ts'
import type { ModuleElsewhere, Place } from './modules/places.ts'
import type { StopReport } from './modules/module.ts'
import type { StateChange } from './modules/record.ts'
import type { Nodes } from './nodes/nodes.ts'
import { createServiceRegistry } from './services/registry.ts'
import type { SettingsOf, SettingsSchema } from './settings/schema.ts'
import { currentTraceparent } from './trace.ts'

/** how often expired harm and the state of resources are looked at, milliseconds. */
const lookEveryMs = 2_000

/** so long a boot that is over waits for somebody to hear of it before anything else is begun, milliseconds. */
const hearMs = 50
/** and his answer gets so long to go out. */
const answerMs = 2

export interface KernelParts {
  readonly version: string
  /** when the process began to boot, `Date.now()`. */
  readonly startedAtMs: number
  readonly found: readonly FoundModule[]
  readonly loader: Loader
  /** reads one manifest anew, for a load or reload. */
  readonly readManifest: (name: string) => Promise<FoundModule>
  readonly settingsOf: (found: FoundModule) => SettingsOf<SettingsSchema>
  readonly infrastructure: OpenInfrastructure
  readonly log: Logger
  /** LOTUS_HOME, for what the processes of modules may reach of it. */
  readonly home?: string
  /** hears of every change of a module or of the system; what modules announce may have changed with it. */
  readonly onChange: (status: SystemStatus) => void
  /** hears of every change of a module, before anybody else. */
  readonly onModule?: (change: StateChange) => void
  /** hears before and after the parts of a module are loaded that its start did without. */
  readonly onParts?: (module: string, isBegun: boolean) => void
  /** the first starts go one by one instead of all at once. */
  readonly isCareful?: boolean
  /** events that modules would emit which are not started. */
  readonly eventsElsewhere?: readonly string[]
  /** what this nucleus is among several. default: the nucleus of its system. */
  readonly place?: Place
  /** modules that other nuclei of the system run. */
  readonly elsewhere?: readonly ModuleElsewhere[]
  /** modules that no start brings up, and where that is kept. */
  readonly disabled?: DisabledList
  /** what a person must know about this start. */
  readonly notices?: () => readonly Notice[]
}

export interface Kernel {
  /** starts every module. @throws the failure of a module without which LOTUS doesn't come up */
  start(): Promise<void>
  /** loads a moment later what modules put off until after the boot; what fails makes its module unhealthy. never throws. */
  loadParts(): Promise<void>
  health(): HealthReport
  /** the modules, for who changes them from within the process. */
  readonly modules: Pick<ModuleManager, 'load' | 'reload' | 'statuses'>
  /** something that a person must know, from now on; replaces what was told with this code. */
  notice(notice: Notice): void
  /** lays an error at a module's door. */
  blame(module: string, during: string, error: unknown): void
  announcements(): Readonly<Record<string, string>>
  /** drains: modules report, then end in reverse order; gives what they report. never throws. */
  stop(reason: string): Promise<Readonly<Record<string, StopReport>>>
}

/** makes a kernel; nothing runs before `start`. @throws GRAPH_INVALID */
export function createKernel(parts: KernelParts): Kernel {
  const { infrastructure, log } = parts
  const { bus } = infrastructure
  let phase: Phase = 'starting'
  let looking: NodeJS.Timeout | undefined
  const told = new Map<string, Notice>()

  const emit = <Data>(definition: EventDefinition<Data>, data: Data): void => {
    bus.emit('nucleus', definition, data, currentTraceparent()).catch((error: unknown) => {
      log.warn({ err: error, event: definition.type }, 'an event of the kernel was not journaled')
    })
  }

  const registry = createServiceRegistry({ isMany: (service) => manager.isMany(service) })
  const manager = createModuleManager({
    found: parts.found,
    kernel: { ...kernelFacts, eventsElsewhere: parts.eventsElsewhere ?? [] },
    isCareful: parts.isCareful ?? false,
    ...(parts.onParts === undefined ? {} : { onParts: parts.onParts }),
    ...(parts.disabled === undefined ? {} : { disabled: parts.disabled }),
    readManifest: parts.readManifest,
    onChange: (change) => {
      const { module, from, to, reason } = change
      parts.onModule?.(change)
      log.info({ module, from, to, reason }, `${module} is ${to}`)
      emit(HealthChanged, { subject: `module/${module}`, from, to, ...(reason === undefined ? {} : { reason }) })
      watch.look()
      // a module that came later may announce something, too
      parts.onChange(watch.status)
    },
    host: {
      loader: parts.loader,
      registry,
      bus,
      infrastructure,
      log,
      settingsOf: parts.settingsOf,
      emit,
      ...(parts.home === undefined ? {} : { home: parts.home }),
    },
  })
  const healthParts = (): HealthParts => ({
    phase,
    version: parts.version,
    uptimeMs: Date.now() - parts.startedAtMs,
    modules: manager.statuses(),
    infrastructure: infrastructure.health(),
    notices: [...(parts.notices?.() ?? []), ...told.values()],
  })
  const watch = createHealthWatch(healthParts, ({ subject, from, to, reason }) => {
    const level = to === 'unhealthy' ? 'error' : to === 'degraded' ? 'warn' : 'info'
    log[level]({ subject, from, to, reason }, `${subject} is ${to}`)
    emit(HealthChanged, { subject, from, to, ...(reason === undefined ? {} : { reason }) })
    if (subject === 'system') parts.onChange(to as SystemStatus)
  })
  const health = (): HealthReport => assembleHealth(healthParts())
  // a nucleus that is alone has nobody to tell that it is there, and loads nothing for it before somebody asks
  let nodes: Promise<Nodes> | undefined
  const openNodes = async (): Promise<Nodes> => {
    const { createNodes } = await import('./nodes/nodes.ts')
    return createNodes({
      book: infrastructure.journal.nodes,
      place: parts.place ?? { role: 'nucleus', labels: [] },
      startedAtMs: parts.startedAtMs,
      health,
      url: () => manager.announcements()['url'],
      journal: bus.journalStatistics,
      log,
    })
  }
  const heard = Promise.withResolvers<void>()
  const tellHealth = (): HealthReport => {
    if (phase === 'running') heard.resolve()
    return health()
  }
  registry.provide('nucleus', 1, {
    [Nucleus.name]: createNucleusService({
      manager,
      infrastructure,
      health: tellHealth,
      readManifest: parts.readManifest,
      ...(parts.home === undefined ? {} : { home: parts.home }),
      ...(parts.elsewhere === undefined ? {} : { elsewhere: parts.elsewhere }),
      nodes: () => (nodes ??= openNodes()),
    }),
  })

  return Object.freeze({
    start: async () => {
      await manager.startAll()
      phase = 'running'
      watch.look()
      looking = setInterval(() => watch.look(), lookEveryMs)
      emit(SystemStarted, { version: parts.version, bootMs: Date.now() - parts.startedAtMs })
    },
    loadParts: async () => {
      await Promise.race([heard.promise.then(() => pause(answerMs)), pause(hearMs)])
      await manager.loadParts()
      if (infrastructure.journal.nodes !== undefined && phase === 'running') await (nodes ??= openNodes())
    },
    health,
    modules: manager,
    notice: (notice: Notice) => {
      told.set(notice.code, notice)
      watch.look()
    },
    blame: manager.blame,
    announcements: manager.announcements,
    stop: async (reason: string) => {
      clearInterval(looking)
      phase = 'draining'
      watch.look()
      emit(SystemStopped, { reason })
      await (await nodes)?.close()
      const reports = await manager.reports()
      await manager.stopAll(reason)
      return reports
    },
  })
}
