// the journal's slow side: dead letters, replay, retention and what it tells of itself.
import { statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { eventErrors } from '../../events/errors.ts'
import type { EventEnvelope } from '../../events/event.ts'
import type { Journal } from '../../events/journal.ts'
import { stateError } from '../errors.ts'
import type { GroupRuntime } from './journal-group.ts'
import type { JournalLog } from './journal-log.ts'
import { retainEvents } from './journal-retention.ts'
import { parsePosition } from './journal-schema.ts'
import type { DeadLetterRow, GroupRow, GroupTables } from './journal-tables.ts'

export interface AdministrationParts {
  readonly database: Database.Database
  readonly path: string
  readonly rows: JournalLog
  readonly tables: GroupTables
  /** those that are joined by this process. */
  readonly groups: ReadonlyMap<string, GroupRuntime>
  readonly visible: () => number
  readonly dropped: (events: number) => void
  readonly countEvents: () => number
}

export type JournalAdministration = Pick<
  Journal,
  'deadLetters' | 'replayDeadLetter' | 'dropDeadLetter' | 'replay' | 'dropGroup' | 'retain' | 'statistics'
>

/** events that one replay adds at once; the loop goes on with the next ones. */
const replayBatch = 500

export function createJournalAdministration(parts: AdministrationParts): JournalAdministration {
  const { database, rows, tables, groups } = parts

  const atomically = <Result>(work: () => Result): Result => {
    try {
      return database.transaction(work).immediate()
    } catch (error) {
      throw stateError(error, parts.path) ?? error
    }
  }

  const letterOf = (group: string, eventId: string): DeadLetterRow => {
    const letter = tables.letter(group, parsePosition(eventId))
    if (letter === undefined) throw eventErrors.DEAD_LETTER_UNKNOWN({ value: `${group} ${eventId}` })
    return letter
  }

  const groupOf = (name: string): GroupRow => {
    const row = tables.find(name)
    if (row === undefined) throw eventErrors.GROUP_UNKNOWN({ value: name })
    return row
  }

  const lagOf = (row: GroupRow): number => {
    const runtime = groups.get(row.name)
    const position = runtime?.position ?? row.position
    const done = runtime?.doneAbove ?? (JSON.parse(row.acknowledged) as number[]).length
    const types = runtime?.types ?? (JSON.parse(row.types) as string[])
    return rows.countAfter(types, position, parts.visible()) - done + tables.countPending(row.id)
  }

  return {
    deadLetters: async (limit = 100) =>
      tables.letters(Math.max(0, Math.min(limit, 1_000))).map((letter) => ({
        group: letter.name,
        event: JSON.parse(letter.body) as EventEnvelope,
        attempts: letter.attempts,
        error: letter.error,
        parkedAt: new Date(letter.parked_at).toISOString(),
      })),
    replayDeadLetter: async (group, eventId) => {
      const letter = letterOf(group, eventId)
      atomically(() => {
        // retention may have dropped the event since; the letter keeps its own copy.
        rows.restore(letter.position, JSON.parse(letter.body) as EventEnvelope)
        tables.setPending(
          letter.group_id,
          { position: letter.position, attempts: 0, crashes: 0, retry_at: 0 },
          'replayed',
        )
        tables.removeLetter(letter.id)
      })
      groups.get(group)?.pendingAdded()
    },
    dropDeadLetter: async (group, eventId) => {
      const letter = letterOf(group, eventId)
      atomically(() => tables.removeLetter(letter.id))
    },
    replay: async (group, range) => {
      const row = groupOf(group)
      const types = JSON.parse(row.types) as string[]
      let after = range.after === undefined ? Number.MIN_SAFE_INTEGER : parsePosition(range.after)
      // what the group has not reached yet comes by itself.
      const reached = groups.get(group)?.position ?? row.position
      const until = Math.min(range.until === undefined ? reached : parsePosition(range.until), reached)
      let count = 0
      for (;;) {
        const batch = rows.after(types, after, until, replayBatch)
        const last = batch.at(-1)
        if (last === undefined) break
        atomically(() => {
          for (const { position } of batch) {
            tables.setPending(row.id, { position, attempts: 0, crashes: 0, retry_at: 0 }, 'replayed')
          }
        })
        count += batch.length
        after = last.position
        await nextTurn()
      }
      if (count > 0) groups.get(group)?.pendingAdded()
      return count
    },
    dropGroup: async (group) => {
      const row = groupOf(group)
      if (groups.has(group)) throw eventErrors.GROUP_TAKEN({ value: group, fix: 'end its subscription first' })
      atomically(() => tables.drop(row.id))
    },
    retain: async (limits) => {
      const count = await retainEvents(parts, limits)
      if (limits.dryRun !== true) parts.dropped(count)
      return count
    },
    statistics: async () => ({
      events: parts.countEvents(),
      bytes: sizeOf(parts.path) + sizeOf(`${parts.path}-wal`),
      deadLetters: tables.countLetters(),
      lag: Object.fromEntries(tables.all().map((row) => [row.name, lagOf(row)])),
    }),
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** gives the event loop to others between two pieces of long work. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
