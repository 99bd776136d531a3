// a worker has nothing to do without the servers of its system: at its start it waits for them, up to a limit.
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isLotusError } from '../errors.ts'

/** several machines that come up together need so long, milliseconds; the whole start has a minute. */
const waitMs = 45_000
const tryEveryMs = 500
const tellEveryMs = 5_000

/** opens what is on a server, as soon as that can be reached. @throws what the last try threw */
export async function whenReachable<Result>(open: () => Promise<Result>, log: Logger): Promise<Result> {
  const endMs = performance.now() + waitMs
  let tellMs = 0
  for (;;) {
    try {
      return await open()
    } catch (error) {
      const isAway = isLotusError(error, 'SERVER_UNREACHABLE') || isLotusError(error, 'REDIS_UNREACHABLE')
      if (!isAway || performance.now() > endMs) throw error
      if (performance.now() >= tellMs) {
        log.warn({ err: error }, 'a server can’t be reached yet; this worker waits for it')
        tellMs = performance.now() + tellEveryMs
      }
    }
    await pause(tryEveryMs)
  }
}
