// a new version proves itself beside the old one, which serves until then and takes everything back where it does not.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { defineEvent } from '../../../nucleus/events/event.ts'
import { defineService } from '../../../nucleus/services/service.ts'
import { buildHouse, type House } from './house.ts'

interface Counter {
  count(): Promise<number>
}
const Counter = defineService<Counter>('counter', { count: 'call' })
const BellRung = defineEvent({
  type: 'bell.rung',
  durability: 'journaled',
  description: 'a test rang.',
  data: z.object({}),
})

/** counts events; `extra` goes into its start. */
const code = (extra = '', health = ''): string => `
  const BellRung = defineEvent({ type: 'bell.rung', durability: 'journaled', description: 'x', data: z.object({}) })
  export default defineModule({ start: async (context) => {
    let count = context.state.previous?.count ?? 0
    let ticks = 0
    context.state.handOver(() => ({ count }))
    context.on(BellRung, () => { count += 1 })
    context.timer('tick', 5, () => { ticks += 1 })
    ${extra}
    return { services: { counter: { count: async () => count } }, ${health} }
  } })`

let house: House
afterEach(async () => {
  await house.clear()
})

describe.each(['inline', 'process'] as const)('%s', (isolation) => {
  const manifest = {
    provides: ['counter'],
    emits: ['bell.rung'],
    consumes: ['bell.rung'],
    isolation,
    healthTimeoutMs: 1_500,
  }
  const open = async (): Promise<Counter> => {
    house = await buildHouse({ counter: { manifest, code: code() } })
    await house.manager.startAll()
    return house.registry.handle(Counter)
  }
  const status = () => house.manager.statuses()[0]!

  const failures: Readonly<Record<string, readonly [string, string]>> = {
    'can’t be imported': ['MODULE_IMPORT_FAILED', 'export default {'],
    'has another shape': ['MODULE_INVALID', 'export default 7'],
    'fails to start': ['MODULE_START_FAILED', code(`throw new Error('no')`)],
    'ends itself while it starts': [
      isolation === 'process' ? 'MODULE_PROCESS_ENDED' : 'MODULE_START_FAILED',
      isolation === 'process' ? code('process.exit(3)') : code(`throw new Error('no')`),
    ],
    'provides something else': ['MODULE_SERVICES_DIFFER', code().replace('counter: {', 'other: {')],
    'says that it is unhealthy': [
      'MODULE_UNHEALTHY',
      code('', `health: () => ({ status: 'unhealthy', reason: 'no disk' })`),
    ],
    'does not answer for its health': ['HEALTH_TIMED_OUT', code('', `health: () => new Promise(() => {})`)],
    'has a part that can’t be loaded': [
      'MODULE_PART_FAILED',
      code(`context.lazy('hands', async () => { throw new Error('none') })`),
    ],
  }
  it.each(Object.entries(failures))(
    'the old one serves on where the new one %s',
    { timeout: 60_000 },
    async (_how, [error, next]) => {
      const counter = await open()
      await house.bus.emit('test', BellRung, {})
      const before = status().open
      await house.write('counter', manifest, next)
      await expect(house.manager.reload('counter')).rejects.toMatchObject({ code: error })
      // services, subscriptions and timers are the old one's again, and so is its state
      await house.bus.emit('test', BellRung, {})
      expect(await counter.count()).toBe(2)
      expect(status()).toMatchObject({ status: 'healthy', lastError: expect.stringContaining('reload') })
      expect(status().open.toSorted()).toEqual(before.toSorted())
      expect(house.bus.listeners()).toBe(1)
    },
  )

  it('replaces one that is not well either', { timeout: 60_000 }, async () => {
    const sad = code('', `health: () => ({ status: 'unhealthy', reason: 'no disk' })`)
    house = await buildHouse({ counter: { manifest, code: sad } })
    await house.manager.startAll()
    await house.write('counter', manifest, `${sad}// mended, they hoped`)
    expect(await house.manager.reload('counter')).toMatchObject({ generation: 2 })
  })

  it('hands state over after the calls and events inside have ended', { timeout: 60_000 }, async () => {
    house = await buildHouse({
      counter: {
        manifest,
        code: code().replace(
          '() => { count += 1 }',
          'async () => { await new Promise((done) => setTimeout(done, 300)); count += 1 }',
        ),
      },
    })
    await house.manager.startAll()
    const counter = house.registry.handle(Counter)
    const emitted = house.bus.emit('test', BellRung, {})
    await vi.waitFor(() => expect(house.bus.listeners()).toBe(1))
    const [, , count] = await Promise.all([emitted, house.manager.reload('counter'), counter.count()])
    expect(count).toBeGreaterThanOrEqual(0)
    expect(await counter.count()).toBe(1)
  })
})
