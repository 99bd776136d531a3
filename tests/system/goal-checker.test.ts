// a sample of every category through the goal checker, which lies beside the data; the whole sets are `npm run eval -- goals`.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkGoals, goalChecker } from '../support/goal-checker.ts'
import { dataPath, describeWithData } from '../support/data.ts'
import { project } from '../support/private-lotus.ts'

const limitMs = 200_000

/** the first rows of each category that need no other row. */
function sampleOf(file: string, perCategory: number): string[] {
  const counts = new Map<string, number>()
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { id: string; category: string; after?: string })
    .filter(({ category, after }) => {
      const count = counts.get(category) ?? 0
      if (after !== undefined || count >= perCategory) return false
      counts.set(category, count + 1)
      return true
    })
    .map(({ id }) => id)
}

async function expectHonest(file: string, perCategory: number): Promise<void> {
  const ids = sampleOf(file, perCategory)
  const report = await checkGoals(file, { ids, timeoutMs: limitMs - 30_000 })
  expect(report.rows.filter(({ verdict }) => verdict !== 'right' && verdict !== 'honest')).toEqual([])
  expect(report.right / report.of).toBeGreaterThan(0.8)
}

describeWithData('goals in words', () => {
  it('of the data: none wrong, most right', { timeout: limitMs }, async ({ skip }) => {
    if (!existsSync(goalChecker())) skip('the checker does not lie beside the data')
    await expectHonest(dataPath('goals', 'dev.jsonl'), 2)
  })

  it('about a workspace: none wrong, most right', { timeout: limitMs }, async ({ skip }) => {
    if (!existsSync(goalChecker())) skip('the checker does not lie beside the data')
    await expectHonest(join(project, 'tests', 'goals', 'workspace', 'goals.jsonl'), 2)
  })

  it('about a machine: none wrong, most right', { timeout: limitMs }, async ({ skip }) => {
    if (!existsSync(goalChecker())) skip('the checker does not lie beside the data')
    await expectHonest(join(project, 'tests', 'goals', 'machine', 'goals.jsonl'), 2)
  })
})
