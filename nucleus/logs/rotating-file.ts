// a log file that is renamed away when it is full: name.log, then name.1.log (newest) to name.N.log (oldest).
// pino-roll does the same, but importing it costs a third of the boot time; this is all of it that LOTUS needs.
import {
  chmodSync,
  close,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  write,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { logErrors } from './errors.ts'
import { removeOlder, rotatedFiles } from './old-files.ts'

export interface RotatingFile {
  readonly path: string
  write(line: string): void
  /** resolves when everything written so far is with the operating system; at most after two seconds. */
  flush(): Promise<void>
  flushSync(): void
  /** flushes, then closes; what is written afterwards is dropped. */
  close(): Promise<void>
}

interface RotatingFileOptions {
  readonly folder: string
  /** without its ending: `lotus`. */
  readonly name: string
  readonly maxBytes: number
  /** old files kept beside the current one. */
  readonly maxFiles: number
  /** old files are removed when their last line is older than this. */
  readonly maxAgeMs: number
  /** told when lines are lost: the disk is full, or slower than the log for long. */
  readonly onFault: (fault: Error) => void
}

// lines that wait for a disk that does not take them; beyond it they are dropped.
const maxWaitingBytes = 8 * 1024 * 1024
// lines that go out in one write: a file is never longer than its limit by more than this.
const maxChunkBytes = 64 * 1024
const flushLimitMs = 2000
const lookForOldMs = 3_600_000

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function shiftFiles(folder: string, name: string, maxFiles: number): void {
  const numbered = (number: number): string => join(folder, number === 0 ? `${name}.log` : `${name}.${number}.log`)
  rmSync(numbered(maxFiles), { force: true })
  for (let number = maxFiles - 1; number >= 0; number -= 1) {
    if (sizeOf(numbered(number)) > 0) renameSync(numbered(number), numbered(number + 1))
  }
}

/**
 * opens `FOLDER/NAME.log` for appending, readable for its owner only. lines are written one chunk at a time, off the
 * event loop.
 * @throws LOG_UNWRITABLE
 */
export function openRotatingFile(options: RotatingFileOptions): RotatingFile {
  const { folder, name, maxBytes, maxFiles, maxAgeMs, onFault } = options
  const path = join(folder, `${name}.log`)
  const waiting: string[] = []
  const idle: (() => void)[] = []
  let waitingBytes = 0
  let isWriting = false
  let isClosed = false
  let descriptor: number
  let bytes: number
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (sizeOf(path) >= maxBytes) shiftFiles(folder, name, maxFiles)
    bytes = sizeOf(path)
    descriptor = openSync(path, 'a', 0o600)
    if (bytes > 0) chmodSync(path, 0o600)
  } catch (cause) {
    throw logErrors.LOG_UNWRITABLE({ value: path, cause, detail: String(cause) })
  }

  const report = (cause: unknown): void => {
    onFault(logErrors.LOG_UNWRITABLE({ value: path, cause, detail: String(cause) }))
  }

  const rotate = (): void => {
    bytes = 0
    try {
      shiftFiles(folder, name, maxFiles)
      const full = descriptor
      descriptor = openSync(path, 'a', 0o600)
      close(full, (fault) => {
        if (fault) report(fault)
      })
    } catch (fault) {
      report(fault)
    }
  }

  // an hour after the start and later: nobody waits for a boot because of old files
  const looking = setInterval(() => {
    try {
      removeOlder(rotatedFiles(folder, name), Date.now() - maxAgeMs)
    } catch (fault) {
      report(fault)
    }
  }, lookForOldMs)
  looking.unref()

  const takeChunk = (): Buffer => {
    let count = 0
    for (let length = 0; count < waiting.length && length < maxChunkBytes; count += 1) length += waiting[count]!.length
    const chunk = Buffer.from(waiting.splice(0, count).join(''))
    waitingBytes = waiting.length === 0 ? 0 : waitingBytes - chunk.length
    return chunk
  }

  const writeRest = (chunk: Buffer): void => {
    write(descriptor, chunk, (fault, written) => {
      if (!fault && written < chunk.length) return writeRest(chunk.subarray(written))
      if (fault) report(fault)
      isWriting = false
      bytes += chunk.length
      if (bytes >= maxBytes && !isClosed) rotate()
      return pump()
    })
  }

  const pump = (): void => {
    if (isWriting) return
    if (waiting.length === 0) {
      for (const resolve of idle.splice(0)) resolve()
      return
    }
    isWriting = true
    writeRest(takeChunk())
  }

  const flush = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, flushLimitMs)
      idle.push(() => {
        clearTimeout(limit)
        resolve()
      })
      pump()
    })
  }

  return Object.freeze({
    path,
    write(line: string) {
      if (isClosed) return
      if (waitingBytes > maxWaitingBytes) return report('the disk takes lines too slowly')
      waiting.push(line)
      waitingBytes += Buffer.byteLength(line)
      pump()
    },
    flush,
    flushSync() {
      // a chunk under way is finished by its thread, also when the process exits now.
      while (waiting.length > 0) {
        const chunk = takeChunk()
        try {
          for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at)
        } catch (fault) {
          report(fault)
        }
      }
    },
    async close() {
      if (isClosed) return
      isClosed = true
      clearInterval(looking)
      await flush()
      // a write that still hangs keeps its descriptor: closing it under the thread could hit another file.
      if (!isWriting) closeSync(descriptor)
    },
  })
}
