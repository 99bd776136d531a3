// the journal on Redis Streams: one stream a type, a consumer group for each durable group, shared by all nuclei on the server.
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { DeadLetter } from '../../contract.ts'
import { eventErrors } from '../../events/errors.ts'
import type { EventEnvelope } from '../../events/event.ts'
import type { Delivery, GroupOptions, Journal, JournalDurability, JournalGroup } from '../../events/journal.ts'
import { createIdentifier, timeOfIdentifier } from '../../identifiers.ts'
import type { ResourceHealth } from '../ports.ts'
import { createRedisAdministration, newestOf } from './administration.ts'
import { createAppender } from './appender.ts'
import { examineDurability, type DurabilityFinding } from './durability.ts'
import type { RawEntry } from './entries.ts'
import { createFollower } from './follower.ts'
import { createRedisGroup, type RedisDelivery, type RedisGroup } from './group.ts'
import { journalKeys } from './keys.ts'
import { databaseOf, openLink, runOn } from './link.ts'
import type { JournalMark } from './mark.ts'
import { createNodeBook } from './nodes.ts'
import { openOutbox } from './outbox.ts'
import { compareEntryIds, entryIdOf, identifierOf } from './positions.ts'

export interface RedisJournalOptions {
  readonly url: string
  /** LOTUS_HOME/data: the outbox is there. */
  readonly folder: string
  /** default 'normal'. */
  readonly durability?: JournalDurability
  readonly log: Logger
  /** events that may wait for their commit; the next one is refused. default 50,000. */
  readonly maxWaiting?: number
  /** size of the events that the outbox may hold, characters. default 256 Mi. */
  readonly maxOutboxBytes?: number
  /** before all keys: several systems may share a server. default `lotus`. */
  readonly namespace?: string
  readonly timing?: Partial<RedisTiming>
  /** says that the database is ours alone; absent: several nuclei share it. */
  readonly mark?: JournalMark
}

/** what only a journal in Redis can be asked for. */
export interface RedisJournal extends Journal {
  /** gives an event to one group, once, before whatever is new to it: it was owed by another journal. */
  handOver(group: string, event: EventEnvelope): Promise<void>
  /** takes over a dead letter of another journal. */
  keepLetter(letter: DeadLetter): Promise<void>
}

export interface RedisTiming {
  /** one attempt to connect, milliseconds. default 3,000. */
  readonly connectMs: number
  /** silence after which Redis is gone, milliseconds. default 700: with a look each 250 ms less than a second. */
  readonly answerMs: number
  /** a nucleus that has not been heard of for so long is dead, and what it held is claimed, milliseconds. default 20,000. */
  readonly deadAfterMs: number
  /** how often a nucleus says that it still holds what it holds, and looks for what the dead hold. default 5,000. */
  readonly touchEveryMs: number
}

const defaultTiming: RedisTiming = { connectMs: 3_000, answerMs: 700, deadAfterMs: 20_000, touchEveryMs: 5_000 }
const pingEveryMs = 250
const closeLimitMs = 5_000
/** events of this process that are kept for a moment, twice as many at most: its own groups need not read them from text. */
const ownLimit = 1_024

/**
 * @throws REDIS_UNREACHABLE, REDIS_TOO_OLD, REDIS_NOT_DURABLE where strict durability is asked for, and what the outbox's
 * file says
 */
