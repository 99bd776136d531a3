// /runs: the story of each goal, and its end before its time.
import { z } from 'zod'
import { gatewayErrors } from '../errors.ts'
import type { App } from '../server/app.ts'
import { limitOf, TraceId } from '../wire/fields.ts'
import { presentRun, RunBody } from '../wire/outcome.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const byTraceId = z.object({ trace_id: TraceId })

export function addRunRoutes(app: App, { services }: RouteParts): void {
  app.get(
    '/runs',
    {
      schema: {
        tags: ['goals'],
        summary: 'The latest runs, newest first.',
        querystring: z.strictObject({ limit: limitOf(20, 1_000), session: z.string().min(1).max(200).optional() }),
        response: { 200: z.object({ runs: z.array(RunBody) }), ...problems },
      },
    },
    async (request) => {
      const { limit, session } = request.query
      const runs = await services.reasoning.runs({ limit, ...(session === undefined ? {} : { session }) })
      return { runs: runs.map(presentRun) }
    },
  )

  app.get(
    '/runs/:trace_id',
    {
      schema: {
        tags: ['goals'],
        summary: 'The story of one goal.',
        params: byTraceId,
        response: { 200: RunBody, ...problems },
      },
    },
    async (request) => {
      const { trace_id: traceId } = request.params
      const run = await services.reasoning.run(traceId)
      if (run === undefined) throw gatewayErrors.RUN_UNKNOWN({ value: traceId })
      return presentRun(run)
    },
  )

  app.delete(
    '/runs/:trace_id',
    {
      schema: {
        tags: ['goals'],
        summary: 'Ends a run before its next step; what it had done is undone.',
        params: byTraceId,
        response: {
          200: z.object({
            trace_id: z.string(),
            cancelled: z.boolean().meta({ description: 'false where it had ended already' }),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { trace_id: traceId } = request.params
      if ((await services.reasoning.run(traceId)) === undefined) throw gatewayErrors.RUN_UNKNOWN({ value: traceId })
      return { trace_id: traceId, cancelled: await services.reasoning.cancel(traceId) }
    },
  )
}
