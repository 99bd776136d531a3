// perception: inputs become events, words become intents, reminders become events when they are due.
import { Nucleus } from '../../nucleus/contract.ts'
import { createTraceId } from '../../nucleus/identifiers.ts'
import { defineModule } from '../../nucleus/modules/module.ts'
import { Operator, type Tools } from '../operator/contract.ts'
import { GoalAccepted, InputReceived } from './contract.ts'
import type { ClientContext, GoalInput, Perception } from './contract.ts'
import { perceptionErrors } from './errors.ts'
import type { KnownName } from './slots/slot-parser.ts'
import { createPrivateIntents, isAboutNotes, withoutWords } from './private-goals.ts'
import { settings } from './settings.ts'

export default defineModule({
  settings,
  start(context) {
    const operator = context.use(Operator)
    const language = context.lazy('language', () => import('./interpret.ts'))
    context.lazy('rehearsal', async () => {
      const { rehearse } = await import('./rehearsal.ts')
      await rehearse((await language()).interpret, context.signal)
    })
    const reminders = context.lazy('reminders', async () => {
      const { openReminders } = await import('./reminders/open.ts')
      return await openReminders(context, { nucleus: context.use(Nucleus), operator })
    })
    const privateIntents = createPrivateIntents(context.state.previous)
    context.state.handOver(privateIntents.handOver)
    let interpreted = 0

    /** what lies in the client's working folder; a goal is understood without it, only less well. */
    async function survey(ticket: string): Promise<readonly KnownName[]> {
      try {
        return await operator.survey(ticket)
      } catch (error) {
        context.log.debug({ err: error }, 'the working folder could not be surveyed; names in it are not recognised')
        return []
      }
    }

    async function understand(text: string, client: ClientContext, names: readonly KnownName[]) {
      const { interpret } = await language()
      interpreted += 1
      return interpret({ text, timeZone: client.timeZone, locale: client.locale, nowMs: Date.now(), names })
    }

    function checkText(text: string): void {
      if (text.trim() === '') throw perceptionErrors.GOAL_EMPTY()
      const bytes = Buffer.byteLength(text)
      if (bytes > context.settings.maximumGoalBytes) throw perceptionErrors.GOAL_TOO_LONG({ value: `${bytes} bytes` })
      if (text.includes('\0')) throw perceptionErrors.GOAL_HAS_NUL()
    }

    const perception: Perception = {
      async submit(input: GoalInput) {
        checkText(input.text)
        const traceId = input.traceId ?? createTraceId()
        const session = input.session ?? input.client.channel
        const accept = async (): Promise<void> => {
          const { client, ticket } = input
          const intent = await understand(input.text, client, input.names ?? (await survey(ticket)))
          const isPrivate = isAboutNotes(intent)
          if (isPrivate) privateIntents.keep(traceId, intent)
          // emitted together they share a commit of the journal, in this order
          await Promise.all([
            context.emit(InputReceived, { text: isPrivate ? '' : input.text, client, session }),
            context.emit(GoalAccepted, {
              traceId,
              intent: isPrivate ? withoutWords(intent) : intent,
              client,
              session,
              ticket,
              ...(isPrivate ? { private: true } : {}),
              ...(input.answers === undefined ? {} : { answers: input.answers }),
            }),
          ])
        }
        await privateIntents.during(context.trace(traceId, accept))
        return { traceId }
      },
      async interpret({ text, client, names }) {
        checkText(text)
        return await understand(text, client, names ?? [])
      },
      reminders: async () => (await reminders()).list(),
      dueReminders: async (query) => (await reminders()).telling.dueReminders(query),
      openReminders: async (listener) => (await reminders()).telling.openReminders(listener),
      remindersTold: async (told) => (await reminders()).telling.remindersTold(told),
      reminderDone: async (id) => (await reminders()).telling.reminderDone(id),
      snoozeReminder: async (wish) => (await reminders()).telling.snoozeReminder(wish),
      takeIntent: async (traceId) => privateIntents.take(traceId),
    }

    return {
      services: {
        perception,
        tools: {
          list: async () => (await reminders()).tools.list(),
          run: async (...asked: Parameters<Tools['run']>) => (await reminders()).tools.run(...asked),
        },
      },
      health: () => ({ status: 'healthy', details: { interpreted } }),
    }
  },
})
