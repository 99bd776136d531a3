// /flows: durable work of modules that outlives the process, with what it has done; one can be cancelled.
import { z } from 'zod'
import type { FlowState } from '../../../nucleus/flows/flow.ts'
import type { App } from '../server/app.ts'
import { toEdge } from '../wire/case.ts'
import { limitOf } from '../wire/fields.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const FlowStatusBody = z.enum(['waiting', 'running', 'completed', 'failed', 'cancelled'])

const FlowBody = z
  .object({
    id: z.string(),
    name: z.string().meta({ description: 'the module and what it calls this flow' }),
    status: FlowStatusBody,
    result: z.unknown().optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    owner: z.string().optional().meta({ description: 'the process that works on it' }),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Flow' })

const flowParams = z.object({ id: z.string().min(1).max(200) })

function presentFlow(flow: FlowState): z.output<typeof FlowBody> {
  const { id, name, status, error, owner } = flow
  return {
    id,
    name,
    status,
    ...(flow.result === undefined ? {} : { result: toEdge(flow.result) }),
    ...(error === undefined ? {} : { error }),
    ...(owner === undefined ? {} : { owner }),
    created_at: new Date(flow.createdAtMs).toISOString(),
    updated_at: new Date(flow.updatedAtMs).toISOString(),
  }
}

export function addFlowRoutes(app: App, { services, log }: RouteParts): void {
  app.get(
    '/flows',
    {
      schema: {
        tags: ['flows'],
        summary: 'Durable flows, newest first.',
        querystring: z.strictObject({
          status: FlowStatusBody.optional(),
          name: z.string().min(1).max(200).optional(),
          limit: limitOf(100, 1_000),
        }),
        response: { 200: z.object({ flows: z.array(FlowBody) }), ...problems },
      },
    },
    async (request) => {
      const { status, name, limit } = request.query
      const query = { limit, ...(status === undefined ? {} : { status }), ...(name === undefined ? {} : { name }) }
      return { flows: (await services.nucleus.flows(query)).map(presentFlow) }
    },
  )

  app.get(
    '/flows/:id',
    {
      schema: {
        tags: ['flows'],
        summary: 'One flow, with what it has done so far.',
        params: flowParams,
        response: {
          200: FlowBody.extend({ entries: z.array(z.object({ position: z.number(), name: z.string() })) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const flow = await services.nucleus.flow(request.params.id)
      return { ...presentFlow(flow), entries: flow.entries.map(({ position, name }) => ({ position, name })) }
    },
  )

  app.post(
    '/flows/:id/cancel',
    {
      schema: {
        tags: ['flows'],
        summary: 'Ends a flow before its next step.',
        params: flowParams,
        response: {
          200: z.object({
            id: z.string(),
            cancelled: z.boolean().meta({ description: 'false where it had ended already' }),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { id } = request.params
      log.info({ flow: id }, 'a flow is cancelled over HTTP')
      return { id, cancelled: await services.nucleus.cancelFlow(id) }
    },
  )
}
