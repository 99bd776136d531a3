// brings a journal that an older version wrote to the rows of this one, once, when it is opened.
import type Database from 'better-sqlite3'
import type { EventEnvelope } from '../../events/event.ts'
import { infrastructureErrors } from '../errors.ts'
import { bodyOf, traceOf } from './journal-rows.ts'
import { journalSchemaVersion, positionOf } from './journal-schema.ts'

/** rows of one transaction: what a crash would make to be done again, and what is held in memory. */
const batch = 1_000

interface OldRow {
  readonly position: number
  readonly body: string
}

/**
 * version 1 kept the whole envelope as a row's body, and its last builds wrote the rows of version 2 already: what is no
 * list is rewritten. it is done in pieces, and goes on where a crash has ended it, since the number is raised last.
 * @throws STATE_DAMAGED where a row is none of both; nothing is lost, the file is as it was but for whole pieces.
 */
export function upgradeJournal(database: Database.Database, path: string): void {
  const found = Number(database.pragma('user_version', { simple: true }))
  if (found === journalSchemaVersion) return
  if (found === 1) rewriteEnvelopes(database, path)
  database.pragma(`user_version = ${journalSchemaVersion}`)
}

function rewriteEnvelopes(database: Database.Database, path: string): void {
  const next = database.prepare(
    `select position, body from events where position > ? and substr(body, 1, 1) <> '[' order by position limit ${batch}`,
  )
  const update = database.prepare('update events set trace = ?, body = ? where position = ?')
  const rewrite = database.transaction((rows: readonly OldRow[]) => {
    for (const { position, body } of rows) {
      const event = envelopeOf(body)
      if (event === undefined || positionOf(event.id) !== position) {
        throw infrastructureErrors.STATE_DAMAGED({
          value: path,
          detail: `the event at position ${position} is not what a version of LOTUS writes`,
        })
      }
      update.run(traceOf(event), bodyOf(event, position), position)
    }
  })
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const rows = next.all(after) as OldRow[]
    const last = rows.at(-1)
    if (last === undefined) return
    rewrite.immediate(rows)
    after = last.position
  }
}

function envelopeOf(body: string): EventEnvelope | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  const event = value as Partial<EventEnvelope> | null
  const isWhole =
    typeof event === 'object' &&
    typeof event?.id === 'string' &&
    typeof event.source === 'string' &&
    typeof event.time === 'string' &&
    typeof event.traceparent === 'string'
  return isWhole ? (event as EventEnvelope) : undefined
}
