// counts the live streams and ends them all when the gateway closes.
import { gatewayErrors } from '../errors.ts'

export interface OpenStream {
  /** aborted when the gateway closes. */
  readonly signal: AbortSignal
  release(): void
}

export interface Streams {
  /** @throws GATEWAY_FULL, GATEWAY_CLOSING */
  open(): OpenStream
  count(): number
  /** ends them: their readers see the end and come back. */
  close(): void
}

/** makes the book of streams. */
export function createStreams(maxStreams: number): Streams {
  const open = new Set<AbortController>()
  let closing = false
  return Object.freeze({
    open: () => {
      if (closing) throw gatewayErrors.GATEWAY_CLOSING()
      if (open.size >= maxStreams) throw gatewayErrors.GATEWAY_FULL({ detail: `${open.size} streams` })
      const controller = new AbortController()
      open.add(controller)
      return { signal: controller.signal, release: () => void open.delete(controller) }
    },
    count: () => open.size,
    close: () => {
      closing = true
      for (const controller of open) controller.abort()
    },
  })
}
