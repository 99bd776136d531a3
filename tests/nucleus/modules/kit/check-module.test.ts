// the grade of a module: every fault is found, named, and comes with what to do.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ModuleGrade } from '../../../../nucleus/contract.ts'
import { checkModule } from '../../../../nucleus/modules/kit/check.ts'
import { writeNewModule } from '../../../../nucleus/modules/kit/template.ts'
import { readOneManifest } from '../../../../nucleus/modules/manifest.ts'
import { openModules, type OpenModules } from '../../../support/open-modules.ts'

const root = join(import.meta.dirname, '../../../..')
let home: string
let house: OpenModules
let folder: string
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'lotus-check-'))
  folder = (await writeNewModule({ name: 'weather', root, home })).folder
  house = await openModules({ folder: join(home, 'modules'), names: ['weather'] })
})
afterEach(async () => {
  await house[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

const check = (): Promise<ModuleGrade> =>
  checkModule(
    {
      manager: house.manager,
      root,
      readManifest: (name) => readOneManifest(join(name === 'weather' ? home : root, 'modules'), name),
    },
    'weather',
  )
const edit = (file: string, from: string, to: string): void => {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}
const faults = ({ findings }: ModuleGrade) => findings.filter(({ status }) => status !== 'good')

describe('a new module', () => {
  it('is good', async () => {
    expect(faults(await check())).toEqual([])
  })

  it('that does not run is loaded for the check, and unloaded after it', async () => {
    await house.manager.unload('weather')
    expect((await check()).grade).toBe('good')
    expect(house.status('weather')?.status).toBe('stopped')
  })
})

describe('a fault', () => {
  it('of the manifest is named with its field, and nothing else is tried', async () => {
    edit('manifest.json', '"version": "0.1.0"', '"version": "first"')
    const { grade, findings } = await check()
    expect([grade, findings]).toEqual([
      'poor',
      [{ part: 'manifest', status: 'bad', message: expect.stringContaining('version'), fix: expect.any(String) }],
    ])
  })

  it('between manifest and contract is found both ways', async () => {
    edit('manifest.json', '"weather.greeted"', '"weather.told"')
    edit('contract.ts', "('weather',", "('climate',")
    const messages = faults(await check()).map(({ message }) => message)
    expect(messages).toEqual(
      expect.arrayContaining([
        'contract.ts defines weather.greeted, `emits` lacks it',
        '`emits` names weather.told, contract.ts does not define it',
        'contract.ts defines the service climate, `provides` lacks it',
        '`provides` names weather, contract.ts does not define it',
      ]),
    )
  })

  it('of the settings comes with what the manifest must say', async () => {
    edit('settings.ts', "default: 'hello'", "default: 'ahoy'")
    expect(faults(await check())).toMatchObject([
      { part: 'settings', status: 'bad', fix: expect.stringContaining('"default":"ahoy"') },
    ])
  })

  it('of a contract that can’t be imported says why', async () => {
    edit('contract.ts', 'import { z }', "import './nothing.ts'\nimport { z }")
    expect(faults(await check())[0]).toMatchObject({
      part: 'contract',
      message: expect.stringContaining('nothing.ts'),
    })
  })

  it('of a timer beside the context is found by reloading', async () => {
    edit('module.ts', 'let greeted', 'setInterval(() => undefined, 3_600_000)\n    let greeted')
    expect(faults(await check())).toMatchObject([
      { part: 'reload', status: 'bad', message: expect.stringContaining('each reload leaves a Timeout behind') },
    ])
  })

  it('of what can’t be released is found by reloading', async () => {
    edit('module.ts', 'let greeted', "context.defer('the door', () => { throw new Error('it jams') })\n    let greeted")
    expect(faults(await check())).toMatchObject([
      { part: 'reload', status: 'bad', message: expect.stringContaining('the door could not be released: it jams') },
    ])
  })

  it('of a new version that does not start is told, and the old one serves', async () => {
    edit('module.ts', 'let greeted', "throw new Error('not today')\n    let greeted")
    expect(faults(await check())).toMatchObject([
      { part: 'reload', status: 'bad', message: expect.stringContaining('not today') },
    ])
    expect(house.status('weather')?.status).toBe('healthy')
  })

  it('of the docs names what they leave out', async () => {
    writeFileSync(join(folder, 'README.md'), 'It greets: `weather`, `weather.greeted`.')
    expect(faults(await check())).toMatchObject([{ part: 'docs', message: 'they say nothing about greeting' }])
    rmSync(join(folder, 'README.md'))
    expect(faults(await check())).toMatchObject([{ part: 'docs', message: 'it has no README.md' }])
  })

  it('that could be worse is a warning', async () => {
    rmSync(join(folder, 'weather.test.ts'))
    edit('module.ts', 'health:', 'report:')
    edit('module.ts', "{ status: 'healthy', details: { greeted } }", '{ greeted }')
    await house.manager.reload('weather')
    const grade = await check()
    expect(grade.grade).toBe('fair')
    expect(faults(grade).map(({ part, status }) => [part, status])).toEqual([
      ['health', 'warning'],
      ['test', 'warning'],
    ])
  })
})
