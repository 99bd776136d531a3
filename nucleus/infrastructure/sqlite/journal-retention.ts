// drops old events in small pieces, but nothing that a group has not acknowledged. the file keeps its size: the room is
// used again, and a file that could shrink would cost each insert a fifth more (measured).
import type Database from 'better-sqlite3'
import type { RetentionLimits } from '../../events/journal.ts'
import { nextTurn } from './journal-administration.ts'
import type { GroupRuntime } from './journal-group.ts'
import { positionAt } from './journal-schema.ts'
import type { GroupTables } from './journal-tables.ts'

export interface RetentionParts {
  readonly database: Database.Database
  readonly tables: GroupTables
  readonly groups: ReadonlyMap<string, GroupRuntime>
}

/** events of one transaction: a piece takes a few milliseconds. */
const pieceSize = 500

/** gives the number of events that were dropped, or would be. */
export async function retainEvents(parts: RetentionParts, limits: RetentionLimits): Promise<number> {
  const { database } = parts
  const piece = database.prepare(
    `select events.position, types.name as type from events join types on types.id = events.type
     where events.position > ? order by events.position limit ${pieceSize}`,
  )
  const isPending = database.prepare('select 1 from pending where position = ? limit 1').pluck()
  const remove = database.prepare('delete from events where position = ?')
  const tooOld = positionAt(Date.now() - limits.maxAgeMs)
  let after = Number.MIN_SAFE_INTEGER
  let dropped = 0
  for (;;) {
    const over = usedBytes(database) > limits.maxBytes
    const rows = piece.all(after) as { position: number; type: string }[]
    const last = rows.at(-1)
    if (last === undefined || (!over && rows[0]!.position > tooOld)) return dropped
    const floors = floorsByType(parts)
    const removable = rows.filter(
      ({ position, type }) =>
        (over || position <= tooOld) &&
        position <= (floors.get(type) ?? Number.MAX_SAFE_INTEGER) &&
        isPending.get(position) === undefined,
    )
    if (limits.dryRun !== true) {
      database.transaction(() => {
        for (const { position } of removable) remove.run(position)
      })()
    }
    dropped += removable.length
    after = last.position
    await nextTurn()
    if (!database.open) return dropped
  }
}

/** up to which position every group that wants a type has been through. */
function floorsByType({ tables, groups }: RetentionParts): Map<string, number> {
  const floors = new Map<string, number>()
  for (const row of tables.all()) {
    // a runtime's position may not be written yet; the row's is what a crash would go back to.
    const position = row.position
    const types = groups.get(row.name)?.types ?? (JSON.parse(row.types) as string[])
    for (const type of types) floors.set(type, Math.min(floors.get(type) ?? position, position))
  }
  return floors
}

function usedBytes(database: Database.Database): number {
  const pages = Number(database.pragma('page_count', { simple: true }))
  const free = Number(database.pragma('freelist_count', { simple: true }))
  return (pages - free) * Number(database.pragma('page_size', { simple: true }))
}
