// POST /confirmations/{plan_id}: the answer of a client without a peer; osd judges it, with the caller’s own token.
import { z } from 'zod'
import { bearerOf } from '../access/guard.ts'
import { gatewayErrors } from '../errors.ts'
import type { GoalWatch } from '../goals/goal-watch.ts'
import type { App } from '../server/app.ts'
import { OutcomeBody, presentOutcome } from '../wire/outcome.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const Answer = z.strictObject({
  plan_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is the 64 hexadecimal digits that came with the question')
    .meta({ description: 'binds the answer to exactly the plan that was shown' }),
  answer: z.enum(['yes', 'no']),
})

const Answered = z.object({
  plan_id: z.string(),
  answer: z.enum(['yes', 'no']),
  trace_id: z.string(),
  outcome: OutcomeBody.meta({ description: 'how the goal ended' }),
})

export function addConfirmationRoutes(app: App, parts: RouteParts): void {
  app.post(
    '/confirmations/:plan_id',
    {
      config: { streams: true },
      schema: {
        tags: ['goals'],
        summary: 'Answers the question of a plan, and gives the outcome of its goal.',
        params: z.object({ plan_id: z.string().min(1).max(100) }),
        body: Answer,
        response: { 200: Answered, ...problems },
      },
    },
    async (request, reply) => {
      const { plan_id: planId } = request.params
      const { plan_hash: planHash, answer } = request.body
      // best from before the answer; a gateway that was not there when it was asked does not know the goal before osd says it
      const known = parts.desk.runOfPlan(planId)
      let watch = known === undefined ? undefined : parts.desk.watch(known)
      try {
        const token = bearerOf(request) ?? ''
        const { traceId } = await parts.services.operator.confirm({ planId, planHash, token, yes: answer === 'yes' })
        const late = watch === undefined
        watch ??= parts.desk.watch(traceId)
        reply.raw.once('close', watch.close)
        return { plan_id: planId, answer, trace_id: traceId, outcome: await outcomeOf(watch, parts, late) }
      } finally {
        watch?.close()
      }
    },
  )
}

async function outcomeOf(watch: GoalWatch, { desk }: RouteParts, late: boolean): Promise<OutcomeBody> {
  for await (const notice of desk.notices(watch, late)) {
    if (notice.kind === 'outcome') return presentOutcome(notice.outcome)
  }
  throw gatewayErrors.CLIENT_GONE({ value: watch.traceId })
}
