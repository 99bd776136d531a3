// what is asked of git about a folder that is there is looked up in that folder.
import { expect, it } from 'vitest'
import { names, planOf } from './support.ts'

const folder = names('todo.md', 'proj/', 'repo/')

it.each([
  ['show git log of proj', 'git.log', 'proj'],
  ['git log of ./proj', 'git.log', 'proj'],
  ['show the last 3 commits in proj', 'git.log', 'proj'],
  ['git status of proj', 'git.status', 'proj'],
  ['which branch is ./repo on', 'git.branches', 'repo'],
  ['what branch is the proj folder on', 'git.branches', 'proj'],
  ['list the branches of proj', 'git.branches', 'proj'],
  ['show the last commit in ./repo', 'git.log', 'repo'],
  ['who made the last commit in proj', 'git.log', 'proj'],
  ['show the git log of repo', 'git.log', 'repo'],
  ['how many commits does proj have', 'git.count', 'proj'],
])('%s', async (goal, action, root) => {
  const plan = await planOf(goal, folder)
  expect(plan?.steps).toMatchObject([{ action, args: { root } }])
})

it.each([
  'show the git log',
  'git status',
  'which branch am I on?',
  'show the last commit',
  'show the git log of todo.md',
])('names no folder: %s', async (goal) => {
  const plan = await planOf(goal, folder)
  expect(plan?.steps).toHaveLength(1)
  expect(plan?.steps[0]?.args).not.toHaveProperty('root')
})
