// a module that computes for ever: it misses its health checks, is killed, and its calls fail instead of waiting.
import { expect, it } from 'vitest'
import { openBadHouse, untilParked } from './bad-house.ts'

it('is killed, restarted, then parked; the other module serves', { timeout: 120_000 }, async () => {
  await using bad = await openBadHouse(
    `export default defineModule({ start: () => ({ services: { bad: { doIt: async () => { for (;;); } } } }) })`,
  )
  const call = bad.bad.doIt()
  call.catch(() => undefined)
  const parked = await untilParked(bad)
  expect(parked.lastError).toContain('health check')
  await expect(call).rejects.toMatchObject({ retryable: true })
  expect(bad.status('good')).toMatchObject({ status: 'healthy', restarts: 0 })
})
