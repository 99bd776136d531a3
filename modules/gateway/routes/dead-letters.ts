// /dead-letters: events that failed their last try, and another try for them.
import { z } from 'zod'
import type { App } from '../server/app.ts'
import { toEdge } from '../wire/case.ts'
import { limitOf } from '../wire/fields.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

export const EventBody = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    time: z.string(),
    traceparent: z.string(),
    data: z.unknown(),
  })
  .meta({ id: 'Event', description: 'CloudEvents 1.0, with W3C trace context' })

const DeadLetterBody = z.object({
  group: z.string().meta({ description: 'the durable subscription that failed' }),
  event: EventBody,
  attempts: z.number(),
  error: z.string(),
  parked_at: z.string(),
})

const letterParams = z.object({ group: z.string().min(1).max(200), id: z.string().min(1).max(100) })

export function addDeadLetterRoutes(app: App, { services }: RouteParts): void {
  app.get(
    '/dead-letters',
    {
      schema: {
        tags: ['events'],
        summary: 'Events that failed their last try.',
        querystring: z.strictObject({ limit: limitOf(100, 1_000) }),
        response: { 200: z.object({ dead_letters: z.array(DeadLetterBody) }), ...problems },
      },
    },
    async (request) => ({
      dead_letters: (await services.nucleus.deadLetters(request.query.limit)).map((letter) => ({
        group: letter.group,
        event: { ...letter.event, data: toEdge(letter.event.data) },
        attempts: letter.attempts,
        error: letter.error,
        parked_at: letter.parkedAt,
      })),
    }),
  )

  app.post(
    '/dead-letters/:group/:id/replay',
    {
      schema: {
        tags: ['events'],
        summary: 'Gives an event another round of tries.',
        params: letterParams,
        response: { 200: z.object({ group: z.string(), id: z.string(), replayed: z.boolean() }), ...problems },
      },
    },
    async (request) => {
      const { group, id } = request.params
      await services.nucleus.replayDeadLetter(group, id)
      return { group, id, replayed: true }
    },
  )

  app.delete(
    '/dead-letters/:group/:id',
    {
      schema: {
        tags: ['events'],
        summary: 'Forgets an event that failed its last try, for this one subscription.',
        params: letterParams,
        response: { 200: z.object({ group: z.string(), id: z.string(), dropped: z.boolean() }), ...problems },
      },
    },
    async (request) => {
      const { group, id } = request.params
      await services.nucleus.dropDeadLetter(group, id)
      return { group, id, dropped: true }
    },
  )
}
