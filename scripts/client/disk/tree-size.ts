// how much a folder holds: bytes on the disk, files, and when the oldest of them was last changed.
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface TreeSize {
  readonly bytes: number
  readonly files: number
  /** undefined where there is no file. */
  readonly oldestMs: number | undefined
  /** false where there was more than could be looked at: the numbers are then the least that it is. */
  readonly whole: boolean
}

/** a person waits for it, and a workspace may hold anything. */
const mostEntries = 200_000

/** links are not followed. what can't be read counts as nothing. */
export function sizeOfTree(path: string, include: (name: string) => boolean = () => true): TreeSize {
  let bytes = 0
  let files = 0
  let oldestMs: number | undefined
  let looked = 0
  const waiting = [path]
  for (let at = waiting.pop(); at !== undefined && looked < mostEntries; at = waiting.pop()) {
    looked += 1
    const stats = lstatSync(at, { throwIfNoEntry: false })
    if (stats === undefined) continue
    // blocks of 512 bytes, stat(2): what it takes of the disk, also of a file with holes
    bytes += stats.blocks * 512
    if (!stats.isDirectory()) {
      files += 1
      oldestMs = Math.min(oldestMs ?? Infinity, stats.mtimeMs)
      continue
    }
    for (const name of namesIn(at)) if (at !== path || include(name)) waiting.push(join(at, name))
  }
  return { bytes, files, oldestMs, whole: waiting.length === 0 }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // not ours to read, or gone meanwhile
    return []
  }
}
