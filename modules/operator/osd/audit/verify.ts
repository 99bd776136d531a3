// walks the whole audit chain and says whether every row is what was written; needs no osd.
import type { AuditVerification } from '../../contract.ts'
import { chainFiles, linesOf } from './files.ts'
import { faultOfRow, parseRow, startOfChain } from './row.ts'
import type { Head } from './row.ts'

export interface VerifyOptions {
  /** the number of the last row that is looked at; default all. */
  readonly upTo?: number
  /** called between rows: what it gives is waited for. */
  readonly pause?: () => Promise<void> | undefined
}

/**
 * finds the first row that was edited, removed from the middle, added or torn. cutting off the end, or writing the
 * whole chain anew, is not found by the chain alone.
 * @param folder LOTUS_HOME/audit.
 */
export async function verifyChain(
  folder: string,
  { upTo = Infinity, pause }: VerifyOptions = {},
): Promise<AuditVerification> {
  let head: Head = startOfChain
  for (const file of await chainFiles(folder)) {
    for await (const { text, whole } of linesOf(file)) {
      if (head.sequence >= upTo) return { ok: true, rows: head.sequence, head: head.hash }
      const waiting = pause?.()
      if (waiting !== undefined) await waiting
      const sequence = head.sequence + 1
      const broken = (reason: string): AuditVerification => ({
        ok: false,
        rows: head.sequence,
        head: head.hash,
        fault: { sequence, reason },
      })
      if (!whole) return broken('it is torn: its end is missing')
      const row = parseRow(text)
      if (typeof row === 'string') return broken(row)
      const fault = faultOfRow(row, head)
      if (fault !== undefined) return broken(fault)
      head = { sequence: row.sequence, hash: row.hash }
    }
  }
  return { ok: true, rows: head.sequence, head: head.hash }
}
