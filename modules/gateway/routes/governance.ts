// what is allowed and what was done: the policies in force, and the audit chain.
import { z } from 'zod'
import type { App } from '../server/app.ts'
import { limitOf, TraceId } from '../wire/fields.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const AuditRowBody = z
  .object({
    sequence: z.number(),
    time: z.string(),
    kind: z.string(),
    trace_id: z.string(),
    uid: z.number(),
    hash: z.string(),
    previous_hash: z.string(),
    body: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditRow' })

const Verification = z.object({
  ok: z.boolean(),
  rows: z.number(),
  head: z.string(),
  fault: z.object({ sequence: z.number(), reason: z.string() }).nullable(),
})

const Policy = z.object({
  name: z.string(),
  decision: z.enum(['allow', 'confirm', 'deny']),
  description: z.string(),
  file: z.string(),
})

export function addGovernanceRoutes(app: App, { services }: RouteParts): void {
  app.get(
    '/policies',
    {
      schema: {
        tags: ['governance'],
        summary: 'The rules of the policy in force.',
        response: { 200: z.object({ policies: z.array(Policy) }), ...problems },
      },
    },
    async () => ({
      policies: (await services.governance.rules()).map(({ name, decision, description, file }) => ({
        name,
        decision,
        description,
        file,
      })),
    }),
  )

  app.get(
    '/audit',
    {
      schema: {
        tags: ['governance'],
        summary: 'The latest rows of the audit chain.',
        querystring: z.strictObject({ limit: limitOf(50, 1_000), trace_id: TraceId.optional() }),
        response: { 200: z.object({ rows: z.array(AuditRowBody) }), ...problems },
      },
    },
    async (request) => {
      const { limit, trace_id: traceId } = request.query
      const rows = await services.operator.audit({ limit, ...(traceId === undefined ? {} : { traceId }) })
      return {
        rows: rows.map((row) => ({
          sequence: row.sequence,
          time: row.time,
          kind: row.kind,
          trace_id: row.traceId,
          uid: row.uid,
          hash: row.hash,
          previous_hash: row.previousHash,
          body: row.body,
        })),
      }
    },
  )

  app.get(
    '/audit/verify',
    {
      schema: {
        tags: ['governance'],
        summary: 'Whether the audit chain is whole, and the first row that does not fit.',
        response: { 200: Verification, ...problems },
      },
    },
    async () => {
      const { ok, rows, head, fault } = await services.operator.verifyAudit()
      return { ok, rows, head, fault: fault === undefined ? null : { ...fault } }
    },
  )
}
