// the audit chain as osd writes it: rows are synced in groups, and a row that was not synced was never there.
import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { openFolder } from '../files/safe-folder.ts'
import { auditErrors } from './errors.ts'
import { chainFiles, currentName, keptFileName, linesBackwards, linesOf } from './files.ts'
import { nextRow, parseRow, startOfChain } from './row.ts'
import type { AuditEntry, ChainRow, Head } from './row.ts'

export interface RowQuery {
  readonly limit: number
  readonly traceId?: string | undefined
  readonly after?: number | undefined
  readonly before?: number | undefined
}

export interface AuditChain {
  /** resolves when the row is durable. @throws AUDIT_UNWRITABLE; the chain is then as it was before. */
  append(...entries: readonly AuditEntry[]): Promise<void>
  /** the last rows, newest first; only those of a trace, after one number, or before another. */
  rows(options: RowQuery): Promise<ChainRow[]>
  readonly head: Head
  /** why the last attempt to write failed; undefined when it went well. */
  readonly problem: string | undefined
  close(): Promise<void>
}

interface Waiting {
  readonly entries: readonly AuditEntry[]
  readonly settle: (error?: unknown) => void
}

const maxWaiting = 10_000
// the end of a file that surely holds its last row.
const tailBytes = 8 * 1024 * 1024

/** where a torn end begins, and the last line that is a row. */
function readTail(descriptor: number): { size: number; tornFrom: number; last: ChainRow | undefined } {
  const { size } = fstatSync(descriptor)
  const from = Math.max(0, size - tailBytes)
  const bytes = Buffer.alloc(size - from)
  readSync(descriptor, bytes, 0, bytes.length, from)
  const tornFrom = bytes.lastIndexOf(0x0a) + 1
  // a whole line that is no row was edited by hand: verifying finds it, the chain goes on after the last row.
  for (let end = tornFrom; end > 0;) {
    const begin = end < 2 ? 0 : bytes.lastIndexOf(0x0a, end - 2) + 1
    const row = parseRow(bytes.toString('utf8', begin, end - 1))
    if (typeof row === 'object') return { size, tornFrom: from + tornFrom, last: row }
    end = begin
  }
  return { size, tornFrom: from + tornFrom, last: undefined }
}

/**
 * opens the chain, mending a torn last line: its bytes are moved to a file beside it, and a row says so.
 * @param folder LOTUS_HOME/audit; it exists.
 * @param options.maxBytes a file that has grown to this is closed and a new one begun.
 */
