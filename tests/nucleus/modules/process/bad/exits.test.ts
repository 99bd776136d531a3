// a module that ends its process: its calls fail at once, it is started again, and parked when it does so again.
import { expect, it } from 'vitest'
import { openBadHouse, untilParked } from './bad-house.ts'

const code = `export default defineModule({ start: () => ({ services: { bad: { doIt: async () => process.exit(7) } } }) })`

it('rejects the call that is inside at once, by a code that says to try again', { timeout: 60_000 }, async () => {
  await using bad = await openBadHouse(code)
  await expect(bad.bad.doIt()).rejects.toMatchObject({ code: 'MODULE_PROCESS_ENDED', retryable: true })
})

it('is named with its exit code, restarted, then parked; the other module serves', { timeout: 120_000 }, async () => {
  await using bad = await openBadHouse(code)
  const parked = await untilParked(bad)
  expect(parked.lastError).toContain('exit code 7')
  expect(bad.status('good')).toMatchObject({ status: 'healthy', restarts: 0 })
  await expect(bad.bad.doIt()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
})
