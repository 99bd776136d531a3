// memory's public face: four tiers (working, session, long-term, audit) and what it forgets for good.
import { z } from 'zod'
import { defineEvent } from '../../nucleus/events/event.ts'
import { defineService } from '../../nucleus/services/service.ts'

export interface MemoryItem {
  readonly id: string
  readonly text: string
  /** who or what it came from: `person`, `run:<trace id>`, `import:<file>`. */
  readonly source: string
  readonly createdAt: string
  /** 0 to 1 within one answer: how well it fits the question; absent in lists. */
  readonly relevance?: number
}

export interface Memory {
  /** long-term: keeps a note; the same text again gives the same id. at most 16 KiB of text. */
  remember(note: { text: string; source: string }): Promise<MemoryItem>
  /**
   * long-term: hybrid recall. without an embedding model it is lexical (stemmed BM25 fused with character n-grams);
   * only notes that share a content word with the question come back, so an unknown topic gives an empty list.
   */
  recall(question: { text: string; limit?: number }): Promise<MemoryItem[]>
  /** the notes that answer a question, as the tool `memory.recall` tells them: strict, so an unknown topic gives none. */
  answer(question: { text: string }): Promise<MemoryItem[]>
  list(options?: { limit?: number; after?: string }): Promise<MemoryItem[]>
  /** removes the notes with these ids from every tier, index and free page; gives how many there were. */
  forget(ids: readonly string[]): Promise<number>
  /** working: small values that live for `ttlMs`. */
  setWorking(key: string, value: unknown, ttlMs: number): Promise<void>
  getWorking(key: string): Promise<unknown>
  /** session: what was said and what came of it, oldest first. */
  appendSession(session: string, entry: { role: 'person' | 'lotus'; text: string; traceId: string }): Promise<void>
  session(session: string, limit?: number): Promise<readonly SessionEntry[]>
  /** audit: the searchable copy of osd's chain. */
  searchAudit(options: { text?: string; traceId?: string; limit?: number }): Promise<readonly AuditCopy[]>
  statistics(): Promise<{ notes: number; sessions: number; auditRows: number }>
}

export interface SessionEntry {
  readonly role: 'person' | 'lotus'
  readonly text: string
  readonly traceId: string
  readonly at: string
}

export interface AuditCopy {
  readonly sequence: number
  readonly time: string
  readonly kind: string
  readonly traceId: string
  readonly text: string
}

export const Memory = defineService<Memory>('memory', {
  remember: 'call',
  recall: 'call',
  answer: 'call',
  list: 'call',
  forget: 'call',
  setWorking: 'call',
  getWorking: 'call',
  appendSession: 'call',
  session: 'call',
  searchAudit: 'call',
  statistics: 'call',
})

export const MemoryRemembered = defineEvent({
  type: 'memory.remembered',
  durability: 'journaled',
  description: 'a note was kept in long-term memory; the event carries its id, never its text.',
  data: z.object({ id: z.string(), source: z.string() }),
})
export const MemoryForgotten = defineEvent({
  type: 'memory.forgotten',
  durability: 'journaled',
  description: 'notes were removed for good.',
  data: z.object({ ids: z.array(z.string()) }),
})
