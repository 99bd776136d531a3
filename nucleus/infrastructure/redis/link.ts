// the connection to Redis, and whether it is there: a circuit that opens when nothing answers and closes by itself.
import { ExponentialBackoff, handleAll, retry, timeout, TimeoutStrategy, wrap } from 'cockatiel'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { redisErrors, withoutPassword } from './errors.ts'
import { scripts, type Script } from './scripts.ts'

export interface LinkOptions {
  readonly url: string
  readonly log: Logger
  /** one attempt to connect, milliseconds. */
  readonly connectMs: number
  /** silence while something waits for its answer, milliseconds; then the circuit opens. */
  readonly answerMs: number
  /** how often it is asked whether it is there, milliseconds. */
  readonly pingEveryMs: number
  readonly channel: string
  readonly heard: (message: string) => void
  /** after each connection but the first, before anything else is sent. a throw is a failed attempt. */
  readonly prepare: (redis: Redis) => Promise<void>
  readonly closed: (reason: string) => void
  readonly opened: () => void
}

export type RedisReply = string | number | null | undefined | readonly RedisReply[]

export interface RedisLink {
  /** false: the circuit is open, and nothing is to be sent. */
  readonly up: boolean
  /** why it is open. */
  readonly reason: string | undefined
  /** @throws REDIS_UNREACHABLE while the circuit is open */
  assertUp(): void
  /** sends a command. @throws REDIS_SILENT and what the server says */
  send(command: string, ...args: readonly (string | number)[]): Promise<RedisReply>
  run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<RedisReply>
  /** the server can't do its work: opens the circuit. */
  fail(error: unknown): void
  close(): Promise<void>
}

interface Pair {
  readonly commands: Redis
  readonly bell: Redis
}

/** a connection that was lost this soon, milliseconds, was not worth much. */
const soonMs = 5_000

