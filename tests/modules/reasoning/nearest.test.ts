// what is shown to somebody whose goal LOTUS can't do: things that are near, or nothing.
import { describe, expect, it } from 'vitest'
import { nearestTraces } from '../../../modules/reasoning/nearest.ts'
import { intentOf, traces } from './support.ts'

const near = async (goal: string): Promise<readonly string[]> =>
  nearestTraces(await intentOf(goal), traces).map(({ trace }) => trace)

describe('the nearest things', () => {
  it.each([
    ['rename "www_new" to "www" even if "www" is there', 'files.rename'],
    ['please display each line in file.txt backwards', 'text.show_reversed'],
    ['archive all files changed since christmas under data/ into 2009.tar', 'archives.create_matching'],
  ])('of “%s”', async (goal, trace) => {
    expect((await near(goal))[0]).toBe(trace)
  })

  it.each([
    'write a poem about the sea',
    'how do I say thank you in Spanish?',
    'use my savings account to pay the bill of the gas company',
    'give me a cool fact about potatoes',
    'fix the bug in src/main.js',
    'zeig mir die Datei notes.txt',
    'sing',
    '?',
  ])('of “%s” are none', async (goal) => {
    expect(await near(goal)).toEqual([])
  })

  it('are three at most', async () => {
    const goals = ['find all files that belong to root', 'show the git log as a graph', 'count the lines of each page']
    for (const goal of goals) expect((await near(goal)).length).toBeLessThanOrEqual(3)
  })
})
