// a new module: whole, loads at once, passes its own test, fits its types, and is nobody's else.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeNewModule } from '../../../../nucleus/modules/kit/template.ts'

const root = join(import.meta.dirname, '../../../..')
const run = promisify(execFile)
let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-new-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const names = ['weather', 'weather-watch', 'route-66']

describe('a new module', () => {
  it.each(names)('is whole and passes its own test: %s', { timeout: 60_000 }, async (name) => {
    const { folder, files } = await writeNewModule({ name, root, home })
    expect(readdirSync(folder).toSorted()).toEqual(files.toSorted())
    const hook = join(root, 'nucleus/modules/kit/test-hook.ts')
    const { stdout } = await run(process.execPath, ['--import', hook, join(folder, `${name}.test.ts`)], { cwd: home })
    expect(stdout).toContain('pass 3')
  })

  it('fits its types and the format of the house, wherever it lies', { timeout: 60_000 }, async () => {
    for (const name of names) await writeNewModule({ name, root, home })
    const folder = join(home, 'modules')
    const bin = join(root, 'node_modules/.bin')
    const types = run(join(bin, 'tsc'), ['--noEmit', '--pretty', 'false', '-p', folder])
    await expect(types).resolves.toMatchObject({ stdout: '' })
    writeFileSync(join(folder, '.oxfmtrc.json'), readFileSync(join(root, '.oxfmtrc.json')))
    await expect(run(join(bin, 'oxfmt'), ['--check', ...names], { cwd: folder })).resolves.toBeDefined()
  })
})

describe('a name', () => {
  it.each(['', 'Weather', '../up', 'a b', '-a', 'a-', 'a'.repeat(41)])('%j is refused', async (name) => {
    await expect(writeNewModule({ name, root, home })).rejects.toMatchObject({ code: 'MODULE_NAME_INVALID' })
    expect(existsSync(join(home, 'modules'))).toBe(false)
  })

  it.each(['memory', 'nucleus', 'tools'])('that is taken, as %s, is refused', async (name) => {
    await expect(writeNewModule({ name, root, home })).rejects.toMatchObject({ code: 'MODULE_EXISTS' })
  })

  it('of a folder that is there is refused, and the folder is as it was', async () => {
    const { folder } = await writeNewModule({ name: 'weather', root, home })
    writeFileSync(join(folder, 'README.md'), 'mine')
    await expect(writeNewModule({ name: 'weather', root, home })).rejects.toMatchObject({ code: 'MODULE_EXISTS' })
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine')
    expect(readdirSync(home)).toEqual(['modules'])
  })
})
