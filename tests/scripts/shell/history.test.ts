// the history of the shell: kept for its owner, bounded, and without what nobody wants kept.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { historyFileName, openHistory } from '../../../scripts/shell/history.ts'

let home: string
let path: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-history-'))
  path = join(home, historyFileName)
})
afterEach(() => {
  chmodSync(home, 0o700)
  rmSync(home, { recursive: true, force: true })
})

const kept = (): string[] => readFileSync(path, 'utf8').trimEnd().split('\n')

describe('the history', () => {
  it('is there in the next shell, the newest first', () => {
    const history = openHistory(home)
    history.add('one', { keep: true })
    history.add('two', { keep: true })
    expect(openHistory(home).lines()).toEqual(['two', 'one'])
  })

  it('is readable by its owner alone, also where it was not before', () => {
    openHistory(home).add('one', { keep: true })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    chmodSync(path, 0o644)
    openHistory(home)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('has no line that begins with a space, in the file or at hand', () => {
    const history = openHistory(home)
    history.add(' remember the pin', { keep: true })
    history.add('\tremember the pin', { keep: true })
    expect(history.lines()).toEqual([])
    expect(readdirSync(home)).not.toContain(historyFileName)
  })

  it('has what is not to be kept at hand only', () => {
    const history = openHistory(home)
    history.add('remember that the pin is 1234', { keep: false })
    expect(history.lines()).toEqual(['remember that the pin is 1234'])
    expect(readdirSync(home)).not.toContain(historyFileName)
  })

  it('has a line once, where it was said last', () => {
    const history = openHistory(home)
    for (const line of ['one', 'two', 'one']) history.add(line, { keep: true })
    expect(history.lines()).toEqual(['one', 'two'])
  })

  it('is cut to a thousand lines and a size', () => {
    writeFileSync(path, Array.from({ length: 5_000 }, (_, index) => `line ${index}\n`).join(''))
    expect(openHistory(home).lines()).toHaveLength(1_000)
    expect(kept()).toHaveLength(1_000)
    expect(kept().at(-1)).toBe('line 4999')
    writeFileSync(path, Array.from({ length: 900 }, () => `${'x'.repeat(1_000)}\n`).join(''))
    openHistory(home)
    expect(statSync(path).size).toBeLessThanOrEqual(256 * 1024)
  })

  it('has no line that is too long', () => {
    const history = openHistory(home)
    history.add('x'.repeat(5_000), { keep: true })
    expect(history.lines()).toEqual([])
  })

  it('of two shells is one file', () => {
    const [first, second] = [openHistory(home), openHistory(home)]
    first.add('one', { keep: true })
    second.add('two', { keep: true })
    first.add('three', { keep: true })
    expect(kept()).toEqual(['one', 'two', 'three'])
  })

  it('that can’t be written is kept in memory, and says why', () => {
    mkdirSync(path)
    const history = openHistory(home)
    history.add('one', { keep: true })
    expect(history.problem).toBe(`${path}: EISDIR`)
    expect(history.lines()).toEqual(['one'])
  })
})
