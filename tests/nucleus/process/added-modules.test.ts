// modules of LOTUS_HOME/modules: processes unless a person allows otherwise, importing as if they lay in the project, and
// left out where they don't fit.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Infrastructure } from '../../../nucleus/infrastructure/ports.ts'
import { kernelFacts } from '../../../nucleus/kernel-facts.ts'
import { createLoader } from '../../../nucleus/modules/loader.ts'
import { createModuleManager } from '../../../nucleus/modules/manager.ts'
import { readManifests, type FoundModule } from '../../../nucleus/modules/manifest.ts'
import { readAddedModules, readAnyManifest } from '../../../nucleus/process/added-modules.ts'
import { readConfiguration } from '../../../nucleus/process/configuration.ts'
import { defineService } from '../../../nucleus/services/service.ts'
import { createServiceRegistry } from '../../../nucleus/services/registry.ts'
import type { CoreSettings } from '../../../nucleus/settings/core.ts'
import { createMemoryBus, nativeImport } from '../modules/house.ts'

const root = join(import.meta.dirname, '../../..')
const modulesFolder = join(root, 'modules')
const core = (inlineModules: boolean) => ({ inlineModules }) as CoreSettings
let home: string
let shipped: readonly FoundModule[]
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'lotus-added-'))
  shipped = await readManifests(modulesFolder)
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function write(name: string, manifest: Readonly<Record<string, unknown>> | string, code = ''): void {
  const folder = join(home, 'modules', name)
  mkdirSync(folder, { recursive: true })
  const complete = { name, version: '1.0.0', description: 'added by a test', kernel: '^1', ...Object(manifest) }
  writeFileSync(join(folder, 'manifest.json'), typeof manifest === 'string' ? manifest : JSON.stringify(complete))
  writeFileSync(join(folder, 'module.ts'), code)
}
const names = (found: readonly FoundModule[]) => found.map(({ manifest }) => manifest.name)

describe('an added module', () => {
  it('is a process where its manifest says nothing', async () => {
    write('weather', {})
    const { found } = await readAddedModules(home, shipped)
    expect(found.map(({ manifest }) => manifest.isolation)).toEqual(['process'])
    expect((await readAnyManifest('weather', modulesFolder, home, core(false))).manifest.isolation).toBe('process')
  })

  it('is inline only where a person allows it', async () => {
    write('weather', { isolation: 'inline' })
    await expect(readAnyManifest('weather', modulesFolder, home, core(false))).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringContaining('core.inlineModules'),
    })
    expect((await readAnyManifest('weather', modulesFolder, home, core(true))).manifest.isolation).toBe('inline')
  })

  it('that doesn’t fit is left out with its reason, and the others are there', async () => {
    write('broken', '{')
    write('lonely', { requires: ['nothing'] })
    write('memory', {})
    write('user', { requires: ['weather'] })
    write('weather', { provides: ['weather'] })
    const { found, problems } = await readAddedModules(home, shipped)
    expect(names(found).toSorted()).toEqual(['user', 'weather'])
    expect(problems.join('\n')).toMatch(/broken[^]*is not JSON/)
    expect(problems.join('\n')).toContain('lonely requires the service nothing')
    expect(problems.join('\n')).toContain('the module memory comes from')
  })

  it('does not replace one that ships with LOTUS', async () => {
    write('memory', {})
    expect((await readAnyManifest('memory', modulesFolder, home, core(true))).folder).toBe(
      join(modulesFolder, 'memory'),
    )
  })

  it('is part of the configuration, and one that is left out is a notice', async () => {
    write('weather', {})
    write('lonely', { requires: ['nothing'] })
    write('eager', { isolation: 'inline' })
    const configuration = await readConfiguration(
      root,
      { LOTUS_HOME: home },
      { mode: { isSafe: false, isCareful: false, leftOut: [], notice: undefined }, folder: home },
    )
    expect(names(configuration.found)).toEqual(expect.arrayContaining(['memory', 'weather']))
    expect(names(configuration.found)).not.toContain('eager')
    expect(configuration.notices().map(({ code }) => code)).toEqual(['ADDED_MODULE_LEFT_OUT', 'ADDED_MODULE_LEFT_OUT'])
  })
})

describe.each(['process', 'inline'] as const)('its code, %s', (isolation) => {
  it('imports kernel, contracts and packages as if it lay in the project', { timeout: 60_000 }, async () => {
    write(
      'weather',
      { isolation, provides: ['weather'], uses: ['memory'] },
      `import { z } from 'zod'
      import { defineModule } from '../../nucleus/modules/module.ts'
      import { Memory } from '../memory/contract.ts'
      import { sky } from './sky.ts'
      export default defineModule({ start: () => ({ services: { weather: {
        say: async () => [typeof z.string, Memory.name, sky].join(' '),
      } } }) })`,
    )
    writeFileSync(join(home, 'modules/weather/sky.ts'), 'export const sky: string = "blue"')
    const registry = createServiceRegistry({ isMany: () => false })
    const manager = createModuleManager({
      found: [await readAnyManifest('weather', modulesFolder, home, core(true))],
      kernel: kernelFacts,
      readManifest: (name) => readAnyManifest(name, modulesFolder, home, core(true)),
      onChange: () => undefined,
      host: {
        loader: createLoader({ modulesFolder, importFile: nativeImport }),
        registry,
        bus: createMemoryBus(() => undefined),
        infrastructure: {} as Infrastructure,
        log: pino({ level: 'silent' }),
        home,
        settingsOf: () => ({}),
        emit: () => undefined,
      },
    })
    try {
      await manager.startAll()
      expect(manager.statuses()).toMatchObject([{ status: 'healthy' }])
      const weather = registry.handle(defineService<{ say(): Promise<string> }>('weather', { say: 'call' }))
      expect(await weather.say()).toBe('function memory blue')
      await manager.reload('weather')
      expect(await weather.say()).toBe('function memory blue')
    } finally {
      await manager.stopAll('the test')
    }
  })
})
