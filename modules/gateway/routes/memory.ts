// /memory: the notes of the long-term memory, found, kept and forgotten.
import { z } from 'zod'
import type { MemoryItem } from '../../memory/contract.ts'
import type { App } from '../server/app.ts'
import { limitOf } from '../wire/fields.ts'
import { forModules, problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const NoteBody = z
  .object({
    id: z.string(),
    text: z.string(),
    source: z.string().meta({ description: 'who or what it came from' }),
    created_at: z.string(),
    relevance: z.number().optional().meta({ description: 'how well it fits the question, 0 to 1' }),
  })
  .meta({ id: 'Note' })

function presentNote(item: MemoryItem): z.output<typeof NoteBody> {
  return {
    id: item.id,
    text: item.text,
    source: item.source,
    created_at: item.createdAt,
    ...(item.relevance === undefined ? {} : { relevance: item.relevance }),
  }
}

export function addMemoryRoutes(app: App, { services }: RouteParts): void {
  app.get(
    '/memory',
    {
      config: forModules,
      schema: {
        tags: ['memory'],
        summary: 'Notes that fit a question, best first; without one the newest.',
        querystring: z.strictObject({ query: z.string().max(4_096).optional(), limit: limitOf(20, 500) }),
        response: { 200: z.object({ notes: z.array(NoteBody) }), ...problems },
      },
    },
    async (request) => {
      const { query = '', limit } = request.query
      const notes =
        query.trim() === ''
          ? await services.memory.list({ limit })
          : await services.memory.recall({ text: query, limit })
      return { notes: notes.map(presentNote) }
    },
  )

  app.post(
    '/memory',
    {
      config: forModules,
      schema: {
        tags: ['memory'],
        summary: 'Keeps a note; the same text again is the same note.',
        body: z.strictObject({
          text: z
            .string()
            .refine((text) => text.trim() !== '', 'says nothing')
            .refine((text) => Buffer.byteLength(text) <= 16_384, 'has more than 16 KiB'),
        }),
        response: { 201: NoteBody, ...problems },
      },
    },
    async (request, reply) => {
      const note = await services.memory.remember({ text: request.body.text, source: 'person' })
      return await reply.code(201).send(presentNote(note))
    },
  )

  app.delete(
    '/memory/:id',
    {
      schema: {
        tags: ['memory'],
        summary: 'Forgets a note for good; 0 are forgotten where there is none with this id.',
        params: z.object({ id: z.string().min(1).max(200) }),
        response: { 200: z.object({ forgotten: z.number() }), ...problems },
      },
    },
    async (request) => ({ forgotten: await services.memory.forget([request.params.id]) }),
  )
}
