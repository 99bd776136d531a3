// a module that throws where nobody catches it: it is blamed, and goes on, as it would inline.
import { expect, it, vi } from 'vitest'
import { openBadHouse } from './bad-house.ts'

it('is degraded and named, and nothing else happens', { timeout: 60_000 }, async () => {
  await using bad = await openBadHouse(
    `export default defineModule({ start: () => ({ services: { bad: {
      doIt: async () => { setTimeout(() => { throw new Error('out of the blue') }); void Promise.reject(new Error('unheard')) },
    } } }) })`,
  )
  await bad.bad.doIt()
  await vi.waitFor(() => expect(bad.status().status).toBe('degraded'), 10_000)
  await vi.waitFor(() => expect(bad.status().lastError).toMatch(/out of the blue|unheard/), 10_000)
  expect(bad.house.kernelEvents()).toContain('module.failed')
  await bad.bad.doIt()
  expect(await bad.good.answer()).toBe(42)
  expect(bad.status()).toMatchObject({ restarts: 0 })
})
