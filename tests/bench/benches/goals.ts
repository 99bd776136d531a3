// the sets of goals in words through the goal checker: how many are right, and that none is wrong.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { checkGoals, goalChecker, type GoalReport } from '../../support/goal-checker.ts'
import { project } from '../../support/private-lotus.ts'
import { defineBench, type BenchResult } from '../bench.ts'

// a set of 400 goals takes some minutes on a busy machine
const timeoutMs = 30 * 60_000
/** how many of the set that comes with the data must be right. */
const rightAtLeast = 190
const p95AtMostMs = 400

export default defineBench({
  name: 'goals',
  kind: 'eval',
  limitSeconds: 2 * 3_600,
  description: 'all sets of goals in words: right, honest, wrong, errors, and the time a goal takes with its client',
  run: async () => {
    const data = process.env['LOTUS_DATA'] ?? join(project, '..', 'shared', 'data')
    if (!existsSync(goalChecker(data))) throw new Error(`no goal checker beside ${data}: point LOTUS_DATA at the data`)
    const sets = join(project, 'tests', 'goals')
    const results = judge('dev', await checkGoals(join(data, 'goals', 'dev.jsonl'), { timeoutMs }), rightAtLeast)
    for (const name of readdirSync(sets).toSorted()) {
      results.push(...judge(name, await checkGoals(join(sets, name, 'goals.jsonl'), { timeoutMs })))
    }
    return results
  },
})

function judge(name: string, report: GoalReport, least?: number): BenchResult[] {
  for (const row of report.rows) {
    if (row.verdict !== 'right' && row.verdict !== 'honest')
      console.error(`${row.verdict} ${row.id} ${row.goal}: ${row.why}`)
  }
  const p95 = report.total.p95_ms
  return [
    {
      metric: `${name}, right of ${report.of}`,
      value: report.right,
      unit: 'goals',
      ...(least === undefined ? {} : { target: `at least ${least}`, ok: report.right >= least }),
    },
    { metric: `${name}, honest`, value: report.honest, unit: 'goals' },
    { metric: `${name}, wrong`, value: report.wrong, unit: 'goals', target: 'none', ok: report.wrong === 0 },
    { metric: `${name}, errors`, value: report.errors, unit: 'goals', target: 'none', ok: report.errors === 0 },
    { metric: `${name}, p95`, value: p95, unit: 'ms', target: `under ${p95AtMostMs}`, ok: p95 < p95AtMostMs },
  ]
}
