// /events/…: one event of the journal, and a range of it given to a subscription once more.
import { z } from 'zod'
import type { App } from '../server/app.ts'
import { toEdge } from '../wire/case.ts'
import { EventBody } from './dead-letters.ts'
import { problems } from './documented.ts'
import { Position } from './events.ts'
import type { RouteParts } from './parts.ts'

export function addJournalRoutes(app: App, { services }: RouteParts): void {
  app.get(
    '/events/:id',
    {
      schema: {
        tags: ['events'],
        summary: 'One event of the journal.',
        params: z.object({ id: Position }),
        response: { 200: EventBody, ...problems },
      },
    },
    async (request) => {
      const event = await services.nucleus.event(request.params.id)
      return { ...event, data: toEdge(event.data) }
    },
  )

  app.post(
    '/events/replay',
    {
      schema: {
        tags: ['events'],
        summary: 'Gives a range of events to one durable subscription once more, as far as it has been.',
        body: z.strictObject({
          group: z.string().min(1).max(200).meta({ description: 'the durable subscription: `module/event.type`' }),
          after: Position.optional().meta({ description: 'only what came after this event' }),
          until: Position.optional().meta({ description: 'only up to this event' }),
        }),
        response: { 200: z.object({ group: z.string(), replayed: z.number() }), ...problems },
      },
    },
    async (request) => {
      const { group, after, until } = request.body
      const range = { ...(after === undefined ? {} : { after }), ...(until === undefined ? {} : { until }) }
      return { group, replayed: await services.nucleus.replayEvents(group, range) }
    },
  )
}
