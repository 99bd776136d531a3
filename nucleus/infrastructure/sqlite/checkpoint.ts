// decides when the journal's WAL is copied back into its file; a worker thread does it, beside the writing.
import type Database from 'better-sqlite3'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { CheckpointReply } from './checkpoint-worker.ts'

export interface Checkpointer {
  /** true: nothing must be committed until `released` is called. */
  readonly holding: boolean
  /** tells how much a commit has written, about. */
  committed(bytes: number): void
  close(): Promise<void>
}

export interface CheckpointerOptions {
  readonly path: string
  readonly database: Database.Database
  readonly log: Logger
  /** commits may go on. */
  readonly released: () => void
}

/** the WAL's size at which it is copied back: SQLite's own default is 4 MiB, done by whoever commits. */
const startAtBytes = 8 * 1024 * 1024
/** commits are never held longer; the WAL then only grows until the next time. */
const holdLimitMs = 500
const idleMs = 30_000

/**
 * first a pass beside the writing, then, while commits are held for a moment, one over the little that came since: only
 * a WAL that is copied to its end is begun anew, and else it would grow for as long as events keep coming.
 */
export function createCheckpointer(options: CheckpointerOptions): Checkpointer {
  const { database, log } = options
  let state: 'idle' | 'copying' | 'holding' | 'off' = 'idle'
  let worker: Worker | undefined
  let written = 0
  let timer: NodeJS.Timeout | undefined
  database.pragma('wal_autocheckpoint = 0')

  const release = (): void => {
    clearTimeout(timer)
    const held = state === 'holding'
    if (state !== 'off') state = 'idle'
    if (held) options.released()
  }

  /** back to what SQLite does by itself. */
  const giveUp = (reason: string): void => {
    if (state === 'off') return
    log.warn({ reason }, 'the journal’s WAL is copied back on the main thread')
    if (database.open) database.pragma('wal_autocheckpoint = 1000')
    release()
    state = 'off'
  }

  const advance = (reply: CheckpointReply): void => {
    if (reply.error !== undefined) return giveUp(reply.error)
    if (state === 'copying') {
      state = 'holding'
      timer = setTimeout(release, holdLimitMs)
      worker?.postMessage('checkpoint')
      return
    }
    written = 0
    release()
    timer = setTimeout(end, idleMs)
    timer.unref()
  }

  const start = (): Worker => {
    const started = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
      name: 'lotus-checkpoint',
      workerData: { path: options.path },
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
    })
    started.unref()
    started.on('message', advance)
    started.on('error', (error: Error) => giveUp(error.message))
    started.on('exit', () => {
      if (worker !== started) return
      worker = undefined
      if (state === 'copying' || state === 'holding') giveUp('the checkpoint worker ended')
    })
    return started
  }

  const end = (): void => {
    const ending = worker
    worker = undefined
    ending?.postMessage('close')
  }

  return {
    get holding() {
      return state === 'holding'
    },
    committed: (bytes) => {
      written += bytes
      if (state !== 'idle' || written < startAtBytes) return
      clearTimeout(timer)
      state = 'copying'
      worker ??= start()
      worker.postMessage('checkpoint')
    },
    close: async () => {
      clearTimeout(timer)
      state = 'off'
      const ending = worker
      if (ending === undefined) return
      worker = undefined
      const exited = Promise.withResolvers<void>()
      ending.once('exit', () => exited.resolve())
      ending.ref()
      ending.postMessage('close')
      await exited.promise
    },
  }
}
