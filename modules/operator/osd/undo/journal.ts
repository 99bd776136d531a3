// the journal of one plan: rows appended and synced before what they describe is done, and the pre-images beside it.
import {
  closeSync,
  constants,
  fdatasync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileError } from '../native/errno.ts'
import { readStory } from './records.ts'
import type { Begin, End, Row, Story } from './records.ts'

export interface Journal {
  readonly begin: Begin
  /** where pre-images of this plan are kept. */
  readonly folder: string
  /** the next number of a change. */
  nextNumber(): number
  /** how many numbers were given out. */
  readonly changes: number
  /** everything appended so far, as it would be read back. */
  story(): Story
  /** appends without syncing: survives the death of the process. @throws DISK_FULL; the journal is then as before. */
  append(row: Row): void
  /** something has got a name in the plan's folder. */
  named(): void
  /** makes everything appended, and new names in the plan's folder, durable. */
  sync(): Promise<void>
  end(end: End): Promise<void>
  /** removes it: nothing was done. */
  discard(): void
  close(): void
}

function synced(path: string, flags: number): Promise<void> {
  const descriptor = openSync(path, flags)
  return new Promise((done, failed) => {
    fsync(descriptor, (error) => {
      closeSync(descriptor)
      if (error === null) done()
      else failed(fileError(error, path))
    })
  })
}

/**
 * notes the end of a plan that was cut off, behind the last whole row.
 * @param folder the plan's own.
 */
export function endJournal(folder: string, end: End): void {
  const file = join(folder, 'journal.jsonl')
  const whole = readFileSync(file).lastIndexOf(0x0a) + 1
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_APPEND)
  try {
    ftruncateSync(descriptor, whole)
    writeSync(descriptor, `${JSON.stringify({ kind: 'end', end })}\n`)
    fsyncSync(descriptor)
  } catch (error) {
    throw fileError(error, file)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * begins the journal of a plan.
 * @param undoFolder holds one folder a plan; it must be on a file system of osd's own, usually LOTUS_HOME/undo.
 */
export function createJournal(undoFolder: string, begin: Begin): Journal {
  const folder = join(undoFolder, begin.planId)
  const file = join(folder, 'journal.jsonl')
  let descriptor: number
  try {
    mkdirSync(folder, { mode: 0o700 })
    descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND, 0o600)
  } catch (error) {
    throw fileError(error, folder)
  }
  let bytes = 0
  let changes = 0
  // the journal itself is the first name in the plan's folder
  let names = 1
  let namesSynced = 0
  let open = true

  function append(row: Row): void {
    const line = Buffer.from(`${JSON.stringify(row)}\n`)
    try {
      for (let at = 0; at < line.length;) at += writeSync(descriptor, line, at)
    } catch (error) {
      // half a row in the middle would hide the rows after it.
      ftruncateSync(descriptor, bytes)
      throw fileError(error, file)
    }
    bytes += line.length
  }

  async function sync(): Promise<void> {
    const content = new Promise<void>((done, failed) => {
      fdatasync(descriptor, (error) => (error === null ? done() : failed(fileError(error, file))))
    })
    const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY
    const upTo = names
    const waits = [content]
    if (upTo > namesSynced) waits.push(synced(folder, folderFlags))
    // the plan's own folder needs its name in the folder above only once.
    if (namesSynced === 0) waits.push(synced(undoFolder, folderFlags))
    await Promise.all(waits)
    namesSynced = Math.max(namesSynced, upTo)
  }

  append({ kind: 'begin', begin })
  return {
    begin,
    folder,
    nextNumber: () => ++changes,
    get changes() {
      return changes
    },
    story() {
      return (
        readStory(readFileSync(file, 'utf8')) ?? {
          begin,
          trail: [],
          changes: [],
          done: new Map(),
          undoes: [],
          end: undefined,
        }
      )
    },
    append,
    named() {
      names += 1
    },
    sync,
    async end(end) {
      append({ kind: 'end', end })
      await sync()
    },
    discard() {
      rmSync(folder, { recursive: true, force: true })
    },
    close() {
      if (!open) return
      open = false
      closeSync(descriptor)
    },
  }
}
