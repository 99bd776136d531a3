// health at the edge, as everybody from `curl` to systemd reads it.
import { z } from 'zod'
import type { ModuleStatus } from '../../../nucleus/health/health.ts'

const Details = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

export const HealthBody = z
  .object({
    status: z.enum(['healthy', 'degraded', 'unhealthy', 'starting', 'draining']),
    version: z.string(),
    uptime_ms: z.number(),
    modules: z.record(
      z.string(),
      z.object({
        status: z.enum(['starting', 'healthy', 'degraded', 'unhealthy', 'parked', 'stopped']),
        since: z.string().meta({ description: 'when it entered this state, RFC 3339' }),
        restarts: z.number(),
        last_error: z.string().nullable(),
        reason: z.string().optional(),
        details: Details.optional(),
      }),
    ),
    infrastructure: z.record(
      z.string(),
      z.object({
        backend: z.string(),
        status: z.enum(['healthy', 'degraded', 'unhealthy']),
        reason: z.string().nullable(),
      }),
    ),
    notices: z
      .array(z.object({ code: z.string(), message: z.string(), fix: z.string() }))
      .optional()
      .meta({ description: 'what a person must know about this start: safe mode, settings of the last good start' }),
  })
  .meta({ id: 'Health' })
export type HealthBody = z.output<typeof HealthBody>

export const ModuleBody = z
  .object({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    status: z.enum(['starting', 'healthy', 'degraded', 'unhealthy', 'parked', 'stopped']),
    reason: z.string().nullable(),
    core: z.boolean(),
    enabled: z.boolean().meta({ description: 'whether a start of LOTUS brings it up' }),
    here: z.boolean().meta({ description: 'false: other nuclei of the system run it' }),
    generation: z.number().meta({ description: 'how often it was loaded in this process' }),
    since: z.string(),
    restarts: z.number(),
    last_error: z.string().nullable(),
    details: Details,
    open: z.array(z.string()).meta({ description: 'what it holds: subscriptions, timers, sockets, children' }),
  })
  .meta({ id: 'Module' })
export type ModuleBody = z.output<typeof ModuleBody>

export function presentModule(status: ModuleStatus): ModuleBody {
  return {
    name: status.name,
    version: status.version,
    description: status.description,
    status: status.status,
    reason: status.reason ?? null,
    core: status.core,
    enabled: status.isDisabled !== true,
    here: status.isElsewhere !== true,
    generation: status.generation,
    since: status.since,
    restarts: status.restarts,
    last_error: status.lastError ?? null,
    details: status.details ?? {},
    open: [...status.open],
  }
}
