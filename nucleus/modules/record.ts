// what the kernel knows about one module: its manifest, its running instance, and how it is.
import { toErrorData } from '../errors.ts'
import type { ModuleHealth, ModuleState, ModuleStatus } from '../health/health.ts'
import type { ScopeReport } from '../scope.ts'
import type { Instance } from './instance.ts'
import type { FoundModule } from './manifest.ts'
import { createRestartBudget, type RestartBudget } from './restart-budget.ts'

/** how long a listener or timer that threw leaves its module degraded, milliseconds. */
const harmMs = 60_000

export interface StateChange {
  readonly module: string
  readonly from: ModuleState
  readonly to: ModuleState
  readonly reason: string | undefined
}

export interface ModuleRecord {
  readonly name: string
  found: FoundModule
  instance: Instance | undefined
  /** counts the starts in this process, from 1. */
  generation: number
  restarts: number
  budget: RestartBudget
  /** true: it starts by itself as soon as what it requires is there. */
  waiting: boolean
  /** true: a person said that no start brings it up. */
  isDisabled: boolean
  /** digest of its contract as it runs; undefined where nobody has looked yet. */
  contract: string | undefined
  /** how the last generation of it that ended was released. */
  released: ScopeReport | undefined
  /** failed health checks in a row. */
  failedChecks: number
  /** the load, unload, reload or restart that is under way. */
  operation: Promise<unknown> | undefined
  set(state: ModuleState, reason?: string): void
  /** takes the answer of a health check. */
  answer(health: ModuleHealth | undefined): void
  /** remembers an error; where it harms, the module is degraded for a minute. */
  blame(error: unknown, options: { during: string; harms: boolean }): void
  /** lets a harm that is over end; called now and then. */
  refresh(): void
  /** the same object as long as nothing has changed. */
  status(): ModuleStatus
}

const nothing: readonly string[] = Object.freeze([])

/** makes a record. @param onChange - hears of every change of what `status` says */
export function createRecord(
  found: FoundModule,
  onChange: (change: StateChange) => void,
  now: () => number = Date.now,
): ModuleRecord {
  const name = found.manifest.name
  let state: ModuleState = 'stopped'
  let reason: string | undefined
  let details: ModuleHealth['details']
  let lastError: string | undefined
  let harm: { readonly until: number; readonly reason: string } | undefined
  let shown: ModuleState = state
  let since = now()
  // health is asked for far more often than it changes
  let told: { readonly facts: readonly unknown[]; readonly status: ModuleStatus } | undefined

  const effective = (): { state: ModuleState; reason: string | undefined } => {
    if (harm !== undefined && harm.until <= now()) harm = undefined
    return state === 'healthy' && harm !== undefined ? { state: 'degraded', reason: harm.reason } : { state, reason }
  }
  const refresh = (): void => {
    const next = effective()
    if (next.state === shown) return
    const from = shown
    shown = next.state
    since = now()
    onChange({ module: name, from, to: next.state, reason: next.reason })
  }

  const record: ModuleRecord = {
    name,
    found,
    instance: undefined,
    generation: 0,
    restarts: 0,
    budget: createRestartBudget(found.manifest.restart, now),
    waiting: false,
    isDisabled: false,
    contract: undefined,
    released: undefined,
    failedChecks: 0,
    operation: undefined,
    set: (nextState, nextReason) => {
      state = nextState
      reason = nextReason
      if (nextState !== 'healthy') details = undefined
      if (nextState === 'starting') harm = undefined
      refresh()
    },
    answer: (health) => {
      state = health?.status ?? 'healthy'
      reason = health?.reason
      details = health?.details
      refresh()
    },
    blame: (error, { during, harms }) => {
      lastError = `${during}: ${toErrorData(error).message}`
      if (harms) harm = { until: now() + harmMs, reason: lastError }
      refresh()
    },
    refresh,
    status: () => {
      const { manifest } = record.found
      const { state: status, reason: why } = effective()
      const open = record.instance?.open() ?? nothing
      const facts = [manifest, status, why, since, record.generation, record.restarts, lastError, details, open]
      if (told?.facts.every((fact, at) => fact === facts[at])) return told.status
      const made: ModuleStatus = Object.freeze({
        name,
        version: manifest.version,
        description: manifest.description,
        status,
        ...(why === undefined ? {} : { reason: why }),
        core: manifest.core,
        ...(record.isDisabled ? { isDisabled: true } : {}),
        generation: record.generation,
        since: new Date(since).toISOString(),
        restarts: record.restarts,
        ...(lastError === undefined ? {} : { lastError }),
        ...(details === undefined ? {} : { details }),
        open,
      })
      told = { facts, status: made }
      return made
    },
  }
  return record
}
