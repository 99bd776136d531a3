// at osd's start: what was cut off is taken back, and the audit chain says so.
import { join } from 'node:path'
import type { AuditChain } from '../audit/chain.ts'
import type { AuditEntry } from '../audit/row.ts'
import { endJournal } from './journal.ts'
import { rollBack } from './rollback.ts'
import type { UndoStore } from './store.ts'

export interface Recovery {
  /** plans that were taken back. */
  readonly rolledBack: number
  /** what could not be taken back, in words. */
  readonly left: readonly string[]
}

// plans that began longer ago than this many rows have surely come to an end in them.
const rowsLookedAt = 1_000

/**
 * finishes what a crash left open. can be cut off itself and repeated.
 */
export async function recover(store: UndoStore, chain: AuditChain): Promise<Recovery> {
  const rows: AuditEntry[] = []
  const left: string[] = []
  const recovered = new Set<string>()
  for (const planId of store.plans()) {
    const story = store.story(planId)
    if (story === undefined || story.end !== undefined) continue
    const folder = join(store.folder, planId)
    const remains = await rollBack(story, folder)
    endJournal(folder, { status: 'rolled_back', ...(remains.length === 0 ? {} : { left: remains }) })
    recovered.add(planId)
    left.push(...remains)
    rows.push({
      kind: 'plan.rolled_back',
      traceId: story.begin.traceId,
      uid: story.begin.uid,
      body: {
        plan_id: planId,
        reason: 'it was cut off',
        changes: story.changes.length,
        ...(remains.length === 0 ? {} : { left: remains }),
      },
    })
  }
  rows.push(...(await openEnds(chain, recovered)))
  if (rows.length > 0) await chain.append(...rows)
  return { rolledBack: recovered.size, left }
}

/** a row for each plan that the chain saw begin and not end. */
async function openEnds(chain: AuditChain, recovered: ReadonlySet<string>): Promise<AuditEntry[]> {
  const ended = new Set<unknown>(recovered)
  const rows: AuditEntry[] = []
  const endings = [
    'plan.completed',
    'plan.failed',
    'plan.denied',
    'plan.needs_confirmation',
    'plan.rolled_back',
    'plan.cut_off',
  ]
  // newest first: an end is seen before its beginning.
  for (const row of await chain.rows({ limit: rowsLookedAt })) {
    const planId = row.body['plan_id']
    if (endings.includes(row.kind)) ended.add(planId)
    if (row.kind !== 'plan.decided' || ended.has(planId)) continue
    rows.push({
      kind: 'plan.cut_off',
      traceId: row.trace_id,
      uid: row.uid,
      body: { plan_id: planId, reason: 'osd ended before it was done; it has changed no file' },
    })
  }
  return rows
}
