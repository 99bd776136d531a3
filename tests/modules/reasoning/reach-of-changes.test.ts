// how far a change of files that are picked by what they are reaches: a set lies below its place, too; one of an order does not.
import { describe, expect, it } from 'vitest'
import { names, planOf } from './support.ts'

const folder = names('a.txt', 'b.txt', 'sub/', 'sub/deep/', 'sub/deep/c.txt')

/** whether the files that a goal is about are looked for in subfolders, too. */
async function isDeep(goal: string): Promise<unknown> {
  const plan = await planOf(goal, folder)
  const query = plan?.steps.map(({ args }) => args['query']).find((value) => value !== undefined)
  return (query as { recursive?: boolean } | undefined)?.recursive
}

describe('a change of one file of an order', () => {
  it.each([
    'delete the biggest file in this folder',
    'delete the oldest file',
    'delete the largest txt file',
    'delete the second newest file',
    'delete the smallest file in sub',
    'delete the biggest file below 5 MB',
    'move the newest file to sub',
    'copy the largest txt file to sub',
  ])('stays right in its place: %s', async (goal) => {
    expect(await isDeep(goal)).toBe(false)
  })

  it.each([
    'delete the biggest file in this folder and below',
    'delete the oldest file including subfolders',
    'delete the largest txt file recursively',
    'delete the biggest file anywhere below sub',
    'delete the biggest file below sub',
    'delete the oldest file anywhere',
  ])('reaches below where that is said: %s', async (goal) => {
    expect(await isDeep(goal)).toBe(true)
  })
})

it.each(['delete all .tmp files', 'delete the 3 biggest files', 'delete files older than a week'])(
  'a change of a set reaches below: %s',
  async (goal) => {
    expect(await isDeep(goal)).toBe(true)
  },
)

it.each(['which is the biggest file?', 'show the oldest file', 'find the largest txt file'])(
  'a question reaches below: %s',
  async (goal) => {
    expect(await isDeep(goal)).toBe(true)
  },
)
