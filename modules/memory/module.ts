// memory: puts the four tiers together, offers them as a service and as tools, and keeps them tidy.
import { isLotusError, toErrorData } from '../../nucleus/errors.ts'
import { defineModule } from '../../nucleus/modules/module.ts'
import { ActionCompleted, Operator, PlanDecided, type Tools } from '../operator/contract.ts'
import { createAuditTier } from './audit-copy.ts'
import { MemoryForgotten, MemoryRemembered, type Memory } from './contract.ts'
import type { Notes } from './notes.ts'
import { createSessions } from './sessions.ts'
import { settings } from './settings.ts'
import { overwriteFreed } from './sweep.ts'
import { memoryMigrations } from './tables.ts'
import { createWorking } from './working.ts'

const followEveryMs = 10_000
const catchUpEveryMs = 60_000
const tidyEveryMs = 3_600_000
const settleEveryMs = 60_000

export default defineModule({
  settings,
  start: async (context) => {
    const { infra, log } = context
    await infra.store.migrate('memory', memoryMigrations)
    await overwriteFreed(infra.store)
    const notes = context.lazy('notes', async () => {
      const { createNotes } = await import('./notes.ts')
      return createNotes({ infra, log, maxNotes: context.settings.maxNotes })
    })
    const sessions = createSessions(infra.store, context.settings.sessionMaxAge)
    const working = createWorking(infra.cache)
    const audit = createAuditTier({
      store: infra.store,
      operator: context.use(Operator),
      maxRows: context.settings.auditMaxRows,
    })

    const remember: Notes['remember'] = async (note) => {
      const kept = await (await notes()).remember(note)
      if (!kept.known) await context.emit(MemoryRemembered, { id: kept.item.id, source: kept.item.source })
      return kept
    }

    const memory: Memory = Object.freeze({
      remember: async (note: { text: string; source: string }) => (await remember(note)).item,
      recall: async (question: Parameters<Notes['recall']>[0]) => await (await notes()).recall(question),
      answer: async ({ text }: { text: string }) => (await (await notes()).answer(text)).items,
      list: async (options?: Parameters<Notes['list']>[0]) => await (await notes()).list(options),
      forget: async (ids: readonly string[]) => {
        const rows = await (await notes()).forget(ids)
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
        notes: await (await notes()).count(),
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
    context.timer('settle what is owed', settleEveryMs, async () => await (await notes()).settle())
    context.timer('drop old sessions', tidyEveryMs, sessions.prune)

    const tools = context.lazy('tools', async () => {
      const { createMemoryTools } = await import('./tools.ts')
      return createMemoryTools({ ...(await notes()), remember }, memory)
    })
    return {
      services: {
        memory,
        tools: {
          list: async () => await (await tools()).list(),
          run: async (...asked: Parameters<Tools['run']>) => await (await tools()).run(...asked),
        },
      },
    }
  },
})
