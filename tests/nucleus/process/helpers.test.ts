// helpers: processes that are begun before their modules, and what they are told.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  beginHelpers,
  endWaitingHelpers,
  takeHelper,
  tellHelpers,
  type HelperProcess,
} from '../../../nucleus/process/helpers.ts'

/** a folder of modules with one, whose helper says back what it is told. */
function writeModule(): { modules: string; folder: string } {
  const modules = mkdtempSync(join(tmpdir(), 'lotus-helpers-'))
  onTestFinished(() => rmSync(modules, { recursive: true, force: true }))
  const folder = join(modules, 'parrot')
  mkdirSync(folder)
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({ name: 'parrot', helper: { entry: 'talk.ts', settings: 'told.ts' } }),
  )
  writeFileSync(join(folder, 'talk.ts'), 'process.stdin.pipe(process.stdout)')
  writeFileSync(join(folder, 'told.ts'), 'export default (settings: { word: string }) => ({ says: settings.word })')
  return { modules, folder }
}

async function firstLineOf(helper: HelperProcess): Promise<unknown> {
  onTestFinished(() => void helper.kill('SIGKILL'))
  const line = await new Promise<string>((resolve) => createInterface({ input: helper.stdout }).once('line', resolve))
  return JSON.parse(line)
}

describe('a helper', () => {
  it('is begun before its module, told its settings once, and taken over', async () => {
    const { modules, folder } = writeModule()
    beginHelpers(modules)
    onTestFinished(endWaitingHelpers)
    await tellHelpers(() => ({ word: 'hello' }))
    const helper = takeHelper(folder, { says: 'hello' })
    helper.stdin.end()
    const lines = await helper.stdout.setEncoding('utf8').toArray()
    expect(lines.join('')).toBe('{"says":"hello"}\n')
  })

  it('that was told other settings is replaced', async () => {
    const { modules, folder } = writeModule()
    beginHelpers(modules)
    onTestFinished(endWaitingHelpers)
    await tellHelpers(() => ({ word: 'hello' }))
    expect(await firstLineOf(takeHelper(folder, { says: 'goodbye' }))).toEqual({ says: 'goodbye' })
  })

  it('is started where none waits', async () => {
    const { folder } = writeModule()
    expect(await firstLineOf(takeHelper(folder, { says: 'late' }))).toEqual({ says: 'late' })
  })
})
