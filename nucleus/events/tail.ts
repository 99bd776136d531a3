// follows the events from a position on: first what the journal has, then what comes, with nothing lost or doubled.
import type { EventEnvelope } from './event.ts'
import type { Journal } from './journal.ts'

export interface TailOptions {
  /** an event's id; absent: from now on. */
  readonly after?: string
  /** absent: all. */
  readonly types?: readonly string[]
  readonly signal?: AbortSignal
}

export interface TailParts {
  readonly journal: Journal
  /** hears every event, transient ones too; gives what ends it. */
  readonly listen: (listener: (event: EventEnvelope, journaled: boolean) => void) => () => void
  readonly closed: AbortSignal
}

/** events that wait for a slow reader; beyond it they are read from the journal again, and transient ones are lost. */
const bufferLimit = 1_000
const readLimit = 200

interface Heard {
  readonly event: EventEnvelope
  readonly journaled: boolean
}

export async function* tailEvents(parts: TailParts, options: TailOptions): AsyncGenerator<EventEnvelope, void, void> {
  const { journal } = parts
  const { types } = options
  const wanted = types === undefined ? undefined : new Set(types)
  // a position that can't be one is told before anything is given.
  if (options.after !== undefined) await journal.read({ after: options.after, limit: 1 })
  let cursor = options.after ?? journal.position()
  let heard: Heard[] = []
  let overflow = false
  let wake: (() => void) | undefined
  const ended = (): boolean => parts.closed.aborted || options.signal?.aborted === true

  const rouse = (): void => wake?.()
  const stop = parts.listen((event, journaled) => {
    if (wanted !== undefined && !wanted.has(event.type)) return
    if (heard.length < bufferLimit) heard.push({ event, journaled })
    else {
      overflow = true
      heard = []
    }
    rouse()
  })
  options.signal?.addEventListener('abort', rouse)
  parts.closed.addEventListener('abort', rouse)

  try {
    let catchUp = options.after !== undefined
    while (!ended()) {
      if (overflow) {
        overflow = false
        catchUp = true
      }
      if (catchUp) {
        const events = await journal.read({
          limit: readLimit,
          ...(cursor === undefined ? {} : { after: cursor }),
          ...(types === undefined ? {} : { types }),
        })
        for (const event of events) {
          cursor = event.id
          yield event
          if (ended()) return
        }
        catchUp = events.length === readLimit
        continue
      }
      const batch = heard
      heard = []
      for (const { event, journaled } of batch) {
        // what was committed while the journal was being read has been given already.
        if (journaled && cursor !== undefined && event.id <= cursor) continue
        if (journaled) cursor = event.id
        yield event
        if (ended()) return
      }
      if (heard.length > 0 || overflow) continue
      await new Promise<void>((resolve) => {
        wake = resolve
        if (ended()) resolve()
      })
      wake = undefined
    }
  } finally {
    stop()
    options.signal?.removeEventListener('abort', rouse)
    parts.closed.removeEventListener('abort', rouse)
  }
}
