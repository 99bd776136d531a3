// watches one server: a circuit that opens when the server is lost, proves its return, and lets nobody wait in vain.
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel'
import type { Logger } from 'pino'
import type { LotusError } from '../errors.ts'
import { infrastructureErrors } from './errors.ts'

export interface ServerLinkOptions {
  /** as people call it: `Postgres`. */
  readonly name: string
  /** where it is, without a password. */
  readonly address: string
  /** a small piece of real work. */
  readonly probe: () => Promise<void>
  /** whether an error says that the server is lost, and not that it refuses this one call. */
  readonly isLoss: (error: unknown) => boolean
  /**
   * brings the server what was kept for it, before anybody else may call; a rejection keeps the circuit open.
   * it has a time limit of its own.
   */
  readonly onBack?: () => Promise<void>
  /** lets go of what hangs at the lost server. */
  readonly onLost?: () => void
  /** says what an error means where the error alone doesn't; default its message. */
  readonly explain?: (error: unknown) => string
  readonly log: Logger
  /** whether the server was there a moment ago. default true. */
  readonly isUp?: boolean
  /** why it was not. */
  readonly reason?: string
}

export interface ServerLink {
  /** @throws SERVER_UNREACHABLE at once while the server is away; else what `work` throws */
  call<Result>(work: () => Promise<Result>): Promise<Result>
  isUp(): boolean
  /** why it is away, and since when; undefined while it is there. */
  fault(): string | undefined
  /** true as soon as it is there, false where that takes longer than this. */
  untilUp(limitMs: number): Promise<boolean>
  unreachable(cause?: unknown): LotusError
  close(): Promise<void>
}

/** probes follow each other so closely while somebody calls, milliseconds: a loss shows within a second. */
const busyEveryMs = 250
const idleEveryMs = 1_000
/** a server that is only slow answers a probe within this. */
const probeLimitMs = 600
/** so long a call waits at most while things are handed over. */
const handOverLimitMs = 5_000
/** so long after the last call somebody still counts as calling. */
const busyForMs = 5_000

/** a probe without an answer is a loss, whatever it was that went wrong. */
class ProbeFailure extends Error {}

/** begins to watch at once; keeps no process alive. */
export function createServerLink(options: ServerLinkOptions): ServerLink {
  const { name, address, log } = options
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof ProbeFailure || options.isLoss(error)),
    { halfOpenAfter: busyEveryMs, breaker: new ConsecutiveBreaker(1) },
  )
  const explain = options.explain ?? messageOf
  const waiting = new Set<() => void>()
  let reason = options.reason ?? 'it was not asked yet'
  let since = new Date()
  let isLost = false
  /** it answers, and what was kept for it is on its way. */
  let isHandingOver = false
  let lastCallMs = 0
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  // a server that is away from the start is held away until the first probe has proven it.
  let hold = options.isUp === false ? breaker.isolate() : undefined
  if (hold !== undefined) isLost = true

  const lost = (why: string): void => {
    reason = why
    if (isLost) return
    isLost = true
    since = new Date()
    log.warn({ server: name, address, reason }, `${name} is lost`)
    options.onLost?.()
  }
  breaker.onBreak((failure) => {
    if ('error' in failure) lost(explain(failure.error))
  })
  breaker.onReset(() => {
    if (!isLost) return
    isLost = false
    log.info({ server: name, address, away_ms: Date.now() - since.getTime() }, `${name} is back`)
    for (const tell of waiting) tell()
    waiting.clear()
  })

  const prove = async (): Promise<void> => {
    try {
      await withinLimit(options.probe())
      if (isLost) {
        isHandingOver = true
        await options.onBack?.()
      }
    } catch (error) {
      reason = explain(error)
      throw new ProbeFailure(reason, { cause: error })
    } finally {
      isHandingOver = false
    }
  }
  const look = async (): Promise<void> => {
    try {
      if (hold === undefined) await breaker.execute(prove)
      else {
        await prove()
        hold.dispose()
        hold = undefined
      }
    } catch {
      // what it was is in `reason`; while the circuit rests, there is nothing new to say.
    }
    if (closed) return
    const isBusy = isLost || Date.now() - lastCallMs < busyForMs
    timer = setTimeout(begin, isBusy ? busyEveryMs : idleEveryMs)
    timer.unref()
  }
  const begin = (): void => {
    looking = look()
  }
  timer = setTimeout(begin, idleEveryMs)
  timer.unref()

  const unreachable = (cause?: unknown): LotusError =>
    infrastructureErrors.SERVER_UNREACHABLE({
      value: `${name} at ${address}`,
      detail: cause === undefined ? reason : explain(cause),
      retryAfterMs: 1_000,
      ...(cause === undefined ? {} : { cause }),
    })

  const untilUp = async (limitMs: number): Promise<boolean> => {
    if (!isLost) return true
    let told = (): void => undefined
    const back = new Promise<true>((resolve) => {
      told = () => resolve(true)
      waiting.add(told)
    })
    let limit: NodeJS.Timeout | undefined
    const late = new Promise<false>((resolve) => {
      limit = setTimeout(() => resolve(false), limitMs)
    })
    try {
      return await Promise.race([back, late])
    } finally {
      clearTimeout(limit)
      waiting.delete(told)
    }
  }

  return Object.freeze({
    call: async <Result>(work: () => Promise<Result>) => {
      if (closed) throw infrastructureErrors.INFRASTRUCTURE_CLOSED({ detail: name })
      lastCallMs = Date.now()
      // who comes while what was kept is handed over waits for the end of it: else new things would come in faster.
      if (isHandingOver) await untilUp(handOverLimitMs)
      // half open, only the probe may try: what was kept for the server comes before anything new.
      if (isLost || breaker.state !== CircuitState.Closed) throw unreachable()
      return await breaker.execute(work)
    },
    isUp: () => !isLost && breaker.state === CircuitState.Closed,
    fault: () => (isLost ? `${name} at ${address} is away since ${since.toISOString()}: ${reason}` : undefined),
    untilUp,
    unreachable,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await looking
    },
  })
}

async function withinLimit(work: Promise<void>): Promise<void> {
  let limit: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    // in two steps: where this process itself was held up, an answer that has arrived meanwhile is read in between.
    limit = setTimeout(() => {
      limit = setTimeout(() => reject(new Error(`no answer within ${probeLimitMs} ms`)), 10)
    }, probeLimitMs - 10)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(limit)
  }
}

/** the address of a server without user, password and what else may be secret. */
export function addressOf(url: string): string {
  const { hostname, port, protocol } = new URL(url)
  const usual: Readonly<Record<string, string>> = {
    'postgres:': '5432',
    'postgresql:': '5432',
    'redis:': '6379',
    'rediss:': '6379',
    'http:': '80',
    'https:': '443',
  }
  return `${hostname}:${port === '' ? (usual[protocol] ?? '') : port}`
}

/** what an error says in one line; an error made of several says what the first of them says. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  const cause = error.message === 'fetch failed' ? error.cause : undefined
  if (cause !== undefined) return messageOf(cause)
  return error.message === '' ? error.name : error.message
}
