// the words of health and the shape of the one health tree behind /health, metrics and `lotus status`.
import type { ResourceHealth } from '../infrastructure/ports.ts'

export type ModuleState =
  /** being imported, validated or started. */
  | 'starting'
  /** its own health check answers well. */
  | 'healthy'
  /** works with less than it could have. */
  | 'degraded'
  /** its health check fails or does not answer in time. */
  | 'unhealthy'
  /** given up after too many restarts within its period. */
  | 'parked'
  /** known but not running. */
  | 'stopped'

/** what a module's `health()` may answer; throwing counts as unhealthy. */
export interface ModuleHealth {
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly reason?: string
  /** small facts worth showing: counts, names, versions. */
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

export interface ModuleStatus {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly status: ModuleState
  readonly reason?: string
  readonly core: boolean
  /** a person has disabled it: no start brings it up. */
  readonly isDisabled?: boolean
  /** other nuclei of the system run it, this one does not. */
  readonly isElsewhere?: boolean
  readonly generation: number
  /** RFC 3339: when it entered this state. */
  readonly since: string
  readonly restarts: number
  readonly lastError?: string
  readonly details?: Readonly<Record<string, string | number | boolean>>
  /** labels of what its scope holds: subscriptions, timers, sockets, children. */
  readonly open: readonly string[]
}

export type SystemStatus = 'healthy' | 'degraded' | 'unhealthy' | 'starting' | 'draining'

/** something about this start that a person must know, with what to do; it lasts until the next start. */
export interface Notice {
  readonly code: string
  readonly message: string
  readonly fix: string
}

export interface HealthReport {
  readonly status: SystemStatus
  readonly version: string
  readonly uptimeMs: number
  readonly modules: Readonly<Record<string, ModuleStatus>>
  readonly infrastructure: Readonly<Record<string, ResourceHealth>>
  /** each makes the system degraded at least. */
  readonly notices: readonly Notice[]
}
