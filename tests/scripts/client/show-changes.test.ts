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
    ['tag\u{e0041}', 'tag\\udb40\\udc41'],
    ['half\ud800', 'half\\u{d800}'],
    ['spaces  ', 'spaces··'],
    ['\u{1f600} é', '\u{1f600} é'],
  ])('shows %j exactly', (line, shown) => {
    expect(escapeExact(line)).toBe(shown)
  })
})

describe('a change', () => {
  it('is its name and its diff', () => {
    expect(render({ kind: 'change', path: 'a.txt', diff: '@@ -1,2 +1,2 @@\n same\n-old\n+new \u202e' })).toEqual([
      '1. changed: a.txt',
      '  @@ -1,2 +1,2 @@',
      '   same',
      '  -old',
      '  +new \\u202e',
    ])
  })

  it('keeps tabs that indent and writes out others', () => {
    expect(render({ kind: 'create', path: 'a', diff: '+\ta\tb' })[1]).toBe('  +\ta\\tb')
  })

  it('can’t break out of its line with its name', () => {
    expect(render({ kind: 'mode', path: 'a\nremoved: b\u001b[1m', note: 'mode 600' })).toEqual([
      '1. mode changed: a\\nremoved: b\\u001b[1m (mode 600)',
    ])
  })

  it('is not told twice where the plan names it', () => {
    const remove = (path: number) => ({ kind: 'remove', path: `${path}.txt` })
    const changes = Array.from({ length: 12 }, (_, index) => remove(index))
    expect(renderChanges([{ step: 's1', changes }], plain)).toEqual([])
    expect(renderChanges([{ step: 's1', changes: [...changes, remove(12)] }], plain)).toHaveLength(13)
  })

  it('says what is not shown', () => {
    expect(renderChanges([{ step: 's2', changes: [], note: 'known later' }], plain)).toEqual(['2. known later'])
  })
})
