// GET /health and its two short forms, for people, systemd and load balancers; no token is needed.
import { z } from 'zod'
import type { App } from '../server/app.ts'
import { HealthBody } from '../wire/health.ts'
import { serves } from '../wire/health-answer.ts'
import { isPublic } from './documented.ts'
import type { RouteParts } from './parts.ts'

const ReadyBody = z.object({ status: z.string() })

export function addHealthRoutes(app: App, { services, health }: RouteParts): void {
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
      const { code, text } = await health()
      // rendered already: many may ask in one turn of the event loop
      return await reply
        .code(code)
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
