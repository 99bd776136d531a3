// a module that never answers its health check, though it does everything else.
import { expect, it } from 'vitest'
import { openBadHouse } from './bad-house.ts'

it('is unhealthy, restarted, then parked; the other module serves', { timeout: 120_000 }, async () => {
  await using bad = await openBadHouse(
    `export default defineModule({ start: () => ({ services: { bad: { doIt: async () => 1 } }, health: () => new Promise(() => {}) }) })`,
  )
  const parked = await bad.until('parked', 1)
  expect(parked.lastError).toContain('did not answer in time')
  expect(await bad.good.answer()).toBe(42)
})
