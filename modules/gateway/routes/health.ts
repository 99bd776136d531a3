// GET /health and its two short forms, for people, systemd and load balancers; no token is needed.
import { z } from 'zod'
import { safeJson } from '../../../nucleus/escape.ts'
import type { HealthReport } from '../../../nucleus/health/health.ts'
import type { App } from '../server/app.ts'
import { HealthBody, presentHealth } from '../wire/health.ts'
import { isPublic } from './documented.ts'
import type { RouteParts } from './parts.ts'

const ReadyBody = z.object({ status: z.string() })

/** a system that works with less than it could have still serves. */
function serves(status: HealthReport['status']): boolean {
  return status === 'healthy' || status === 'degraded'
}

export function addHealthRoutes(app: App, { services }: RouteParts): void {
  const read = shareOneTurn(async () => {
    const report = await services.nucleus.health()
    return { code: serves(report.status) ? 200 : 503, text: safeJson(presentHealth(report)) }
  })

  app.get(
    '/health',
    {
      config: isPublic,
      schema: {
        tags: ['system'],
        summary: 'How LOTUS and all its parts are; 503 while it starts, drains or a core module is down.',
        response: { 200: HealthBody, 503: HealthBody },
      },
    },
    async (_request, reply) => {
      const { code, text } = await read()
      // rendered already: many may ask in one turn of the event loop
      return await reply
        .code(code as 200)
        .type('application/json; charset=utf-8')
        .send(text as never)
    },
  )

  app.get(
    '/health/live',
    {
      config: isPublic,
      schema: { tags: ['system'], summary: 'Whether the process answers at all.', response: { 200: ReadyBody } },
    },
    async () => ({ status: 'alive' }),
  )

  app.get(
    '/health/ready',
    {
      config: isPublic,
      schema: {
        tags: ['system'],
        summary: 'Whether goals are taken; 503 while they are not.',
        response: { 200: ReadyBody, 503: ReadyBody },
      },
    },
    async (_request, reply) => {
      const { status } = await services.nucleus.health()
      return await reply.code(serves(status) ? 200 : 503).send({ status })
    },
  )
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
