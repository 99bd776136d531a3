// the audit tier: a searchable copy of osd's chain, filled from the operator; the chain itself stays the truth.
import { setImmediate } from 'node:timers/promises'
import type { Store } from '../../nucleus/infrastructure/ports.ts'
import type { AuditRow, Json, Operator } from '../operator/contract.ts'
import type { AuditCopy } from './contract.ts'
import { auditStatements } from './tables.ts'

export interface AuditTier {
  /** copies the rows that have come since the last time. */
  follow(): Promise<void>
  search(options: { text?: string; traceId?: string; limit?: number }): Promise<AuditCopy[]>
  count(): Promise<number>
}

interface AuditCopyRow {
  readonly sequence: number | string
  readonly time: string
  readonly kind: string
  readonly trace_id: string
  readonly text: string
}

/** rows that are asked for at once; where there is no copy yet, these are all: the chain may be years long. */
const pageRows = 500
/** pages that one look copies at most; what came before them stays in the chain alone. */
const maximumPages = 20
/** rows of one transaction: it keeps the event loop for some milliseconds. */
const rowsAtOnce = 200
const maximumText = 8_000

export function createAuditTier(parts: {
  readonly store: Store
  readonly operator: Pick<Operator, 'audit'>
  readonly maxRows: number
}): AuditTier {
  const { store, operator, maxRows } = parts
  const keep = async (rows: readonly AuditRow[]): Promise<void> => {
    if (rows.length === 0) return
    await store.transaction([
      ...rows.map((row) =>
        auditStatements.add({
          sequence: row.sequence,
          time: row.time,
          kind: row.kind,
          traceId: row.traceId,
          text: sayRow(row).slice(0, maximumText),
        }),
      ),
      auditStatements.prune(maxRows),
    ])
  }
  const newestCopied = async (): Promise<number> => {
    const [row] = await store.query<{ number: number | string | null }>(auditStatements.newest())
    return Number(row?.number ?? 0)
  }

  return Object.freeze({
    follow: async () => {
      const after = await newestCopied()
      let before: number | undefined
      const missing: AuditRow[] = []
      for (let page = 0; page < (after === 0 ? 1 : maximumPages); page += 1) {
        const rows = await operator.audit({ limit: pageRows, after, ...(before === undefined ? {} : { before }) })
        missing.push(...rows)
        before = rows.at(-1)?.sequence
        if (rows.length < pageRows) break
      }
      // the oldest first: a copy that has the newest row but not those before it would never ask for them again.
      missing.reverse()
      for (let at = 0; at < missing.length; at += rowsAtOnce) {
        await keep(missing.slice(at, at + rowsAtOnce))
        await setImmediate()
      }
    },
    search: async ({ text = '', traceId, limit = 100 }: { text?: string; traceId?: string; limit?: number }) => {
      const words = text
        .split(/\s+/)
        .filter((word) => word !== '')
        .slice(0, 20)
      const statement = auditStatements.search(words, traceId, Math.max(0, Math.min(limit, 1_000)))
      const rows = await store.query<AuditCopyRow>(statement)
      return rows.map((row) => ({
        sequence: Number(row.sequence),
        time: row.time,
        kind: row.kind,
        traceId: row.trace_id,
        text: row.text,
      }))
    },
    count: async () => {
      const [row] = await store.query<{ number: number | string }>(auditStatements.count())
      return Number(row?.number ?? 0)
    },
  })
}

/** a row as one line of text: its kind, then every value of its body with the path to it. */
function sayRow(row: AuditRow): string {
  const parts: string[] = []
  collect(row.body, '', parts, isAboutMemory(row.body))
  return `${row.kind} ${parts.join(' ')}`
}

/** the words of a note are in the notes and nowhere else: a copy of them could not be forgotten. */
function isAboutMemory(value: Json): boolean {
  if (typeof value === 'string') return value.startsWith('memory.')
  if (Array.isArray(value)) return value.some(isAboutMemory)
  return typeof value === 'object' && value !== null && Object.values(value).some(isAboutMemory)
}

const wordy = /^(?:text|args|arguments|goal|result|answer|data|value)$/

function collect(value: Json, path: string, parts: string[], isMemory: boolean): void {
  if (value === null) return
  if (typeof value !== 'object') {
    const name = path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? ''
    const inWords = path.split('.').some((part) => wordy.test(part))
    parts.push(isMemory && inWords ? `${name}=(a note)` : `${name}=${String(value)}`)
    return
  }
  for (const [name, inner] of Object.entries(value))
    collect(inner, path === '' ? name : `${path}.${name}`, parts, isMemory)
}