export async function openRedisJournal(options: RedisJournalOptions): Promise<RedisJournal> {
  const { log, mark } = options
  const durability = options.durability ?? 'normal'
  const timing = { ...defaultTiming, ...options.timing }
  const keys = journalKeys(options.namespace ?? 'lotus', databaseOf(options.url))
  const outbox = openOutbox({
    path: join(options.folder, 'journal-outbox.db'),
    durability,
    maxBytes: options.maxOutboxBytes ?? 256 * 1024 * 1024,
  })
  // a home that was copied to another machine is another nucleus.
  const consumer = `${hostname()}/${outbox.nucleus}`
  const producer = createIdentifier()
  const groups = new Map<string, RedisGroup>()
  const successors = new Map<string, (() => void)[]>()
  const types = new Set<string>()
  let own = new Map<string, EventEnvelope>()
  let ownBefore = own
  let newest: { readonly entryId: string; readonly id: string } | undefined
  let finding: DurabilityFinding
  let scheduled = false
  let returning = false
  let closed: Promise<void> | undefined
  let ended = false
  let upSinceMs = performance.now()
  let idle: (() => void)[] = []

  const seen = (entryId: string, id: string): void => {
    if (newest === undefined || compareEntryIds(entryId, newest.entryId) > 0) newest = { entryId, id }
  }

  /** what every connection begins with: is it what was asked for, and what is new since we were last there? */
  const prepare = async (redis: Redis): Promise<void> => {
    finding = await examineDurability(redis, durability)
    // a database that another nucleus has taken meanwhile is as good as away: what we have to say waits in the outbox.
    await mark?.hold(runOn(redis))
    for (const type of await redis.smembers(keys.types)) types.add(type)
    const last = await Promise.all(
      Array.from(types, (type) => redis.call('XREVRANGE', keys.log(type), '+', '-', 'COUNT', 1)),
    )
    for (const [entry] of last as (readonly RawEntry[])[]) {
      if (entry !== undefined) seen(entry[0], newestOf(entry))
    }
  }

  const heard = (message: string): void => {
    if (message.startsWith('again ')) groups.get(message.slice(6))?.ring(undefined)
    else if (message.startsWith('free ')) {
      groups
        .get(message.slice(5))
        ?.freed()
        .then(schedule, (error: unknown) => link.fail(error))
    } else {
      const [, from, entryId, tail, ...news] = message.split(' ') as [string, string, string, string, ...string[]]
      for (const type of news) types.add(type)
      if (from !== producer) {
        seen(entryId, identifierOf(entryId, tail))
        ring(news)
      }
      follower.ring()
    }
    schedule()
  }

  const ring = (news: Iterable<string>): void => {
    for (const type of news) for (const group of groups.values()) group.ring(type)
  }

  /** also those that are made meanwhile: nobody else would ever enter them. */
  const enterAll = async (entered = new Set<RedisGroup>()): Promise<void> => {
    const left = Array.from(groups.values()).filter((group) => !entered.has(group))
    if (left.length === 0) return
    for (const group of left) entered.add(group)
    await Promise.all(left.map((group) => (group.joined ? group.returned() : group.enter(true))))
    await enterAll(entered)
  }

  const link = await openLink({
    url: options.url,
    log,
    connectMs: timing.connectMs,
    answerMs: timing.answerMs,
    pingEveryMs,
    channel: keys.bell,
    heard,
    prepare,
    closed: () => schedule(),
    opened: () => {
      upSinceMs = performance.now()
      returning = true
      appender.returned()
      // groups first: what waits in the outbox must find them.
      enterAll()
        .catch((error: unknown) => link.fail(error))
        .finally(() => {
          returning = false
          follower.ring()
          schedule()
        })
    },
  }).catch((error: unknown) => {
    outbox.close()
    throw error
  })
  // a clock that was set back must not make ids that are older than what the log has.
  if (newest !== undefined) createIdentifier(timeOfIdentifier(newest.id) + 1)

  const schedule = (): void => {
    if (scheduled || ended) return
    scheduled = true
    setImmediate(turn)
  }

  const turn = (): void => {
    scheduled = false
    if (ended) return
    if (!returning) {
      appender.push()
      for (const group of groups.values()) group.push()
    }
    if (idle.length === 0 || !isQuiet()) return
    const resolvers = idle
    idle = []
    for (const resolve of resolvers) resolve()
  }

  /** while Redis is away, what is to be told waits: that is as quiet as it gets. */
  const isQuiet = (): boolean => {
    if (!appender.quiet || returning) return false
    if (!link.up) return true
    return outbox.size === 0 && Array.from(groups.values()).every((group) => group.quiet)
  }

  const remember = (events: readonly { readonly event: EventEnvelope }[]): void => {
    if (own.size > ownLimit) {
      ownBefore = own
      own = new Map()
    }
    for (const { event } of events) own.set(entryIdOf(event.id), event)
  }

  const appender = createAppender({
    link,
    keys,
    producer,
    outbox,
    log,
    maxWaiting: options.maxWaiting ?? 50_000,
    schedule,
    sending: (news, events) => {
      if (groups.size > 0) remember(events)
      // groups read right behind it, in the same turn.
      ring(news)
    },
    committed: ({ entryId, event }, news) => {
      for (const type of news) types.add(type)
      seen(entryId, event.id)
      ring(news)
    },
  })

  const follower = createFollower({
    link,
    keys,
    log,
    types,
    position: () => newest?.entryId ?? '0-0',
    settled: schedule,
  })

  const maintain = setInterval(() => {
    if (!link.up || returning) return
    // right after a return all nuclei look dead: each is given the time to say that it isn't.
    const idleMs = performance.now() - upSinceMs > timing.deadAfterMs ? timing.deadAfterMs : Number.MAX_SAFE_INTEGER
    for (const group of groups.values()) {
      if (!group.joined) continue
      group
        .touch()
        .then(() => group.claim(idleMs))
        .then(schedule, (error: unknown) => link.fail(error))
    }
  }, timing.touchEveryMs)
  maintain.unref()

  const renewal =
    mark === undefined
      ? undefined
      : setInterval(() => {
          if (link.up) mark.hold(link.run).catch((error: unknown) => link.fail(error))
        }, mark.renewEveryMs)
  renewal?.unref()

  const assertOpen = (): void => {
    if (closed !== undefined) throw eventErrors.JOURNAL_CLOSED()
  }

  const flush = (): Promise<void> => {
    if (!scheduled && isQuiet()) return Promise.resolve()
    schedule()
    return new Promise((resolve) => idle.push(resolve))
  }

  const leave = async (group: RedisGroup): Promise<void> => {
    group.stop()
    await flush()
    try {
      await group.leave()
    } catch (error) {
      // it is claimed as that of a dead one, or found by our next life.
      log.warn({ err: error, group: group.name }, 'a group could not be left cleanly')
    }
    groups.delete(group.name)
    const next = successors.get(group.name)?.shift()
    if (next !== undefined && closed === undefined) next()
  }

  const joinGroup = (group: GroupOptions, deliver: (delivery: Delivery) => void): JournalGroup => {
    assertOpen()
    let runtime: RedisGroup | undefined
    let left: Promise<void> | undefined
    const begun = Promise.withResolvers<void>()
    const enter = (): void => {
      const made = createRedisGroup({
        options: group,
        link,
        keys,
        consumer,
        log,
        deliver,
        schedule,
        deadAfterMs: timing.deadAfterMs,
        own: (entryId) => own.get(entryId) ?? ownBefore.get(entryId),
      })
      runtime = made
      groups.set(group.name, made)
      // while Redis is away it is made at its return, before anything of the outbox is delivered.
      if (!link.up || returning) return begun.resolve()
      made.enter(true).then(
        () => {
          begun.resolve()
          schedule()
        },
        (error: unknown) => {
          link.fail(error)
          begun.resolve()
        },
      )
    }
    if (!groups.has(group.name)) enter()
    else if (group.takeOver === true) {
      const queue = successors.get(group.name) ?? []
      successors.set(group.name, queue)
      queue.push(enter)
    } else throw eventErrors.GROUP_TAKEN({ value: group.name })
    return {
      name: group.name,
      ready: begun.promise,
      acknowledge: (delivery) => runtime?.acknowledge(delivery as RedisDelivery),
      noteFailure: (delivery, { error, retryAtMs }) =>
        runtime?.noteFailure(delivery as RedisDelivery, error, retryAtMs),
      park: (delivery, error) => runtime?.park(delivery as RedisDelivery, error),
      close: () => {
        if (runtime !== undefined) return (left ??= leave(runtime))
        const queue = successors.get(group.name)
        if (queue !== undefined) queue.splice(queue.indexOf(enter), 1)
        begun.resolve()
        return Promise.resolve()
      },
    }
  }

  const administration = createRedisAdministration({
    link,
    keys,
    types,
    groups,
    tellSettled: () => {
      for (const group of groups.values()) group.push()
    },
  })

  const health = (): ResourceHealth => {
    const backend = 'redis'
    if (appender.failure !== undefined) return { backend, status: 'unhealthy', reason: appender.failure }
    if (!link.up) {
      const waits = `${outbox.size} events wait in the outbox`
      return { backend, status: 'degraded', reason: `Redis is away: ${link.reason ?? ''}; ${waits}` }
    }
    if (outbox.size > 0)
      return { backend, status: 'degraded', reason: `${outbox.size} events of the outbox are being delivered` }
    if (finding !== undefined) return { backend, status: 'degraded', reason: finding }
    return { backend, status: 'healthy' }
  }

  schedule()
  return {
    backend: 'redis',
    durability,
    append: async (event) => {
      assertOpen()
      return appender.append(event)
    },
    join: joinGroup,
    position: () => newest?.id,
    listen: (listener) => follower.listen(listener),
    ...administration,
    read: async (range) => {
      assertOpen()
      return administration.read(range)
    },
    health,
    nodes: createNodeBook({ link, keys, id: consumer, groups }),
    flush,
    close: () =>
      (closed ??= (async () => {
        clearInterval(maintain)
        clearInterval(renewal)
        for (const group of groups.values()) group.stop()
        // what does not get through in time is in the outbox, or is given out again.
        await Promise.race([flush(), sleep(closeLimitMs, undefined, { ref: false })])
        await Promise.allSettled(Array.from(groups.values(), (group) => group.leave()))
        appender.close()
        follower.close()
        ended = true
        if (link.up) {
          await mark
            ?.release(link.run)
            .catch((error: unknown) => log.debug({ err: error }, 'the mark in Redis expires'))
        }
        await link.close()
        outbox.close()
      })()),
  }
}
