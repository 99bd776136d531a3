// one durable group of the Redis journal, as this nucleus takes part in it: what it was given, has settled, must tell Redis.
import type { Logger } from 'pino'
import type { EventEnvelope } from '../../events/event.ts'
import type { Delivery, GroupOptions } from '../../events/journal.ts'
import { bodyOf, eventOf, fieldOf, type RawEntry } from './entries.ts'
import type { JournalKeys } from './keys.ts'
import type { RedisLink, RedisReply } from './link.ts'
import { compareEntryIds, entryIdOf } from './positions.ts'
import { createMembership } from './membership.ts'
import { parkScript } from './scripts.ts'

/** a stream that the group reads: that of a type, or its own of what it is given once more. */
interface Source {
  readonly key: string
  /** undefined: the group's own. */
  readonly type: string | undefined
  /** there may be entries that nobody of the group has been given. */
  fresh: boolean
  /** there may be entries that this consumer was given and doesn't know of: from an earlier life, or claimed. */
  owed: boolean
  /** raised with each reason to look again, so that a look under way does not forget it. */
  news: number
  /** given and not settled as far as Redis knows. */
  readonly held: Map<string, RedisDelivery>
  /** acknowledged in the last seconds; a Redis that dies may forget that. */
  done: Set<string>
  doneBefore: Set<string>
}

/** a delivery with what the group needs to settle it. */
export interface RedisDelivery extends Delivery {
  attempts: number
  retryAtMs: number
  error: string
  readonly crashes: number
  readonly source: Source
  readonly entryId: string
  /** Redis has, or will have, a field about it among the group's pending ones. */
  noted: boolean
  settled: boolean
}

interface Meta {
  readonly attempts: number
  readonly crashes: number
  readonly retryAtMs: number
}

export interface RedisGroupParts {
  readonly options: GroupOptions
  readonly link: RedisLink
  readonly keys: JournalKeys
  /** the nucleus: the same in each of its lives, so that it finds what its last one has not settled. */
  readonly consumer: string
  readonly log: Logger
  readonly deliver: (delivery: Delivery) => void
  /** asks for a turn, in which `push` is called. */
  readonly schedule: () => void
  /** a nucleus that has not been heard of for so long is dead, milliseconds. */
  readonly deadAfterMs: number
  /** an event that this process has appended a moment ago, so that it needs not be read from its text again. */
  readonly own: (entryId: string) => EventEnvelope | undefined
}

export type RedisGroup = ReturnType<typeof createRedisGroup>

/** the process died this often while an event was being handled: it is parked, or the process would never live. */
const crashLimit = 10
/** acknowledged entries that are remembered in one of two halves, the older of which is forgotten each few seconds. */
const doneLimit = 50_000
/** errors are kept short: the log has the whole of them. */
const errorLength = 1_000
/** the oldest dead letters beyond this number are forgotten. */
const letterLimit = 10_000

