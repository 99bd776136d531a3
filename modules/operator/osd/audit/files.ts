// the files of the audit chain: `chain.jsonl` grows, full ones are kept beside it under the number of their first row.
import { createReadStream } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export const currentName = 'chain.jsonl'
const keptName = /^chain-(\d{12})\.jsonl$/

/** the name of a full file that begins with this row. */
export function keptFileName(firstSequence: number): string {
  return `chain-${String(firstSequence).padStart(12, '0')}.jsonl`
}

/** full files by the number of their first row, then the growing one; absolute. */
export async function chainFiles(folder: string): Promise<string[]> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  const kept = names.filter((name) => keptName.test(name)).sort()
  const current = names.includes(currentName) ? [currentName] : []
  return [...kept, ...current].map((name) => join(folder, name))
}

// a longer line is no row: a plan has at most 256 KiB, its decisions somewhat more.
const longestLine = 8 * 1024 * 1024

/** the lines of a file one after another; the last one says whether it ended with a newline. */
export async function* linesOf(file: string): AsyncGenerator<{ text: string; whole: boolean }> {
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    let from = 0
    const bytes = held.length === 0 ? (chunk as Buffer) : Buffer.concat([held, chunk as Buffer])
    for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, from)) {
      yield { text: bytes.toString('utf8', from, at), whole: true }
      from = at + 1
    }
    held = bytes.subarray(from)
    if (held.length > longestLine) break
  }
  if (held.length > 0) yield { text: held.toString('utf8'), whole: false }
}

/** the whole lines of a file, the last one first; what follows the last newline is left out. */
export async function* linesBackwards(file: string): AsyncGenerator<string> {
  const handle = await open(file)
  try {
    const chunkBytes = 256 * 1024
    let end = (await handle.stat()).size
    // bytes that begin a line whose end has been seen; undefined before the last newline.
    let held: Buffer | undefined
    while (end > 0) {
      const from = Math.max(0, end - chunkBytes)
      const { buffer } = await handle.read(Buffer.alloc(end - from), 0, end - from, from)
      end = from
      let upTo = buffer.length
      for (let at = buffer.lastIndexOf(0x0a); at !== -1; at = at === 0 ? -1 : buffer.lastIndexOf(0x0a, at - 1)) {
        if (held !== undefined) yield Buffer.concat([buffer.subarray(at + 1, upTo), held]).toString('utf8')
        held = Buffer.alloc(0)
        upTo = at
      }
      if (held !== undefined) held = Buffer.concat([buffer.subarray(0, upTo), held])
    }
    if (held !== undefined) yield held.toString('utf8')
  } finally {
    await handle.close()
  }
}
