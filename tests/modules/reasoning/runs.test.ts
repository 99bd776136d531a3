// the table of runs: how many are kept, for how long, and how much of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { EndedRun } from '../../../modules/reasoning/contract.ts'
import { createRunTable, runMigrations } from '../../../modules/reasoning/runs/table.ts'
import { openSqliteStore } from '../../../nucleus/infrastructure/sqlite/store.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const hourMs = 3_600_000
const wide = { keep: 1_000_000, maxAgeMs: 365 * 24 * hourMs, maxBytes: 1e12 }

/** a table with runs of which the first is the oldest, an hour apart. */
async function tableWith(count: number, options: { answer?: string; running?: number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-runs-'))
  const store = openSqliteStore(join(folder, 'store.db'))
  closing.push(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  await store.migrate('reasoning', runMigrations)
  const table = createRunTable(store)
  for (let index = 0; index < count; index += 1) {
    const startedAt = new Date(Date.now() - (count - index) * hourMs).toISOString()
    const traceId = String(index).padStart(32, '0')
    await table.begin({ traceId, session: 's', goal: 'g', startedAt, boot: 'b' })
    if (index < (options.running ?? 0)) continue
    const run: EndedRun = {
      traceId,
      session: 's',
      goal: 'g',
      status: 'completed',
      mode: 'innate',
      answer: options.answer ?? '',
      costMicroUsd: 0,
      durationMs: 1,
      steps: [],
      explanation: '',
      startedAt,
      endedAt: startedAt,
    }
    await table.end(run)
  }
  const left = async (): Promise<number[]> =>
    (await table.list({ limit: 10_000 })).map(({ traceId }) => Number(traceId)).toReversed()
  return { table, left }
}

describe('runs', () => {
  it('are all kept within the limits', async () => {
    const { table, left } = await tableWith(5)
    expect(await table.prune(wide)).toBe(0)
    expect(await left()).toEqual([0, 1, 2, 3, 4])
  })

  it('are the newest where there are too many, also of very many at once', async () => {
    const { table, left } = await tableWith(1_500)
    expect(await table.prune({ ...wide, keep: 2 })).toBe(1_498)
    expect(await left()).toEqual([1_498, 1_499])
  })

  it('go with their age', async () => {
    const { table, left } = await tableWith(6)
    expect(await table.prune({ ...wide, maxAgeMs: 3.5 * hourMs })).toBe(3)
    expect(await left()).toEqual([3, 4, 5])
  })

  it('are what fits where their texts take too much', async () => {
    const { table, left } = await tableWith(6, { answer: 'x'.repeat(1_000) })
    await table.prune({ ...wide, maxBytes: 2_500 })
    expect(await left()).toEqual([4, 5])
  })

  it('that have not ended stay, whatever the limits', async () => {
    const { table, left } = await tableWith(4, { running: 1 })
    await table.prune({ keep: 1, maxAgeMs: 1, maxBytes: 1 })
    expect(await left()).toEqual([0])
  })

  it('are dropped when their person asks, or only counted', async () => {
    const { table, left } = await tableWith(500, { running: 1 })
    const beforeMs = Date.now() - 2.5 * hourMs
    expect(await table.drop({ beforeMs, dryRun: true })).toBe(497)
    expect(await left()).toHaveLength(500)
    expect(await table.drop({ beforeMs, dryRun: false })).toBe(497)
    expect(await left()).toEqual([0, 498, 499])
  })
})
