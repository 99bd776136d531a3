import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alignColumns,
  formatBytes,
  formatDuration,
  formatTime,
  limitLines,
  shortBytes,
} from '../../../../modules/operator/osd/actions/format.ts'
import { sortLines, uniqueLines } from '../../../../modules/operator/osd/actions/sort-lines.ts'
import {
  detectEncoding,
  joinLines,
  splitLines,
  withEndings,
} from '../../../../modules/operator/osd/actions/text-file.ts'
import { countMatches, createMatcher, literalPattern } from '../../../../modules/operator/osd/actions/text-match.ts'
import { createWorld } from './world.ts'

const line = fc
  .oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('', 'a', 'B', 'ä', '10', '9', '-1.5'))
  .map((text) => text.replace(/[\r\n]/g, ''))
const lines = fc.array(line, { maxLength: 20 })
const document = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 12 })
  .map((parts) => parts.flat().join(''))

describe('lines of a text', () => {
  it('are the same text when they are joined again', () => {
    fc.assert(
      fc.property(fc.tuple(document, line), ([start, end]) => joinLines(splitLines(start + end)) === start + end),
    )
  })

  it('keep the ending of their place and the missing one at the end', () => {
    fc.assert(
      fc.property(document, (text) => {
        const original = splitLines(text)
        expect(
          joinLines(
            withEndings(
              original.map((one) => one.text),
              original,
            ),
          ),
        ).toBe(text)
      }),
    )
  })

  it('are in the same order when they are sorted twice, or came in another order', () => {
    fc.assert(
      fc.property(lines, (texts) => {
        const sorted = sortLines(texts, 'en')
        expect(sortLines(sorted, 'en')).toEqual(sorted)
        expect(sortLines(texts.toReversed(), 'en')).toEqual(sorted)
        expect(sorted.toSorted()).toEqual(texts.toSorted())
      }),
    )
  })

  it('are each there once after the first time they were made unique', () => {
    fc.assert(
      fc.property(lines, (texts) => {
        const once = uniqueLines(texts)
        expect(uniqueLines(once)).toEqual(once)
        expect(new Set(once)).toEqual(new Set(texts))
      }),
    )
  })

  it('are sorted in an unknown locale too', () => {
    expect(sortLines(['b', 'A'], 'C')).toEqual(['A', 'b'])
    expect(sortLines(['Zürich', 'zug', 'Äpfel', 'apfel'], 'de')).toEqual(['apfel', 'Äpfel', 'zug', 'Zürich'])
  })
})

describe('finding text', () => {
  it('takes no character for a pattern', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 6 }), fc.string({ maxLength: 20 }), (needle, hay) => {
        const expected = hay.split(needle).length - 1
        expect(countMatches(hay, literalPattern(needle, {}))).toBe(expected)
        expect(createMatcher(needle, {})(hay)).toBe(
          expected > 0 || hay.normalize('NFC').includes(needle.normalize('NFC')),
        )
      }),
    )
  })

  it('finds composed and decomposed accents alike', () => {
    expect(createMatcher('Größe', {})('Gro\u0308ße')).toBe(true)
    expect(createMatcher('gro\u0308ße', { ignore_case: true })('GRÖßE')).toBe(true)
  })

  it('is not slowed down by anything that is looked for', () => {
    const begun = performance.now()
    createMatcher('(a+)+$'.repeat(200), { ignore_case: true, whole_word: true })('a'.repeat(100_000))
    expect(performance.now() - begun).toBeLessThan(1000)
  })

  it('replaces as often as it counts', async () => {
    const world = createWorld()
    await fc.assert(
      fc.asyncProperty(
        fc.stringMatching(/^[ab .$]{1,3}$/),
        fc.stringMatching(/^[ab .$\n]{0,40}$/),
        async (needle, text) => {
          await world.write('f.txt', text)
          const before = text.split(needle).length - 1
          const { data } = await world.run('files.replace', { path: 'f.txt', find: needle, replace: '#' })
          expect(data['count']).toBe(before)
          expect(await world.text('f.txt')).toBe(text.split(needle).join('#'))
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('encodings', () => {
  it('are recognised from a beginning, also where it is cut inside a character', () => {
    expect(detectEncoding(Buffer.from('é'.repeat(5000)))).toBe('utf-8')
    expect(detectEncoding(Buffer.concat([Buffer.from('x'), Buffer.from('é'.repeat(5000))]))).toBe('utf-8')
    expect(detectEncoding(Buffer.from('caf\u00e9 noir', 'latin1'))).toBe('latin1')
    expect(detectEncoding(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]))).toBeUndefined()
    expect(detectEncoding(Buffer.alloc(0))).toBe('utf-8')
  })
})

describe('words for numbers', () => {
  it('gives sizes in decimal units with the exact number', () => {
    expect(shortBytes(0)).toBe('0 bytes')
    expect(shortBytes(1)).toBe('1 byte')
    expect(formatBytes(999)).toBe('999 bytes')
    expect(formatBytes(1000)).toBe('1.0 KB (1000 bytes)')
    expect(formatBytes(999_999)).toBe('1.0 MB (999999 bytes)')
    expect(formatBytes(12_582_912)).toBe('12.6 MB (12582912 bytes)')
  })

  it('is within its own rounding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 2 ** 50 }), (bytes) => {
        const [number, unit] = shortBytes(bytes).split(' ')
        const scale = 1000 ** (['KB', 'MB', 'GB', 'TB', 'PB'].indexOf(unit ?? '') + 1)
        expect(Math.abs(Number(number) * scale - bytes)).toBeLessThanOrEqual(scale * 0.0501)
      }),
    )
  })

  it('gives times and durations as people write them', () => {
    expect(formatTime(Date.UTC(2026, 10, 21, 23, 5, 9), 'Europe/Berlin')).toBe('2026-11-22 00:05:09')
    expect(formatTime(0, 'Nowhere/Land', false)).toBe('1970-01-01 00:00')
    expect(formatDuration(((3 * 24 + 4) * 60 + 12) * 60_000)).toBe('3 days, 4 hours and 12 minutes')
    expect(formatDuration(0)).toBe('0 seconds')
  })

  it('cuts long lists and says so', () => {
    expect(limitLines(['a', 'b', 'c'], 2)).toBe('a\nb\n… and 1 more')
    expect(
      alignColumns([
        ['a', '1'],
        ['bbb', '22'],
      ]),
    ).toEqual(['a    1', 'bbb  22'])
  })
})
