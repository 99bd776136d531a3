// the errors of a Redis server that the journal stands on, or should.
import { defineErrors } from '../../errors.ts'

export const redisErrors = defineErrors({
  REDIS_UNREACHABLE: {
    title: 'Redis can’t be reached',
    fix: 'start the server, or correct LOTUS_REDIS_URL; until then the embedded journal is used',
    retryable: true,
  },
  REDIS_SILENT: {
    title: 'Redis does not answer',
    fix: 'look at the server; events are kept in the outbox until it is back',
    retryable: true,
  },
  REDIS_TOO_OLD: {
    title: 'this Redis is too old for the journal',
    fix: 'use Redis 6.2 or newer, or unset LOTUS_REDIS_URL',
  },
  REDIS_TAKEN: {
    title: 'another nucleus uses this Redis database',
    fix: 'give each its own: put another number at the end of LOTUS_REDIS_URL, such as redis://127.0.0.1:6379/1, or stop the other one',
  },
  REDIS_NOT_DURABLE: {
    title: 'this Redis does not keep events as LOTUS_JOURNAL_DURABILITY=strict asks',
    fix: 'set `appendonly yes` and `appendfsync always` in redis.conf (or `redis-cli config set`), or ask for LOTUS_JOURNAL_DURABILITY=normal',
  },
})

/** a person's password may be in a URL; what is shown has none. */
export function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url)
    if (parsed.password !== '') parsed.password = '***'
    return parsed.toString()
  } catch {
    return 'a URL that can’t be read'
  }
}
