// sums, units and the clock: right, exact, and nothing of a programming language let in.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calculate, convert } from '../../../../modules/reasoning/tools/calculate.ts'
import { tellDistance, tellTime } from '../../../../modules/reasoning/tools/clock.ts'

describe('a sum', () => {
  it.each([
    ['2 + 2', '4'],
    ['(17 - 5) * 4 / 3', '16'],
    ['0.1 + 0.2', '0.3'],
    ['2^10', '1024'],
    ['29 mod 6', '5'],
    ['sqrt(729)', '27'],
    ['1 / 3', '0.333333333333'],
    ['9007199254740993 + 0', '9007199254740993'],
    ['12345678901234567890 + 1', '12345678901234567891'],
    ['9007199254740993 * 9007199254740993', '81129638414606699710187514626049'],
    ['12345678901234567890 / 7', '1763668414462081127.1429'],
    ['1.23456789012345 + 1', '2.23456789012345'],
    ['2^100', '1267650600228229401496703205376'],
    ['10^61', '1e+61'],
    ['2^100 mod 7', '2'],
    ['sqrt(2)^2', '2'],
    ['(1 / 3) * 3', '1'],
  ])('%s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result)
  })

  it.each([
    'import("fs")',
    '2 + x',
    'f(x)=1',
    '9^9999',
    '1/0',
    '',
    '(',
    'sqrt(-1)',
    '(0-8)^(1/3)',
    '10^999 mod 7',
    '9^999^9',
  ])('is refused: %s', async (expression) => {
    await expect(calculate(expression)).rejects.toMatchObject({ code: 'EXPRESSION_INVALID' })
  })

  it('is exact for whole numbers of any length', async () => {
    const long = fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n })
    await fc.assert(
      fc.asyncProperty(long, long, async (left, right) => {
        expect(BigInt(await calculate(`(${left}) + (${right})`))).toBe(left + right)
        expect(BigInt(await calculate(`(${left}) * (${right})`))).toBe(left * right)
      }),
      { numRuns: 50 },
    )
  })

  it('agrees with plain arithmetic', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -10_000, max: 10_000 }),
        fc.integer({ min: -10_000, max: 10_000 }),
        async (left, right) => {
          expect(Number(await calculate(`(${left}) + (${right})`)) === left + right).toBe(true)
          expect(Number(await calculate(`(${left}) * (${right})`)) === left * right).toBe(true)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('a conversion', () => {
  it.each([
    [5, 'km', 'mi', 3.106856],
    [25, 'degC', 'degF', 77],
    [3, 'hour', 'second', 10_800],
    [3, 'GB', 'MB', 3000],
    [6, 'ft', 'cm', 182.88],
    [1, 'day * 14', 'day', 14],
  ])('%d %s in %s', async (value, from, to, result) => {
    expect(Number(await convert(value, from, to))).toBeCloseTo(result, 5)
  })

  it('of units of different kinds is refused', async () => {
    await expect(convert(5, 'km', 'kg')).rejects.toMatchObject({ code: 'UNITS_DIFFER' })
  })
})

describe('the clock', () => {
  const at = { nowMs: Date.parse('2026-11-21T23:30:00Z'), locale: 'en-GB', offsetDays: 0, offsetMs: 0 }

  it('tells the day of the person, not of the server', () => {
    expect(tellTime({ ...at, part: 'date', timeZone: 'Europe/Berlin' }).iso).toBe('2026-11-22')
    expect(tellTime({ ...at, part: 'date', timeZone: 'America/New_York' }).iso).toBe('2026-11-21')
  })

  it.each([
    ['weekday', 'Saturday'],
    ['year', '2026'],
    ['week', 'week 47'],
    ['day_of_year', 'day 325'],
    ['time', '23:30 (UTC)'],
  ])('tells the %s', (part, text) => {
    expect(tellTime({ ...at, part, timeZone: 'UTC' }).text).toBe(text)
  })

  it('speaks English where the locale is no language', () => {
    expect(tellTime({ ...at, part: 'weekday', timeZone: 'UTC', locale: 'POSIX' }).text).toBe('Saturday')
  })
})

describe('days between', () => {
  const zone = { timeZone: 'Europe/Berlin', locale: 'en-GB', nowMs: Date.parse('2026-11-21T22:30:00Z') }

  it('are days of the calendar, over changes of the clock', () => {
    const fromMs = Date.parse('2026-03-28T23:00:00Z')
    const toMs = Date.parse('2026-03-30T21:59:00Z')
    expect(tellDistance({ fromMs, toMs, unit: 'days', ...zone }).days).toBe(1)
  })

  it('are counted from today, and in weeks where weeks are asked for', () => {
    const toMs = Date.parse('2026-12-24T00:00:00+01:00')
    expect(tellDistance({ fromMs: zone.nowMs, toMs, unit: 'days', ...zone }).text).toBe(
      '33 days from today to 24 December 2026',
    )
    expect(tellDistance({ fromMs: zone.nowMs, toMs, unit: 'weeks', ...zone }).text).toMatch(
      /^4 weeks and 5 days \(33 days\)/,
    )
  })
})
