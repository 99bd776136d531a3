// the event bus: validates and envelopes what is emitted, keeps journaled events, delivers to all who subscribed.
import { EventEmitter } from 'eventemitter3'
import type { Logger } from 'pino'
import { EventParked, type DeadLetter, type JournalStatistics } from '../contract.ts'
import type { EventHandler, SubscribeOptions } from '../modules/module.ts'
import { createTraceId, createTraceparent } from '../identifiers.ts'
import { currentTrace } from '../trace.ts'
import { defaultBackoff, type Backoff } from './backoff.ts'
import { subscribeDurably } from './durable-subscription.ts'
import { createEnvelope, freezeDeep } from './envelope.ts'
import { eventErrors } from './errors.ts'
import type { EventDefinition, EventEnvelope } from './event.ts'
import type { Journal, ReadOptions } from './journal.ts'
import { subscribeLive } from './live-subscription.ts'
import { groupName, type Subscription, type SubscriptionParts } from './subscription.ts'
import { tailEvents, type TailOptions } from './tail.ts'

export interface BusOptions {
  readonly journal: Journal
  readonly log: Logger
  /** hears of every failed try of a handler, time-outs included; must not throw. */
  readonly onFailure?: (failure: HandlerFailure) => void
  readonly backoff?: Backoff
  /** how long closing a subscription waits for its running handlers, milliseconds. default 10,000. */
  readonly closeTimeoutMs?: number
}

export interface HandlerFailure {
  readonly owner: string
  readonly error: unknown
  readonly event: EventEnvelope
}

export interface SubscribeRequest<Data> {
  /** the module, or `nucleus`. */
  readonly owner: string
  readonly definition: EventDefinition<Data>
  readonly handler: EventHandler<Data>
  readonly options?: SubscribeOptions
  /** the durable group's name. default: `groupName` of owner, type and `options.name`. */
  readonly group?: string
  /** waits for the group's present subscription to close and goes on where it stopped; for reloads. */
  readonly takeOver?: boolean
}

export interface BusStatistics {
  readonly eventsByType: Readonly<Record<string, number>>
  readonly handlerFailures: number
  /** milliseconds that events have waited for a free handler, all together. */
  readonly queueWaitMs: number
  readonly subscriptions: number
}

export interface Bus {
  /**
   * validates and delivers; for a journaled event it resolves when the journal has it. gives the event's id.
   * the event is frozen as soon as more than one can see it, with what the schema does not copy (z.unknown) of `data`.
   * @param traceparent - default: that of the work that runs right now, else a new trace
   * @throws INVALID_EVENT, BUS_CLOSED and what {@link Journal.append} throws; always as a rejection
   */
  emit<Data>(source: string, definition: EventDefinition<Data>, data: Data, traceparent?: string): Promise<string>
  /** @throws GROUP_TAKEN */
  subscribe<Data>(request: SubscribeRequest<Data>): Subscription
  read(options?: ReadOptions): Promise<EventEnvelope[]>
  /** first what the journal has after a position, then what comes, transient events too; ends with the bus. */
  tail(options?: TailOptions): AsyncIterable<EventEnvelope>
  deadLetters(limit?: number): Promise<DeadLetter[]>
  replayDeadLetter(group: string, eventId: string): Promise<void>
  dropDeadLetter(group: string, eventId: string): Promise<void>
  replay(group: string, range: { readonly after?: string; readonly until?: string }): Promise<number>
  journalStatistics(): Promise<JournalStatistics>
  statistics(): BusStatistics
  readonly journal: Journal
  /** closes the subscriptions that are left; the journal stays open for whoever opened it. */
  close(): Promise<void>
}

interface KnownType {
  readonly type: string
  emitted: number
  /** live subscriptions; those to groups are the journal's. */
  listeners: number
}

type AnyListener = (event: EventEnvelope, journaled: boolean) => void

