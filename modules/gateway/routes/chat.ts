// POST /chat: the one endpoint that clients of llmos-lite know, with their fields.
import { z } from 'zod'
import { bearerOf } from '../access/guard.ts'
import { assertIdentity } from '../access/identity.ts'
import type { App } from '../server/app.ts'
import { ChangesBody } from '../wire/changes.ts'
import { clientContext } from '../wire/client.ts'
import { ClarificationBody } from '../wire/outcome.ts'
import { RunMode, RunStatus } from '../../reasoning/contract.ts'
import { forHooks, problems } from './documented.ts'
import { AnsweredRun, answerOnce, GoalText, SessionName } from './goals.ts'
import type { RouteParts } from './parts.ts'

const ChatRequest = z.object({
  user_id: z.string().nullish().meta({ description: 'accepted where it is the token’s person, else refused' }),
  team_id: z.string().nullish().meta({ description: 'accepted where it is absent or null: tokens belong to no team' }),
  message: GoalText.meta({ description: 'what is wanted, in words' }),
  include_skills: z.boolean().nullish().meta({ description: 'kept for old clients; this version has no skills' }),
  max_skills: z.number().int().min(0).nullish(),
  session: SessionName.nullish(),
  answers: AnsweredRun.nullish(),
})

const ChatAnswer = z.object({
  response: z.string(),
  skills_used: z.array(z.string()),
  trace_id: z.string(),
  status: RunStatus,
  mode: RunMode,
  cost_usd: z.number(),
  clarification: ClarificationBody.optional().meta({ description: 'where one question would settle it' }),
  plan_id: z.string().optional().meta({ description: 'with status needs_confirmation: which plan waits' }),
  plan_hash: z.string().optional(),
  expires_at: z.string().optional(),
  preview: z.array(z.string()).optional().meta({ description: 'what the plan would do, in lines for a person' }),
  changes: ChangesBody.optional().meta({ description: 'what each step would change, file by file' }),
})

export function addChatRoutes(app: App, parts: RouteParts): void {
  app.post(
    '/chat',
    {
      config: { streams: true, ...forHooks },
      schema: {
        tags: ['goals'],
        summary: 'States a goal with the fields of llmos-lite, and answers when it has ended or needs a confirmation.',
        body: ChatRequest,
        response: { 200: ChatAnswer, ...problems },
      },
    },
    async (request, reply) => {
      assertIdentity(parts.identity, request.body)
      const watch = await parts.desk.submit({
        goal: request.body.message,
        token: bearerOf(request) ?? '',
        client: clientContext('chat'),
        session: request.body.session ?? undefined,
        answers: request.body.answers ?? undefined,
      })
      try {
        const outcome = await answerOnce(reply, watch, parts)
        const waits = outcome.status === 'needs_confirmation'
        const { plan_id, plan_hash, expires_at, preview, changes } = waits ? outcome : {}
        return {
          response: outcome.answer,
          skills_used: [],
          trace_id: outcome.trace_id,
          status: outcome.status,
          mode: outcome.mode,
          cost_usd: outcome.cost_usd,
          ...(outcome.clarification === undefined ? {} : { clarification: outcome.clarification }),
          ...(plan_id === undefined ? {} : { plan_id }),
          ...(plan_hash === undefined ? {} : { plan_hash }),
          ...(expires_at === undefined ? {} : { expires_at }),
          ...(preview === undefined ? {} : { preview }),
          ...(changes === undefined ? {} : { changes }),
        }
      } finally {
        watch.close()
      }
    },
  )
}
