// 'did you mean': near names are found, far ones are not forced on anybody.
import { describe, expect, it } from 'vitest'
import { editDistance, suggest } from '../../../nucleus/settings/suggest.ts'

describe('editDistance', () => {
  it('counts insertions, removals, replacements and swapped neighbours as one each', () => {
    expect(editDistance('status', 'statuss')).toBe(1)
    expect(editDistance('status', 'stats')).toBe(1)
    expect(editDistance('status', 'statas')).toBe(1)
    expect(editDistance('status', 'sttaus')).toBe(1)
    expect(editDistance('', 'abc')).toBe(3)
  })
})

describe('suggest', () => {
  const words = ['start', 'stop', 'status', 'run', 'runs', 'memory']

  it('finds the nearest name', () => {
    expect(suggest('statsu', words)).toBe('status')
    expect(suggest('mem', words)).toBe('memory')
    expect(suggest('STOP', words)).toBe('stop')
  })

  it('says nothing where no name is near', () => {
    expect(suggest('banana', words)).toBeUndefined()
    expect(suggest('x', words)).toBeUndefined()
  })
})
