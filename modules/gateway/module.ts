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
import { isLoopbackHost } from './access/loopback.ts'
import { assertSafeBind } from './access/safe-bind.ts'
import { openTokenKeeper } from './access/token-keeper.ts'
import { openGoalDesk } from './goals/goal-desk.ts'
import { watchWay } from './goals/way.ts'
import { openGoalTally } from './metrics/goal-tally.ts'
import { createRequestTally } from './metrics/request-tally.ts'
import type { GatewayServices } from './routes/parts.ts'
import type { Application } from './server/application.ts'
import { closeServer } from './server/close.ts'
import { leaveSocket, listen, readLeftSocket } from './server/listen.ts'
import { watchConnections } from './server/connections.ts'
import { createFront } from './server/front.ts'
import { sayFarewell } from './server/problems.ts'
import { createStreams } from './server/streams.ts'
import { settings } from './settings.ts'
import { createHealthAnswer } from './wire/health-answer.ts'

// a person who waits for a goal sees its end, also where LOTUS is stopped this moment
const stopGraceMs = 1_000
// after a reload the next generation serves: there is time until shortly before the server cuts off who is left
const reloadGraceMs = 3_500
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
    let handedOver = false
    const { available } = context
    const { nucleus, reasoning, operator } = services
    const way = watchWay([Perception, Reasoning, Operator], { available, nucleus })
    const desk = openGoalDesk(context.on, { ...settings, reasoning, operator, way, log })
    const streams = createStreams(settings.maxStreams)
    const goals = openGoalTally(context.on)
    const requests = createRequestTally()

    // it is asked for most often of all, and what the nucleus knows of itself is there at once: no time limit is needed
    const health = createHealthAnswer(context.use(Nucleus))

    // Fastify and the routes take as long to load as all the rest of the boot: the port is taken without them
    let opened: Application | undefined
    const application = context.lazy('application', async () => {
      const { openApplication } = await import('./server/application.ts')
      opened = await openApplication({
        limits: settings,
        services,
        health,
        hosts: () => hosts,
        tokens,
        closing: () => closing,
        desk,
        way,
        goals,
        requests,
        streams,
        connections,
        trace: context.trace,
        log,
        self: context.name,
      })
      front.openTo(opened.answer)
    })
    const front = createFront({
      limits: settings,
      hosts: () => hosts,
      closing: () => closing,
      health,
      requests,
      application,
    })
    const { server } = front
    const connections = watchConnections(server, settings, sayFarewell)
    context.timer('look for stalled readers', Math.max(25, settings.stallMs / 4), connections.sweep)
    // beside an old generation, which serves meanwhile, nobody shall wait
    if (context.state.previous !== undefined) await application()

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

    /** the same where nobody waits: an answer could not reach us any more. */
    const endAbandoned = async (): Promise<void> => {
      const abandoned = desk.abandoned()
      if (handedOver || abandoned.length === 0) return
      const ended = await Promise.allSettled(abandoned.map((traceId) => services.reasoning.cancel(traceId)))
      for (const result of ended)
        if (result.status === 'rejected') log.warn({ err: result.reason }, 'a question that is open could not be ended')
    }

    context.defer('http server', async () => {
      closing = true
      streams.close()
      desk.hurry()
      await endAbandoned()
      // goals that end this moment are told; those that take longer go on without a listener
      const late = setTimeout(() => void endGoals(), handedOver ? reloadGraceMs : stopGraceMs)
      await closeServer(server, connections)
      await opened?.close()
      clearTimeout(late)
      desk.close()
    })
    const port = await listen(server, address, readLeftSocket(context.state.previous, address))
    hosts = createHosts({ host, port, allowedHosts: settings.allowedHosts })
    context.state.handOver(() => {
      handedOver = true
      return leaveSocket(server, { host, port })
    })

    const url = urlOf(host, port)
    log.info({ url }, 'the HTTP interface listens')
    return {
      announce: { url },
      health: () => ({
        status: server.listening ? 'healthy' : 'unhealthy',
        ...(server.listening ? {} : { reason: 'the HTTP interface does not listen any more' }),
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
