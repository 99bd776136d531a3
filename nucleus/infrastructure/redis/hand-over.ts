// hands over to Redis what the embedded journal still owes its groups: events that were not acknowledged, and dead letters.
import type { Logger } from 'pino'
import type { JournalDurability } from '../../events/journal.ts'
import { openSqliteJournal } from '../sqlite/journal.ts'
import { lookInto } from '../sqlite/look.ts'
import type { RedisJournal } from './journal.ts'

export interface HandOverParts {
  /** of the embedded journal, which exists. */
  readonly path: string
  readonly durability: JournalDurability
  readonly to: RedisJournal
  readonly log: Logger
}

/** events of one group on their way at once. */
const credit = 256
const letterLimit = 1_000

/**
 * each event goes to the groups that it is owed only, before what comes from now on. it is acknowledged here when Redis has it,
 * and Redis takes it once: a death in between repeats nothing. what everybody has handled stays where it is.
 * @throws REDIS_UNREACHABLE; what was not handed over by then is still owed here
 */
export async function handOverEmbedded(parts: HandOverParts): Promise<void> {
  const { to } = parts
  const known = groupsIn(parts.path)
  if (known.length === 0) return
  const journal = openSqliteJournal(parts)
  try {
    let handedOver = 0
    const underWay: Promise<void>[] = []
    const groups = known.map(({ name, types }) => {
      const group = journal.join({ name, types, from: 'now', concurrency: 1, credit }, (delivery) => {
        underWay.push(
          to.handOver(name, delivery.event).then(() => {
            group.acknowledge(delivery)
            handedOver += 1
          }),
        )
      })
      return group
    })
    do {
      await allOf(underWay.splice(0))
      // a flush ends when every group has been given what it may hold.
      await journal.flush()
    } while (underWay.length > 0)
    await Promise.all(groups.map((group) => group.close()))
    const letters = await journal.deadLetters(letterLimit)
    for (const letter of letters) {
      await to.keepLetter(letter)
      await journal.dropDeadLetter(letter.group, letter.event.id)
    }
    if (handedOver + letters.length > 0) {
      parts.log.info(
        { events: handedOver, dead_letters: letters.length },
        'the embedded journal was handed over to Redis',
      )
    }
  } finally {
    await journal.close()
  }
}

/** waits for all of them, so that none goes on after the journal is closed. @throws what the first one threw */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason instanceof Error ? failed.reason : new Error(String(failed.reason))
}

interface KnownGroup {
  readonly name: string
  readonly types: readonly string[]
}

function groupsIn(path: string): KnownGroup[] {
  return lookInto(path, (database) => {
    const hasGroups = database.prepare(`select 1 from sqlite_master where name = 'groups'`).get() !== undefined
    if (!hasGroups) return []
    const rows = database.prepare('select name, types from groups').all() as { name: string; types: string }[]
    return rows.map(({ name, types }) => ({ name, types: JSON.parse(types) as string[] }))
  })
}
