// goals whose words are clear and that nobody can do as said: days that do not exist, numbers too large, a stray word.
import { describe, expect, it } from 'vitest'
import { intentOf, names, planOf } from './support.ts'

const folder = names('a.txt', 'b.txt', 'docs/')
const declinedOf = async (goal: string, known = folder) => (await intentOf(goal, known)).declined
const tracesOf = async (goal: string) => (await planOf(goal, folder))?.traces
const expressionOf = async (goal: string) => (await planOf(goal, folder))?.steps.at(-1)?.args

describe('a day that does not exist', () => {
  it.each([
    ['delete files modified before 2026-02-30', 'there is no 30 February'],
    ['delete files modified before 30 February 2026', 'there is no 30 February'],
    ['find files modified between 1 february and february 30', 'there is no 30 February'],
    ['what day is 2027-02-30', 'there is no 30 February'],
    ['how many days until 2027-02-29', 'there is no 29 February in 2027'],
    ['how many days until 31 June', 'there is no 31 June'],
    ['find files modified since 2026-13-01', 'there is no month 13'],
    ['remind me on 30 February to call mum', 'there is no 30 February'],
  ])('is named as the reason: %s', async (goal, reason) => {
    expect(await declinedOf(goal)).toBe(reason)
    expect(await planOf(goal, folder)).toBeUndefined()
  })

  it.each([
    ['create a file called 2026-02-30.txt', 'files.create_empty'],
    ['remember that the trip is on 31 June', 'memory.remember'],
    ['how many days until 2028-02-29', 'clock.days_between'],
    ['delete files modified before 28 February 2026', 'files.delete_matching'],
  ])('is no matter to %s', async (goal, trace) => {
    expect(await declinedOf(goal)).toBeUndefined()
    expect(await tracesOf(goal)).toEqual([trace])
  })

  it('is not made of 29 February, which is in some year', async () => {
    const plan = await planOf('how many days until february 29', folder)
    expect(plan?.steps[0]?.args).toMatchObject({ to_ms: Date.parse('2028-02-29T00:00:00+01:00') })
  })
})

describe('the day on which a file was created', () => {
  it.each([
    'show files created on 2026-03-01',
    'delete files created before 2026-03-01',
    'delete files created today',
    'delete photos made before March 2026',
  ])('is not known: %s', async (goal) => {
    expect(await declinedOf(goal)).toMatch(/last changed, not when it was created/)
  })

  it.each(['show files modified on 2026-03-01', 'list files created today', 'show the commits made before March 2024'])(
    'is not asked for by %s',
    async (goal) => {
      expect(await declinedOf(goal)).toBeUndefined()
      expect(await planOf(goal, folder)).toBeDefined()
    },
  )
})

describe('one word behind another goal', () => {
  it.each([
    'is the disk full and running',
    'show a.txt and history',
    'show a.txt and then history',
    'show a.txt and runs',
    'show a.txt and free',
  ])('is no goal of its own: %s', async (goal) => {
    expect(await planOf(goal, folder)).toBeUndefined()
  })

  it.each([
    ['is bash installed and running', ['system.package_installed', 'system.process_running']],
    ['is ssh running and installed?', ['system.process_running', 'system.package_installed']],
    ['how full is the disk and memory', ['disk.free', 'system.memory']],
    ['show a.txt and b.txt', ['files.read', 'files.read']],
  ])('goes on with what was said: %s', async (goal, traces) => {
    expect(await tracesOf(goal)).toEqual(traces)
  })
})

describe('a number beyond 2^53', () => {
  it.each([
    ['9007199254740993 + 0', '9007199254740993 + 0'],
    ['what is 12345678901234567890 + 1', '12345678901234567890 + 1'],
    ['what is 1,234,567,890,123,456,789 + 1', '1234567890123456789 + 1'],
    ['the sum of 9007199254740993, 2 and 3', '9007199254740993 + 2 + 3'],
  ])('keeps its digits in a sum: %s', async (goal, expression) => {
    expect(await expressionOf(goal)).toEqual({ expression })
  })

  it('is never rounded into a goal', async () => {
    expect(await planOf('add 9007199254740993 and 1', folder)).toBeUndefined()
  })

  it.each(['show the first 99999999999999999999 lines of a.txt', 'remind me in 99999999999999999999 minutes to eat'])(
    'is more than can be counted: %s',
    async (goal) => {
      expect(await declinedOf(goal)).toBe('99999999999999999999 is more than I can count')
    },
  )
})

describe('the stroke of a sum', () => {
  it('is no path', async () => {
    const { danger } = await intentOf('delete b.txt and then what is 1/0', folder)
    expect(danger).toBeUndefined()
  })

  it.each(['delete the file b.txt / 0', 'rm b.txt 1 / 2', 'what is 1/2 and delete /'])(
    'is only where a sum is asked for: %s',
    async (goal) => {
      expect((await intentOf(goal, folder)).danger).toBeDefined()
    },
  )
})
