// parts of a module that are put off until after the boot: when they are loaded, and what happens where they can't be.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineService } from '../../../nucleus/services/service.ts'
import { buildHouse, type House } from './house.ts'

interface Clock {
  now(): Promise<number>
  loads(): Promise<readonly string[]>
}
const Clock = defineService<Clock>('clock', { now: 'call', loads: 'call' })

const manifest = { provides: ['clock'] }
/** a clock whose hands are a part of their own; the file `hands.ts` lies beside it. */
const code = `
export default defineModule({ start: (context) => {
  const loads = []
  const hands = context.lazy('hands', async () => {
    loads.push('hands')
    return await import('./hands.ts')
  })
  context.lazy('chime', async () => void loads.push('chime'))
  return { services: { clock: { now: async () => (await hands()).hour, loads: async () => loads } } }
} })`

let house: House
afterEach(async () => {
  await house.clear()
})

async function openClock(hands = 'export const hour: number = 1'): Promise<Clock> {
  house = await buildHouse({ clock: { manifest, code } })
  await writeHands(hands)
  await house.manager.startAll()
  return house.registry.handle(Clock)
}
const writeHands = (text: string): Promise<void> => writeFile(join(house.folder, 'clock/hands.ts'), text)
const status = () => house.manager.statuses().find(({ name }) => name === 'clock')

describe('a lazy part', () => {
  it('is not loaded by the boot', async () => {
    const clock = await openClock()
    expect(await clock.loads()).toEqual([])
    expect(status()).toMatchObject({ status: 'healthy' })
  })

  it('is loaded when it is first asked for, once', async () => {
    const clock = await openClock()
    expect(await Promise.all([clock.now(), clock.now()])).toEqual([1, 1])
    expect(await clock.loads()).toEqual(['hands'])
  })

  it('is loaded after the boot in any case, in the order of the calls', async () => {
    const clock = await openClock()
    await house.manager.loadParts()
    expect(await clock.loads()).toEqual(['hands', 'chime'])
    await house.manager.loadParts()
    expect(await clock.loads()).toEqual(['hands', 'chime'])
  })

  it('that can’t be loaded makes its module unhealthy and says why, though nobody has asked for it', async () => {
    const clock = await openClock('export const hour = }')
    await house.manager.loadParts()
    expect(status()).toMatchObject({
      status: 'unhealthy',
      reason: expect.stringContaining('clock: hands'),
      lastError: expect.stringContaining('load of a part'),
    })
    expect(house.kernelEvents()).toContain('module.failed')
    await expect(clock.now()).rejects.toMatchObject({ code: 'MODULE_PART_FAILED' })
    // the others are there nevertheless
    expect(await clock.loads()).toContain('chime')
  })

  it('that could not be loaded is tried again by who needs it, and its module is well again', async () => {
    house = await buildHouse({
      clock: {
        manifest: { ...manifest, healthIntervalMs: 5 },
        code: `
          export default defineModule({ start: (context) => {
            let tries = 0
            const hands = context.lazy('hands', async () => { if ((tries += 1) === 1) throw new Error('stuck'); return 5 })
            return { services: { clock: { now: hands, loads: async () => [] } } }
          } })`,
      },
    })
    await house.manager.startAll()
    await house.manager.loadParts()
    expect(status()).toMatchObject({ status: 'unhealthy', reason: expect.stringContaining('stuck') })
    expect(await house.registry.handle(Clock).now()).toBe(5)
    await vi.waitFor(() => expect(status()).toMatchObject({ status: 'healthy' }))
  })
})

describe('a reload', () => {
  it('loads all parts of the new code before it serves', async () => {
    const clock = await openClock()
    await house.manager.loadParts()
    await writeHands('export const hour: number = 2')
    await house.manager.reload('clock')
    expect(await clock.loads()).toEqual(['hands', 'chime'])
    expect(await clock.now()).toBe(2)
  })

  it('fails at once where a part of the new code can’t be loaded; the old code serves on', async () => {
    const clock = await openClock()
    await house.manager.loadParts()
    await writeHands('export const hour = }')
    await expect(house.manager.reload('clock')).rejects.toMatchObject({ code: 'MODULE_PART_FAILED' })
    expect(await clock.now()).toBe(1)
    expect(status()).toMatchObject({ status: 'healthy' })
  })
})
