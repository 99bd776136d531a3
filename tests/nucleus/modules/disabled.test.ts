// modules that a person has disabled: known, and started by nobody until they are enabled.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDisabledModules } from '../../../nucleus/process/disabled-modules.ts'
import { buildHouse, type House } from './house.ts'

const code = `export default defineModule({ start: () => ({}) })`
const modules = {
  base: {
    manifest: { provides: ['base'] },
    code: `export default defineModule({ start: () => ({ services: { base: {} } }) })`,
  },
  user: { manifest: { requires: ['base'] }, code },
  door: { manifest: { keep: true }, code },
}
let home: string
let house: House | undefined
const open = async (): Promise<House> => {
  house = await buildHouse(modules, { disabled: openDisabledModules(home) })
  await house.manager.startAll()
  return house
}
const statusOf = (one: House, name: string) => one.manager.statuses().find((status) => status.name === name)
const close = async (): Promise<void> => {
  await house?.clear()
  house = undefined
}
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-disabled-'))
})
afterEach(async () => {
  await close()
  rmSync(home, { recursive: true, force: true })
})

describe('a disabled module', () => {
  it('ends, and is not started by the next start', async () => {
    await (await open()).manager.disable('user')
    expect(statusOf(house!, 'user')).toMatchObject({ status: 'stopped', reason: 'disabled', isDisabled: true })
    await close()
    expect(statusOf(await open(), 'user')).toMatchObject({ status: 'stopped', isDisabled: true, generation: 0 })
    expect(statusOf(house!, 'base')).toMatchObject({ status: 'healthy' })
  })

  it('is started by enabling it, and by every start from then on', async () => {
    await (await open()).manager.disable('user')
    expect(await house!.manager.enable('user')).toMatchObject({ status: 'healthy', generation: 2 })
    await close()
    expect(statusOf(await open(), 'user')).toMatchObject({ status: 'healthy' })
    expect(statusOf(house!, 'user')).not.toHaveProperty('isDisabled')
  })

  it('can be loaded for now, and stays disabled', async () => {
    await (await open()).manager.disable('user')
    expect(await house!.manager.load('user')).toMatchObject({ status: 'healthy', isDisabled: true })
    await close()
    expect(statusOf(await open(), 'user')).toMatchObject({ status: 'stopped' })
  })

  it('is refused where others require it or nobody could enable it again, and nothing is kept', async () => {
    const { manager } = await open()
    await expect(manager.disable('base')).rejects.toMatchObject({ code: 'MODULE_REQUIRED' })
    await expect(manager.disable('door')).rejects.toMatchObject({ code: 'MODULE_KEPT' })
    await expect(manager.disable('nobody')).rejects.toMatchObject({ code: 'MODULE_UNKNOWN' })
    await expect(manager.enable('nobody')).rejects.toMatchObject({ code: 'MODULE_UNKNOWN' })
    expect(openDisabledModules(home)).toMatchObject({ problem: undefined })
    expect(statusOf(house!, 'base')).toMatchObject({ status: 'healthy' })
  })

  it('lets who requires it wait, until it is enabled', async () => {
    await (await open()).manager.unload('user')
    await house!.manager.disable('base')
    await close()
    expect(statusOf(await open(), 'user')).toMatchObject({ status: 'stopped', reason: 'waits for base' })
    await house!.manager.enable('base')
    await expect.poll(() => statusOf(house!, 'user')?.status).toBe('healthy')
  })
})

describe('the list of disabled modules', () => {
  it('is a file that a person can read', () => {
    const list = openDisabledModules(home)
    list.set('b', true)
    list.set('a', true)
    expect(JSON.parse(readFileSync(join(home, 'disabled-modules.json'), 'utf8'))).toEqual(['a', 'b'])
  })

  it.each(['{', '{"a": true}', '[1]'])('that says %s disables nothing, and says so', (text) => {
    writeFileSync(join(home, 'disabled-modules.json'), text)
    const list = openDisabledModules(home)
    expect(list.has('a')).toBe(false)
    expect(list.problem).toContain('disabled-modules.json')
  })
})
