// GET /metrics: for Prometheus; no token is needed, and nothing in it names a person, a file or a goal.
import { z } from 'zod'
import type { App } from '../server/app.ts'
import { isPublic } from './documented.ts'
import type { RouteParts } from './parts.ts'

export function addMetricsRoutes(app: App, { metrics }: RouteParts): void {
  app.get(
    '/metrics',
    {
      config: isPublic,
      schema: {
        tags: ['system'],
        summary: 'Metrics in Prometheus’ text format; docs/reference/metrics.md explains each.',
        response: {
          200: { description: 'Prometheus’ text format', content: { 'text/plain': { schema: z.string() } } },
        },
      },
    },
    async (_request, reply) => {
      const { contentType, text } = await metrics.scrape()
      return await reply.type(contentType).send(text)
    },
  )
}
