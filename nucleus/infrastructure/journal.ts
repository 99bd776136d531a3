// chooses the journal: on Redis where that is configured and there, else embedded; what the embedded one still owes is handed over.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Journal, JournalDurability } from '../events/journal.ts'
import { isLotusError } from '../errors.ts'
import type { ResourceHealth } from './ports.ts'
import type { ReturnWatch } from './redis/watch-return.ts'
import { openSqliteJournal } from './sqlite/journal.ts'

export interface OpenJournalOptions {
  /** LOTUS_HOME/data. */
  readonly folder: string
  /** empty or absent: not set. */
  readonly redisUrl?: string | undefined
  /** a worker shares the Redis of a nucleus, and has no journal without it. */
  readonly isWorker?: boolean
  readonly durability: JournalDurability
  readonly log: Logger
}

/**
 * what is needed for Redis is loaded only where it is configured. where Redis can't be used at the start, or another nucleus uses
 * that database, the embedded journal serves this life of the process, and health says why (docs/decisions/0071).
 * @throws what the files in the folder say
 */
export async function openJournal(options: OpenJournalOptions): Promise<Journal> {
  const { folder, redisUrl, durability, log, isWorker = false } = options
  const path = join(folder, 'journal.db')
  const openEmbedded = (): Journal => openSqliteJournal({ path, durability, log })
  if (redisUrl === undefined || redisUrl === '') return because(openEmbedded(), 'embedded: LOTUS_REDIS_URL is not set')
  if (isWorker) {
    const [{ openRedisJournal }, { whenReachable }] = await Promise.all([
      import('./redis/journal.ts'),
      import('./await-server.ts'),
    ])
    return await whenReachable(() => openRedisJournal({ url: redisUrl, folder, durability, log }), log)
  }
  const { openRedisJournalAlone } = await import('./redis/mark.ts')
  let journal: Awaited<ReturnType<typeof openRedisJournalAlone>> | undefined
  try {
    journal = await openRedisJournalAlone({ url: redisUrl, folder, durability, log })
    if (existsSync(path)) {
      const { handOverEmbedded } = await import('./redis/hand-over.ts')
      await handOverEmbedded({ path, durability, to: journal, log })
    }
    return journal
  } catch (error) {
    await journal?.close()
    if (!isLotusError(error) || !error.code.startsWith('REDIS_')) throw error
    log.warn({ err: error }, 'the embedded journal is used instead of Redis')
    const { watchForReturn } = await import('./redis/watch-return.ts')
    return whileAway(openEmbedded(), watchForReturn({ url: redisUrl, log }), `${error.message}: ${error.fix}`)
  }
}

/** the embedded journal for this life of the process: what Redis gets later is handed over by the next start. */
function whileAway(journal: Journal, redis: ReturnWatch, why: string): Journal {
  const until = 'the embedded journal is used until `lotus restart`'
  return {
    ...journal,
    health: () => {
      const found = journal.health()
      if (found.status !== 'healthy') return found
      const reason = redis.isBack ? `Redis is back, but this start does without: ${until}` : `${why}; ${until}`
      return { ...found, status: 'degraded', reason }
    },
    close: async () => {
      await redis.close()
      await journal.close()
    },
  }
}

function because(journal: Journal, reason: string): Journal {
  const health = (): ResourceHealth => {
    const found = journal.health()
    if (found.status !== 'healthy') return found
    return { ...found, reason }
  }
  return { ...journal, health }
}
