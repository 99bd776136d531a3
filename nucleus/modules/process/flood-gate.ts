// stops listening for a moment to a process that sends more than it may: what it sends then waits on its own side.
import type { Socket } from 'node:net'

export interface FloodGate {
  /** so many messages have come. */
  count(messages: number): void
  /** share of the last second in which nothing was taken, from 0 to 1. */
  share(): number
  close(): void
}

const windowMs = 50
const windowsPerSecond = 1_000 / windowMs

/** @param maxPerSecond - undefined: no limit, and no timer */
export function createFloodGate(socket: Socket, maxPerSecond: number | undefined): FloodGate {
  if (maxPerSecond === undefined) {
    return { count: () => undefined, share: () => 0, close: () => undefined }
  }
  const perWindow = Math.max(1, Math.ceil(maxPerSecond / windowsPerSecond))
  let came = 0
  let windowFrom = performance.now()
  let timer: NodeJS.Timeout | undefined
  // when it was closed, the last second of them
  let pauses: { readonly from: number; until: number }[] = []

  const reopen = (): void => {
    timer = undefined
    const now = performance.now()
    pauses.at(-1)!.until = now
    windowFrom = now
    // what came beyond one window's share is paid off by the next ones
    came = Math.max(0, came - perWindow)
    if (came >= perWindow) return shut(now)
    socket.resume()
  }
  const shut = (now: number): void => {
    pauses = pauses.filter(({ until }) => until > now - 1_000)
    pauses.push({ from: now, until: now + windowMs })
    socket.pause()
    timer = setTimeout(reopen, windowMs)
  }

  return Object.freeze({
    count: (messages: number) => {
      const now = performance.now()
      if (now - windowFrom >= windowMs) {
        came = Math.max(0, came - perWindow * Math.floor((now - windowFrom) / windowMs))
        windowFrom = now
      }
      came += messages
      if (came >= perWindow && timer === undefined) shut(now)
    },
    share: () => {
      const now = performance.now()
      const since = now - 1_000
      const shutMs = pauses.reduce(
        (sum, { from, until }) => sum + Math.max(0, Math.min(until, now) - Math.max(from, since)),
        0,
      )
      return Math.min(1, shutMs / 1_000)
    },
    close: () => {
      clearTimeout(timer)
      // what is still to come is read to its end, so that the end itself is seen
      if (timer !== undefined) socket.resume()
      timer = undefined
    },
  })
}
