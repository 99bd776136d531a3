// the mark of the one nucleus that uses a Redis database: taken before the journal opens, renewed while it is open.
import { setTimeout as sleep } from 'node:timers/promises'
import { timeout, TimeoutStrategy } from 'cockatiel'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { isLotusError } from '../../errors.ts'
import { describeHolder, isGone, isSeenAlive, thisHolder, type Holder } from '../holder.ts'
import { redisErrors, withoutPassword } from './errors.ts'
import { openRedisJournal, type RedisJournal, type RedisJournalOptions } from './journal.ts'
import { journalKeys } from './keys.ts'
import { clientOf, runOn, type RedisLink, type RedisReply } from './link.ts'
import { holdScript, releaseScript } from './scripts.ts'

/** a nucleus that can't be looked at is taken for dead when its mark has not been renewed for so long. */
const markMs = 10_000
/** how often a mark that may be that of a dead one is looked at. */
const lookEveryMs = 500
const connectMs = 3_000

type Run = RedisLink['run']

/** what the journal does with the mark: it begins each connection with it. */
export interface JournalMark {
  /** milliseconds until it must be held again. */
  readonly renewEveryMs: number
  /** takes the mark where it is free, renews it where it is ours. @throws REDIS_TAKEN */
  hold(run: Run): Promise<void>
  /** gives it back where it is ours. */
  release(run: Run): Promise<void>
}

/**
 * a journal in a Redis database that no other nucleus uses: goals that one has accepted must not be given to another, whose osd
 * knows nothing of them. a dead one of this machine is seen at once; another one is watched for at most ten seconds.
 * @throws REDIS_TAKEN, and what `openRedisJournal` throws
 */
export async function openRedisJournalAlone(options: RedisJournalOptions): Promise<RedisJournal> {
  const self = thisHolder(options.folder)
  const key = journalKeys(options.namespace ?? 'lotus').mark
  const atServer = <Result>(work: (run: Run) => Promise<Result>): Promise<Result> => briefly(options, work)
  await take((takeFrom) => atServer((run) => hold(run, key, self, takeFrom)), self)
  const mark: JournalMark = {
    renewEveryMs: markMs / 3,
    hold: async (run) => {
      const found = await hold(run, key, self, '')
      if (found !== undefined) throw taken(found.holder)
    },
    release: async (run) => {
      await run(releaseScript, [key], [self.life])
    },
  }
  try {
    return await openRedisJournal({ ...options, mark })
  } catch (error) {
    await atServer(mark.release).catch((left: unknown) => options.log.debug({ err: left }, 'the mark in Redis expires'))
    throw error
  }
}

interface Found {
  readonly holder: Holder
  /** grows while the holder lives. */
  readonly renewals: string
}

/** @throws REDIS_TAKEN */
async function take(attempt: (takeFrom: string) => Promise<Found | undefined>, self: Holder): Promise<void> {
  const endMs = performance.now() + markMs + 2 * lookEveryMs
  let before: Found | undefined
  let takeFrom = ''
  for (;;) {
    const found = await attempt(takeFrom)
    if (found === undefined) return
    const { holder, renewals } = found
    const isRenewed = before !== undefined && (before.holder.life !== holder.life || before.renewals !== renewals)
    if (isSeenAlive(holder, self) || isRenewed || performance.now() > endMs) throw taken(holder)
    before = found
    if (isGone(holder, self) && takeFrom !== holder.life) takeFrom = holder.life
    else await sleep(lookEveryMs)
  }
}

/** undefined: the mark is ours. */
async function hold(run: Run, key: string, self: Holder, takeFrom: string): Promise<Found | undefined> {
  const { life, place, folder, home } = self
  const reply = await run(holdScript, [key], [life, takeFrom, markMs, place, folder, home])
  if (!Array.isArray(reply)) return undefined
  const fields = new Map<RedisReply, RedisReply>()
  for (let index = 0; index < reply.length; index += 2) fields.set(reply[index], reply[index + 1])
  const text = (name: string): string => String(fields.get(name) ?? '')
  return {
    holder: { life: text('life'), place: text('place'), folder: text('folder'), home: text('home') },
    renewals: text('renewals'),
  }
}

const taken = (holder: Holder): Error => redisErrors.REDIS_TAKEN({ value: describeHolder(holder) })

/** a connection for a moment, with a limit to all of it. @throws REDIS_UNREACHABLE */
async function briefly<Result>(
  { url, log, timing }: { url: string; log: Logger; timing?: RedisJournalOptions['timing'] },
  work: (run: Run) => Promise<Result>,
): Promise<Result> {
  let redis: Redis | undefined
  try {
    return await timeout(timing?.connectMs ?? connectMs, TimeoutStrategy.Aggressive).execute(async () => {
      const client = clientOf(url, log)
      redis = client
      await client.connect()
      return await work(runOn(client))
    })
  } catch (cause) {
    if (isLotusError(cause)) throw cause
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw redisErrors.REDIS_UNREACHABLE({ value: withoutPassword(url), detail, cause })
  } finally {
    redis?.disconnect()
  }
}
