// durable flows on the embedded engine: how many steps are kept a second, against the same rows inserted one a
// transaction with better-sqlite3, which is the least that keeping each step can cost.
import Database from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { openSqliteFlows } from '../../../nucleus/infrastructure/sqlite/flows.ts'
import { defineBench, type BenchResult } from '../bench.ts'

const stepsOfFlow = 10
/** flows that run side by side. */
const width = 20

export default defineBench({
  name: 'flows',
  kind: 'bench',
  description: 'durable steps a second on the embedded engine, against one row a transaction',
  run: async ({ seconds }) => {
    const folder = mkdtempSync(join(tmpdir(), 'lotus-bench-flows-'))
    try {
      const budgetMs = (seconds * 1_000) / 2
      const ours = await measureFlows(join(folder, 'flows.db'), budgetMs)
      const floor = measureRows(join(folder, 'rows.db'), budgetMs)
      const results: BenchResult[] = [
        {
          metric: 'durable steps',
          value: ours.stepsPerSecond,
          unit: 'steps/s',
          peer: { name: 'raw insert, one row a transaction', value: floor },
          ratio: ours.stepsPerSecond / floor,
          target: 'at least 2,000 steps/s',
          ok: ours.stepsPerSecond >= 2_000,
        },
        { metric: `a flow of ${stepsOfFlow} steps, p50`, value: ours.medianMs, unit: 'ms' },
      ]
      return results
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

async function measureFlows(path: string, budgetMs: number): Promise<{ stepsPerSecond: number; medianMs: number }> {
  const flows = openSqliteFlows({ path, log: pino({ level: 'silent' }) })
  flows.define('bench', async (flow, input: number) => {
    let sum = input
    for (let step = 0; step < stepsOfFlow; step += 1) sum = await flow.step('add', () => sum + step)
    return sum
  })
  const times: number[] = []
  const begun = performance.now()
  let number = 0
  const worker = async (): Promise<void> => {
    while (performance.now() - begun < budgetMs) {
      number += 1
      const id = `flow-${number}`
      const startedAt = performance.now()
      await flows.start('bench', id, number)
      await flows.ended(id, { timeoutMs: 30_000 })
      times.push(performance.now() - startedAt)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  const seconds = (performance.now() - begun) / 1_000
  await flows.close()
  const sorted = times.toSorted((left, right) => left - right)
  return { stepsPerSecond: (times.length * stepsOfFlow) / seconds, medianMs: sorted[sorted.length >> 1] ?? 0 }
}

function measureRows(path: string, budgetMs: number): number {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = NORMAL')
  database.exec(
    'create table entries (flow text not null, position integer not null, name text not null, value text, primary key (flow, position)) without rowid',
  )
  const insert = database.prepare('insert into entries values (?, ?, ?, ?)')
  const begun = performance.now()
  let rows = 0
  while (performance.now() - begun < budgetMs) {
    insert.run(`flow-${Math.floor(rows / stepsOfFlow)}`, rows % stepsOfFlow, 'add', '{"result":1}')
    rows += 1
  }
  const seconds = (performance.now() - begun) / 1_000
  database.close()
  return rows / seconds
}