export function createBus(options: BusOptions): Bus {
  const { journal, log } = options
  const live = new EventEmitter<Record<string, (event: EventEnvelope, inTrace: boolean) => void>>()
  const everything = new Set<AnyListener>()
  const types = new Map<string, KnownType>()
  const subscriptions = new Set<Subscription>()
  const closing = new AbortController()
  let closed = false
  let handlerFailures = 0
  let queueWaitMs = 0
  let liveJournaled = 0
  let stopListening: (() => void) | undefined

  /** the journal is listened to only while somebody wants to hear it live. */
  const followJournal = (change: 1 | -1): void => {
    liveJournaled += change
    if (liveJournaled > 0) {
      stopListening ??= journal.listen((event) => {
        live.emit(event.type, event, false)
        for (const listener of everything) listener(event, true)
      })
    } else {
      stopListening?.()
      stopListening = undefined
    }
  }

  // events come in bursts of one type (tokens, progress), and a look into the map costs as much as a listener.
  let lastType: KnownType = { type: '', emitted: 0, listeners: 0 }

  const typeOf = (type: string): KnownType => {
    if (lastType.type === type) return lastType
    let known = types.get(type)
    if (known === undefined) types.set(type, (known = { type, emitted: 0, listeners: 0 }))
    lastType = known
    return known
  }

  const emit = <Data>(
    source: string,
    definition: EventDefinition<Data>,
    data: Data,
    traceparent?: string,
  ): Promise<string> => {
    if (closed) return Promise.reject(eventErrors.BUS_CLOSED({ value: definition.type }))
    const around = traceparent ?? currentTrace()?.traceparent
    let event: EventEnvelope<Data>
    try {
      event = createEnvelope(source, definition, data, around ?? createTraceparent(createTraceId()))
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
    const type = typeOf(definition.type)
    type.emitted += 1
    if (definition.durability === 'journaled') return journal.append(freezeDeep(event))
    // a transient event that only one can see can't be changed under another's eyes; freezing is a third of its cost.
    const tails = everything.size
    if (type.listeners + tails > 1) freezeDeep(event)
    live.emit(type.type, event, traceparent === undefined && around !== undefined)
    if (tails > 0) for (const listener of everything) listener(event, false)
    return Promise.resolve(event.id)
  }

  const partsOf = <Data>(request: SubscribeRequest<Data>): SubscriptionParts => ({
    owner: request.owner,
    type: request.definition.type,
    // the bus hands each handler only what its own definition's schema has let through.
    handler: request.handler,
    timeoutMs: request.options?.timeoutMs ?? 30_000,
    closeTimeoutMs: options.closeTimeoutMs ?? 10_000,
    log,
    failed: (error, event) => {
      handlerFailures += 1
      options.onFailure?.({ owner: request.owner, error, event })
    },
    waited: (waitMs) => {
      queueWaitMs += waitMs
    },
  })

  const openDurable = <Data>(request: SubscribeRequest<Data>, concurrency: number): Subscription => {
    const group = request.group ?? groupName(request.owner, request.definition.type, request.options?.name)
    return subscribeDurably({
      ...partsOf(request),
      journal,
      group,
      concurrency,
      from: request.options?.from ?? 'now',
      maxAttempts: request.options?.maxAttempts ?? 5,
      takeOver: request.takeOver ?? false,
      backoff: options.backoff ?? defaultBackoff,
      parked: (event, error) => {
        const data = { group, eventId: event.id, eventType: event.type, error }
        // whoever hears it finds the dead letter where it should be.
        const told = journal.flush().then(() => emit('nucleus', EventParked, data, event.traceparent))
        told.catch((cause: unknown) => {
          log.error({ err: cause, group }, 'a parked event could not be told')
        })
      },
    })
  }

  const openLive = <Data>(request: SubscribeRequest<Data>, concurrency: number): Subscription => {
    const { type, durability } = request.definition
    const subscription = subscribeLive({ ...partsOf(request), concurrency })
    live.on(type, subscription.offer)
    typeOf(type).listeners += 1
    if (durability === 'journaled') followJournal(1)
    let open = true
    return {
      ready: Promise.resolve(),
      get pending() {
        return subscription.pending
      },
      close: () => {
        if (open) {
          open = false
          live.off(type, subscription.offer)
          typeOf(type).listeners -= 1
          if (durability === 'journaled') followJournal(-1)
        }
        return subscription.close()
      },
    }
  }

  return {
    journal,
    emit,
    subscribe: (request) => {
      if (closed) throw eventErrors.BUS_CLOSED({ value: request.definition.type })
      const concurrency = Math.max(1, request.options?.concurrency ?? 1)
      const durable = request.definition.durability === 'journaled' && request.options?.live !== true
      const opened = durable ? openDurable(request, concurrency) : openLive(request, concurrency)
      const subscription: Subscription = {
        ready: opened.ready,
        get pending() {
          return opened.pending
        },
        close: () => {
          subscriptions.delete(subscription)
          return opened.close()
        },
      }
      subscriptions.add(subscription)
      return subscription
    },
    read: (range) => journal.read(range),
    tail: (range = {}) =>
      tailEvents(
        {
          journal,
          closed: closing.signal,
          listen: (listener) => {
            everything.add(listener)
            followJournal(1)
            return () => {
              everything.delete(listener)
              followJournal(-1)
            }
          },
        },
        range,
      ),
    deadLetters: (limit) => journal.deadLetters(limit),
    replayDeadLetter: (group, eventId) => journal.replayDeadLetter(group, eventId),
    dropDeadLetter: (group, eventId) => journal.dropDeadLetter(group, eventId),
    replay: (group, range) => journal.replay(group, range),
    journalStatistics: () => journal.statistics(),
    statistics: () => ({
      eventsByType: Object.fromEntries(Array.from(types, ([type, { emitted }]) => [type, emitted])),
      handlerFailures,
      queueWaitMs,
      subscriptions: subscriptions.size,
    }),
    close: async () => {
      closed = true
      closing.abort()
      await Promise.all(Array.from(subscriptions, (subscription) => subscription.close()))
      live.removeAllListeners()
    },
  }
}