/** @throws REDIS_UNREACHABLE, and what `prepare` throws, for the first connection; later ones are tried again for ever */
export async function openLink(options: LinkOptions): Promise<RedisLink> {
  const { log } = options
  let pair: Pair | undefined
  let up = false
  let reason: string | undefined
  let ended = false
  const waiting = new Set<(error: Error) => void>()
  let openedAt = 0
  let answeredAt = 0
  let looking: Promise<void> | undefined
  let resting: NodeJS.Timeout | undefined
  const closing = new AbortController()

  const attempt = timeout(options.connectMs, TimeoutStrategy.Aggressive)
  const again = retry(handleAll, {
    maxAttempts: Number.MAX_SAFE_INTEGER,
    backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }),
  })

  const fail = (error: unknown): void => {
    if (!up || ended) return
    up = false
    reason = error instanceof Error ? error.message : String(error)
    log.warn({ reason }, 'Redis is gone; events are kept in the outbox')
    const lost = pair
    pair = undefined
    // whoever waits for an answer is told that there will be none.
    if (lost !== undefined) release(lost)
    const rejected = Array.from(waiting)
    waiting.clear()
    for (const reject of rejected) reject(redisErrors.REDIS_UNREACHABLE({ detail: reason, cause: error }))
    options.closed(reason)
    // one that comes back and fails at once, such as one whose memory is full, is given time.
    const restMs = performance.now() - openedAt < soonMs ? soonMs / 5 : 0
    resting = setTimeout(lookForIt, restMs)
  }

  const use = (next: Pair): void => {
    pair = next
    up = true
    reason = undefined
    answeredAt = performance.now()
    openedAt = answeredAt
    const gone = (): void => {
      if (pair === next) fail(redisErrors.REDIS_UNREACHABLE({ detail: 'the connection was closed' }))
    }
    next.commands.once('close', gone)
    next.bell.once('close', gone)
    next.bell.on('message', (_channel, message) => options.heard(message))
  }

  const connect = async (signal?: AbortSignal): Promise<Pair> => {
    const made: Pair = { commands: clientOf(options.url, log), bell: clientOf(options.url, log) }
    let settled = false
    // the signal of an attempt is raised at its end as well, however that went.
    signal?.addEventListener('abort', () => (settled ? undefined : release(made)), { once: true })
    try {
      await Promise.all([made.commands.connect(), made.bell.connect()])
      await Promise.all(scripts.map(({ lua }) => made.commands.script('LOAD', lua)))
      await made.bell.subscribe(options.channel)
      await options.prepare(made.commands)
      // a bell that was lost while we prepared would never be missed, and what others append would be heard of late
      if (made.bell.status !== 'ready') {
        throw redisErrors.REDIS_UNREACHABLE({ detail: 'the connection for notices was closed' })
      }
      settled = true
      return made
    } catch (error) {
      release(made)
      if (!up && reason !== undefined) reason = error instanceof Error ? error.message : String(error)
      throw error
    }
  }

  const lookForIt = (): void => {
    looking ??= wrap(again, attempt)
      .execute(({ signal }) => connect(signal), closing.signal)
      .then((found) => {
        looking = undefined
        if (ended) return release(found)
        use(found)
        log.info('Redis is back')
        options.opened()
      })
      .catch((error: unknown) => {
        looking = undefined
        if (!ended) log.error({ err: error }, 'Redis is no longer looked for')
      })
  }

  /** a server that is stopped keeps its connections: who waits for it must be told by us. */
  const watched = (answer: Promise<unknown>): Promise<RedisReply> =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) answeredAt = performance.now()
      waiting.add(reject)
      answer.then(
        (reply) => {
          answeredAt = performance.now()
          if (waiting.delete(reject)) resolve(reply as RedisReply)
        },
        (error: unknown) => {
          answeredAt = performance.now()
          if (waiting.delete(reject)) reject(error instanceof Error ? error : new Error(String(error)))
        },
      )
    })

  const isSilent = (): boolean => up && waiting.size > 0 && performance.now() - answeredAt > options.answerMs
  const watch = setInterval(() => {
    // an event loop that was busy finds the answers only after its timers.
    if (isSilent()) {
      setImmediate(() => {
        if (isSilent()) fail(redisErrors.REDIS_SILENT({ detail: `no answer for ${options.answerMs} ms` }))
      })
    } else if (up && pair !== undefined && waiting.size === 0) watched(pair.commands.ping()).catch(fail)
  }, options.pingEveryMs)
  watch.unref()

  const commands = (): Redis => {
    if (pair === undefined) throw redisErrors.REDIS_UNREACHABLE({ detail: reason ?? 'it was closed' })
    return pair.commands
  }

  try {
    use(await attempt.execute(({ signal }) => connect(signal)))
  } catch (cause) {
    clearInterval(watch)
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('REDIS_')) throw cause
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw redisErrors.REDIS_UNREACHABLE({ value: withoutPassword(options.url), detail, cause })
  }

  return {
    get up() {
      return up
    },
    get reason() {
      return reason
    },
    assertUp: () => {
      commands()
    },
    send: async (command, ...args) => watched(commands().call(command, [...args])),
    run: async ({ sha }, keys, args) => watched(commands().call('EVALSHA', [sha, keys.length, ...keys, ...args])),
    fail,
    close: async () => {
      ended = true
      up = false
      clearInterval(watch)
      clearTimeout(resting)
      closing.abort()
      if (pair !== undefined) release(pair)
      pair = undefined
      await looking
    },
  }
}

/** runs scripts on a connection that the link does not have yet. */
export function runOn(redis: Redis): RedisLink['run'] {
  return async ({ lua }, keys, args) => (await redis.call('EVAL', [lua, keys.length, ...keys, ...args])) as RedisReply
}

/** the number of the database that a URL names. */
export function databaseOf(url: string): number {
  return new Redis(url, { lazyConnect: true }).options.db ?? 0
}

/** it connects when it is told to and once: reconnecting is the link's. */
export function clientOf(url: string, log: Logger): Redis {
  const client = new Redis(url, {
    protocol: 2,
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectionName: 'lotus-journal',
    disableClientInfo: true,
  })
  // without a listener ioredis writes each error to stderr; the command or `connect` that fails tells it as well.
  client.on('error', (error: unknown) => log.debug({ err: error }, 'a connection to Redis failed'))
  return client
}

function release({ commands, bell }: Pair): void {
  commands.disconnect()
  bell.disconnect()
}
