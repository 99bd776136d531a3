// lets so many pass within a second; the others wait for their turn, so that whoever sends too much is slowed and not refused.

export interface Pace {
  /** resolves when it is one's turn, in order. */
  take(): Promise<void>
  /** whether anybody waits. */
  isSlowed(): boolean
}

/** a token bucket that holds a second's worth (Turner, "New directions in communications", 1986). */
export function createPace(perSecond: number, now: () => number = () => performance.now()): Pace {
  let tokens = perSecond
  let filledAt = now()
  const waiting: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined

  const fill = (): void => {
    const at = now()
    tokens = Math.min(perSecond, tokens + ((at - filledAt) * perSecond) / 1_000)
    filledAt = at
  }
  const wake = (): void => {
    timer = undefined
    fill()
    const turn = waiting.splice(0, Math.floor(tokens))
    tokens -= turn.length
    for (const go of turn) go()
    plan()
  }
  const plan = (): void => {
    if (waiting.length === 0 || timer !== undefined) return
    timer = setTimeout(wake, Math.max(5, ((1 - tokens) * 1_000) / perSecond))
    timer.unref()
  }
  return Object.freeze({
    take: async () => {
      fill()
      if (waiting.length === 0 && tokens >= 1) {
        tokens -= 1
        return
      }
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        plan()
      })
    },
    isSlowed: () => waiting.length > 0,
  })
}
