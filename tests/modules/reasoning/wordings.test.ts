// goals in the words of many people: each comes to what it asks for, and what only looks like one comes to nothing.
import { describe, expect, it } from 'vitest'
import type { KnownName } from '../../../modules/perception/slots/slot-parser.ts'
import { createPlan } from '../../../modules/reasoning/bind.ts'
import { understand } from '../../../modules/reasoning/understand.ts'
import { intentOf, planOf, traces } from './support.ts'
import * as code from './wordings/code.ts'
import * as kitchen from './wordings/kitchen.ts'
import { sentences } from './wordings/near-misses.ts'
import * as office from './wordings/office.ts'
import * as packs from './wordings/packs.ts'

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

/** what a goal comes to, in one line. */
async function tell(goal: string, folder: readonly KnownName[]): Promise<string> {
  const { bound, provided } = understand(await intentOf(goal, folder), traces)
  const { steps } = createPlan(goal, bound)
  return [
    bound.map(({ trace }) => trace.trace).join('+'),
    steps.map(({ args }) => JSON.stringify(args)).join(' ; '),
    ...(provided === undefined ? [] : [`IF ${JSON.stringify(provided)}`]),
  ].join(' ')
}

describe.each([
  ['an office', office],
  ['a kitchen', kitchen],
  ['a project', code],
  ['a folder of archives', packs],
])('goals in %s', (_name, { folder, goals }) => {
  it.each(linesOf(goals).map((line) => line.split(' => ')))('%s', async (goal = '', expected = '') => {
    expect(await tell(goal, folder)).toBe(expected)
  })
})

describe('what asks for something else', () => {
  it.each(linesOf(sentences))('is not understood: %s', async (sentence) => {
    expect(await planOf(sentence, kitchen.folder)).toBeUndefined()
  })
})
