// appends events: those of one turn in one step to Redis, or into the outbox while Redis is away, always in order.
import type { Logger } from 'pino'
import { eventErrors } from '../../events/errors.ts'
import type { EventEnvelope } from '../../events/event.ts'
import { bodyOf, eventOf } from './entries.ts'
import type { JournalKeys } from './keys.ts'
import type { RedisLink } from './link.ts'
import type { Outbox, OutboxEvent } from './outbox.ts'
import { entryIdOf, identifierHeadLength, identifierOf } from './positions.ts'
import { createRecentEvents } from './recent-events.ts'
import { appendScript } from './scripts.ts'

export interface AppenderParts {
  readonly link: RedisLink
  readonly keys: JournalKeys
  /** this life of the process: what it has appended is known by it. */
  readonly producer: string
  readonly outbox: Outbox
  readonly log: Logger
  readonly maxWaiting: number
  readonly schedule: () => void
  /** these types get new events with the step that is sent right now. */
  readonly sending: (types: ReadonlySet<string>, events: readonly { readonly event: EventEnvelope }[]) => void
  /** they are in Redis. */
  readonly committed: (last: CommittedEvent, types: ReadonlySet<string>) => void
}

export interface CommittedEvent {
  readonly entryId: string
  readonly event: EventEnvelope
}

interface WaitingEvent extends OutboxEvent {
  readonly event: EventEnvelope
  readonly resolve: (id: string) => void
  readonly reject: (error: unknown) => void
}

export type Appender = ReturnType<typeof createAppender>

/** events of one step: Redis serves others in between. */
const batchLimit = 512
/** batches that are on their way at once. */
const mostInFlight = 2
/** so many waiting events are worth two steps. */
const worthHalving = 32
/** how long Redis remembers what a producer has appended last, seconds; the outbox of a home that is off longer may repeat. */
const rememberSeconds = 90 * 86_400

