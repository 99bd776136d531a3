// waits for what is told about one goal; whoever watches asks for the next notice, and gives up in the end.
import type { OpenQuestion } from '../../operator/contract.ts'
import type { GoalOutcome } from '../../reasoning/contract.ts'

/** what has happened to a goal; a question is without what osd says about it. */
export type GoalNews =
  | Exclude<GoalNotice, { kind: 'confirmation' }>
  | { readonly kind: 'confirmation'; readonly planId: string }

/** what is told about a goal on its way. */
export type GoalNotice =
  | { readonly kind: 'progress'; readonly text: string }
  | ({ readonly kind: 'confirmation' } & OpenQuestion)
  | { readonly kind: 'outcome'; readonly outcome: GoalOutcome }

export interface GoalWatch {
  readonly traceId: string
  readonly closed: boolean
  /** the next piece of news, or undefined when `limitMs` have passed or the watch was closed. one caller at a time. */
  next(limitMs: number): Promise<GoalNews | undefined>
  /** ends the watch and whoever waits in `next`; harmless when repeated. */
  close(): void
}

// a reader that is slower than this loses the oldest lines of progress, never a question or the outcome
const maxWaiting = 256

interface OpenWatch extends GoalWatch {
  tell(news: GoalNews): void
  /** lets whoever waits in `next` go on without news. */
  nudge(): void
}

/** makes a watch. @param onClose - called once */
export function createGoalWatch(traceId: string, onClose: () => void): OpenWatch {
  const waiting: GoalNews[] = []
  let closed = false
  let wake: (() => void) | undefined

  return {
    traceId,
    get closed() {
      return closed
    },
    tell: (news) => {
      if (closed) return
      if (waiting.length >= maxWaiting) {
        const oldest = waiting.findIndex(({ kind }) => kind === 'progress')
        if (oldest !== -1) waiting.splice(oldest, 1)
      }
      waiting.push(news)
      wake?.()
    },
    next: async (limitMs) => {
      if (waiting.length === 0 && !closed) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>((resolve) => {
          wake = resolve
          timer = setTimeout(resolve, limitMs)
        })
        clearTimeout(timer)
        wake = undefined
      }
      return closed ? undefined : waiting.shift()
    },
    nudge: () => wake?.(),
    close: () => {
      if (closed) return
      closed = true
      wake?.()
      onClose()
    },
  }
}
