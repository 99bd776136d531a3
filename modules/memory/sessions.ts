// the session tier: what was said and what came of it, kept for a while so that the next sentence can refer to it.
import { createIdentifier } from '../../nucleus/identifiers.ts'
import type { Store } from '../../nucleus/infrastructure/ports.ts'
import type { SessionEntry } from './contract.ts'
import { sessionStatements } from './tables.ts'

/** what an entry holds at most: enough to refer to, not a place for files. */
const maximumCharacters = 16 * 1024

export interface Sessions {
  append(session: string, entry: { role: 'person' | 'lotus'; text: string; traceId: string }): Promise<void>
  /** the newest `limit` entries, oldest first. */
  read(session: string, limit?: number): Promise<SessionEntry[]>
  count(): Promise<number>
  /** drops what is older than the limit. */
  prune(): Promise<void>
}

interface SessionRow {
  readonly role: 'person' | 'lotus'
  readonly text: string
  readonly trace_id: string
  readonly created_at: number | string
}

export function createSessions(store: Store, maxAgeMs: number): Sessions {
  return Object.freeze({
    append: async (session: string, entry: { role: 'person' | 'lotus'; text: string; traceId: string }) => {
      const text = entry.text.length > maximumCharacters ? `${entry.text.slice(0, maximumCharacters - 1)}…` : entry.text
      await store.query(sessionStatements.add({ id: createIdentifier(), session, ...entry, text, at: Date.now() }))
    },
    read: async (session: string, limit = 100) => {
      const rows = await store.query<SessionRow>(sessionStatements.read(session, Math.max(0, Math.min(limit, 1_000))))
      return rows.reverse().map((row) => ({
        role: row.role,
        text: row.text,
        traceId: row.trace_id,
        at: new Date(Number(row.created_at)).toISOString(),
      }))
    },
    count: async () => {
      const [row] = await store.query<{ number: number | string }>(sessionStatements.count())
      return Number(row?.number ?? 0)
    },
    prune: async () => {
      await store.query(sessionStatements.prune(Date.now() - maxAgeMs))
    },
  })
}
