// reads the log files: the last lines over rotated files, and what is added from then on.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLineReader } from '../wire/lines.ts'

// a line that is longer is not one of ours.
const maxLineBytes = 4 * 1024 * 1024
const pollMs = 200

/** the files of the log, oldest first: `lotus.N.log` … `lotus.1.log`, `lotus.log`. */
export function logFiles(home: string): string[] {
  const folder = join(home, 'logs')
  if (!existsSync(folder)) return []
  const numberOf = (name: string): number | undefined => {
    const match = /^lotus(?:\.(\d+))?\.log$/.exec(name)
    return match === null ? undefined : Number(match[1] ?? 0)
  }
  const found = readdirSync(folder).map((name) => ({ name, number: numberOf(name) }))
  return found
    .filter((entry): entry is { name: string; number: number } => entry.number !== undefined)
    .sort((left, right) => right.number - left.number)
    .map(({ name }) => join(folder, name))
}

/** lines of a file from a position on, and the position after the last whole one. */
async function readFrom(path: string, position: number): Promise<{ lines: string[]; position: number }> {
  const file = await open(path, 'r')
  try {
    const reader = createLineReader(maxLineBytes)
    const lines: string[] = []
    const buffer = Buffer.alloc(64 * 1024)
    let at = position
    let held = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) break
      at += bytesRead
      const chunk = Buffer.from(buffer.subarray(0, bytesRead))
      const last = chunk.lastIndexOf(0x0a)
      held = last === -1 ? held + bytesRead : bytesRead - last - 1
      for (const line of reader.push(chunk)) lines.push(line.toString('utf8'))
    }
    return { lines, position: at - held }
  } finally {
    await file.close()
  }
}

/** the last lines that `accepts` takes, oldest first, and which file was read to where: what `followLines` goes on from. */
export async function readLastLines(
  home: string,
  count: number,
  accepts: (line: string) => boolean,
): Promise<{ lines: string[]; position: number; inode: number | undefined }> {
  let lines: string[] = []
  let position = 0
  const inode = statSync(join(home, 'logs', 'lotus.log'), { throwIfNoEntry: false })?.ino
  for (const [index, path] of logFiles(home).toReversed().entries()) {
    const read = await readFrom(path, 0)
    if (index === 0) position = read.position
    lines = [...read.lines.filter(accepts), ...lines]
    if (lines.length >= count) break
  }
  return { lines: lines.slice(-count), position, inode }
}

/** calls `onLine` for what is added to the log until the signal aborts; notices when the file is rotated. */
export async function followLines(
  home: string,
  from: { readonly position: number; readonly inode: number | undefined },
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  const path = join(home, 'logs', 'lotus.log')
  let { position, inode } = from
  while (!signal.aborted) {
    const now = statSync(path, { throwIfNoEntry: false })
    if (now !== undefined && inode !== undefined && now.ino !== inode) {
      // what was added to the old file after the last look is in the one that it was renamed to.
      const rotated = join(home, 'logs', 'lotus.1.log')
      const isIt = statSync(rotated, { throwIfNoEntry: false })?.ino === inode
      if (isIt) for (const line of (await readFrom(rotated, position)).lines) onLine(line)
      position = 0
    }
    if (now !== undefined) {
      inode = now.ino
      const read = await readFrom(path, Math.min(position, now.size))
      position = read.position
      for (const line of read.lines) onLine(line)
    }
    // ends early when the signal aborts, which is what it is for.
    await sleep(pollMs, undefined, { signal }).catch(() => undefined)
  }
}
