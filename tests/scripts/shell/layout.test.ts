// how an answer is laid out for a terminal.
import { describe, expect, it } from 'vitest'
import { cutAt, displayWidth, layOut, rowsOf } from '../../../scripts/shell/layout.ts'

describe('the width of a text', () => {
  it.each([
    ['abc', 3],
    ['漢字', 4],
    ['e\u0301', 1],
    ['😀', 2],
    ['\ta', 9],
  ])('%j takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  it('is never cut inside a character', () => {
    expect(cutAt('漢字a', 3)).toBe('漢')
    expect(cutAt('a😀', 2)).toBe('a')
  })
})

describe('a long line', () => {
  it('of words is broken between them, with its indent', () => {
    expect(layOut('  one two three four', 10, true).lines).toEqual(['  one two', '  three', '  four'])
  })

  it('of a table is broken under its last column, where that has room', () => {
    const rows = 'cd    works in another folder\nmore  the next page'
    expect(layOut(rows, 20, true)).toEqual({
      lines: ['cd    works in', '      another folder', 'more  the next page'],
      cut: 0,
    })
  })

  it('of a table whose last column begins far right is cut at the edge, and counted', () => {
    const rows = 'name             size\na-long-name.txt  12345 bytes'
    expect(layOut(rows, 20, true)).toEqual({ lines: ['name             si…', 'a-long-name.txt  12…'], cut: 2 })
  })

  it('of what a file says is left as it is', () => {
    const text = 'a  b\nfunction  with  gaps  in  it'
    expect(layOut(text, 10, false)).toEqual({ lines: text.split('\n'), cut: 0 })
  })

  it('takes as many rows as the terminal breaks it into', () => {
    expect(rowsOf('', 10)).toBe(1)
    expect(rowsOf('x'.repeat(21), 10)).toBe(3)
  })
})
