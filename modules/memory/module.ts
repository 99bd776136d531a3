// memory: puts the four tiers together, offers them as a service and as tools, and keeps them tidy.
import { isLotusError, toErrorData } from '../../nucleus/errors.ts'
import { defineModule } from '../../nucleus/modules/module.ts'
import { ActionCompleted, Operator, PlanDecided, type Tools } from '../operator/contract.ts'
import { createAuditTier } from './audit-copy.ts'
import { MemoryForgotten, MemoryRemembered, type Memory } from './contract.ts'
import { createNotes } from './notes.ts'
import { createSessions } from './sessions.ts'
import { settings } from './settings.ts'
import { createMemoryTools } from './tools.ts'
import { createWorking } from './working.ts'

const followEveryMs = 10_000
const catchUpEveryMs = 60_000
const tidyEveryMs = 3_600_000
const settleEveryMs = 60_000

export default defineModule({
  settings,
  start: async (context) => {
    const { infra, log } = context
    const notes = createNotes({ infra, log, maxNotes: context.settings.maxNotes })
    const sessions = createSessions(infra.store, context.settings.sessionMaxAge)
    const working = createWorking(infra.cache)
    const audit = createAuditTier({
      store: infra.store,
      operator: context.use(Operator),
      maxRows: context.settings.auditMaxRows,
    })
    await notes.open()

    const remember: typeof notes.remember = async (note) => {
      const kept = await notes.remember(note)
      if (!kept.known) await context.emit(MemoryRemembered, { id: kept.item.id, source: kept.item.source })
      return kept
    }

    const memory: Memory = Object.freeze({
      remember: async (note: { text: string; source: string }) => (await remember(note)).item,
      recall: notes.recall,
      answer: async ({ text }: { text: string }) => (await notes.answer(text)).items,
      list: notes.list,
      forget: async (ids: readonly string[]) => {
        const rows = await notes.forget(ids)
        await working.forgetQuotes(rows.map((row) => row.text))
        if (rows.length > 0) await context.emit(MemoryForgotten, { ids: rows.map((row) => row.id) })
        return rows.length
      },
      setWorking: working.set,
      getWorking: working.get,
      appendSession: sessions.append,
      session: sessions.read,
      searchAudit: async (options: { text?: string; traceId?: string; limit?: number }) => {
        // who asks right after an action wants to see it.
        await follow()
        return await audit.search(options)
      },
      statistics: async () => ({
        notes: await notes.count(),
        sessions: await sessions.count(),
        auditRows: await audit.count(),
      }),
    })

    let hasNews = false
    let caughtUpAt = 0
    const follow = async (): Promise<void> => {
      if ((!hasNews && Date.now() - caughtUpAt <= catchUpEveryMs) || !context.available(Operator)) return
      hasNews = false
      try {
        await audit.follow()
        caughtUpAt = Date.now()
      } catch (error) {
        hasNews = true
        // an operator that is away or starting is its own module's trouble; the copy catches up.
        if (!isLotusError(error)) throw error
        log.debug({ error: toErrorData(error) }, 'the audit chain could not be read; tried again later')
      }
    }
    const note = (): void => {
      hasNews = true
    }
    context.on(ActionCompleted, note, { live: true })
    context.on(PlanDecided, note, { live: true })
    context.timer('follow the audit chain', followEveryMs, follow)
    context.timer('settle what is owed', settleEveryMs, notes.settle)
    context.timer('drop old sessions', tidyEveryMs, sessions.prune)

    const tools: Tools = createMemoryTools({ ...notes, remember }, memory)
    return { services: { memory, tools } }
  },
})
