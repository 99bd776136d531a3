// cuts a stream of bytes into lines, without ever holding more than one frame's limit.

const newline = 0x0a

export interface LineReader {
  /** gives the complete lines of what has come so far, without their newlines. */
  push(chunk: Buffer): Buffer[]
  /** true once a line grew beyond the limit; what comes after is not looked at. */
  readonly overflowed: boolean
}

/** lines are cut at the byte, before decoding: a character split over two chunks stays whole. */
export function createLineReader(maxBytes: number): LineReader {
  let held: Buffer[] = []
  let heldBytes = 0
  let overflowed = false

  return {
    get overflowed() {
      return overflowed
    },
    push(chunk) {
      const lines: Buffer[] = []
      let from = 0
      while (!overflowed) {
        const at = chunk.indexOf(newline, from)
        const part = chunk.subarray(from, at === -1 ? chunk.length : at)
        if (heldBytes + part.length > maxBytes) {
          overflowed = true
          held = []
          heldBytes = 0
          break
        }
        if (at === -1) {
          if (part.length > 0) held.push(part)
          heldBytes += part.length
          break
        }
        lines.push(held.length === 0 ? part : Buffer.concat([...held, part]))
        held = []
        heldBytes = 0
        from = at + 1
      }
      return lines
    },
  }
}
