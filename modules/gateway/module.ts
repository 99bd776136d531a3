// the gateway: HTTP in front of the services of all other modules. this file wires it up; the rooms beside it do the work.
import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Nucleus } from '../../nucleus/contract.ts'
import { defineModule } from '../../nucleus/modules/module.ts'
import { Governance } from '../governance/contract.ts'
import { Memory } from '../memory/contract.ts'
import { Operator } from '../operator/contract.ts'
import { Perception } from '../perception/contract.ts'
import { Providers } from '../providers/contract.ts'
import { Reasoning } from '../reasoning/contract.ts'
import { createHosts } from './access/hosts.ts'
import { localIdentity } from './access/identity.ts'
import { isLoopbackHost } from './access/loopback.ts'
import { assertSafeBind } from './access/safe-bind.ts'
import { openTokenKeeper } from './access/token-keeper.ts'
import { addDocsRoutes } from './docs/routes.ts'
import { openGoalDesk } from './goals/goal-desk.ts'
import { openDesk } from './goals/submit.ts'
import { openGoalTally } from './metrics/goal-tally.ts'
import { createMetrics } from './metrics/metrics.ts'
import { installRequestTally } from './metrics/request-tally.ts'
import { sample } from './metrics/sample.ts'
import { metricSources } from './metrics/sources.ts'
import type { GatewayServices, RouteParts } from './routes/parts.ts'
import { addRoutes } from './routes/routes.ts'
import { installAdmission } from './server/admission.ts'
import { createApp } from './server/app.ts'
import { closeApp } from './server/close.ts'
import { leaveSocket, listen, readLeftSocket } from './server/listen.ts'
import { watchConnections } from './server/connections.ts'
import { sayFarewell } from './server/problems.ts'
import { createRouteTable } from './server/route-table.ts'
import { createStreams } from './server/streams.ts'
import { settings } from './settings.ts'

// a person who waits for a goal sees its end, also where LOTUS is stopped this moment
const goalGraceMs = 1_000
// the outcome of a goal that was taken back gets this long, in looks
const outcomeLooks = 20
const outcomeLookMs = 50

export default defineModule({
  settings,
  async start(context) {
    const { settings, log } = context
    const host = settings.httpHost
    await assertSafeBind({ host, httpToken: settings.httpToken })
    const local = await isLoopbackHost(host)
    const tokens = await openTokenKeeper({ home: settings.home, httpToken: settings.httpToken, local, log })
    const limit = { callTimeoutMs: settings.callTimeoutMs }
    const services: GatewayServices = {
      // a reload or an unload may well take longer than a question
      nucleus: context.use(Nucleus, { callTimeoutMs: settings.callTimeoutMs * 4 }),
      perception: context.use(Perception, limit),
      reasoning: context.use(Reasoning, limit),
      operator: context.use(Operator, limit),
      memory: context.use(Memory, limit),
      governance: context.use(Governance, limit),
      providers: context.use(Providers, limit),
    }
    const address = { host, port: settings.httpPort }
    let hosts = createHosts({ ...address, allowedHosts: settings.allowedHosts })
    let closing = false
    const desk = openGoalDesk(context.on, { ...settings, reasoning: services.reasoning, log })
    const streams = createStreams(settings.maxStreams)
    const goals = openGoalTally(context.on)

    const app = createApp(settings, log)
    const routes = createRouteTable(app)
    installAdmission(app, { hosts: () => hosts, tokens, routes, closing: () => closing })
    const requests = installRequestTally(app)
    const connections = watchConnections(app.server, settings, sayFarewell)
    context.timer('look for stalled readers', Math.max(25, settings.stallMs / 4), connections.sweep)

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
    const parts: RouteParts = {
      services,
      desk: openDesk(desk, { ...services, trace: context.trace }),
      streams,
      metrics,
      identity: localIdentity(),
      tokens,
      log,
      self: context.name,
      stallMs: settings.stallMs,
      heartbeatMs: settings.heartbeatMs,
    }
    addRoutes(app, parts)
    addDocsRoutes(app, async () => {
      const { buildDocs } = await import('./docs/docs-app.ts')
      const { version } = await services.nucleus.health()
      return await buildDocs({
        version,
        createApp: () => createApp(settings, log),
        addRoutes: (docs) => addRoutes(docs, parts),
      })
    })

    /** a question that nobody can answer any more would hold up the end of LOTUS: such goals are taken back and told. */
    const endGoals = async (): Promise<void> => {
      const asked = desk.asked()
      try {
        if (asked.length === 0 || (await services.nucleus.health()).status !== 'draining') return
        await Promise.allSettled(asked.map((traceId) => services.reasoning.cancel(traceId)))
        for (let looks = 0; looks < outcomeLooks && desk.waiting() > 0; looks += 1) await sleep(outcomeLookMs)
      } catch (error) {
        log.warn({ err: error }, 'goals that wait for their person could not be ended')
      } finally {
        desk.close()
      }
    }

    await app.ready()
    context.defer('http server', async () => {
      closing = true
      streams.close()
      desk.hurry()
      // goals that end this moment are told; those that take longer go on without a listener
      const late = setTimeout(() => void endGoals(), goalGraceMs)
      await closeApp(app, connections)
      clearTimeout(late)
      desk.close()
    })
    const port = await listen(app.server, address, readLeftSocket(context.state.previous, address))
    hosts = createHosts({ host, port, allowedHosts: settings.allowedHosts })
    context.state.handOver(() => leaveSocket(app.server, { host, port }))

    const url = urlOf(host, port)
    log.info({ url }, 'the HTTP interface listens')
    return {
      announce: { url },
      health: () => ({
        status: app.server.listening ? 'healthy' : 'unhealthy',
        ...(app.server.listening ? {} : { reason: 'the HTTP interface does not listen any more' }),
        details: {
          url,
          requests: requests.total(),
          connections: connections.count(),
          streams: streams.count(),
          goals_waiting: desk.waiting(),
        },
      }),
      report: () => ({ http_requests: requests.total() }),
    }
  },
})

/** the address for a client on this machine; a bind to every address is reached by loopback. */
function urlOf(host: string, port: number): string {
  const reachable = host === '' || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`
}
