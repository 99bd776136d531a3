// goals with a condition: a plain fact about a file is checked by osd before anything is done; other conditions are declined.
import { describe, expect, it } from 'vitest'
import { createPlan } from '../../../modules/reasoning/bind.ts'
import { understand } from '../../../modules/reasoning/understand.ts'
import { intentOf, names, traces } from './support.ts'

const folder = names('report.txt', 'notes.txt', 'app.log', 'docs/', 'docs/a.txt')

async function stepsOf(goal: string) {
  const { bound, provided = [] } = understand(await intentOf(goal, folder), traces)
  return bound.length === 0 ? undefined : createPlan(goal, bound, { provided }).steps
}

describe('a condition about a file', () => {
  it.each([
    ['if report.txt exists, delete it', 'files.delete', { exists: 'report.txt' }],
    ['if there is a file called report.txt, copy it to docs', 'files.copy', { exists: 'report.txt' }],
    ['create x.txt unless it exists', 'files.create', { absent: 'x.txt' }],
    ['if report.txt does not exist, create it', 'files.create', { absent: 'report.txt' }],
    ['delete report.txt if it is empty', 'files.delete', { path: 'report.txt', is: 'empty' }],
    ['delete report.txt unless it is empty', 'files.delete', { path: 'report.txt', is: 'not_empty' }],
    ['if the folder docs is empty, delete it', 'files.delete', { path: 'docs', is: 'empty' }],
    [
      'only if app.log is larger than 10 MB, zip app.log',
      'archive.create',
      { path: 'app.log', is: 'larger', than: 1e7 },
    ],
    [
      'delete app.log only if it is older than 2 days',
      'files.delete',
      { path: 'app.log', is: 'older', than: 172_800_000 },
    ],
    ['delete report.txt if notes.txt exists', 'files.delete', { exists: 'notes.txt' }],
  ])('%s', async (goal, action, condition) => {
    const steps = await stepsOf(goal)
    expect(steps).toMatchObject([{ action, before: [condition] }])
  })

  it('holds for all that follows it', async () => {
    const steps = await stepsOf('if report.txt exists, delete it and then delete notes.txt')
    expect(steps?.map(({ before }) => before)).toEqual([[{ exists: 'report.txt' }], undefined])
  })
})

describe('what is declined', () => {
  it.each([
    'if it rains, delete report.txt',
    'delete report.txt if I am rich',
    'if report.txt is boring, delete it',
    // two ways, of which one would be done in any case
    'delete report.txt if it exists, otherwise make it',
    // which of them, or whether for both deeds, nobody can tell
    'copy report.txt to notes.txt if it exists',
    'delete report.txt and then delete notes.txt if it is empty',
    // not larger may be just as large
    'delete app.log unless it is larger than 10 MB',
    'if app.log is larger than life, delete it',
    'if time exists, delete report.txt',
  ])('%s', async (goal) => {
    expect(await stepsOf(goal)).toBeUndefined()
  })

  it('a question is no condition', async () => {
    expect((await stepsOf('check if report.txt exists'))?.[0]).toMatchObject({ action: 'files.exists' })
  })
})
