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

export interface RequestTally {
  counts(): readonly RequestCount[]
  durations(): readonly DistributionSnapshot[]
  total(): number
}

interface RouteTally {
  /** `GET 200` → how often. */
  readonly counts: Map<string, number>
  readonly durations: Distribution
}

/** begins to count; must be called before the routes are added. paths that don’t exist are counted as one. */
export function installRequestTally(app: App): RequestTally {
  const routes = new Map<string, RouteTally>()
  let total = 0
  app.addHook('onResponse', (request, reply, done) => {
    total += 1
    const route = request.routeOptions.url ?? 'unmatched'
    let tally = routes.get(route)
    if (tally === undefined) {
      tally = { counts: new Map(), durations: createDistribution(bounds, { route }) }
      routes.set(route, tally)
    }
    const method = knownMethods.has(request.method) ? request.method : 'other'
    const key = `${method} ${reply.raw.statusCode}`
    tally.counts.set(key, (tally.counts.get(key) ?? 0) + 1)
    if (request.routeOptions.config?.streams !== true) tally.durations.observe(reply.elapsedTime / 1_000)
    done()
  })
  return Object.freeze({
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
