// the lines of one module in the log, over rotated files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readModuleLines } from '../../../nucleus/logs/module-lines.ts'

let home: string
const line = (fields: Readonly<Record<string, unknown>>): string => `${JSON.stringify({ level: 'info', ...fields })}\n`
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-lines-'))
  mkdirSync(join(home, 'logs'))
  writeFileSync(
    join(home, 'logs/lotus.1.log'),
    line({ module: 'memory', msg: 'one' }) + line({ module: 'gateway', msg: 'two' }),
  )
  writeFileSync(
    join(home, 'logs/lotus.log'),
    line({ module: 'memory', level: 'error', msg: 'three' }) +
      line({ module: 'gateway', msg: 'four', about: { module: 'memory' } }) +
      '{"module":"memory", torn\n' +
      line({ module: 'memory', msg: 'five' }),
  )
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const messages = async (query: { limit: number; level?: string }) =>
  (await readModuleLines(home, { module: 'memory', ...query })).map(({ msg }) => msg)

it('are the newest, oldest first', async () => {
  expect(await messages({ limit: 10 })).toEqual(['one', 'three', 'five'])
  expect(await messages({ limit: 2 })).toEqual(['three', 'five'])
})

it('are only as severe as is asked for', async () => {
  expect(await messages({ limit: 10, level: 'warn' })).toEqual(['three'])
})

it('are none where there is no log', async () => {
  rmSync(join(home, 'logs'), { recursive: true })
  expect(await messages({ limit: 10 })).toEqual([])
})
