// what is shown: nothing that a terminal obeys or a reader does not see, and JSON that means the same as before.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { showValue } from '../../nucleus/errors.ts'
import { escapeUnsafe, safeJson } from '../../nucleus/escape.ts'
import { plainText } from '../../modules/operator/osd/plan/show.ts'
import { escapeLine, escapeText } from '../../scripts/client/escape.ts'
import { columns } from '../../scripts/client/terminal.ts'
import { dataPath, describeWithData } from '../support/data.ts'
import { hostileStrings, ownStrings, unsafeIn } from '../support/hostile.ts'

const ways: Readonly<Record<string, (text: string) => string>> = {
  escapeUnsafe,
  safeJson,
  showValue,
  plainText,
  escapeText,
  escapeLine,
  columns: (text) => columns([[text, text]]),
}

function faults(strings: readonly string[]): string[] {
  return Object.entries(ways).flatMap(([name, show]) =>
    strings.flatMap((text) => {
      const fault = unsafeIn(show(text))
      return fault === undefined ? [] : [`${name}: ${fault}`]
    }),
  )
}

describe('text that is shown', () => {
  it('obeys no terminal: controls of both sets, OSC, DCS, marks of direction, what nobody sees', () => {
    expect(faults(ownStrings)).toEqual([])
  })

  it('keeps letters of every script, newlines and tabs', () => {
    expect(escapeUnsafe('größe 文件 שלום 👍\tx\n')).toBe('größe 文件 שלום 👍\tx\n')
  })

  it('stays the same value as JSON, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const both = { value, text }
        const json = safeJson(both)
        expect(unsafeIn(json)).toBeUndefined()
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(both)))
      }),
    )
  })
})

describeWithData('every hostile string', () => {
  it('is shown without anything that a terminal obeys', () => {
    expect(faults(hostileStrings(dataPath('hostile')))).toEqual([])
  })
})
