// what Tab offers, by what has been typed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCompleter } from '../../../scripts/shell/completion.ts'

const before = process.cwd()
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lotus-completion-'))
  process.chdir(folder)
  for (const name of [
    'notes.txt',
    'old stuff/tax papers.txt',
    'photos/pier.jpg',
    '.hidden',
    'it\u001b[2Jems',
    "it's.txt",
  ]) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), '')
  }
})
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

const complete = createCompleter(async () => ['how much memory is free?', 'how big is photos?', 'Find log files'])

describe('Tab', () => {
  it.each([
    ['/sta', ['/start ', '/status '], '/sta'],
    ['/runs sh', ['show '], 'sh'],
    ['/runs --j', ['--json '], '--j'],
    ['lotus memory f', ['forget '], 'f'],
    ['how ', ['how much memory is free?', 'how big is photos?'], 'how '],
    ['find l', ['Find log files'], 'find l'],
    ['hel', ['help'], 'hel'],
    ['delete no', ['notes.txt '], 'no'],
    ['delete ol', ['"old stuff/'], 'ol'],
    ['delete "old stuff/t', ['"old stuff/tax papers.txt" '], '"old stuff/t'],
    ['delete "old stuff/tax papers.txt" and no', ['notes.txt '], 'no'],
    ["delete 'old stuff/", ["'old stuff/tax papers.txt' "], "'old stuff/"],
    ['show ./ph', ['./photos/'], './ph'],
    ['show .hi', ['.hidden '], '.hi'],
    ['cd ', ['"old stuff/', 'photos/'], ''],
    ['delete it', [`"it's.txt" `], 'it'],
    ['delete nothing', [], 'nothing'],
    ['delete gone/x', [], 'gone/x'],
    ['', [], ''],
  ])('after %j', async (line, hits, replaced) => {
    expect(await complete(line)).toEqual([hits, replaced])
  })
})
