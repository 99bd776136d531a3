// /reminders: those that wait, and those that have come due; a client shows what it claims, and says then that it did.
import { z } from 'zod'
import type { DueReminder, Reminder, ReminderListener } from '../../perception/contract.ts'
import type { App } from '../server/app.ts'
import { ClientBody, clientContext } from '../wire/client.ts'
import { forModules, problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const ReminderBody = z
  .object({
    id: z.string(),
    text: z.string(),
    kind: z.enum(['reminder', 'timer']),
    due_at: z.string(),
    repeats: z.string().nullable().meta({ description: 'a cron pattern, or null' }),
    time_zone: z.string(),
  })
  .meta({ id: 'Reminder' })

const DueBody = z
  .object({
    id: z.string(),
    reminder_id: z.string(),
    text: z.string(),
    kind: z.enum(['reminder', 'timer']),
    due_at: z.string().meta({ description: 'the first time that it was due' }),
    last_due_at: z.string(),
    times: z.number().meta({ description: 'how often it was due since somebody was told last' }),
    missed: z.boolean().meta({ description: 'LOTUS was not there when it was due' }),
    told_at: z.string().nullable(),
    said: z.string().meta({ description: 'all of it in words, by the asker’s clock' }),
  })
  .meta({ id: 'DueReminder' })

const Due = z.object({ reminders: z.array(DueBody) })
const NoticeId = z.object({ id: z.string().min(1).max(100) })

function presentReminder(one: Reminder): z.output<typeof ReminderBody> {
  return {
    id: one.id,
    text: one.text,
    kind: one.kind,
    due_at: one.dueAt,
    repeats: one.repeats ?? null,
    time_zone: one.timeZone,
  }
}

export function presentDue(one: DueReminder): z.output<typeof DueBody> {
  return {
    id: one.id,
    reminder_id: one.reminderId,
    text: one.text,
    kind: one.kind,
    due_at: one.dueAt,
    last_due_at: one.lastDueAt,
    times: one.times,
    missed: one.missed,
    told_at: one.toldAt ?? null,
    said: one.said,
  }
}

/** who is told: the token's person, by the clock of their client. */
export function listenerOf(person: string, client: ClientBody | undefined): ReminderListener {
  const { timeZone, locale } = clientContext('http', client)
  return { person, timeZone, locale }
}

export function addReminderRoutes(app: App, { services, identity }: RouteParts): void {
  const query = ClientBody.omit({ width: true })

  app.get(
    '/reminders',
    {
      config: forModules,
      schema: {
        tags: ['reminders'],
        summary: 'Reminders and timers that are still to come, and those that have come due and nobody is done with.',
        querystring: query,
        response: { 200: z.object({ reminders: z.array(ReminderBody), due: z.array(DueBody) }), ...problems },
      },
    },
    async (request) => {
      const [waiting, due] = await Promise.all([
        services.perception.reminders(),
        services.perception.openReminders(listenerOf(identity.user, request.query)),
      ])
      return { reminders: waiting.map(presentReminder), due: due.map(presentDue) }
    },
  )

  app.get(
    '/reminders/due',
    {
      config: forModules,
      schema: {
        tags: ['reminders'],
        summary: 'What has come due and the token’s person was not told yet; looking at it tells nobody.',
        querystring: query,
        response: { 200: Due, ...problems },
      },
    },
    async (request) => ({
      reminders: (
        await services.perception.dueReminders({ ...listenerOf(identity.user, request.query), lend: false })
      ).map(presentDue),
    }),
  )

  app.post(
    '/reminders/claim',
    {
      schema: {
        tags: ['reminders'],
        summary:
          'The same, for who shows it now: nobody else gets these for ten seconds. Once shown: POST /reminders/told.',
        body: z.strictObject({ client: ClientBody.optional() }).nullish(),
        response: { 200: Due, ...problems },
      },
    },
    async (request) => ({
      reminders: (
        await services.perception.dueReminders({ ...listenerOf(identity.user, request.body?.client), lend: true })
      ).map(presentDue),
    }),
  )

  app.post(
    '/reminders/told',
    {
      schema: {
        tags: ['reminders'],
        summary: 'These were shown to the token’s person; they are told no more. Gives how many were not told before.',
        body: z.strictObject({ ids: z.array(z.string().min(1).max(100)).max(100) }),
        response: { 200: z.object({ told: z.number() }), ...problems },
      },
    },
    async (request) => ({
      told: await services.perception.remindersTold({ person: identity.user, ids: request.body.ids }),
    }),
  )

  app.post(
    '/reminders/:id/done',
    {
      schema: {
        tags: ['reminders'],
        summary: 'Ends one that has come due, or one that waits and does not repeat.',
        params: NoticeId,
        response: { 200: z.object({ id: z.string() }), ...problems },
      },
    },
    async (request) => {
      await services.perception.reminderDone(request.params.id)
      return { id: request.params.id }
    },
  )

  app.post(
    '/reminders/:id/snooze',
    {
      schema: {
        tags: ['reminders'],
        summary: 'Reminds again so long from now, of one that has come due or that waits and does not repeat.',
        params: NoticeId,
        body: z.strictObject({ for_ms: z.number().int().min(1_000).max(3.2e12) }),
        response: { 200: ReminderBody, ...problems },
      },
    },
    async (request) =>
      presentReminder(await services.perception.snoozeReminder({ id: request.params.id, forMs: request.body.for_ms })),
  )
}
