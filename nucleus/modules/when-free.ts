// a change of a module waits for the one that is under way, instead of being refused.
import { setTimeout as pause } from 'node:timers/promises'
import { isLotusError } from '../errors.ts'

const lookEveryMs = 50
/** longer than a start and the end of what it replaces may take by default. */
const limitMs = 30_000

/** @throws MODULE_BUSY where the other change takes too long; what `work` throws; the reason of `signal` */
export async function whenFree<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  const end = performance.now() + limitMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const isBusy = isLotusError(error) && error.code === 'MODULE_BUSY'
      if (!isBusy || performance.now() > end) throw error
    }
    await pause(lookEveryMs, undefined, signal === undefined ? {} : { signal })
  }
}
