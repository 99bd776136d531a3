// a scope owns everything that one generation of a module opens, and gives it back in reverse order.
import { defineErrors, toErrorData } from './errors.ts'

export const scopeErrors = defineErrors({
  SCOPE_CLOSED: {
    title: 'the module has been unloaded and opens nothing any more',
    fix: 'end the work when the context’s `signal` is aborted',
  },
})

/** ends what was opened; may be slow, may throw: both are reported with its label. */
export type ReleaseWork = () => void | Promise<void>

/** what closing a scope has left behind; apart from the result of the module's own work. */
export interface ScopeReport {
  /** labels of what was released well, in the order of release. */
  readonly released: readonly string[]
  /** labels of what did not end within its time. */
  readonly left: readonly string[]
  readonly errors: readonly { readonly label: string; readonly message: string }[]
}

export interface ScopeOptions {
  /** for messages: the module and its generation. */
  readonly name: string
  /** how long one release may take, milliseconds. default 5,000. */
  readonly releaseTimeoutMs?: number
  /** how long all of them may take together, milliseconds. default 20,000. */
  readonly closeTimeoutMs?: number
  /** hears of a release that failed after its time, or of a late addition's; nobody else is left to be told. */
  readonly onLateError?: (label: string, error: unknown) => void
}

export interface Scope {
  readonly name: string
  /** aborted when the scope begins to close. */
  readonly signal: AbortSignal
  readonly closing: boolean
  /** labels of what is open, oldest first; the same list until something is opened or released. */
  open(): readonly string[]
  /**
   * owns `release` until it is called or the scope closes. the result releases it early, once.
   * @throws SCOPE_CLOSED after the scope began to close; what was opened is released at once.
   */
  defer(label: string, release: ReleaseWork): () => Promise<void>
  /** aborts the signal, then releases in reverse order, one at a time, and goes on after an error. */
  close(): Promise<ScopeReport>
}

interface Entry {
  readonly label: string
  readonly release: ReleaseWork
  /** set once the release has begun, so that nobody begins it twice. */
  ended: Promise<void> | undefined
}

/** makes a scope; whoever makes it closes it. */
export function createScope(options: ScopeOptions): Scope {
  const releaseTimeoutMs = options.releaseTimeoutMs ?? 5_000
  const closeTimeoutMs = options.closeTimeoutMs ?? 20_000
  const abort = new AbortController()
  // a set and not the stack itself: what is released early must leave, or a long life would only grow
  const entries = new Set<Entry>()
  // asked for by every look at the module's health
  let labels: readonly string[] | undefined
  let closing = false
  let closed: Promise<ScopeReport> | undefined

  const end = (entry: Entry): Promise<void> => {
    entry.ended ??= (async () => {
      try {
        await entry.release()
      } finally {
        entries.delete(entry)
        labels = undefined
      }
    })()
    return entry.ended
  }

  const defer = (label: string, release: ReleaseWork): (() => Promise<void>) => {
    const entry: Entry = { label, release, ended: undefined }
    if (closing) {
      end(entry).catch((error: unknown) => options.onLateError?.(label, error))
      throw scopeErrors.SCOPE_CLOSED({ value: label, detail: options.name })
    }
    entries.add(entry)
    labels = undefined
    return () => end(entry)
  }

  const close = async (): Promise<ScopeReport> => {
    closing = true
    const released: string[] = []
    const left: string[] = []
    const errors: { label: string; message: string }[] = []
    const deadline = Date.now() + closeTimeoutMs

    const stack = new AsyncDisposableStack()
    for (const entry of entries) {
      stack.defer(async () => {
        const limitMs = Math.max(0, Math.min(releaseTimeoutMs, deadline - Date.now()))
        const ending = end(entry)
        try {
          if (await settlesWithin(ending, limitMs)) {
            released.push(entry.label)
            return
          }
          left.push(entry.label)
          ending.catch((error: unknown) => options.onLateError?.(entry.label, error))
        } catch (error) {
          errors.push({ label: entry.label, message: toErrorData(error).message })
        }
      })
    }
    abort.abort(scopeErrors.SCOPE_CLOSED({ detail: options.name }))
    await stack.disposeAsync()
    return { released, left, errors }
  }

  return Object.freeze({
    name: options.name,
    signal: abort.signal,
    get closing() {
      return closing
    },
    open: () => (labels ??= Object.freeze(Array.from(entries, (entry) => entry.label))),
    defer,
    close: () => (closed ??= close()),
  })
}

/**
 * whether `work` settles before `limitMs` have passed. rejects with the work's error; a rejection that comes too late
 * is not unhandled.
 */
export async function settlesWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, limitMs, false)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
