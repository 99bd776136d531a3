// the files of the audit chain: `chain.jsonl` grows, full ones are kept beside it under the number of their first row.
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
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
