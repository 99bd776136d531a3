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

/** gives how the answer is read: the answer itself where somebody has asked in this turn before. */
export function createHealthAnswer(nucleus: Pick<Nucleus, 'health'>): () => HealthAnswer | Promise<HealthAnswer> {
  const render = createRenderer()
  return shareOneTurn(async () => {
    const report = await nucleus.health()
    return { code: serves(report.status) ? 200 : 503, text: render(report) }
  })
}

/** runs `work` at most once a turn of the event loop, for all who ask in it: nobody gets what is older than that. */
function shareOneTurn<Result>(work: () => Promise<Result>): () => Result | Promise<Result> {
  let shared: Result | Promise<Result> | undefined
  const forget = (): void => {
    shared = undefined
  }
  return () => {
    if (shared !== undefined) return shared
    const working = work()
    shared = working
    setImmediate(forget)
    void working.then(
      (result) => {
        if (shared === working) shared = result
      },
      () => undefined,
    )
    return working
  }
}

/** writes a report as JSON; one in which nothing but the time has changed is written around the new time. */
function createRenderer(): (report: HealthReport) => string {
  let last: { readonly report: HealthReport; readonly before: string; readonly after: string } | undefined
  return (report) => {
    const uptimeMs = String(Math.round(report.uptimeMs))
    if (last !== undefined && differInTimeOnly(last.report, report)) return last.before + uptimeMs + last.after
    const text = safeJson(presentHealth(report))
    // a quotation mark inside of a value would be escaped: this stands where the field does
    const field = '"uptime_ms":'
    const at = text.indexOf(field) + field.length
    last = { report, before: text.slice(0, at), after: text.slice(at + uptimeMs.length) }
    return text
  }
}

function differInTimeOnly(one: HealthReport, other: HealthReport): boolean {
  return (
    one.status === other.status &&
    one.version === other.version &&
    one.notices.length === 0 &&
    other.notices.length === 0 &&
    haveSame(one.modules, other.modules, (left, right) => left === right) &&
    haveSame(
      one.infrastructure,
      other.infrastructure,
      (left, right) => left.backend === right.backend && left.status === right.status && left.reason === right.reason,
    )
  )
}

function haveSame<Value>(
  one: Readonly<Record<string, Value>>,
  other: Readonly<Record<string, Value>>,
  same: (left: Value, right: Value) => boolean,
): boolean {
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => {
      const right = other[name]
      return right !== undefined && same(one[name]!, right)
    })
  )
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
