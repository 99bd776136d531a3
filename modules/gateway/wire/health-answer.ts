// the answer to GET /health, rendered once a turn of the event loop however many ask in it.
import { safeJson } from '../../../nucleus/escape.ts'
import type { Nucleus } from '../../../nucleus/contract.ts'
import type { HealthReport } from '../../../nucleus/health/health.ts'
import type { HealthBody } from './health.ts'

export interface HealthAnswer {
  readonly code: 200 | 503
  readonly text: string
}

/** a system that works with less than it could have still serves. */
export function serves(status: HealthReport['status']): boolean {
  return status === 'healthy' || status === 'degraded'
}

/** gives how the answer is read. */
export function createHealthAnswer(nucleus: Pick<Nucleus, 'health'>): () => Promise<HealthAnswer> {
  return shareOneTurn(async () => {
    const report = await nucleus.health()
    return { code: serves(report.status) ? 200 : 503, text: safeJson(presentHealth(report)) }
  })
}

/** runs `work` at most once a turn of the event loop, for all who ask in it: nobody gets what is older than that. */
function shareOneTurn<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let shared: Promise<Result> | undefined
  return () => {
    if (shared === undefined) {
      shared = work()
      setImmediate(() => (shared = undefined))
    }
    return shared
  }
}

function presentHealth(report: HealthReport): HealthBody {
  return {
    status: report.status,
    version: report.version,
    uptime_ms: Math.round(report.uptimeMs),
    modules: mapValues(report.modules, (one) => ({
      status: one.status,
      since: one.since,
      restarts: one.restarts,
      last_error: one.lastError ?? null,
      ...(one.reason === undefined ? {} : { reason: one.reason }),
      ...(one.details === undefined ? {} : { details: one.details }),
    })),
    infrastructure: mapValues(report.infrastructure, ({ backend, status, reason }) => ({
      backend,
      status,
      reason: reason ?? null,
    })),
    ...(report.notices.length === 0 ? {} : { notices: [...report.notices] }),
  }
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
