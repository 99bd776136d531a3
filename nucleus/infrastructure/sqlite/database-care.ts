// looks after the databases: whether they are whole, at intervals and off the event loop; gives free room back at the end.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { CareReply } from './database-care-worker.ts'
import { compact, isSwollen, slackOf } from './compact.ts'
import { lookInto } from './look.ts'

export interface DatabaseCareOptions {
  /** LOTUS_HOME/data. */
  readonly folder: string
  /** file names in it. */
  readonly names: readonly string[]
  /** 0: never. */
  readonly checkEveryMs: number
  readonly log: Logger
  /** how often it is looked whether a check is due; default ten minutes, which is also how long the first one waits. */
  readonly lookEveryMs?: number
}

export interface DatabaseCare {
  /** why a file is damaged, as the last check found it; undefined where it is whole, or nobody has looked yet. */
  fault(name: string): string | undefined
  /** looks now, whether it is due or not. */
  check(): Promise<void>
  close(): Promise<void>
}

const usualLookMs = 600_000
/** a check that takes longer is given up: a disk that slow has other troubles. */
const checkLimitMs = 600_000
/** writing a file anew takes about a second for so much; a stop has no time for more. */
const mostCopiedBytes = 128 * 1024 * 1024

export function createDatabaseCare(options: DatabaseCareOptions): DatabaseCare {
  const { folder, log } = options
  const stamp = join(folder, 'checked.json')
  let faults: Readonly<Record<string, string>> = {}
  let running: Promise<void> | undefined
  let worker: Worker | undefined
  let closed = false

  const check = async (): Promise<void> => {
    const paths = options.names.map((name) => join(folder, name)).filter((path) => existsSync(path))
    const startedAt = performance.now()
    const reply = await ask(paths)
    if (reply === undefined || closed) return
    faults = Object.fromEntries(Object.entries(reply).map(([path, reason]) => [basename(path), reason]))
    for (const [name, reason] of Object.entries(faults)) log.error({ database: name, reason }, 'a database is damaged')
    log.debug(
      { databases: paths.length, duration_ms: Math.round(performance.now() - startedAt) },
      'databases were checked',
    )
    noteCheck(stamp)
  }

  /** undefined where there was no answer. */
  const ask = (paths: readonly string[]): Promise<CareReply | undefined> =>
    new Promise((resolve) => {
      const started = new Worker(new URL('./database-care-worker.ts', import.meta.url), {
        name: 'lotus-database-care',
        workerData: { paths },
        resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
      })
      worker = started
      // a check is no reason for the process to live on
      started.unref()
      const limit = setTimeout(() => {
        log.warn({ limit_ms: checkLimitMs }, 'a check of the databases took too long and was given up')
        void started.terminate()
      }, checkLimitMs)
      limit.unref()
      let reply: CareReply | undefined
      started.once('message', (message: CareReply) => (reply = message))
      started.once('error', (error: Error) => log.warn({ err: error }, 'the databases could not be checked'))
      started.once('exit', () => {
        clearTimeout(limit)
        worker = undefined
        resolve(reply)
      })
    })

  const checkOnce = (): Promise<void> =>
    (running ??= check().finally(() => {
      running = undefined
    }))

  const timer = setInterval(() => {
    if (Date.now() - lastCheck(stamp) < options.checkEveryMs) return
    checkOnce().catch((error: unknown) => log.warn({ err: error }, 'the databases could not be checked'))
  }, options.lookEveryMs ?? usualLookMs)
  timer.unref()
  if (options.checkEveryMs === 0) clearInterval(timer)

  return Object.freeze({
    fault: (name: string) => faults[name],
    check: checkOnce,
    close: async () => {
      closed = true
      clearInterval(timer)
      await worker?.terminate()
    },
  })
}

/** when databases were last checked, by whatever process; 0 where never, or where the clock has gone back since. */
function lastCheck(stamp: string): number {
  try {
    const at = Date.parse((JSON.parse(readFileSync(stamp, 'utf8')) as { checked_at: string }).checked_at)
    return at > Date.now() ? 0 : at
  } catch {
    // never, or torn
    return 0
  }
}

function noteCheck(stamp: string): void {
  const temporary = `${stamp}.tmp`
  writeFileSync(temporary, `${JSON.stringify({ checked_at: new Date().toISOString() })}\n`, { mode: 0o600 })
  renameSync(temporary, stamp)
}

/** gives free room of files back to the disk; for files that are closed. never throws. */
export function shrinkSwollen(paths: readonly string[], log: Logger): void {
  for (const path of paths) {
    if (!existsSync(path)) continue
    try {
      const slack = lookInto(path, slackOf)
      if (!isSwollen(slack) || slack.bytes - slack.freeBytes > mostCopiedBytes) continue
      const { beforeBytes, afterBytes } = compact(path)
      log.info(
        { database: basename(path), before_bytes: beforeBytes, after_bytes: afterBytes },
        'a database was compacted',
      )
    } catch (error) {
      // full or busy: the file stays as it is, which is no harm
      log.debug({ err: error, database: basename(path) }, 'a database could not be compacted')
    }
  }
}
