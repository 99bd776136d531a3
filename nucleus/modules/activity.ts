// what runs by itself in one generation: its subscriptions and timers, from activation until quiet.
import { groupName, type Subscription } from '../events/subscription.ts'
import type { EventDefinition } from '../events/event.ts'
import { createTraceId, createTraceparent } from '../identifiers.ts'
import type { Scope } from '../scope.ts'
import { currentTrace, runInTrace, type TraceContext } from '../trace.ts'
import { moduleErrors } from './errors.ts'
import type { EventHandler, Release, SubscribeOptions } from './module.ts'
import type { EventBus, ReportFailure } from './ports.ts'

export interface Activity {
  subscribe<Data>(event: EventDefinition<Data>, handler: EventHandler<Data>, options?: SubscribeOptions): Release
  timer(label: string, everyMs: number, run: () => void | Promise<void>): Release
  /** keeps something open from activation until quiet, but for pauses. `open` gives what closes it. */
  keepOpen(label: string, open: () => Release): Release
  /** opens what was asked for so far, what comes later opens at once; resolves when no event can be missed any more. */
  activate(): Promise<void>
  /**
   * stops what changes the module's state by itself: durable subscriptions, whose events wait in the journal, and timers.
   * live ones go on, because what they miss is gone. resolves when what ran has ended; failures are reported.
   */
  pause(): Promise<void>
  /** goes on where `pause` stopped. */
  resume(): Promise<void>
  /** closes everything, resolves when what ran has ended; failures are reported, never thrown. */
  quiet(): Promise<void>
}

interface Pausable {
  open(): void | Promise<void>
  close(): Promise<void>
}

interface ActivityParts {
  readonly module: string
  readonly scope: Scope
  readonly bus: EventBus
  readonly reportFailure: ReportFailure
}

/** makes an activity; nothing of it runs before `activate`: a generation that does not serve yet may be thrown away. */
export function createActivity({ module, scope, bus, reportFailure }: ActivityParts): Activity {
  let waiting: (() => void | Promise<void>)[] | undefined = []
  const whenActive = (open: () => void | Promise<void>): void => {
    if (waiting !== undefined) waiting.push(open)
    else Promise.resolve(open()).catch((error: unknown) => reportFailure('subscribe', error))
  }
  const releases = new Set<Release>()
  // what can be stopped and begun again
  const pausable = new Set<Pausable>()
  let paused = false
  const groups = new Set<string>()

  const own = (label: string, close: () => Promise<void>): Release => {
    const releaseOnce = scope.defer(label, close)
    const release: Release = () => {
      releases.delete(release)
      return releaseOnce()
    }
    releases.add(release)
    return release
  }

  const subscribe = <Data>(
    event: EventDefinition<Data>,
    handler: EventHandler<Data>,
    options: SubscribeOptions = {},
  ): Release => {
    const live = event.durability === 'transient' || options.live === true
    const group = live ? undefined : groupName(module, event.type, options.name)
    if (group !== undefined && groups.has(group)) {
      throw moduleErrors.SUBSCRIPTION_TWICE({ value: event.type, detail: `module ${module}` })
    }
    let subscription: Subscription | undefined
    let closed = false
    const open = (): void | Promise<void> => {
      if (closed || (paused && !live)) return
      // the generation before may still be ending its last handler: its group is taken over then
      subscription = bus.subscribe({ owner: module, definition: event, handler, options, takeOver: true })
      return subscription.ready
    }
    const entry: Pausable = { open, close: async () => await subscription?.close() }
    const release = own(`subscription ${group ?? `${module}/${event.type} (live)`}`, async () => {
      closed = true
      pausable.delete(entry)
      await subscription?.close()
      if (group !== undefined) groups.delete(group)
    })
    if (group !== undefined) groups.add(group)
    if (!live) pausable.add(entry)
    whenActive(open)
    return release
  }

  const timer = (label: string, everyMs: number, run: () => void | Promise<void>): Release => {
    let interval: NodeJS.Timeout | undefined
    let current: Promise<void> | undefined
    let context: TraceContext | undefined
    let closed = false
    const stop = async (): Promise<void> => {
      clearInterval(interval)
      // a run that ends its own timer must not wait for itself
      if (context === undefined || currentTrace() !== context) await current
    }
    const open = (): void => {
      if (closed || paused) return
      // a run that takes longer than the interval swallows the ticks that fall into it
      interval = setInterval(() => {
        current ??= tick()
      }, everyMs)
      interval.unref()
    }
    const entry: Pausable = { open, close: stop }
    const release = own(`timer ${label}`, async () => {
      closed = true
      pausable.delete(entry)
      await stop()
    })
    pausable.add(entry)
    const tick = async (): Promise<void> => {
      context = { traceparent: createTraceparent(createTraceId()), module }
      try {
        await runInTrace(context, run)
      } catch (error) {
        reportFailure(`timer ${label}`, error)
      } finally {
        context = undefined
        current = undefined
      }
    }
    whenActive(open)
    return release
  }

  const keepOpen = (label: string, begin: () => Release): Release => {
    let close: Release | undefined
    let closed = false
    const stop = async (): Promise<void> => {
      const closing = close
      close = undefined
      await closing?.()
    }
    const open = (): void => {
      if (!closed && !paused) close ??= begin()
    }
    const entry: Pausable = { open, close: stop }
    const release = own(label, async () => {
      closed = true
      pausable.delete(entry)
      await stop()
    })
    pausable.add(entry)
    whenActive(open)
    return release
  }

  const all = async (work: Iterable<Promise<void>>): Promise<void> => {
    for (const result of await Promise.allSettled(work)) {
      if (result.status === 'rejected') reportFailure('release', result.reason)
    }
  }

  return Object.freeze({
    subscribe,
    timer,
    keepOpen,
    pause: async () => {
      paused = true
      await all(Array.from(pausable, (one) => one.close()))
    },
    resume: async () => {
      if (!paused) return
      paused = false
      await all(Array.from(pausable, async (one) => await one.open()))
    },
    activate: async () => {
      const opening = waiting ?? []
      waiting = undefined
      await Promise.all(opening.map(async (open) => await open()))
    },
    quiet: () => all(Array.from(releases, (release) => release())),
  })
}
