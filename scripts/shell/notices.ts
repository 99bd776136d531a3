// reminders in an open shell: what is due is told at once, above the line that is being typed, as is what comes due later.
import { describeClient } from '../client/context.ts'
import { createClient } from '../client/http.ts'
import { watchDue } from '../client/notices.ts'
import { findNucleus } from '../client/nucleus.ts'
import { readToken } from '../client/place.ts'
import type { Place } from '../client/place.ts'
import type { Style } from '../client/terminal.ts'

export interface NoticesOptions {
  readonly place: Place
  readonly width: number
  readonly style: Style
  /** takes a line that is escaped; must have shown it when it returns. */
  readonly printAbove: (text: string) => void
  readonly signal: AbortSignal
}

/** watches until the signal aborts; a LOTUS that is away is found again. never rejects. */
export async function openNotices({ place, width, style, printAbove, signal }: NoticesOptions): Promise<void> {
  try {
    await watchDue({
      connect: () => {
        const record = findNucleus(place)
        return record === undefined || record.status === 'starting'
          ? undefined
          : createClient(record.url, readToken(place))
      },
      listener: describeClient(place.environment, width),
      show: ({ said, missed }) => printAbove(missed ? style.yellow(said) : style.bold(said)),
      signal,
    })
  } catch (fault) {
    // goals go on; whoever reads this knows that reminders are told by `lotus reminders` only.
    printAbove(`reminders are told here no more: ${fault instanceof Error ? fault.name : 'unknown'}`)
  }
}