export function createRedisGroup(parts: RedisGroupParts) {
  const { options, link, keys, consumer, log } = parts
  const { name } = options
  const sourceOf = (key: string, type: string | undefined): Source => {
    return { key, type, fresh: true, owed: true, news: 0, held: new Map(), done: new Set(), doneBefore: new Set() }
  }
  const again = sourceOf(keys.again(name), undefined)
  const logs = options.types.map((type) => sourceOf(keys.log(type), type))
  const sources = [again, ...logs]
  const pendingKey = keys.pending(name)
  const membership = createMembership({
    link,
    keys,
    consumer,
    options,
    streams: sources.map((source) => source.key),
    deadAfterMs: parts.deadAfterMs,
  })
  let open = 0
  let reading: Promise<void> | undefined
  let joined = false
  // where order is kept, the events of a group go to one of its nuclei at a time; the others stand by.
  const isOrdered = options.concurrency === 1
  let holds = !isOrdered
  let entering = 0
  let stopped = false
  let telling = 0
  let acknowledged: RedisDelivery[] = []
  let noted = new Set<RedisDelivery>()
  let parked: { readonly delivery: RedisDelivery; readonly error: string }[] = []

  const room = (): number => options.credit - open
  const isHungry = (): boolean => sources.some((source) => source.fresh || source.owed)
  /** half the credit must be free, so that a read pays. */
  const wantsMore = (): boolean => !stopped && joined && holds && open <= options.credit / 2 && isHungry()
  const fieldFor = ({ source, entryId }: RedisDelivery): string => (source === again ? `again ${entryId}` : entryId)

  const hand = (source: Source, entryId: string, event: EventEnvelope, meta?: Meta): void => {
    const delivery: RedisDelivery = {
      event,
      attempts: meta?.attempts ?? 0,
      crashes: meta?.crashes ?? 0,
      notBeforeMs: meta?.retryAtMs ?? 0,
      retryAtMs: meta?.retryAtMs ?? 0,
      error: '',
      source,
      entryId,
      noted: meta !== undefined,
      settled: false,
    }
    source.held.set(entryId, delivery)
    open += 1
    if (delivery.crashes >= crashLimit) {
      park(delivery, `the process ended ${delivery.crashes} times while this event was being handled`)
    } else parts.deliver(delivery)
  }

  const eventAt = (source: Source, entryId: string, fields: readonly string[]): EventEnvelope => {
    const known = source === again ? undefined : parts.own(entryId)
    if (known !== undefined) return known
    const body = fieldOf(fields, 'e') ?? ''
    if (source.type !== undefined) return eventOf(entryId, source.type, body)
    return eventOf(fieldOf(fields, 'i') ?? '', fieldOf(fields, 't') ?? '', body)
  }

  /** an entry that is none of ours, or is gone, must not come again and again. */
  const passOver = (source: Source, entryId: string, reason: unknown): void => {
    log.error({ err: reason, group: name, entry: entryId }, 'an entry of the journal can’t be read and is passed over')
    tell(link.send('XACK', source.key, name, entryId))
  }

  const handAll = (found: readonly { source: Source; entry: RawEntry; meta?: Meta }[]): void => {
    for (const { source, entry, meta } of found) {
      const [entryId, fields] = entry
      // a server that forgot what it had given out, and was told again, gives it out again.
      if (source.held.has(entryId)) continue
      if (source.done.has(entryId) || source.doneBefore.has(entryId)) {
        tell(link.send('XACK', source.key, name, entryId))
        continue
      }
      // what was left by now stays among what this consumer owes, and `leave` gives it on.
      if (stopped) return
      try {
        if (fields === null) throw new Error('the entry was deleted')
        hand(source, entryId, eventAt(source, entryId, fields), meta)
      } catch (error) {
        passOver(source, entryId, error)
      }
    }
  }

  const readOwed = async (source: Source): Promise<void> => {
    const { news } = source
    const count = room() + source.held.size
    const reply = await link.send('XREADGROUP', 'GROUP', name, consumer, 'COUNT', count, 'STREAMS', source.key, '0')
    const entries = entriesOf(reply)
    const unknown = entries.filter(([id]) => !source.held.has(id)).slice(0, Math.max(1, room()))
    if (unknown.length > 0) {
      const fields = unknown.map(([id]) => (source === again ? `again ${id}` : id))
      const metas = (await link.send('HMGET', pendingKey, ...fields)) as (string | null)[]
      handAll(
        unknown.map((entry, index) => {
          const stored = metas[index]
          return { source, entry, ...(typeof stored === 'string' ? { meta: JSON.parse(stored) as Meta } : {}) }
        }),
      )
    }
    if (entries.length < count && source.news === news) source.owed = false
  }

  const readFresh = async (wanted: readonly Source[]): Promise<void> => {
    const used = wanted.slice(0, Math.max(1, room()))
    const news = used.map((source) => source.news)
    const count = Math.max(1, Math.floor(room() / used.length))
    const streams = [...used.map((source) => source.key), ...used.map(() => '>')]
    const reply = await link.send('XREADGROUP', 'GROUP', name, consumer, 'COUNT', count, 'STREAMS', ...streams)
    const found = used.map((source) => entriesOf(reply, source.key))
    used.forEach((source, index) => {
      if (found[index]!.length < count && source.news === news[index]) source.fresh = false
    })
    if (used.length === 1) return handAll(found[0]!.map((entry) => ({ source: used[0]!, entry })))
    const merged = used.flatMap((source, index) => found[index]!.map((entry) => ({ source, entry })))
    handAll(merged.toSorted((left, right) => compareEntryIds(left.entry[0], right.entry[0])))
  }

  /** what is older goes first: what is owed, then what is given once more, then what is new. */
  const readNext = (): Promise<void> => {
    const owing = sources.find((source) => source.owed)
    if (owing !== undefined) return readOwed(owing)
    return readFresh(again.fresh ? [again] : logs.filter((source) => source.fresh))
  }

  const read = (): void => {
    reading = readNext()
      .catch((error: unknown) => {
        // the server lost its data: the group is made anew with what is there.
        const lostGroup = error instanceof Error && error.message.startsWith('NOGROUP')
        if (!lostGroup && !stopped) link.fail(error)
        return lostGroup && !stopped ? enter(false) : undefined
      })
      .catch((error: unknown) => link.fail(error))
      .finally(() => {
        reading = undefined
        parts.schedule()
      })
  }

  /** sends something whose failure opens the circuit; what it was about stays to be told. */
  const tell = (answer: Promise<unknown>, done?: () => void, failed?: () => void): void => {
    telling += 1
    void settleTold(answer, done, failed)
  }

  const settleTold = async (answer: Promise<unknown>, done?: () => void, failed?: () => void): Promise<void> => {
    try {
      await answer
      done?.()
    } catch (error) {
      failed?.()
      link.fail(error)
    } finally {
      telling -= 1
      parts.schedule()
    }
  }

  const tellAcknowledged = (): void => {
    const batch = acknowledged
    acknowledged = []
    for (const source of sources) {
      const settled =
        sources.length === 2 && source !== again && again.held.size === 0 ? batch : ofSource(batch, source)
      if (settled.length === 0) continue
      const ids = settled.map((delivery) => delivery.entryId)
      const answers = [link.send('XACK', source.key, name, ...ids)]
      const fields = settled.filter((delivery) => delivery.noted).map(fieldFor)
      if (fields.length > 0) answers.push(link.send('HDEL', pendingKey, ...fields))
      if (source === again) answers.push(link.send('XDEL', source.key, ...ids))
      tell(
        Promise.all(answers),
        () => {
          for (const id of ids) {
            source.held.delete(id)
            source.done.add(id)
          }
          if (source.done.size > doneLimit) forgetDone(source)
        },
        () => {
          acknowledged.push(...settled)
        },
      )
    }
  }

  const tellNoted = (): void => {
    const batch = Array.from(noted)
    noted = new Set()
    const values = batch.flatMap((delivery) => {
      const { attempts, crashes, retryAtMs, error } = delivery
      return [fieldFor(delivery), JSON.stringify({ attempts, crashes, retryAtMs, error })]
    })
    tell(link.send('HSET', pendingKey, ...values), undefined, () => {
      for (const delivery of batch) if (!delivery.settled) noted.add(delivery)
    })
  }

  const tellParked = (): void => {
    const batch = parked
    parked = []
    for (const one of batch) {
      const { delivery, error } = one
      const { source, entryId, event, attempts, crashes } = delivery
      const now = Date.now()
      const letter = {
        group: name,
        entryId: entryIdOf(event.id),
        type: event.type,
        body: bodyOf(event),
        attempts: attempts + (crashes >= crashLimit ? crashes : 1),
        error: error.slice(0, errorLength),
        parkedAtMs: now,
      }
      tell(
        link.run(
          parkScript,
          [source.key, pendingKey, keys.letters, keys.letterOrder],
          [name, entryId, fieldFor(delivery), source === again ? '1' : '0', letterName(name, event.id)].concat([
            JSON.stringify(letter),
            String(now),
            String(letterLimit),
          ]),
        ),
        () => {
          source.held.delete(entryId)
        },
        () => {
          parked.push(one)
        },
      )
    }
  }

  /** ends a delivery for good; false when it has been settled before or nobody listens any more. */
  const settle = (delivery: RedisDelivery): boolean => {
    if (stopped || delivery.settled) return false
    delivery.settled = true
    noted.delete(delivery)
    open -= 1
    parts.schedule()
    return true
  }

  function park(delivery: RedisDelivery, error: string): void {
    if (settle(delivery)) parked.push({ delivery, error })
  }

  /** makes the group, or finds it, and takes over what was left behind. */
  async function enter(first: boolean): Promise<void> {
    entering += 1
    try {
      await membership.join(first)
      if (isOrdered) {
        holds = false
        await contend()
      } else await claim(Number.MAX_SAFE_INTEGER)
    } finally {
      entering -= 1
    }
    for (const source of sources) lookAgain(source)
    joined = true
  }

  /** makes the events of an ordered group go to this nucleus, or still do, where they go to no other. */
  async function contend(): Promise<void> {
    const isOurs = await membership.hold()
    if (isOurs && !holds) {
      // whoever else has some of them is not who they go to any more: all of that comes before what is new.
      await membership.takeOver()
      for (const source of sources) lookAgain(source)
    }
    holds = isOurs
  }

  /** @param idleMs - what a consumer holds that was not heard of for so long is claimed */
  async function claim(idleMs: number): Promise<void> {
    if (await membership.claim(idleMs)) for (const source of sources) lookAgain(source)
  }

  function forgetDone(source: Source): void {
    source.doneBefore = source.done
    source.done = new Set()
  }

  function lookAgain(source: Source): void {
    source.news += 1
    source.fresh = true
    source.owed = true
  }

  return {
    name,
    types: options.types,
    enter,
    /** takes what was left behind, and what those hold who have not been heard of for so long. */
    claim: async (idleMs: number): Promise<void> => {
      if (holds) await claim(idleMs)
    },
    /** nobody has the group's events any more: whoever comes first takes them. */
    freed: async (): Promise<void> => {
      if (!stopped && joined && !holds) await contend()
    },
    /** there is something new of this type, or among what the group is given once more. */
    ring: (type: string | undefined): void => {
      const source = type === undefined ? again : logs.find((one) => one.type === type)
      if (source === undefined || stopped) return
      source.news += 1
      source.fresh = true
    },
    /** tells what was settled, and reads what there is room for. */
    push: (): void => {
      if (!link.up) return
      if (acknowledged.length > 0) tellAcknowledged()
      if (noted.size > 0) tellNoted()
      if (parked.length > 0) tellParked()
      if (reading === undefined && wantsMore()) read()
    },
    /** tells the other consumers that what is in hand still is. */
    touch: async (): Promise<void> => {
      if (isOrdered && !stopped) await contend()
      for (const source of sources) {
        forgetDone(source)
        const ids = Array.from(source.held.keys())
        if (ids.length > 0) await link.send('XCLAIM', source.key, name, consumer, 0, ...ids, 'JUSTID')
      }
    },
    acknowledge: (delivery: RedisDelivery): void => {
      if (settle(delivery)) acknowledged.push(delivery)
    },
    noteFailure: (delivery: RedisDelivery, error: string, retryAtMs: number): void => {
      if (stopped || delivery.settled) return
      delivery.attempts += 1
      delivery.retryAtMs = retryAtMs
      delivery.error = error.slice(0, errorLength)
      delivery.noted = true
      noted.add(delivery)
      parts.schedule()
    },
    park,
    /** the connection was lost and is back: answers may have been lost with it. */
    returned: (): Promise<void> => enter(false),
    /** nothing is under way, nothing is to be told and nothing to be read. */
    get quiet() {
      const told = acknowledged.length === 0 && noted.size === 0 && parked.length === 0 && telling === 0
      return told && entering === 0 && reading === undefined && !wantsMore()
    },
    /** deliveries that are not settled. */
    get inHand() {
      return open
    },
    get joined() {
      return joined
    },
    stop: (): void => {
      stopped = true
    },
    /** gives what is not settled to whoever joins next. */
    leave: async (): Promise<void> => {
      await reading
      if (joined && link.up) {
        await membership.leave()
      }
    },
  }
}

export function letterName(group: string, eventId: string): string {
  return `${group}\n${eventId}`
}

/** the entries of one stream in the reply of XREAD or XREADGROUP. */
export function entriesOf(reply: RedisReply, key?: string): readonly RawEntry[] {
  if (!Array.isArray(reply)) return []
  const streams = reply as readonly (readonly [string, readonly RawEntry[]])[]
  const found = key === undefined ? streams[0] : streams.find(([name]) => name === key)
  return found?.[1] ?? []
}

function ofSource(batch: readonly RedisDelivery[], source: Source): RedisDelivery[] {
  return batch.filter((delivery) => delivery.source === source)
}
