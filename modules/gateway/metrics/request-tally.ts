// counts HTTP requests by method, route and status, and how long each route takes.
import type { App } from '../server/app.ts'
import { createDistribution, type Distribution, type DistributionSnapshot } from './distribution.ts'

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'])

export interface RequestCount {
  readonly method: string
  readonly route: string
  readonly status: string
  readonly count: number
}

export interface AnsweredRequest {
  readonly method: string
  /** as Fastify spells it; paths that don't exist are counted as one. */
  readonly route: string
  readonly status: number
  /** absent where it says nothing, as for a stream. */
  readonly durationMs?: number
}

export interface RequestTally {
  count(request: AnsweredRequest): void
  counts(): readonly RequestCount[]
  durations(): readonly DistributionSnapshot[]
  total(): number
}

interface RouteTally {
  /** `GET 200` → how often. */
  readonly counts: Map<string, number>
  readonly durations: Distribution
}

/** makes the tally; the front door and the application count into it. */
export function createRequestTally(): RequestTally {
  const routes = new Map<string, RouteTally>()
  let total = 0
  return Object.freeze({
    count: ({ method, route, status, durationMs }: AnsweredRequest) => {
      total += 1
      let tally = routes.get(route)
      if (tally === undefined) {
        tally = { counts: new Map(), durations: createDistribution(bounds, { route }) }
        routes.set(route, tally)
      }
      const key = `${knownMethods.has(method) ? method : 'other'} ${status}`
      tally.counts.set(key, (tally.counts.get(key) ?? 0) + 1)
      if (durationMs !== undefined) tally.durations.observe(durationMs / 1_000)
    },
    total: () => total,
    counts: () =>
      Array.from(routes, ([route, { counts }]) =>
        Array.from(counts, ([key, count]) => {
          const [method = '', status = ''] = key.split(' ')
          return { method, route, status, count }
        }),
      ).flat(),
    durations: () =>
      Array.from(routes.values(), ({ durations }) => durations.snapshot()).filter(({ count }) => count > 0),
  })
}

/** begins to count what an application answers; must be called before its routes are added. */
export function countRequests(app: App, tally: RequestTally): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route = 'unmatched', config } = request.routeOptions
    const { method } = request
    const status = reply.raw.statusCode
    tally.count({
      method,
      route,
      status,
      ...(config?.streams === true ? {} : { durationMs: reply.elapsedTime }),
    })
    done()
  })
}
