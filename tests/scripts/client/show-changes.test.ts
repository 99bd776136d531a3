// what a person sees of a plan's changes: every byte as it is, and nothing that a terminal would obey.
import { describe, expect, it } from 'vitest'
import { escapeExact, renderChanges } from '../../../scripts/client/show-changes.ts'

const plain = { dim: String, bold: String, red: String, green: String, yellow: String }
const render = (change: Record<string, unknown>) => renderChanges([{ step: 's1', changes: [change] }], plain)

describe('a line of a change', () => {
  it.each([
    ['\u001b[2J', '\\u001b[2J'],
    ['a\u202eb', 'a\\u202eb'],
    ['a\u200bb', 'a\\u200bb'],
    ['end\r', 'end\\r'],
    ['a\u00a0b\u3000c', 'a\\u{a0}b\\u{3000}c'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['half\ud800', 'half\\u{d800}'],
    ['spaces  ', 'spaces··'],
    ['\u{1f600} é', '\u{1f600} é'],
  ])('shows %j exactly', (line, shown) => {
    expect(escapeExact(line)).toBe(shown)
  })
})

describe('a change', () => {
  it('is its name and its diff', () => {
    expect(render({ kind: 'change', path: 'a.txt', diff: '@@ -1,1 +1,1 @@\n-old\n+new \u202e' })).toEqual([
      'changed: a.txt',
      '  @@ -1,1 +1,1 @@',
      '  -old',
      '  +new \\u202e',
    ])
  })

  it('keeps tabs that indent and writes out others', () => {
    expect(render({ kind: 'create', path: 'a', diff: '+\ta\tb' })[1]).toBe('  +\ta\\tb')
  })

  it('can’t break out of its line with its name', () => {
    expect(render({ kind: 'move', path: 'a\nremoved: b', to: 'c\u001b[1m' })).toEqual([
      'moved: a\\nremoved: b to c\\u001b[1m',
    ])
  })

  it('says what is not shown', () => {
    expect(renderChanges([{ step: 's2', changes: [], note: 'known later' }], plain)).toEqual(['s2: known later'])
  })
})
