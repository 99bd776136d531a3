// perception: inputs become events, words become intents, reminders become events when they are due.
import { Nucleus } from '../../nucleus/contract.ts'
import { createTraceId } from '../../nucleus/identifiers.ts'
import { defineModule } from '../../nucleus/modules/module.ts'
import { Operator } from '../operator/contract.ts'
import { GoalAccepted, InputReceived } from './contract.ts'
import type { ClientContext, GoalInput, Perception } from './contract.ts'
import { perceptionErrors } from './errors.ts'
import { interpret } from './interpret.ts'
import type { KnownName } from './slots/slot-parser.ts'
import { showOnDesktop } from './reminders/desktop.ts'
import { createReminders } from './reminders/reminders.ts'
import { createTelling } from './reminders/telling.ts'
import { createPrivateIntents, isAboutNotes, withoutWords } from './private-goals.ts'
import { settings } from './settings.ts'

export default defineModule({
  settings,
  async start(context) {
    const operator = context.use(Operator)
    const reminders = createReminders(context, {
      nucleus: context.use(Nucleus),
      show: (due) => showOnDesktop(operator, due),
    })
    await reminders.start()
    const privateIntents = createPrivateIntents()
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

    function understand(text: string, client: ClientContext, names: readonly KnownName[]) {
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
        await context.trace(traceId, async () => {
          const { client, ticket } = input
          const intent = await understand(input.text, client, await survey(ticket))
          const isPrivate = isAboutNotes(intent)
          if (isPrivate) privateIntents.keep(traceId, intent)
          await context.emit(InputReceived, { text: isPrivate ? '' : input.text, client, session })
          await context.emit(GoalAccepted, {
            traceId,
            intent: isPrivate ? withoutWords(intent) : intent,
            client,
            session,
            ticket,
            ...(isPrivate ? { private: true } : {}),
          })
        })
        return { traceId }
      },
      async interpret({ text, client, names }) {
        checkText(text)
        return understand(text, client, names ?? [])
      },
      reminders: () => reminders.list(),
      ...createTelling(reminders),
      takeIntent: async (traceId) => privateIntents.take(traceId),
    }

    return {
      services: {
        perception,
        tools: {
          list: async () => reminders.tools.list(),
          run: (
            name: string,
            args: Parameters<typeof reminders.tools.run>[1],
            call: Parameters<typeof reminders.tools.run>[2],
          ) => reminders.tools.run(name, args, call),
        },
      },
      health: () => ({ status: 'healthy', details: { interpreted } }),
    }
  },
})
