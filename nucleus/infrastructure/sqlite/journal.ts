// the embedded journal: an append-only log with consumer groups in one SQLite file, committed in groups.
import type Database from 'better-sqlite3'
import { EventEmitter } from 'eventemitter3'
import type { Logger } from 'pino'
import { eventErrors } from '../../events/errors.ts'
import type { EventEnvelope } from '../../events/event.ts'
import type { Delivery, GroupOptions, Journal, JournalDurability, JournalGroup } from '../../events/journal.ts'
import { createIdentifier, timeOfIdentifier } from '../../identifiers.ts'
import { stateError } from '../errors.ts'
import { createCheckpointer } from './checkpoint.ts'
import { createJournalAdministration } from './journal-administration.ts'
import { createGroupRuntime, type GroupDelivery, type GroupRuntime } from './journal-group.ts'
import { createJournalLog, type LogRow } from './journal-log.ts'
import { beginSession, suspectDeliveries } from './journal-recovery.ts'
import { bodyOf } from './journal-rows.ts'
import { journalSchemaVersion, positionOf, prepareJournalSchema } from './journal-schema.ts'
import { createGroupTables } from './journal-tables.ts'
import { upgradeJournal } from './journal-upgrade.ts'
import { openDatabase } from './open.ts'
import { openWalSync } from './sync.ts'

export interface SqliteJournalOptions {
  readonly path: string
  /** default 'normal'. */
  readonly durability?: JournalDurability
  readonly log: Logger
  /** events that may wait for their commit; the next one is refused. default 50,000. */
  readonly maxWaiting?: number
}

interface WaitingEvent extends LogRow {
  readonly resolve: (id: string) => void
  readonly reject: (error: unknown) => void
}

/** events of one transaction: at some 8 µs each it keeps the event loop for 4 ms at most. */
const batchLimit = 512
/** what a commit and a row write to the WAL beside the events' own text, bytes: whole pages and index entries. */
const commitOverhead = 16_384
const rowOverhead = 100
/** after a failed commit, settled deliveries are written again by then, milliseconds. */
const retryCommitMs = 1_000

function prepareOrClose(database: Database.Database, path: string): void {
  try {
    prepareJournalSchema(database)
    upgradeJournal(database, path)
  } catch (error) {
    database.close()
    throw stateError(error, path) ?? error
  }
}

