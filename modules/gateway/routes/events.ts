// GET /events: the live tail of the journal as server-sent events; a reader that lost the line goes on where it was.
import { z } from 'zod'
import { safeJson } from '../../../nucleus/escape.ts'
import type { EventEnvelope } from '../../../nucleus/events/event.ts'
import { traceIdOf } from '../../../nucleus/identifiers.ts'
import { bearerOf } from '../access/guard.ts'
import type { App } from '../server/app.ts'
import { openLiveAnswer, type LiveAnswer } from '../server/live-answer.ts'
import { toEdge } from '../wire/case.ts'
import { TraceId } from '../wire/fields.ts'
import { presentError } from '../wire/problem.ts'
import { forModules, problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

// half of the second within which a revoked token must be of no use; the keeper takes the other half
const tokenLookMs = 400

export const Position = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'is the id of an event')

const Types = z
  .string()
  .transform((text) => text.split(',').map((type) => type.trim()))
  .pipe(z.array(z.string().regex(/^[a-z][a-z_]*\.[a-z][a-z_]*$/, 'an event is named area.past_participle')).max(50))

export function addEventRoutes(app: App, parts: RouteParts): void {
  app.get(
    '/events',
    {
      // HEAD would open a stream to show its headers
      exposeHeadRoute: false,
      config: { streams: true, ...forModules },
      schema: {
        tags: ['events'],
        summary:
          'Streams events as they happen (`text/event-stream`), from now on or after `Last-Event-ID`; each carries its envelope.',
        headers: z.looseObject({
          'last-event-id': Position.optional().meta({ description: 'goes on after this event' }),
        }),
        querystring: z.strictObject({
          types: Types.optional().meta({ description: 'only these, separated by commas' }),
          trace_id: TraceId.optional(),
          after: Position.optional().meta({ description: 'as Last-Event-ID, for clients that can’t set headers' }),
        }),
        response: {
          200: { description: 'the events', content: { 'text/event-stream': { schema: z.string() } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { types, trace_id: traceId, after } = request.query
      const position = request.headers['last-event-id'] ?? after
      const stream = parts.streams.open()
      const answer = openLiveAnswer(reply, { contentType: 'text/event-stream; charset=utf-8', stallMs: parts.stallMs })
      const revoked = new AbortController()
      const signal = AbortSignal.any([stream.signal, answer.signal, revoked.signal])
      const token = bearerOf(request) ?? ''
      // a stream outlives the check at its door: it ends with the token that opened it
      const watch = setInterval(() => {
        parts.tokens.judge(token).then(
          ({ status }) => {
            if (status !== 'in_force') revoked.abort()
          },
          () => revoked.abort(),
        )
      }, tokenLookMs)
      const heartbeat = setInterval(() => answer.writeIfRoom(': still here\n\n'), parts.heartbeatMs)
      try {
        await answer.write('retry: 1000\n\n')
        const events = parts.services.nucleus.tail({
          ...(position === undefined ? {} : { after: position }),
          ...(types === undefined ? {} : { types }),
          signal,
        })
        await relay(events, answer, signal, (event) => traceId === undefined || isOfTrace(event, traceId))
      } catch (error) {
        parts.log.warn({ err: error }, 'a stream of events ended')
        await answer.write(`event: error\ndata: ${safeJson(presentError(error))}\n\n`)
      } finally {
        clearInterval(heartbeat)
        clearInterval(watch)
        stream.release()
        answer.end()
      }
      return reply
    },
  )
}

async function relay(
  events: AsyncIterable<EventEnvelope>,
  answer: LiveAnswer,
  signal: AbortSignal,
  wanted: (event: EventEnvelope) => boolean,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]()
  // the source may be slow to notice the signal; its reader is not kept waiting for that
  const over = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  try {
    while (!signal.aborted) {
      const next = await Promise.race([iterator.next(), over])
      if (next === undefined || next.done === true) return
      if (wanted(next.value) && !(await answer.write(frame(next.value)))) return
    }
  } finally {
    await iterator.return?.()
  }
}

function isOfTrace(event: EventEnvelope, traceId: string): boolean {
  return traceIdOf(event.traceparent) === traceId
}

function frame(event: EventEnvelope): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${safeJson({ ...event, data: toEdge(event.data) })}\n\n`
}
