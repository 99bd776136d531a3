// one LOTUS for all tests of a file or a group: running before the first, stopped and gone after the last.
import { afterAll, beforeAll } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from './private-lotus.ts'

export interface SharedLotusOptions {
  /** how long its start, and its stop, may take. */
  readonly limitMs: number
  readonly environment?: Readonly<Record<string, string>>
  /** done before it is started, when its folders are there. */
  readonly prepare?: (own: PrivateLotus) => void
}

/** to be called where hooks may be registered; nothing runs before the hooks do. */
export function shareLotus({ limitMs, environment, prepare }: SharedLotusOptions): PrivateLotus {
  const own = createPrivateLotus(environment)
  beforeAll(async () => {
    prepare?.(own)
    await own.start()
  }, limitMs)
  afterAll(async () => {
    try {
      await own.stop()
    } finally {
      await own.dispose()
    }
  }, limitMs)
  return own
}
