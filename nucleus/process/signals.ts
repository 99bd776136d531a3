// signals that end the nucleus: the first drains it, the second ends it at once. SIGHUP may have another meaning.

/** the numbers that exit codes are made of: 128 and the signal's number, as shells report it. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

/** a terminal and a parent may both pass on one Ctrl+C: what follows within this time is the same wish. */
const sameWishMs = 150

export interface SignalOptions {
  onFirst(signal: string, exitCode: number): void
  /** must end the process. */
  onSecond(signal: string, exitCode: number): void
  /** what SIGHUP means where it is no end of a terminal. */
  onHangup?(): void
}

/** listens until the result is called. */
export function listenForSignals(options: SignalOptions): () => void {
  let firstAtMs: number | undefined
  const { onHangup } = options
  const stops = Object.entries(numbers).map(([signal, number]) => {
    if (signal === 'SIGHUP' && onHangup !== undefined) {
      process.on(signal, onHangup)
      return () => void process.off(signal, onHangup)
    }
    const listener = (): void => {
      if (firstAtMs === undefined) {
        firstAtMs = Date.now()
        options.onFirst(signal, 128 + number)
      } else if (Date.now() - firstAtMs > sameWishMs) {
        options.onSecond(signal, 128 + number)
      }
    }
    process.on(signal, listener)
    return () => void process.off(signal, listener)
  })
  return () => {
    for (const stop of stops) stop()
  }
}
