// rotated log files go with their age; the file that is written to never does.
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeOlder, rotatedFiles } from '../../../nucleus/logs/old-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lotus-old-logs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, ageDays: number): void {
  writeFileSync(join(folder, name), 'line\n')
  const at = new Date(Date.now() - ageDays * 86_400_000)
  utimesSync(join(folder, name), at, at)
}

describe('old log files', () => {
  it('are removed, and nothing else', () => {
    for (const name of ['lotus.log', 'lotus.1.log', 'lotus.12.log', 'other.1.log', 'boot.log', 'lotus.x.log'])
      write(name, 100)
    write('lotus.2.log', 1)
    const removed = removeOlder(rotatedFiles(folder, 'lotus'), Date.now() - 90 * 86_400_000)
    expect(removed).toEqual({ files: 2, bytes: 10 })
    expect(readdirSync(folder).toSorted()).toEqual([
      'boot.log',
      'lotus.2.log',
      'lotus.log',
      'lotus.x.log',
      'other.1.log',
    ])
  })
})