export function createAppender(parts: AppenderParts) {
  const { link, keys, outbox, log, producer } = parts
  let newest = outbox.newest()
  let waiting: WaitingEvent[] = []
  let inFlight = 0
  // the newest entry that Redis must have of this producer before the next batch; undefined: it is not known.
  let expected: string | undefined
  let keeping = 0
  let draining = false
  let restoring = false
  const recent = createRecentEvents()
  let failure: string | undefined

  const send = (
    events: readonly OutboxEvent[],
    after: string,
  ): { answer: Promise<readonly string[] | null>; types: Set<string> } => {
    const types = new Set<string>()
    for (const { type } of events) types.add(type)
    const last = events.at(-1)!
    const keysOf = [keys.top, keys.producer(last.producer), keys.types]
    const tail = last.id.slice(identifierHeadLength)
    const args: (string | number)[] = [
      keys.prefix,
      keys.bell,
      producer,
      rememberSeconds,
      tail,
      after,
      types.size,
      ...types,
    ]
    const numbers = Array.from(types)
    let run: string | undefined
    let countAt = 0
    for (const { type, id, body } of events) {
      if (type !== run) {
        countAt = args.push(numbers.indexOf(type) + 1, 0) - 1
        run = type
      }
      args[countAt] = Number(args[countAt]) + 1
      args.push(entryIdOf(id), body)
    }
    return { answer: link.run(appendScript, keysOf, args) as Promise<readonly string[] | null>, types }
  }

  const sendWaiting = (): void => {
    // of many, half is sent ahead: Redis works on the one while we work on the other.
    const half = inFlight === 0 && waiting.length >= worthHalving ? Math.ceil(waiting.length / 2) : waiting.length
    const size = Math.min(half, batchLimit)
    const batch = size === waiting.length ? waiting : waiting.slice(0, size)
    waiting = size === waiting.length ? [] : waiting.slice(size)
    inFlight += 1
    const { answer, types } = send(batch, expected ?? '')
    expected = entryIdOf(batch.at(-1)!.id)
    parts.sending(types, batch)
    answer.then(
      (final) => {
        inFlight -= 1
        failure = undefined
        recent.add(batch)
        const at = (index: number): CommittedEvent => committedAt(batch[index]!, final?.[index])
        parts.committed(at(batch.length - 1), types)
        for (let index = 0; index < batch.length; index += 1) {
          batch[index]!.resolve(final === null ? batch[index]!.id : at(index).event.id)
        }
        parts.schedule()
      },
      (error: unknown) => {
        // it may have been done and its answer lost: the outbox sends it again, and Redis knows what it has.
        inFlight -= 1
        link.fail(error)
        keep(batch)
      },
    )
  }

  const keep = (events: readonly WaitingEvent[]): void => {
    keeping += 1
    outbox
      .add(events)
      .then(
        () => {
          failure = undefined
          for (const one of events) one.resolve(one.id)
        },
        (error: unknown) => {
          failure = error instanceof Error ? error.message : String(error)
          log.error({ err: error, events: events.length }, 'events could not be kept in the outbox')
          for (const one of events) one.reject(error)
        },
      )
      .finally(() => {
        keeping -= 1
        parts.schedule()
      })
  }

  /** a Redis that died may have forgotten its last seconds: they are appended again, before anything newer. */
  const restore = async (): Promise<void> => {
    for (const one of recent.producers()) {
      const newestThere = await link.send('GET', keys.producer(one))
      const missing = recent.missing(one, typeof newestThere === 'string' ? newestThere : '0-0')
      if (missing.length > 0)
        log.warn({ events: missing.length }, 'Redis has lost its last events; they are appended again')
      for (let at = 0; at < missing.length; at += batchLimit) await deliver(missing.slice(at, at + batchLimit))
    }
  }

  const deliver = async (events: readonly OutboxEvent[]): Promise<void> => {
    const last = events.at(-1)!
    const { answer, types } = send(events, '')
    const final = await answer
    const entryId = final?.at(-1) ?? entryIdOf(last.id)
    parts.committed({ entryId, event: eventOf(entryId, last.type, last.body) }, types)
  }

  /** delivers what waits in the outbox, in order; what comes meanwhile goes to its end. */
  const drain = async (): Promise<void> => {
    let delivered = 0
    if (restoring) await restore()
    restoring = false
    while (link.up) {
      const rows = outbox.first(batchLimit)
      const last = rows.at(-1)
      if (last === undefined) break
      await deliver(rows)
      recent.add(rows)
      outbox.remove(last.number)
      delivered += rows.length
    }
    if (delivered > 0) log.info({ events: delivered }, 'the outbox was delivered to Redis')
  }

  return {
    append: (event: EventEnvelope): Promise<string> =>
      new Promise((resolve, reject) => {
        if (waiting.length >= parts.maxWaiting) throw eventErrors.JOURNAL_BUSY({ value: waiting.length })
        if (!link.up && outbox.full) {
          throw eventErrors.JOURNAL_BUSY({
            value: outbox.size,
            detail: 'Redis is away and the outbox is full',
            fix: 'bring Redis back; what waits in the outbox is delivered then',
          })
        }
        if (newest !== undefined && event.id.slice(0, identifierHeadLength) <= newest.slice(0, identifierHeadLength)) {
          throw eventErrors.JOURNAL_ORDER({ value: event.id })
        }
        const body = bodyOf(event)
        newest = event.id
        waiting.push({ event, producer, type: event.type, id: event.id, body, resolve, reject })
        parts.schedule()
      }),
    push: (): void => {
      // what is in doubt comes first, wherever it goes.
      if (inFlight > 0 && !link.up) return
      if (inFlight === 0 && link.up && (outbox.size > 0 || restoring) && !draining) {
        draining = true
        drain()
          .catch((error: unknown) => link.fail(error))
          .finally(() => {
            draining = false
            parts.schedule()
          })
      }
      if (waiting.length === 0) return
      if (link.up && outbox.size === 0 && !draining && !restoring && keeping === 0) {
        for (let free = mostInFlight - inFlight; free > 0 && waiting.length > 0; free -= 1) sendWaiting()
        return
      }
      if (inFlight > 0) return
      const batch = waiting
      waiting = []
      keep(batch)
    },
    /** the connection was lost and is back, maybe to a server that died meanwhile. */
    returned: (): void => {
      restoring = true
      expected = undefined
    },
    /** refuses what has not been sent. */
    close: (): void => {
      for (const one of waiting) one.reject(eventErrors.JOURNAL_CLOSED())
      waiting = []
    },
    get quiet() {
      return waiting.length === 0 && inFlight === 0 && keeping === 0 && !draining && !(restoring && link.up)
    },
    get failure() {
      return failure
    },
  }
}

/** another nucleus may have been faster: then the id is the next free one, and the event's own from here on. */
function committedAt(waiting: WaitingEvent, finalEntryId: string | undefined): CommittedEvent {
  const { event } = waiting
  const entryId = finalEntryId ?? entryIdOf(event.id)
  if (finalEntryId === undefined || finalEntryId === entryIdOf(event.id)) return { entryId, event }
  const id = identifierOf(entryId, event.id.slice(identifierHeadLength))
  return { entryId, event: { ...event, id } }
}
