// the application behind the front door: Fastify with every route, its admission, its counts, and the documentation.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { localIdentity } from '../access/identity.ts'
import { addDocsRoutes } from '../docs/routes.ts'
import { openDesk, type SubmitParts } from '../goals/submit.ts'
import type { GoalDesk } from '../goals/goal-desk.ts'
import type { Way } from '../goals/way.ts'
import type { GoalTally } from '../metrics/goal-tally.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { countRequests, type RequestTally } from '../metrics/request-tally.ts'
import { sample } from '../metrics/sample.ts'
import { metricSources } from '../metrics/sources.ts'
import type { GatewayServices, RouteParts } from '../routes/parts.ts'
import { addRoutes } from '../routes/routes.ts'
import type { HealthAnswer } from '../wire/health-answer.ts'
import { installAdmission, type Admission } from './admission.ts'
import { createApp, type AppLimits } from './app.ts'
import type { Connections } from './connections.ts'
import { createRouteTable } from './route-table.ts'
import type { Streams } from './streams.ts'

export interface Application {
  answer(request: IncomingMessage, response: ServerResponse): void
  close(): Promise<void>
}

export interface ApplicationParts extends Omit<Admission, 'routes'> {
  readonly limits: AppLimits & Pick<RouteParts, 'stallMs' | 'heartbeatMs'>
  readonly services: GatewayServices
  health(): HealthAnswer | Promise<HealthAnswer>
  readonly desk: GoalDesk
  readonly way: Way
  readonly goals: GoalTally
  readonly requests: RequestTally
  readonly streams: Streams
  readonly connections: Connections
  readonly trace: SubmitParts['trace']
  readonly log: Logger
  /** the gateway's own name: it can't wait for its own reload. */
  readonly self: string
}

/** makes the application, ready to answer. it has no server of its own that listens. */
export async function openApplication(parts: ApplicationParts): Promise<Application> {
  const { limits, services, desk, goals, requests, streams, connections, log } = parts
  const app = createApp(limits, log)
  const routes = createRouteTable(app)
  installAdmission(app, { hosts: parts.hosts, tokens: parts.tokens, routes, closing: parts.closing })
  countRequests(app, requests)
  const metrics = createMetrics({
    sources: metricSources(services),
    own: () => [
      sample('lotus_goals_waiting', desk.waiting()),
      sample('lotus_http_connections', connections.count()),
      sample('lotus_http_streams', streams.count()),
      ...requests.counts().map(({ count, ...labels }) => sample('lotus_http_requests_total', count, labels)),
    ],
    distributions: () => [
      { name: 'lotus_goal_duration_seconds', snapshots: goals.durations() },
      { name: 'lotus_http_request_duration_seconds', snapshots: requests.durations() },
    ],
    log,
  })
  const routeParts: RouteParts = {
    services,
    health: parts.health,
    desk: openDesk(desk, { ...services, trace: parts.trace, way: parts.way }),
    streams,
    metrics,
    identity: localIdentity(),
    tokens: parts.tokens,
    log,
    self: parts.self,
    stallMs: limits.stallMs,
    heartbeatMs: limits.heartbeatMs,
  }
  addRoutes(app, routeParts)
  addDocsRoutes(app, async () => {
    const { buildDocs } = await import('../docs/docs-app.ts')
    const { version } = await services.nucleus.health()
    return await buildDocs({
      version,
      createApp: () => createApp(limits, log),
      addRoutes: (docs) => addRoutes(docs, routeParts),
    })
  })
  await app.ready()
  return Object.freeze({
    answer: (request: IncomingMessage, response: ServerResponse) => app.routing(request, response),
    close: async () => await app.close(),
  })
}
