// an answer that goes on for a while: written piece by piece, never faster than it is read, and closed when nobody reads.
import type { FastifyReply } from 'fastify'

export interface LiveAnswer {
  /** aborted when the client has gone, or has read nothing for `stallMs`. */
  readonly signal: AbortSignal
  /** resolves when there is room for more; false when the answer is over. */
  write(text: string): Promise<boolean>
  /** writes where there is room right now; for what may be left away, such as a heartbeat. */
  writeIfRoom(text: string): void
  /** ends the answer well. */
  end(): void
}

/**
 * takes the connection over from Fastify. what waits is at most one piece beyond the socket’s own buffer: a reader that
 * stalls is cut off, and may come back for the rest.
 */
export function openLiveAnswer(
  reply: FastifyReply,
  options: { readonly contentType: string; readonly stallMs: number },
): LiveAnswer {
  reply.hijack()
  const raw = reply.raw
  const over = new AbortController()
  let drained: (() => void) | undefined
  let begun = false
  raw.once('close', () => {
    over.abort()
    drained?.()
  })
  // a reset by the client ends as a close
  raw.on('error', () => over.abort())
  raw.on('drain', () => drained?.())
  if (raw.destroyed) over.abort()
  else {
    raw.writeHead(200, {
      ...reply.getHeaders(),
      'content-type': options.contentType,
      'x-accel-buffering': 'no',
    } as never)
    // what is written at once takes the headers along; where nothing is, they go out by themselves
    process.nextTick(() => {
      if (!begun && !raw.destroyed && !raw.writableEnded) raw.flushHeaders()
    })
  }

  const room = async (): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      drained = resolve
      timer = setTimeout(resolve, options.stallMs)
    })
    clearTimeout(timer)
    drained = undefined
    if (raw.writableNeedDrain && !raw.destroyed) raw.destroy()
    return !raw.destroyed
  }

  return {
    signal: over.signal,
    write: async (text) => {
      if (raw.destroyed || raw.writableEnded) return false
      begun = true
      return raw.write(text) || (await room())
    },
    writeIfRoom: (text) => {
      if (raw.destroyed || raw.writableEnded || raw.writableNeedDrain) return
      begun = true
      raw.write(text)
    },
    end: () => {
      if (!raw.destroyed) raw.end()
    },
  }
}
