// numbers, sizes, durations and sets of files, as people write them.
import { describe, expect, it } from 'vitest'
import { intentOf, names } from '../../reasoning/support.ts'

async function slot(text: string, type: string): Promise<unknown> {
  const intent = await intentOf(text, names('docs/', 'app.log'))
  const slots = intent.segmentations[0]![0]!.slots.filter((one) => one.type === type)
  return slots.sort((left, right) => right.to - right.from - (left.to - left.from))[0]?.value
}

async function query(text: string): Promise<unknown> {
  return ((await slot(text, 'file_set')) as { query?: unknown } | undefined)?.query
}

describe('a size', () => {
  it.each([
    ['5 MB', 5_000_000],
    ['5MiB', 5 * 1024 ** 2],
    ['half a megabyte', 500_000],
    ['a gig', 1_000_000_000],
    ['two and a half kilobytes', 2500],
    ['5,000,000 bytes', 5_000_000],
  ])('%s', async (text, bytes) => {
    expect(await slot(text, 'size')).toBe(bytes)
  })
})

describe('a duration', () => {
  it.each([
    ['3 hours', 10_800_000],
    ['a week', 604_800_000],
    ['two and a half days', 216_000_000],
    ['2 hours and 30 minutes', 9_000_000],
    ['a fortnight', 1_209_600_000],
  ])('%s', async (text, ms) => {
    expect(await slot(text, 'duration')).toBe(ms)
  })
})

describe('a number in words', () => {
  it.each([
    ['seven', 7],
    ['twenty-five', 25],
    ['three hundred and twelve', 312],
    ['two thousand', 2000],
    ['a dozen', 12],
    ['minus ten', -10],
  ])('%s', async (text, value) => {
    expect(await slot(text, 'number')).toBe(value)
  })
})

describe('a set of files', () => {
  it.each([
    ['all markdown files under docs', { extensions: ['md', 'markdown'], root: 'docs' }],
    ['files over 2 MB', { larger_than: 2_000_000 }],
    ['files of at least 1 KB', { larger_than: 999 }],
    ['files between 2 and 5 MB', { larger_than: 1_999_999, smaller_than: 5_000_001 }],
    [
      'log files older than 30 days and younger than 50 days',
      { extensions: ['log'], older_than_ms: 2_592_000_000, modified_within_ms: 4_320_000_000 },
    ],
    ['files whose name contains "test"', { name_contains: 'test' }],
    ['files ending in .css', { extensions: ['css'] }],
    ['mp3 or wav files', { extensions: ['mp3', 'wav'] }],
    ['empty folders', { kind: 'folder', empty: true }],
    ['the 3 biggest files', { sort: 'size', order: 'descending', limit: 3 }],
    ['the oldest file', { sort: 'modified', order: 'ascending', limit: 1 }],
    ['files that have not been touched for a year', { older_than_ms: 31_536_000_000 }],
    ['all files in docs except app.log', { root: 'docs', except: { names: ['app.log'] } }],
    ['files without an extension', { no_extension: true }],
  ])('%s', async (text, expected) => {
    expect(await query(text)).toMatchObject(expected)
  })
})

describe('a sum', () => {
  it.each([
    ['(17 - 5) * 4 / 3', '(17 - 5) * 4 / 3'],
    ['15% of 80', '(15 / 100 * 80)'],
    ['two to the power of ten', '2^10'],
    ['the square root of 729', 'sqrt(729)'],
    ['9 squared plus 19', '9^2 + 19'],
  ])('%s', async (text, expression) => {
    expect(await slot(text, 'expression')).toMatchObject({ expression })
  })
})
