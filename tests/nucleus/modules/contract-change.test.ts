// a contract that changes reloads those who know it, in order, with what it says now; isolation makes no difference.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { defineService } from '../../../nucleus/services/service.ts'
import { buildHouse, type House } from './house.ts'

interface Shower {
  shown(): Promise<string>
}
const Watch = defineService<Shower>('watch', { shown: 'call' })
const Tower = defineService<Shower>('tower', { shown: 'call' })

const contract = (face: string): string => `export const face: string = '${face}'\n`
const clock = `import { face } from './contract.ts'
  export default defineModule({ start: () => ({ services: { clock: { now: async () => face } } }) })`
/** shows what the contract said when it was imported. */
const shower = (service: string): string => `import { face } from '../clock/contract.ts'
  export default defineModule({ start: () => ({ services: { ${service}: { shown: async () => face } } }) })`

let house: House
afterEach(async () => {
  await house.clear()
})
const generations = () => Object.fromEntries(house.manager.statuses().map(({ name, generation }) => [name, generation]))

async function open(isolation: 'inline' | 'process'): Promise<void> {
  house = await buildHouse({
    clock: { manifest: { provides: ['clock'], isolation }, code: '' },
    watch: { manifest: { provides: ['watch'], requires: ['clock'] }, code: '' },
    tower: { manifest: { provides: ['tower'], uses: ['clock'], isolation }, code: '' },
    stranger: { code: 'export default defineModule({ start: () => {} })' },
  })
  await house.write('clock', { provides: ['clock'], isolation }, clock)
  await house.write('watch', { provides: ['watch'], requires: ['clock'] }, shower('watch'))
  await house.write('tower', { provides: ['tower'], uses: ['clock'], isolation }, shower('tower'))
  await change('one')
  await house.manager.startAll()
  await house.manager.loadParts()
}
const change = (face: string): Promise<void> => writeFile(join(house.folder, 'clock/contract.ts'), contract(face))

describe.each(['inline', 'process'] as const)('%s', (isolation) => {
  it('reloads who requires or uses it, and nobody else', { timeout: 60_000 }, async () => {
    await open(isolation)
    const shown = () => Promise.all([house.registry.handle(Watch).shown(), house.registry.handle(Tower).shown()])
    expect(await shown()).toEqual(['one', 'one'])
    for (const [index, face] of ['two', 'three'].entries()) {
      await change(face)
      await house.manager.reload('clock')
      expect(await shown()).toEqual([face, face])
      expect(generations()).toEqual({ clock: index + 2, watch: index + 2, tower: index + 2, stranger: 1 })
    }
    const loaded = house.bus.emitted.filter(({ type }) => type === 'module.loaded').slice(4)
    expect(loaded[0]).toMatchObject({ data: { module: 'clock' } })
  })

  it('reloads nobody else where the contract is what it was', { timeout: 60_000 }, async () => {
    await open(isolation)
    await house.write('clock', { provides: ['clock'], isolation }, `${clock}\n// changed`)
    await house.manager.reload('clock')
    expect(generations()).toEqual({ clock: 2, watch: 1, tower: 1, stranger: 1 })
  })
})

it('names who could not be reloaded with it; those serve on with the old contract', { timeout: 60_000 }, async () => {
  await open('inline')
  await change('two')
  await house.write('watch', { provides: ['watch'], requires: ['clock'] }, 'export default {')
  await expect(house.manager.reload('clock')).rejects.toMatchObject({
    code: 'MODULE_DEPENDENTS_OLD',
    message: expect.stringContaining('watch'),
  })
  expect(await house.registry.handle(Watch).shown()).toBe('one')
  expect(await house.registry.handle(Tower).shown()).toBe('two')
})
