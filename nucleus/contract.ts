// what the nucleus itself offers to modules, as a service like any other: health, modules, events.
import { z } from 'zod'
import { defineEvent } from './events/event.ts'
import type { FlowEntry, FlowQuery, FlowState } from './flows/flow.ts'
import type { EventEnvelope } from './events/event.ts'
import type { HealthReport, ModuleStatus } from './health/health.ts'
import type { NodeState } from './nodes/node.ts'
import { defineService } from './services/service.ts'

export interface JournalStatistics {
  readonly events: number
  readonly bytes: number
  readonly deadLetters: number
  /** events not yet acknowledged, by durable group. */
  readonly lag: Readonly<Record<string, number>>
}

export interface DeadLetter {
  readonly group: string
  readonly event: EventEnvelope
  readonly attempts: number
  readonly error: string
  readonly parkedAt: string
}

export interface ShutdownReport {
  readonly uptimeMs: number
  readonly goals: Readonly<Record<string, number>>
  readonly costMicroUsd: number
}

/** one thing that a check of a module has found. */
export interface ModuleFinding {
  readonly part: 'manifest' | 'contract' | 'settings' | 'start' | 'health' | 'reload' | 'docs' | 'test'
  readonly status: 'good' | 'warning' | 'bad' | 'skipped'
  readonly message: string
  /** what to do about a warning and what is bad. */
  readonly fix?: string
}

export interface ModuleGrade {
  readonly name: string
  /** good: nothing to say; fair: it could be better; poor: it must be mended. */
  readonly grade: 'good' | 'fair' | 'poor'
  readonly findings: readonly ModuleFinding[]
}

/** the kernel's own service; a module names it `nucleus` in its manifest. */
export interface Nucleus {
  health(): Promise<HealthReport>
  modules(): Promise<ModuleStatus[]>
  load(name: string): Promise<ModuleStatus>
  unload(name: string): Promise<void>
  reload(name: string): Promise<ModuleStatus>
  /** starts bring it up again from now on; loads it where it does not run. */
  enable(name: string): Promise<ModuleStatus>
  /** unloads it where it runs, and no start brings it up until it is enabled. */
  disable(name: string): Promise<ModuleStatus>
  /** the newest lines of the log about a module, oldest first. @param options.limit - at most 1000 */
  moduleLogs(options: { module: string; limit: number; level?: string }): Promise<Readonly<Record<string, unknown>>[]>
  /** writes a new module into LOTUS_HOME/modules and loads it. */
  createModule(name: string): Promise<ModuleStatus>
  /** grades a module; one that runs is reloaded some times for it. */
  checkModule(name: string): Promise<ModuleGrade>
  /** journaled events after a position, oldest first, at most `limit` (default 100, at most 1000). */
  events(options: {
    after?: string
    types?: readonly string[]
    traceId?: string
    limit?: number
  }): Promise<EventEnvelope[]>
  /** one journaled event. @throws EVENT_UNKNOWN, INVALID_POSITION */
  event(id: string): Promise<EventEnvelope>
  /** live events from now on or after a journal position: first what the journal has, then what comes. */
  tail(options: { after?: string; types?: readonly string[]; signal?: AbortSignal }): AsyncIterable<EventEnvelope>
  deadLetters(limit?: number): Promise<DeadLetter[]>
  replayDeadLetter(group: string, eventId: string): Promise<void>
  dropDeadLetter(group: string, eventId: string): Promise<void>
  /** gives the events of a range to one durable group once more, as far as it has been; tells how many. @throws GROUP_UNKNOWN */
  replayEvents(group: string, range: { readonly after?: string; readonly until?: string }): Promise<number>
  /** durable flows, newest first, at most `limit` (default 100, at most 1,000). */
  flows(query: FlowQuery): Promise<FlowState[]>
  /** one durable flow with what it has done. @throws FLOW_UNKNOWN */
  flow(id: string): Promise<FlowState & { readonly entries: readonly FlowEntry[] }>
  /** ends a flow before its next step; false where it has ended already. @throws FLOW_UNKNOWN */
  cancelFlow(id: string): Promise<boolean>
  journal(): Promise<JournalStatistics>
  /** the nuclei of this system, this one first. @throws REDIS_UNREACHABLE */
  nodes(): Promise<NodeState[]>
  /**
   * drops events that everybody has handled and that are older than a time, whatever the journal's own limits are; gives
   * how many there were, and drops none where it is only asked.
   */
  dropEvents(options: { olderThanMs: number; dryRun: boolean }): Promise<number>
  /** counters of the process since its start, for metrics: events by type, restarts, store and queue times. */
  statistics(): Promise<NucleusStatistics>
}

export interface NucleusStatistics {
  readonly eventsByType: Readonly<Record<string, number>>
  readonly handlerFailures: number
  readonly storeCalls: number
  readonly storeTimeMs: number
  readonly queueWaitMs: number
  /** room that is left on the disk of LOTUS_HOME, bytes. */
  readonly diskFreeBytes: number
}

export const Nucleus = defineService<Nucleus>('nucleus', {
  health: 'call',
  modules: 'call',
  load: 'call',
  unload: 'call',
  reload: 'call',
  enable: 'call',
  disable: 'call',
  moduleLogs: 'call',
  createModule: 'call',
  checkModule: 'call',
  events: 'call',
  event: 'call',
  tail: 'stream',
  deadLetters: 'call',
  replayDeadLetter: 'call',
  dropDeadLetter: 'call',
  replayEvents: 'call',
  flows: 'call',
  flow: 'call',
  cancelFlow: 'call',
  journal: 'call',
  nodes: 'call',
  dropEvents: 'call',
  statistics: 'call',
})

const moduleChange = z.object({ module: z.string(), generation: z.number().int(), reason: z.string().optional() })

export const SystemStarted = defineEvent({
  type: 'system.started',
  durability: 'journaled',
  description: 'the nucleus is up and every required module is healthy.',
  data: z.object({ version: z.string(), bootMs: z.number() }),
})
export const SystemStopped = defineEvent({
  type: 'system.stopped',
  durability: 'journaled',
  description: 'the nucleus begins to drain; emitted before the first module is unloaded.',
  data: z.object({ reason: z.string() }),
})
export const ModuleLoaded = defineEvent({
  type: 'module.loaded',
  durability: 'journaled',
  description: 'a generation of a module has started and serves.',
  data: moduleChange,
})
export const ModuleUnloaded = defineEvent({
  type: 'module.unloaded',
  durability: 'journaled',
  description: 'a module has ended and holds nothing any more.',
  data: moduleChange,
})
export const ModuleFailed = defineEvent({
  type: 'module.failed',
  durability: 'journaled',
  description: 'a module failed to start, a task or listener of it threw, or its health check failed.',
  data: moduleChange.extend({ code: z.string(), during: z.string() }),
})
export const HealthChanged = defineEvent({
  type: 'health.changed',
  durability: 'journaled',
  description: 'the status of the system, of a module or of a resource changed.',
  data: z.object({ subject: z.string(), from: z.string(), to: z.string(), reason: z.string().optional() }),
})
export const EventParked = defineEvent({
  type: 'event.parked',
  durability: 'transient',
  description: 'an event failed its last try and lies in the dead letters.',
  data: z.object({ group: z.string(), eventId: z.string(), eventType: z.string(), error: z.string() }),
})
