// POST /undo: takes back a change, the newest one where none is named.
import { z } from 'zod'
import { createTraceId } from '../../../nucleus/identifiers.ts'
import { bearerOf } from '../access/guard.ts'
import type { App } from '../server/app.ts'
import { Ticket } from '../wire/fields.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const UndoBody = z.strictObject({ ticket: Ticket.optional(), undo_id: z.string().min(1).max(200).optional() })

const Undone = z.object({
  undo_id: z.string(),
  status: z.enum(['completed', 'failed', 'denied']),
  text: z.string(),
  trace_id: z.string(),
})

export function addUndoRoutes(app: App, { services }: RouteParts): void {
  app.post(
    '/undo',
    {
      schema: {
        tags: ['goals'],
        summary: 'Takes back a change; refuses where somebody else has changed the same since.',
        body: UndoBody.nullish(),
        response: { 200: Undone, ...problems },
      },
    },
    async (request) => {
      const { ticket, undo_id: undoId } = request.body ?? {}
      const traceId = createTraceId()
      const report = await services.operator.undo({
        ticket: ticket ?? (await services.operator.ticketForToken(bearerOf(request) ?? '')),
        ...(undoId === undefined ? {} : { undoId }),
        traceId,
      })
      return { undo_id: report.undoId, status: report.status, text: report.text, trace_id: traceId }
    },
  )
}
