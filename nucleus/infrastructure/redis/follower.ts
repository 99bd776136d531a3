// tells listeners every event of every nucleus after its commit, in order: reads all streams from where it stands.
import type { Logger } from 'pino'
import type { EventEnvelope } from '../../events/event.ts'
import { eventOf, fieldOf } from './entries.ts'
import { entriesOf } from './group.ts'
import type { JournalKeys } from './keys.ts'
import type { RedisLink } from './link.ts'
import { compareEntryIds } from './positions.ts'

export interface FollowerParts {
  readonly link: RedisLink
  readonly keys: JournalKeys
  readonly log: Logger
  /** the types that have a stream. */
  readonly types: ReadonlySet<string>
  /** the newest position that this process knows. */
  readonly position: () => string
  readonly settled: () => void
}

/** entries that one read may give of one stream. */
const readLimit = 500

interface Listener {
  readonly after: string
  readonly hear: (event: EventEnvelope) => void
}

export type Follower = ReturnType<typeof createFollower>

export function createFollower(parts: FollowerParts) {
  const { link, keys, log } = parts
  const listeners = new Set<Listener>()
  let cursor = '0-0'
  let rung = false
  let reading = false

  /**
   * one read of all streams sees one moment of them. where a stream has more than the limit, nothing beyond its last entry is
   * told, or an older one of it would come later.
   */
  const readOnce = async (): Promise<boolean> => {
    const types = Array.from(parts.types)
    if (types.length === 0) return false
    const streams = [...types.map((type) => keys.log(type)), ...types.map(() => cursor)]
    const reply = await link.send('XREAD', 'COUNT', readLimit, 'STREAMS', ...streams)
    const found = types.map((type) => ({ type, entries: entriesOf(reply, keys.log(type)) }))
    const ends = found.flatMap(({ entries }) => (entries.length < readLimit ? [] : [entries.at(-1)![0]]))
    const until = ends.toSorted(compareEntryIds)[0]
    const events = found
      .flatMap(({ type, entries }) => entries.map((entry) => ({ type, entry })))
      .filter(({ entry }) => until === undefined || compareEntryIds(entry[0], until) <= 0)
      .toSorted((left, right) => compareEntryIds(left.entry[0], right.entry[0]))
    for (const { type, entry } of events) {
      const [entryId, fields] = entry
      cursor = entryId
      tellAll(entryId, eventOf(entryId, type, fieldOf(fields ?? [], 'e') ?? ''))
    }
    return until !== undefined
  }

  const tellAll = (entryId: string, event: EventEnvelope): void => {
    for (const { after, hear } of listeners) {
      if (compareEntryIds(entryId, after) <= 0) continue
      try {
        hear(event)
      } catch (error) {
        log.error({ err: error, event: event.type }, 'a listener of the journal threw')
      }
    }
  }

  const follow = async (): Promise<void> => {
    while (rung && listeners.size > 0 && link.up) {
      rung = false
      if (await readOnce()) rung = true
    }
  }

  const ring = (): void => {
    rung = true
    if (reading || listeners.size === 0 || !link.up) return
    reading = true
    follow()
      .catch((error: unknown) => link.fail(error))
      .finally(() => {
        reading = false
        if (rung && listeners.size > 0 && link.up) ring()
        else parts.settled()
      })
  }

  return {
    ring,
    listen: (hear: (event: EventEnvelope) => void): (() => void) => {
      // nobody has listened so far: from now on.
      if (listeners.size === 0) cursor = parts.position()
      const listener = { after: parts.position(), hear }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    get quiet() {
      return !reading
    },
    close: () => listeners.clear(),
  }
}
