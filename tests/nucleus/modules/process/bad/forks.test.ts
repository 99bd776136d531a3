// a module that starts processes without end: it is ended together with all of them.
import { expect, it } from 'vitest'
import { openBadHouse, untilParked } from './bad-house.ts'

it('is ended, and health says how many there were', { timeout: 120_000 }, async () => {
  await using bad = await openBadHouse(
    `import { spawn } from 'node:child_process'
    const fork = () => { spawn('sleep', ['1000'], { stdio: 'ignore' }).on('error', () => {}); setTimeout(fork, 50) }
    export default defineModule({ start: () => ({ services: { bad: { doIt: () => new Promise(fork) } } }) })`,
    { limits: { processes: 4 } },
  )
  const parked = await untilParked(bad)
  expect(parked.lastError).toMatch(/processes: \d+ of 4/)
  expect(bad.status('good')).toMatchObject({ status: 'healthy', restarts: 0 })
})
