// /goals: a goal in words, stated or watched; its answer as JSON when it has ended, or line by line while it runs.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { bearerOf } from '../access/guard.ts'
import type { OpenQuestion, StepPreview } from '../../operator/contract.ts'
import { GoalCompleted } from '../../reasoning/contract.ts'
import { safeJson } from '../../../nucleus/escape.ts'
import { settlesWithin } from '../../../nucleus/scope.ts'
import { GoalAccepted, type DueReminder } from '../../perception/contract.ts'
import { gatewayErrors } from '../errors.ts'
import type { GoalNotice, GoalWatch } from '../goals/goal-watch.ts'
import type { App } from '../server/app.ts'
import { openLiveAnswer } from '../server/live-answer.ts'
import { ClientBody, clientContext } from '../wire/client.ts'
import { Ticket, TraceId } from '../wire/fields.ts'
import type { GoalLineType } from '../contract.ts'
import { presentChanges } from '../wire/changes.ts'
import { OutcomeBody, presentOutcome, presentQuestion } from '../wire/outcome.ts'
import { presentError } from '../wire/problem.ts'
import { forHooks, problems } from './documented.ts'
import type { RouteParts } from './parts.ts'
import { listenerOf, presentDue } from './reminders.ts'

const lines = 'application/x-ndjson'
// it is a look into memory and one query; nobody waits longer for it
const dueLimitMs = 250

type GoalLine = { readonly type: GoalLineType } & Readonly<Record<string, unknown>>

export const GoalText = z
  .string()
  .refine((text) => text.trim() !== '', 'says nothing')
  .refine((text) => !text.includes('\0'), 'has a NUL in it')

export const SessionName = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'goals of one session share context, and the next one may answer a question' })
export const AnsweredRun = TraceId.meta({
  description: 'the trace id of a run with an answerable `clarification`: the text is its answer',
})

const GoalBody = z.strictObject({
  goal: GoalText.meta({ description: 'what is wanted, in words', example: 'how much disk space is left?' }),
  ticket: Ticket.optional(),
  client: ClientBody.optional(),
  session: SessionName.optional(),
  answers: AnsweredRun.optional(),
  yes: z
    .literal(false, 'a confirmation is answered with POST /confirmations/{plan_id}, once its plan is known')
    .optional(),
})

export function addGoalRoutes(app: App, parts: RouteParts): void {
  app.post(
    '/goals',
    {
      config: { streams: true, ...forHooks },
      schema: {
        tags: ['goals'],
        summary:
          'States a goal. With `Accept: application/x-ndjson` each line is one of accepted, progress, confirmation, reminders, outcome and error; else the answer comes when the goal has ended or needs a confirmation.',
        body: GoalBody,
        response: { 200: OutcomeBody, ...problems },
      },
    },
    async (request, reply) => {
      const { goal, ticket, client, session, answers } = request.body
      const watch = await parts.desk.submit({
        goal,
        ticket,
        token: bearerOf(request) ?? '',
        client: clientContext(ticket === undefined ? 'http' : 'cli', client),
        session,
        answers,
      })
      try {
        if (!wantsLines(request)) return await answerOnce(reply, watch, parts)
        // whoever streamed and vanished, as by Ctrl+C, wants the goal no more
        if (!(await answerInLines(reply, watch, parts, { client }))) await cancelForVanished(watch.traceId, parts)
        return reply
      } finally {
        watch.close()
      }
    },
  )

  app.get(
    '/goals/:trace_id',
    {
      config: { streams: true },
      schema: {
        tags: ['goals'],
        summary:
          'Watches a goal that was stated before, in the same two forms: for whoever has lost its answer. A question that is open is told again, and a goal that has ended answers at once. Whoever leaves it leaves the goal as it is.',
        params: z.object({ trace_id: TraceId }),
        response: { 200: OutcomeBody, ...problems },
      },
    },
    async (request, reply) => {
      const { trace_id: traceId } = request.params
      const watch = parts.desk.watch(traceId)
      try {
        if (!(await isKnown(traceId, parts))) throw gatewayErrors.RUN_UNKNOWN({ value: traceId })
        if (!wantsLines(request)) return await answerOnce(reply, watch, parts, true)
        await answerInLines(reply, watch, parts, { late: true })
        return reply
      } finally {
        watch.close()
      }
    },
  )
}

/** whether there is a run, or will be one: a goal that reasoning has not come to yet is in the journal only. */
async function isKnown(traceId: string, { services }: RouteParts): Promise<boolean> {
  if ((await services.reasoning.run(traceId)) !== undefined) return true
  const types = [GoalAccepted.type, GoalCompleted.type]
  const events = await services.nucleus.events({ traceId, types, limit: types.length })
  // one that has ended without a run was removed with the oldest
  return events.length > 0 && events.every(({ type }) => type === GoalAccepted.type)
}