export async function openAuditChain(folder: string, options: { maxBytes: number }): Promise<AuditChain> {
  const current = join(folder, currentName)
  let descriptor = openSync(current, 'a+', 0o600)
  let head: Head = startOfChain
  let bytes = 0
  let firstInFile = 1
  let problem: string | undefined
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  const repairs: AuditEntry[] = []

  function syncFolder(): void {
    const open = openFolder(folder)
    try {
      open.syncNow()
    } finally {
      open.close()
    }
  }

  /** finds the head again in what is on the disk. */
  async function recover(): Promise<void> {
    const tail = readTail(descriptor)
    if (tail.tornFrom < tail.size) {
      const torn = Buffer.alloc(tail.size - tail.tornFrom)
      readSync(descriptor, torn, 0, torn.length, tail.tornFrom)
      const aside = `torn-${Date.now()}.bin`
      writeFileSync(join(folder, aside), torn, { mode: 0o600, flush: true })
      ftruncateSync(descriptor, tail.tornFrom)
      repairs.push({
        kind: 'audit.repaired',
        traceId: '',
        uid: process.getuid?.() ?? 0,
        body: { reason: 'the last line was torn by a crash', bytes: torn.length, kept_in: aside },
      })
    }
    bytes = tail.tornFrom
    if (tail.last !== undefined) {
      head = { sequence: tail.last.sequence, hash: tail.last.hash }
    } else {
      const before = (await chainFiles(folder)).filter((file) => file !== current).at(-1)
      const last = before === undefined ? undefined : await lastRowOf(before)
      if (last !== undefined) head = { sequence: last.sequence, hash: last.hash }
    }
    firstInFile = await firstSequence()
  }

  async function lastRowOf(file: string): Promise<ChainRow | undefined> {
    for await (const text of linesBackwards(file)) {
      const row = parseRow(text)
      if (typeof row === 'object') return row
    }
    return undefined
  }

  async function firstSequence(): Promise<number> {
    for await (const { text } of linesOf(current)) {
      const row = parseRow(text)
      return typeof row === 'object' ? row.sequence : head.sequence + 1
    }
    return head.sequence + 1
  }

  function rotate(): void {
    closeSync(descriptor)
    const kept = join(folder, keptFileName(firstInFile))
    // a name that is taken would lose rows; it can only be there after somebody put it there by hand.
    if (!existsSync(kept)) renameSync(current, kept)
    descriptor = openSync(current, 'a+', 0o600)
    syncFolder()
    bytes = fstatSync(descriptor).size
    firstInFile = head.sequence + 1
  }

  async function write(group: readonly Waiting[]): Promise<void> {
    let next = head
    let text = ''
    const time = new Date().toISOString()
    for (const { entries } of group) {
      for (const entry of entries) {
        const row = nextRow(next, entry, time)
        text += `${JSON.stringify(row)}\n`
        next = { sequence: row.sequence, hash: row.hash }
      }
    }
    const content = Buffer.from(text)
    try {
      for (let at = 0; at < content.length;) at += writeSync(descriptor, content, at)
      await new Promise<void>((done, failed) =>
        fdatasync(descriptor, (error) => (error === null ? done() : failed(error))),
      )
    } catch (cause) {
      problem = cause instanceof Error ? cause.message : String(cause)
      // nobody was told that these rows are there; what half arrived is taken away again.
      ftruncateSync(descriptor, bytes)
      throw auditErrors.AUDIT_UNWRITABLE({ detail: problem, cause })
    }
    problem = undefined
    head = next
    bytes += content.length
    if (bytes >= options.maxBytes) rotate()
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      try {
        await write(group)
        for (const { settle } of group) settle()
      } catch (error) {
        for (const { settle } of group) settle(error)
      }
    }
    writing = undefined
  }

  function append(...entries: readonly AuditEntry[]): Promise<void> {
    if (waiting.length >= maxWaiting) return Promise.reject(auditErrors.AUDIT_BUSY({ value: waiting.length }))
    return new Promise((done, failed) => {
      waiting.push({ entries, settle: (error) => (error === undefined ? done() : failed(error)) })
      // one turn later, so that rows of the same moment share a sync.
      writing ??= Promise.resolve().then(drain)
    })
  }

  await recover()
  syncFolder()
  if (repairs.length > 0) await append(...repairs)

  return {
    append,
    get head() {
      return head
    },
    get problem() {
      return problem
    },
    async rows({ limit, traceId, after = 0, before = Infinity }) {
      const found: ChainRow[] = []
      // nobody has to read back what was asked to be left out
      if (head.sequence <= after) return found
      const named = traceId === undefined ? undefined : JSON.stringify(traceId)
      for (const file of (await chainFiles(folder)).reverse()) {
        for await (const text of linesBackwards(file)) {
          // a chain of years has few rows of one trace: the others are not worth parsing
          if (named !== undefined && !text.includes(named)) continue
          const row = parseRow(text)
          if (typeof row === 'string' || (traceId !== undefined && row.trace_id !== traceId)) continue
          if (row.sequence <= after) return found
          if (row.sequence >= before) continue
          found.push(row)
          if (found.length >= limit) return found
        }
      }
      return found
    },
    async close() {
      await writing
      closeSync(descriptor)
    },
  }
}
