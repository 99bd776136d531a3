// a module that takes memory without end: objects meet the limit of the heap, buffers that of the process.
import { expect, it } from 'vitest'
import { openBadHouse, untilParked } from './bad-house.ts'

const mebibyte = 1024 * 1024
const limits = { memory: 128 * mebibyte }

it('in objects: its own process ends, and health says why', { timeout: 120_000 }, async () => {
  await using bad = await openBadHouse(
    `const kept = []
    const leak = () => { for (let i = 0; i < 20_000; i += 1) kept.push({ i, text: 'x'.repeat(100) + i }); setImmediate(leak) }
    export default defineModule({ start: () => ({ services: { bad: { doIt: () => new Promise(leak) } } }) })`,
    { limits },
  )
  const parked = await untilParked(bad)
  expect(parked.lastError).toMatch(/memory/)
  expect(bad.status('good')).toMatchObject({ status: 'healthy', restarts: 0 })
})

it('in buffers: it is ended, and health says how much it had', { timeout: 120_000 }, async () => {
  await using bad = await openBadHouse(
    `const kept = []
    const leak = () => { if (kept.length < 1000) kept.push(Buffer.alloc(4 * 1024 * 1024, 1)); setTimeout(leak, 5) }
    export default defineModule({ start: () => ({ services: { bad: { doIt: () => new Promise(leak) } } }) })`,
    { limits },
  )
  const parked = await untilParked(bad)
  expect(parked.lastError).toMatch(/memory: \d+ MiB of 128/)
  expect(bad.status('good')).toMatchObject({ status: 'healthy', restarts: 0 })
})