/** @throws STATE_READ_ONLY, STATE_FULL, STATE_DAMAGED, STATE_NEWER, STATE_BUSY */
export function openSqliteJournal(options: SqliteJournalOptions): Journal {
  const { path, log } = options
  const durability = options.durability ?? 'normal'
  const maxWaiting = options.maxWaiting ?? 50_000
  const database = openDatabase({ path, version: journalSchemaVersion })
  prepareOrClose(database, path)
  const rows = createJournalLog(database)
  const tables = createGroupTables(database)
  const session = beginSession(database)
  const walSync = durability === 'strict' ? openWalSync(path) : undefined
  const begin = database.prepare('begin immediate')
  const commit = database.prepare('commit')
  const rollback = database.prepare('rollback')

  // by type for groups; `*` for those who hear everything.
  const live = new EventEmitter<Record<string, (event: EventEnvelope, position: number) => void>>()
  const groups = new Map<string, GroupRuntime>()
  const successors = new Map<string, (() => void)[]>()
  const newest = rows.last()
  let visible = newest?.position ?? Number.MIN_SAFE_INTEGER
  let visibleId = newest?.event.id
  let lastAppended = visible
  // a clock that was set back must not make ids that are older than what the log has.
  if (visibleId !== undefined) createIdentifier(timeOfIdentifier(visibleId) + 1)
  let eventCount: number | undefined
  let waiting: WaitingEvent[] = []
  let scheduled = false
  let again = false
  let committing = false
  let closed: Promise<void> | undefined
  let ended = false
  let failure: string | undefined
  let idle: (() => void)[] = []

  const schedule = (): void => {
    // a group that is refilled at the end of a commit may want another one right after it.
    if (committing) again = true
    if (scheduled || committing) return
    scheduled = true
    setImmediate(tick)
  }

  const checkpointer = createCheckpointer({ path, database, log, released: () => schedule() })

  const tick = (): void => {
    scheduled = false
    // whoever lets go of the journal schedules the next commit.
    if (ended || checkpointer.holding) return
    committing = true
    const committed = commitWaiting()
    // settled deliveries need no sync: what is lost of them is delivered once more.
    if (committed === undefined || committed.length === 0 || walSync === undefined) return finish(committed)
    walSync.sync().then(
      () => finish(committed),
      (error: unknown) => {
        // the frames may be on the disk or not; the publishers must not believe they are.
        reject(committed, error)
        finish(undefined)
      },
    )
  }

  const finish = (committed: readonly WaitingEvent[] | undefined): void => {
    if (committed !== undefined) publish(committed)
    for (const group of groups.values()) if (group.hungry) group.refill()
    committing = false
    const wanted = again || anyDirty()
    again = false
    if (waiting.length > 0 || (failure === undefined && wanted)) return schedule()
    if (wanted) setTimeout(schedule, retryCommitMs).unref()
    const resolvers = idle
    idle = []
    for (const resolve of resolvers) resolve()
  }

  const anyDirty = (): boolean => {
    for (const group of groups.values()) if (group.dirty) return true
    return false
  }

  /** one transaction for what waits now, up to the limit, and for everything that groups have settled. */
  const commitWaiting = (): readonly WaitingEvent[] | undefined => {
    const batch = waiting.length <= batchLimit ? waiting : waiting.slice(0, batchLimit)
    waiting = waiting.length <= batchLimit ? [] : waiting.slice(batchLimit)
    const dirty = Array.from(groups.values()).filter((group) => group.dirty)
    if (batch.length === 0 && dirty.length === 0) return undefined
    try {
      begin.run()
      rows.insert(batch)
      for (const group of dirty) group.write()
      commit.run()
    } catch (error) {
      if (database.inTransaction) rollback.run()
      rows.reloadTypes()
      reject(batch, error)
      return undefined
    }
    failure = undefined
    for (const group of dirty) group.written()
    let bytes = commitOverhead
    for (const one of batch) bytes += one.body.length + rowOverhead
    checkpointer.committed(bytes)
    return batch
  }

  const reject = (batch: readonly WaitingEvent[], error: unknown): void => {
    const reason = stateError(error, path) ?? error
    failure = reason instanceof Error ? reason.message : String(reason)
    log.error({ err: reason, events: batch.length }, 'the journal could not commit')
    for (const one of batch) one.reject(reason)
  }

  const publish = (batch: readonly WaitingEvent[]): void => {
    const last = batch.at(-1)
    if (last === undefined) return
    visible = last.position
    visibleId = last.event.id
    if (eventCount !== undefined) eventCount += batch.length
    const followed = live.listenerCount('*') > 0
    for (const { event, position, resolve } of batch) {
      resolve(event.id)
      live.emit(event.type, event, position)
      if (followed) live.emit('*', event, position)
    }
  }

  const flush = (): Promise<void> => {
    if (!committing && !scheduled && waiting.length === 0 && !anyDirty()) return Promise.resolve()
    schedule()
    return new Promise((resolve) => idle.push(resolve))
  }

  const assertOpen = (): void => {
    if (closed !== undefined) throw eventErrors.JOURNAL_CLOSED()
  }

  const activate = (group: GroupOptions, deliver: (delivery: Delivery) => void): GroupRuntime => {
    const now = Date.now()
    let row = tables.find(group.name)
    if (row === undefined) {
      const from = group.from === 'now' ? visible : Number.MIN_SAFE_INTEGER
      row = tables.make(group.name, group.types, from, session.id)
    } else {
      suspectDeliveries({ database, tables, rows, row, group, session, visible, now })
      tables.enter(row.id, group.types, session.id)
      // what is suspected has become pending, and the row says so.
      row = tables.find(group.name) ?? row
    }
    const runtime = createGroupRuntime({
      options: group,
      row,
      log: rows,
      tables,
      deliver,
      schedule,
      visible: () => visible,
    })
    groups.set(group.name, runtime)
    for (const type of group.types) live.on(type, runtime.offer)
    schedule()
    return runtime
  }

  const leave = async (runtime: GroupRuntime): Promise<void> => {
    for (const type of runtime.types) live.off(type, runtime.offer)
    runtime.stop()
    await flush()
    groups.delete(runtime.name)
    const next = successors.get(runtime.name)?.shift()
    if (next !== undefined && closed === undefined) next()
  }

  const join = (group: GroupOptions, deliver: (delivery: Delivery) => void): JournalGroup => {
    assertOpen()
    let runtime: GroupRuntime | undefined
    let left: Promise<void> | undefined
    const begun = Promise.withResolvers<void>()
    const enter = (): void => {
      runtime = activate(group, deliver)
      // a new group must not be forgotten by a crash that its first events survive.
      const durable = walSync === undefined ? Promise.resolve() : walSync.sync()
      durable.then(begun.resolve, begun.reject)
    }
    const heldBy = groups.get(group.name)
    if (heldBy === undefined) enter()
    else if (group.takeOver === true) {
      const queue = successors.get(group.name) ?? []
      successors.set(group.name, queue)
      queue.push(enter)
    } else throw eventErrors.GROUP_TAKEN({ value: group.name })
    // nobody may be waiting for it, and then its failure is told by the next commit.
    begun.promise.catch((error: unknown) => log.error({ err: error, group: group.name }, 'a group is not durable'))
    return {
      name: group.name,
      ready: begun.promise,
      acknowledge: (delivery) => runtime?.acknowledge(delivery as GroupDelivery),
      noteFailure: (delivery, { error, retryAtMs }) =>
        runtime?.noteFailure(delivery as GroupDelivery, error, retryAtMs),
      park: (delivery, error) => runtime?.park(delivery as GroupDelivery, error),
      close: () => {
        if (runtime !== undefined) return (left ??= leave(runtime))
        const queue = successors.get(group.name)
        if (queue !== undefined) queue.splice(queue.indexOf(enter), 1)
        begun.resolve()
        return Promise.resolve()
      },
    }
  }

  const administration = createJournalAdministration({
    database,
    path,
    rows,
    tables,
    groups,
    visible: () => visible,
    // counted when it is first asked for, then kept up to date: counting reads the whole index.
    countEvents: () => (eventCount ??= rows.count()),
    dropped: (events) => {
      if (eventCount !== undefined) eventCount -= events
    },
  })

  return {
    backend: 'sqlite',
    durability,
    append: (event) => {
      const appended = new Promise<string>((resolve, reject) => {
        assertOpen()
        if (waiting.length >= maxWaiting) throw eventErrors.JOURNAL_BUSY({ value: waiting.length })
        const position = positionOf(event.id)
        if (!(position > lastAppended)) throw eventErrors.JOURNAL_ORDER({ value: event.id })
        const body = bodyOf(event, position)
        lastAppended = position
        waiting.push({ event, position, body, resolve, reject })
      })
      schedule()
      return appended
    },
    join,
    read: async (range = {}) => {
      assertOpen()
      return rows.read(range, visible)
    },
    position: () => visibleId,
    listen: (listener) => {
      const safe = (event: EventEnvelope): void => {
        try {
          listener(event)
        } catch (error) {
          log.error({ err: error, event: event.type }, 'a listener of the journal threw')
        }
      }
      live.on('*', safe)
      return () => live.off('*', safe)
    },
    ...administration,
    health: () =>
      failure === undefined
        ? { backend: 'sqlite', status: 'healthy' }
        : { backend: 'sqlite', status: 'unhealthy', reason: failure },
    flush,
    close: () =>
      (closed ??= (async () => {
        for (const runtime of groups.values()) runtime.stop()
        if (failure === undefined) await flush()
        for (const one of waiting) one.reject(eventErrors.JOURNAL_CLOSED())
        waiting = []
        live.removeAllListeners()
        await checkpointer.close()
        ended = true
        session.end()
        walSync?.close()
        database.close()
      })()),
  }
}
