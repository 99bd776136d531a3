// what runs by itself in one generation: its subscriptions and timers, from activation until quiet.
import type { EventDefinition, EventEnvelope } from '../events/event.ts'
import { createTraceId, createTraceparent } from '../identifiers.ts'
import type { Scope } from '../scope.ts'
import { currentTrace, runInTrace, type TraceContext } from '../trace.ts'
import { moduleErrors } from './errors.ts'
import type { EventHandler, Release, SubscribeOptions } from './module.ts'
import type { EventBus, OpenSubscription, ReportFailure } from './ports.ts'

export interface Activity {
  subscribe<Data>(event: EventDefinition<Data>, handler: EventHandler<Data>, options?: SubscribeOptions): Release
  timer(label: string, everyMs: number, run: () => void | Promise<void>): Release
  /** opens what was asked for so far; what comes later opens at once. */
  activate(): void
  /** closes everything, resolves when what ran has ended; failures are reported, never thrown. */
  quiet(): Promise<void>
}

interface ActivityParts {
  readonly module: string
  readonly scope: Scope
  readonly bus: EventBus
  readonly reportFailure: ReportFailure
}

/** makes an activity; nothing of it runs before `activate`: a generation that does not serve yet may be thrown away. */
export function createActivity({ module, scope, bus, reportFailure }: ActivityParts): Activity {
  let waiting: (() => void)[] | undefined = []
  const whenActive = (open: () => void): void => {
    if (waiting === undefined) open()
    else waiting.push(open)
  }
  const releases = new Set<Release>()
  const groups = new Set<string>()

  /** @param inside - contexts of the runs under way; a release that is called by one of them must not wait for it. */
  const own = (label: string, inside: ReadonlySet<TraceContext>, close: () => Promise<void>): Release => {
    const releaseOnce = scope.defer(label, close)
    const release: Release = async () => {
      releases.delete(release)
      const caller = currentTrace()
      if (caller === undefined || !inside.has(caller)) return await releaseOnce()
      releaseOnce().catch((error: unknown) => reportFailure(`release of ${label}`, error))
    }
    releases.add(release)
    return release
  }

  const enter = async <Result>(
    inside: Set<TraceContext>,
    traceparent: string,
    work: () => Result | Promise<Result>,
  ): Promise<Result> => {
    const context: TraceContext = { traceparent, module }
    inside.add(context)
    try {
      return await runInTrace(context, work)
    } finally {
      inside.delete(context)
    }
  }

  const subscribe = <Data>(
    event: EventDefinition<Data>,
    handler: EventHandler<Data>,
    options: SubscribeOptions = {},
  ): Release => {
    const group = groupOf(module, event, options)
    if (group !== undefined && groups.has(group)) {
      throw moduleErrors.SUBSCRIPTION_TWICE({ value: event.type, detail: `module ${module}` })
    }
    const inside = new Set<TraceContext>()
    let subscription: OpenSubscription | undefined
    let closed = false
    const release = own(`subscription ${group ?? `${module}/${event.type} (live)`}`, inside, async () => {
      closed = true
      await subscription?.close()
      if (group !== undefined) groups.delete(group)
    })
    if (group !== undefined) groups.add(group)

    const guarded = async (data: Data, envelope: EventEnvelope<Data>): Promise<void> => {
      try {
        await enter(inside, envelope.traceparent, () => handler(data, envelope))
      } catch (error) {
        reportFailure(`event ${event.type}`, error)
        throw error
      }
    }
    whenActive(() => {
      if (!closed) subscription = bus.subscribe(group, event, guarded, options)
    })
    return release
  }

  const timer = (label: string, everyMs: number, run: () => void | Promise<void>): Release => {
    const inside = new Set<TraceContext>()
    let interval: NodeJS.Timeout | undefined
    let current: Promise<void> | undefined
    let closed = false
    const release = own(`timer ${label}`, inside, async () => {
      closed = true
      clearInterval(interval)
      await current
    })
    const tick = async (): Promise<void> => {
      try {
        await enter(inside, createTraceparent(createTraceId()), run)
      } catch (error) {
        reportFailure(`timer ${label}`, error)
      } finally {
        current = undefined
      }
    }
    whenActive(() => {
      if (closed) return
      // a run that takes longer than the interval swallows the ticks that fall into it
      interval = setInterval(() => {
        current ??= tick()
      }, everyMs)
      interval.unref()
    })
    return release
  }

  return Object.freeze({
    subscribe,
    timer,
    activate: () => {
      const opening = waiting ?? []
      waiting = undefined
      for (const open of opening) open()
    },
    quiet: async () => {
      const results = await Promise.allSettled(Array.from(releases, (release) => release()))
      for (const result of results) if (result.status === 'rejected') reportFailure('release', result.reason)
    },
  })
}

/** the durable group of a subscription; transient events and live tails have none. */
function groupOf(module: string, event: EventDefinition, options: SubscribeOptions): string | undefined {
  if (event.durability === 'transient' || options.live === true) return undefined
  return options.name === undefined ? `${module}/${event.type}` : `${module}/${event.type}/${options.name}`
}
