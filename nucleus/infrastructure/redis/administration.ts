// the slow side of the Redis journal: reading, dead letters, replay, retention and what it tells of itself.
import { eventErrors } from '../../events/errors.ts'
import type { EventEnvelope } from '../../events/event.ts'
import type { ReadOptions, RetentionLimits } from '../../events/journal.ts'
import { timeOfIdentifier, traceIdOf } from '../../identifiers.ts'
import { bodyOf, eventOf, fieldOf, type RawEntry } from './entries.ts'
import { letterName, type RedisGroup } from './group.ts'
import type { RedisJournal } from './journal.ts'
import type { JournalKeys } from './keys.ts'
import type { RedisLink, RedisReply } from './link.ts'
import { compareEntryIds, entryIdOf, identifierOf, parseEntryId } from './positions.ts'
import { dropGroupScript, handOverScript, letterScript, replayScript, trimScript } from './scripts.ts'

export interface AdministrationParts {
  readonly link: RedisLink
  readonly keys: JournalKeys
  /** the types that have a stream. */
  readonly types: ReadonlySet<string>
  /** those that are joined by this process. */
  readonly groups: ReadonlyMap<string, RedisGroup>
  /** what was settled is told before anybody looks. */
  readonly tellSettled: () => void
}

export type RedisAdministration = Pick<
  RedisJournal,
  | 'handOver'
  | 'keepLetter'
  | 'read'
  | 'deadLetters'
  | 'replayDeadLetter'
  | 'dropDeadLetter'
  | 'replay'
  | 'dropGroup'
  | 'retain'
  | 'statistics'
>

const maxReadLimit = 1_000
/** entries of one step: Redis serves others in between. */
const pieceSize = 500
/** pieces in a row of which nothing could be dropped. */
const blockedLimit = 20
/** what a position that can be any trace's first is before: ids of a trace and its first event are made together. */
const traceSlackMs = 1_000

/** how long it is remembered what was handed over, seconds. */
const rememberSeconds = 90 * 86_400

interface Letter {
  readonly group: string
  readonly entryId: string
  readonly type: string
  readonly body: string
  readonly attempts: number
  readonly error: string
  readonly parkedAtMs: number
}

interface Located {
  readonly type: string
  readonly entry: RawEntry
}