function wantsLines(request: FastifyRequest): boolean {
  return request.headers.accept?.includes(lines) === true
}

/** the outcome; or, when the plan waits for the person, what it waits for. */
export async function answerOnce(
  reply: FastifyReply,
  watch: GoalWatch,
  parts: RouteParts,
  late = false,
): Promise<OutcomeBody> {
  // the goal goes on, but nobody waits for it any more
  reply.raw.once('close', watch.close)
  for await (const notice of parts.desk.notices(watch, late)) {
    if (notice.kind === 'outcome') return presentOutcome(notice.outcome)
    if (notice.kind !== 'confirmation') continue
    const changes = await changesOf(notice, parts)
    parts.desk.leaveOpen(watch.traceId)
    return presentQuestion(watch.traceId, notice, changes)
  }
  throw gatewayErrors.CLIENT_GONE({ value: watch.traceId })
}

/** false when its reader has gone before the end. */
async function answerInLines(
  reply: FastifyReply,
  watch: GoalWatch,
  parts: RouteParts,
  { client, late = false }: { readonly client?: ClientBody | undefined; readonly late?: boolean },
): Promise<boolean> {
  const answer = openLiveAnswer(reply, { contentType: `${lines}; charset=utf-8`, stallMs: parts.stallMs })
  const write = (line: GoalLine): Promise<boolean> => answer.write(`${safeJson(line)}\n`)
  let ended = false
  answer.signal.addEventListener('abort', watch.close)
  if (answer.signal.aborted) watch.close()
  try {
    await write({ type: 'accepted', trace_id: watch.traceId })
    for await (const notice of parts.desk.notices(watch, late)) {
      ended = notice.kind === 'outcome'
      if (ended) await tellDue(client, parts, write)
      // whoever has a process here is shown the changes by osd itself
      const isTold = notice.kind === 'confirmation' && notice.via === 'token'
      await write(presentNotice(notice, isTold ? await changesOf(notice, parts) : undefined))
    }
  } catch (error) {
    // the status line has gone out: the error is a line as well, and the goal goes on
    ended = true
    parts.log.debug({ err: error, goal: watch.traceId }, 'a goal is watched no longer')
    await write({ type: 'error', ...presentError(error), trace_id: watch.traceId })
  } finally {
    answer.end()
  }
  return ended
}

/** what has come due, so that a client need not ask; the outcome comes whether that can be said or not. */
async function tellDue(
  client: ClientBody | undefined,
  { services, identity, log }: RouteParts,
  write: (line: GoalLine) => Promise<boolean>,
): Promise<void> {
  let due: readonly DueReminder[] = []
  const asked = services.perception
    .dueReminders({ ...listenerOf(identity.user, client), lend: false })
    .then((found) => void (due = found))
  try {
    // a perception that is being reloaded must not hold up an outcome; the next one tells them
    await settlesWithin(asked, dueLimitMs)
    if (due.length > 0) await write({ type: 'reminders', reminders: due.map(presentDue) })
  } catch (error) {
    log.debug({ err: error }, 'what has come due could not be told beside an outcome')
  }
}

/** what a plan that waits would change; nothing where its question was closed this moment: the outcome says why. */
async function changesOf(
  plan: OpenQuestion,
  { services, log }: RouteParts,
): Promise<readonly StepPreview[] | undefined> {
  try {
    return await services.operator.changes(plan)
  } catch (error) {
    log.debug({ err: error, plan: plan.planId }, 'what a plan would change could not be shown')
    return undefined
  }
}

function presentNotice(notice: GoalNotice, changes?: readonly StepPreview[]): GoalLine {
  switch (notice.kind) {
    case 'progress':
      return { type: 'progress', text: notice.text }
    case 'confirmation':
      return {
        type: 'confirmation',
        plan_id: notice.planId,
        plan_hash: notice.planHash,
        expires_at: notice.expiresAt,
        preview: notice.preview,
        ...(changes === undefined ? {} : { changes: presentChanges(changes) }),
      }
    case 'outcome':
      return { type: 'outcome', outcome: presentOutcome(notice.outcome) }
  }
}

async function cancelForVanished(traceId: string, { services, log }: RouteParts): Promise<void> {
  try {
    const cancelled = await services.reasoning.cancel(traceId)
    log.info({ goal: traceId, cancelled }, 'its client has gone before the outcome')
  } catch (error) {
    log.warn({ err: error, goal: traceId }, 'its client has gone, and it could not be cancelled')
  }
}
