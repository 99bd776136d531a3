// a Redis that a start had to do without is looked for in the background, so that health can say when it is there.
import { timeout, TimeoutStrategy } from 'cockatiel'
import type { Logger } from 'pino'
import { journalKeys } from './keys.ts'
import { clientOf } from './link.ts'

const lookEveryMs = 3_000
const lookLimitMs = 2_000

export interface ReturnWatch {
  /** whether it answered when it was last looked for, and no nucleus uses it. */
  readonly isBack: boolean
  close(): Promise<void>
}

export function watchForReturn({ url, log }: { readonly url: string; readonly log: Logger }): ReturnWatch {
  let isBack = false
  let looking: Promise<void> | undefined
  const look = async (): Promise<void> => {
    const client = clientOf(url, log)
    const before = isBack
    try {
      isBack = await timeout(lookLimitMs, TimeoutStrategy.Aggressive).execute(async () => {
        await client.connect()
        return (await client.exists(journalKeys('lotus').mark)) === 0
      })
    } catch {
      // the reason is in health since the start; nothing has changed
      isBack = false
    } finally {
      client.disconnect()
    }
    if (isBack && !before) log.info('Redis is there; the next start uses it')
  }
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined))
  }, lookEveryMs)
  timer.unref()
  return {
    get isBack() {
      return isBack
    },
    close: async () => {
      clearInterval(timer)
      await looking
    },
  }
}
