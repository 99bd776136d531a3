// what a developer saves is taken over: modules at once, with who knows their contract; the kernel by a restart.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../../nucleus/health/health.ts'
import { watchModules, type ModuleWatch } from '../../../nucleus/process/watch-modules.ts'
import { defineService } from '../../../nucleus/services/service.ts'
import { buildHouse, type House } from '../modules/house.ts'

const Word = defineService<{ say(): Promise<string> }>('word', { say: 'call' })
const saying = (word: string): string =>
  `export default defineModule({ start: () => ({ services: { word: { say: async () => '${word}' } } }) })`
const idle = 'export default defineModule({ start: () => ({}) })'

let house: House
let watch: ModuleWatch
let kernel: string
let notices: Notice[]
let lines: { level: number; module?: string; code?: string; msg: string }[]
beforeEach(async () => {
  kernel = mkdtempSync(join(tmpdir(), 'lotus-kernel-'))
  notices = []
  lines = []
  house = await buildHouse({
    word: { manifest: { provides: ['word'] }, code: saying('one') },
    reader: { manifest: { uses: ['word'] }, code: idle },
    other: { code: idle },
  })
  writeFileSync(join(house.folder, 'word', 'contract.ts'), 'export const first = 1\n')
  await house.manager.startAll()
  await house.manager.loadParts()
  watch = await watchModules({
    modulesFolders: [house.folder],
    kernelPaths: [kernel],
    modules: house.manager,
    helpers: { other: 'helper' },
    log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    onNotice: (notice) => void notices.push(notice),
  })
})
afterEach(async () => {
  await watch.close()
  await house.clear()
  rmSync(kernel, { recursive: true, force: true })
})

const say = () => house.registry.handle(Word).say()
const save = (path: string, text: string): void => writeFileSync(join(house.folder, path), text)
const generation = (name: string) => house.manager.statuses().find((one) => one.name === name)?.generation

describe('a saved file', () => {
  it('of a module reloads it, and no other', async () => {
    await house.write('word', { provides: ['word'] }, saying('two'))
    await expect.poll(say).toBe('two')
    expect([generation('word'), generation('reader'), generation('other')]).toEqual([2, 1, 1])
  })

  it('that is the contract reloads who knows it, too', async () => {
    save('word/contract.ts', 'export const second = 2\n')
    await expect.poll(() => [generation('word'), generation('reader'), generation('other')]).toEqual([2, 2, 1])
  })

  it('that is broken leaves the old version serving, says why once, and the next good one is taken', async () => {
    save('word/manifest.json', '{ broken')
    await expect.poll(() => lines.length).toBe(1)
    expect(lines[0]).toMatchObject({
      module: 'word',
      code: 'MANIFEST_INVALID',
      msg: expect.stringContaining('runs on'),
    })
    save('word/manifest.json', '{ broken')
    expect(await say()).toBe('one')
    await house.write('word', { provides: ['word'] }, saying('three'))
    await expect.poll(say).toBe('three')
    expect(lines.filter(({ level }) => level >= 40)).toHaveLength(1)
  })

  it('that fails to start is told by the manager, not twice', async () => {
    await house.write(
      'word',
      { provides: ['word'] },
      `export default defineModule({ start: () => { throw new Error('not today') } })`,
    )
    await expect
      .poll(() => house.manager.statuses().find(({ name }) => name === 'word')?.lastError)
      .toContain('not today')
    expect(await say()).toBe('one')
    expect(lines).toEqual([])
  })

  it('of the kernel or a helper needs a restart, which is said once for each', async () => {
    writeFileSync(join(kernel, 'kernel.ts'), '1')
    await expect
      .poll(() => notices)
      .toMatchObject([{ code: 'KERNEL_CHANGED', message: expect.stringContaining('kernel.ts') }])
    writeFileSync(join(kernel, 'kernel.ts'), '2')
    mkdirSync(join(house.folder, 'other', 'helper'))
    save('other/helper/main.ts', '')
    await expect.poll(() => notices.length).toBe(2)
    expect(notices[1]!.message).toContain('helper/main.ts')
    expect(generation('other')).toBe(1)
  })

  it('of a module that a person has stopped starts nothing', async () => {
    await house.manager.unload('other')
    await house.write('other', {}, `${idle}\n`)
    await house.write('word', { provides: ['word'] }, saying('four'))
    await expect.poll(say).toBe('four')
    expect(house.manager.statuses().find(({ name }) => name === 'other')?.status).toBe('stopped')
  })
})

describe('a new folder', () => {
  it('with a module in it is loaded', async () => {
    await house.write('fresh', {}, idle)
    await expect.poll(() => house.manager.statuses().find(({ name }) => name === 'fresh')?.status).toBe('healthy')
  })
})