export function createRedisAdministration(parts: AdministrationParts): RedisAdministration {
  const { link, keys } = parts

  /** the oldest entries of these types in a range, in order. */
  const range = async (types: Iterable<string>, after: string, until: string, limit: number): Promise<Located[]> => {
    const replies = await Promise.all(
      Array.from(types, async (type) => {
        const entries = await link.send('XRANGE', keys.log(type), after, until, 'COUNT', limit)
        return (entries as unknown as readonly RawEntry[]).map((entry) => ({ type, entry }))
      }),
    )
    return replies
      .flat()
      .toSorted((left, right) => compareEntryIds(left.entry[0], right.entry[0]))
      .slice(0, limit)
  }

  const read = async (options: ReadOptions = {}): Promise<EventEnvelope[]> => {
    let after = options.after === undefined ? '-' : `(${parseEntryId(options.after)}`
    const until = options.until === undefined ? '+' : parseEntryId(options.until)
    const limit = Math.max(0, Math.min(options.limit ?? 100, maxReadLimit))
    const types = options.types ?? parts.types
    const { traceId } = options
    link.assertUp()
    if (limit === 0) return []
    if (traceId === undefined) return (await range(types, after, until, limit)).map(toEvent)
    // a trace's id says when it began: nothing of it is older.
    if (after === '-') after = beginningOf(traceId)
    const found: EventEnvelope[] = []
    for (;;) {
      const piece = await range(types, after, until, pieceSize)
      found.push(...piece.map(toEvent).filter((event) => traceIdOf(event.traceparent) === traceId))
      const last = piece.at(-1)
      if (last === undefined || piece.length < pieceSize || found.length >= limit) return found.slice(0, limit)
      after = `(${last.entry[0]}`
    }
  }

  const typesOf = async (group: string): Promise<string[]> => {
    const stored = await link.send('HGET', keys.groups, group)
    if (typeof stored !== 'string') throw eventErrors.GROUP_UNKNOWN({ value: group })
    return JSON.parse(stored) as string[]
  }

  const settleLetter = async (group: string, eventId: string, again: '0' | '1'): Promise<void> => {
    const done = await link.run(
      letterScript,
      [keys.letters, keys.letterOrder, keys.again(group)],
      [letterName(group, eventId), again, keys.bell, group],
    )
    if (done !== 1) throw eventErrors.DEAD_LETTER_UNKNOWN({ value: `${group} ${eventId}` })
  }

  /** entries that a group has not been given: Redis reckons it, or they are counted. */
  const notGiven = async (stream: string, info: Record<string, RedisReply>): Promise<number> => {
    if (typeof info['lag'] === 'number') return info['lag']
    let after = String(info['last-delivered-id'])
    let count = 0
    for (;;) {
      const entries = await link.send('XRANGE', stream, `(${after}`, '+', 'COUNT', pieceSize)
      const piece = entries as unknown as readonly RawEntry[]
      count += piece.length
      if (piece.length < pieceSize) return count
      after = piece.at(-1)![0]
    }
  }

  const lagOf = async (group: string, types: readonly string[]): Promise<number> => {
    const streams = [keys.again(group), ...types.map((type) => keys.log(type))]
    const counts = await Promise.all(
      streams.map(async (stream) => {
        const infos = await link.send('XINFO', 'GROUPS', stream)
        const info = (infos as readonly RedisReply[]).map(toRecord).find((one) => one['name'] === group)
        return info === undefined ? 0 : Number(info['pending']) + (await notGiven(stream, info))
      }),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }

  const usedBytes = async (): Promise<number> => {
    const sizes = await Promise.all(
      Array.from(parts.types, (type) => link.send('MEMORY', 'USAGE', keys.log(type), 'SAMPLES', 10)),
    )
    return sizes.reduce<number>((sum, size) => sum + Number(size ?? 0), 0)
  }

  const countEvents = async (): Promise<number> => {
    const lengths = await Promise.all(Array.from(parts.types, (type) => link.send('XLEN', keys.log(type))))
    return lengths.reduce<number>((sum, length) => sum + Number(length), 0)
  }

  /** drops up to a position, but nothing that a group still needs. */
  const trim = async (first: string, from: string, dryRun: boolean): Promise<number> => {
    const trimmed = await Promise.all(
      Array.from(parts.types, (type) => link.run(trimScript, [keys.log(type)], [first, dryRun ? '1' : '0', from])),
    )
    return trimmed.reduce<number>((sum, count) => sum + Number(count), 0)
  }

  const retain = async ({ maxAgeMs, maxBytes, dryRun = false }: RetentionLimits): Promise<number> => {
    parts.tellSettled()
    const tooOld = `${Math.max(0, Math.floor(Date.now() - maxAgeMs))}-0`
    let dropped = 0
    let blocked = 0
    let from = '-'
    let used = await usedBytes()
    const each = used / Math.max(1, await countEvents())
    for (;;) {
      const piece = await range(parts.types, from, '+', pieceSize)
      const last = piece.at(-1)
      const over = used > maxBytes
      if (last === undefined || (!over && compareEntryIds(piece[0]!.entry[0], tooOld) >= 0)) break
      const [milliseconds, counter] = last.entry[0].split('-').map(Number) as [number, number]
      const beyond = `${milliseconds}-${counter + 1}`
      const first = over || compareEntryIds(beyond, tooOld) < 0 ? beyond : tooOld
      const count = await trim(first, from, dryRun)
      dropped += count
      if (dryRun) used -= count * each
      else if (over) used = await usedBytes()
      from = beyond
      // where a group has not settled so many, it holds what comes after them as well.
      blocked = count === 0 ? blocked + 1 : 0
      if (first === tooOld || blocked > blockedLimit) break
    }
    // what a group was given once more and has settled is removed with its settling; a crash in between leaves it.
    if (!dryRun) {
      for (const group of (await link.send('HKEYS', keys.groups)) as readonly string[]) {
        await link.run(trimScript, [keys.again(group)], [tooOld, '0', '-'])
      }
    }
    return dropped
  }

  return {
    read,
    deadLetters: async (limit = 100) => {
      const count = Math.max(0, Math.min(limit, 1_000))
      if (count === 0) return []
      const names = (await link.send('ZREVRANGE', keys.letterOrder, 0, count - 1)) as readonly string[]
      if (names.length === 0) return []
      const stored = (await link.send('HMGET', keys.letters, ...names)) as readonly (string | null)[]
      return stored.flatMap((text) => {
        if (text === null) return []
        const { group, entryId, type, body, attempts, error, parkedAtMs } = JSON.parse(text) as Letter
        const event = eventOf(entryId, type, body)
        return [{ group, event, attempts, error, parkedAt: new Date(parkedAtMs).toISOString() }]
      })
    },
    replayDeadLetter: (group, eventId) => settleLetter(group, eventId, '1'),
    dropDeadLetter: (group, eventId) => settleLetter(group, eventId, '0'),
    replay: async (group, { after, until }) => {
      const types = await typesOf(group)
      let count = 0
      for (const type of types) {
        let from = after === undefined ? '0-0' : parseEntryId(after)
        const to = until === undefined ? '+' : parseEntryId(until)
        for (;;) {
          const reply = await link.run(
            replayScript,
            [keys.log(type), keys.again(group)],
            [group, type, from, to, pieceSize, keys.bell],
          )
          const [number, last] = reply as readonly [number, string]
          count += number
          if (number < pieceSize) break
          from = last
        }
      }
      return count
    },
    handOver: async (group, event) => {
      const position = entryIdOf(event.id)
      await link.run(
        handOverScript,
        [keys.again(group), keys.handedOver(group)],
        [position, event.type, bodyOf(event), keys.bell, group, rememberSeconds],
      )
    },
    keepLetter: async ({ group, event, attempts, error, parkedAt }) => {
      const name = letterName(group, event.id)
      const parkedAtMs = Date.parse(parkedAt)
      const { type } = event
      const letter: Letter = {
        group,
        entryId: entryIdOf(event.id),
        type,
        body: bodyOf(event),
        attempts,
        error,
        parkedAtMs,
      }
      await link.send('HSET', keys.letters, name, JSON.stringify(letter))
      await link.send('ZADD', keys.letterOrder, parkedAtMs, name)
    },
    dropGroup: async (group) => {
      if (parts.groups.has(group)) throw eventErrors.GROUP_TAKEN({ value: group, fix: 'end its subscription first' })
      const done = await link.run(
        dropGroupScript,
        [keys.groups, keys.pending(group), keys.again(group), keys.letters, keys.letterOrder],
        [keys.prefix, group],
      )
      if (done !== 1) throw eventErrors.GROUP_UNKNOWN({ value: group })
    },
    retain,
    statistics: async () => {
      parts.tellSettled()
      const stored = (await link.send('HGETALL', keys.groups)) as readonly string[]
      const groups = Object.entries(toRecord(stored)) as [string, string][]
      const lags = await Promise.all(groups.map(([group, types]) => lagOf(group, JSON.parse(types) as string[])))
      return {
        events: await countEvents(),
        bytes: await usedBytes(),
        deadLetters: Number(await link.send('ZCARD', keys.letterOrder)),
        lag: Object.fromEntries(groups.map(([group], index) => [group, lags[index]!])),
      }
    },
  }
}

function toEvent({ type, entry: [id, fields] }: Located): EventEnvelope {
  return eventOf(id, type, fieldOf(fields ?? [], 'e') ?? '')
}

/** names and values in turn, as Redis gives them, as an object. */
function toRecord(flat: RedisReply): Record<string, RedisReply> {
  const record: Record<string, RedisReply> = {}
  const items = Array.isArray(flat) ? (flat as readonly RedisReply[]) : []
  for (let index = 0; index + 1 < items.length; index += 2) record[String(items[index])] = items[index + 1]
  return record
}

function beginningOf(traceId: string): string {
  const milliseconds = timeOfIdentifier(traceId)
  // a trace that came from elsewhere has any id: then all is looked through.
  const isOurs = traceId[12] === '7' && Math.abs(Date.now() - milliseconds) < 10 * 365 * 86_400_000
  return isOurs ? `${Math.max(0, milliseconds - traceSlackMs)}-0` : '-'
}

/** the whole id of an event, for those that only know its entry. */
export function newestOf(entry: RawEntry): string {
  const [id, fields] = entry
  return identifierOf(id, JSON.parse(fieldOf(fields ?? [], 'e') ?? '[]')[1] as string)
}
