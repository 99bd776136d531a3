// a module that says too much: it is slowed down to its limits and named, and the nucleus holds no more for it.
import { expect, it, vi } from 'vitest'
import { openBadHouse } from './bad-house.ts'

const event = `const Said = defineEvent({ type: 'bad.said', durability: 'transient', description: 'a test', data: z.object({ text: z.string() }) })`

it('in events: it may emit so many a second, and its health says that it wants more', { timeout: 60_000 }, async () => {
  await using bad = await openBadHouse(
    `${event}
    export default defineModule({ start: (context) => {
      const flood = () => { for (let i = 0; i < 100; i += 1) context.emit(Said, { text: 'x' }).catch(() => {}); setTimeout(flood, 5) }
      return { services: { bad: { doIt: async () => flood() } } }
    } })`,
    { emits: ['bad.said'], limits: { events: 50 } },
  )
  await bad.bad.doIt()
  const from = performance.now()
  await vi.waitFor(
    () => expect(bad.status()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('slowed') }),
    20_000,
  )
  expect(await bad.good.answer()).toBe(42)
  const said = bad.house.bus.emitted.filter(({ type }) => type === 'bad.said').length
  // what a second holds, and what has come in since
  expect(said).toBeLessThanOrEqual(50 + ((performance.now() - from) / 1_000 + 1) * 50)
  expect(bad.status()).toMatchObject({ restarts: 0 })
})

it('in lines of the log: it is not listened to for a while, and its health says so', { timeout: 60_000 }, async () => {
  await using bad = await openBadHouse(
    `export default defineModule({ start: (context) => {
      const flood = () => { for (let i = 0; i < 200; i += 1) context.log.info('x'); setTimeout(flood, 1) }
      return { services: { bad: { doIt: async () => flood() } } }
    } })`,
    { limits: { messages: 500 } },
  )
  void bad.bad.doIt().catch(() => undefined)
  await vi.waitFor(
    () => expect(bad.status()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('slowed') }),
    40_000,
  )
  expect(await bad.good.answer()).toBe(42)
})

it('that calls more than it may have open is cut off and restarted', { timeout: 60_000 }, async () => {
  await using bad = await openBadHouse(
    `import { writeSync } from 'node:fs'
    export default defineModule({ start: () => ({ services: { bad: { doIt: async () => {
      for (let i = 0; i < 5_000; i += 1) {
        const line = JSON.stringify({ t: 'q', i: 'x' + i, m: 'emit', a: [[{ type: 'bad.said' }, {}, null]] }) + '\\n'
        // past the connection's own bounds; a full pipe is tried again
        for (let isSent = false; !isSent;) try { writeSync(3, line); isSent = true } catch (error) { if (error.code !== 'EAGAIN') throw error }
      }
    } } } }) })`,
    { limits: { events: 1 }, emits: ['bad.said'] },
  )
  bad.bad.doIt().catch(() => undefined)
  await bad.until('healthy', 1)
  expect(bad.status().lastError).toBeDefined()
  expect(await bad.good.answer()).toBe(42)
})
