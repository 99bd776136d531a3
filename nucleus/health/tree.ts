// the one health tree: what every module and resource says becomes one status for the system.
import type { ResourceHealth, ResourceName } from '../infrastructure/ports.ts'
import type { HealthReport, ModuleStatus, Notice, SystemStatus } from './health.ts'

/** where the process is in its life. */
export type Phase =
  /** modules are being started for the first time. */
  | 'starting'
  | 'running'
  /** a stop was asked for; modules are being unloaded. */
  | 'draining'

export interface HealthParts {
  readonly phase: Phase
  readonly version: string
  readonly uptimeMs: number
  readonly modules: readonly ModuleStatus[]
  readonly infrastructure: Readonly<Partial<Record<ResourceName, ResourceHealth>>>
  readonly notices?: readonly Notice[]
}

/**
 * the status of the whole, and why when it isn't healthy. embedded parts are healthy; a module that fails or a resource
 * that is configured and absent makes it degraded; only a core module that is down makes it unhealthy,
 * unless a person has disabled it.
 */
export function judgeSystem(parts: HealthParts): { status: SystemStatus; reason?: string } {
  if (parts.phase !== 'running') return { status: parts.phase }
  const downCore = parts.modules.find((module) => module.core && isDown(module) && module.isDisabled !== true)
  if (downCore !== undefined) return { status: 'unhealthy', reason: because(downCore.name, downCore) }
  const failing = parts.modules.find(
    (module) => module.status !== 'healthy' && (module.status !== 'stopped' || (module.core && module.isDisabled)),
  )
  if (failing !== undefined) return { status: 'degraded', reason: because(failing.name, failing) }
  for (const [name, resource] of Object.entries(parts.infrastructure)) {
    if (resource.status !== 'healthy') return { status: 'degraded', reason: because(name, resource) }
  }
  const [notice] = parts.notices ?? []
  return notice === undefined ? { status: 'healthy' } : { status: 'degraded', reason: notice.message }
}

/** the tree as `/health` and `lotus status` show it. */
export function assembleHealth(parts: HealthParts): HealthReport {
  return {
    status: judgeSystem(parts).status,
    version: parts.version,
    uptimeMs: parts.uptimeMs,
    modules: Object.fromEntries(parts.modules.map((module) => [module.name, module])),
    infrastructure: parts.infrastructure,
    notices: parts.notices ?? [],
  }
}

/** a module that someone stopped is not failing, unless LOTUS can't be without it. */
function isDown(module: ModuleStatus): boolean {
  return module.status !== 'healthy' && module.status !== 'degraded'
}

function because(name: string, subject: { readonly status: string; readonly reason?: string }): string {
  return subject.reason === undefined
    ? `${name} is ${subject.status}`
    : `${name} is ${subject.status}: ${subject.reason}`
}
