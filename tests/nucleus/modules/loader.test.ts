// how often code is imported: Node never lets go of a copy, so there is one a change and not one a reload.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createLoader } from '../../../nucleus/modules/loader.ts'
import type { FoundModule } from '../../../nucleus/modules/manifest.ts'
import { defineModule } from '../../../nucleus/modules/module.ts'

const made: string[] = []
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true })
})

function makeModule() {
  const modulesFolder = mkdtempSync(join(tmpdir(), 'lotus-loader-'))
  made.push(modulesFolder)
  const folder = join(modulesFolder, 'clock')
  mkdirSync(join(folder, 'inside'), { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  write('module.ts', '1')
  write('inside/answer.ts', '1')
  const imported: string[] = []
  const loader = createLoader({
    modulesFolder,
    importFile: async (url) => {
      imported.push(new URL(url).search)
      return { default: defineModule({ settings: {}, start: () => undefined }) }
    },
  })
  const found = { folder, manifest: { name: 'clock' } } as unknown as FoundModule
  return { write, imported, load: () => loader.load(found), copies: () => loader.copies('clock') }
}

describe('the code of a module', () => {
  it('is imported again for the first reload, and for others only where it has changed', async () => {
    const { load, imported, copies } = makeModule()
    await load()
    const first = await load()
    expect(await load()).toBe(first)
    expect(await load()).toBe(first)
    expect(imported).toEqual(['', '?g=2'])
    expect(copies()).toBe(2)
  })

  it('is imported again after a change of any of its files, also a new one', async () => {
    const { load, write, imported } = makeModule()
    for (let time = 0; time < 2; time += 1) await load()
    write('inside/answer.ts', '2')
    await load()
    await load()
    write('inside/new.ts', '')
    await load()
    expect(imported).toEqual(['', '?g=2', '?g=3', '?g=4'])
  })
})
