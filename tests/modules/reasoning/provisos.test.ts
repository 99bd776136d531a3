// what a goal forbids is not done, and a goal whose condition or exception is not understood is not done at all.
import { describe, expect, it } from 'vitest'
import { names, planOf } from './support.ts'

const office = names(
  'notes.txt',
  'todo.md',
  'report.txt',
  'report-old.txt',
  'old stuff/',
  'old stuff/a.tmp',
  'old stuff/keep.txt',
  'drafts/',
  'letters/',
  'letters/anna.txt',
  'photos.zip',
)

const actionsOf = async (goal: string) => (await planOf(goal, office))?.steps.map(({ action }) => action)

describe('a goal that forbids something', () => {
  it.each([
    ["don't delete notes.txt, just tell me how many lines it has", ['files.count']],
    ['show me notes.txt sorted without changing the file', ['files.read']],
    ['sort notes.txt without changing the file', ['files.read']],
    ['copy notes.txt to a.txt but do not delete notes.txt', ['files.copy']],
    ['get rid of report-old.txt but leave report.txt alone', ['files.delete']],
    ["what is in photos.zip? don't unpack it", ['archive.list']],
  ])('is done where it keeps to that: %s', async (goal, actions) => {
    expect(await actionsOf(goal)).toEqual(actions)
  })

  it.each([
    'remove the last line of notes.txt without changing the file',
    "delete notes.txt but don't delete notes.txt",
    "delete the files in letters but don't delete anything",
    'delete notes.txt but leave notes.txt alone',
    "unpack photos.zip but don't unpack it",
    'delete old stuff but leave old stuff/keep.txt alone',
  ])('is not done where it cannot be kept: %s', async (goal) => {
    expect(await actionsOf(goal)).toBeUndefined()
  })

  it('leaves out of a set what shall stay', async () => {
    const plan = await planOf('remove the tmp files from old stuff but leave keep.txt alone', office)
    expect(plan?.steps[0]?.args).toMatchObject({ query: { root: 'old stuff', except: { names: ['keep.txt'] } } })
  })
})

describe('words that hang a sentence together', () => {
  it.each([
    'append the contents of notes.txt to todo.md',
    'create a file tips.txt with three tips for sleeping well',
    'change the port from 8080 to 8181 in notes.txt',
    'find all files except those in letters that contain x and y but not z',
    'find txt files anywhere but in letters',
    'which files contain "alpha" but not "beta gamma"?',
    'show the commits by anyone other than Ines',
    'find files modified in the last 3 days but not in the last 24 hours and not by me',
  ])('are no text to look for or to write: %s', async (goal) => {
    const steps = (await planOf(goal, office))?.steps ?? []
    for (const { args } of steps) {
      const given = JSON.stringify(args)
      expect(given).not.toMatch(/those|contents of|three tips|from 8080|other than|but not/)
      expect(given).not.toContain('"root":"letters"')
    }
  })

  it('make no note of what is for a file', async () => {
    expect(await actionsOf('jot down "ring the dentist" in a new file dentist.txt')).toEqual(['files.create'])
  })

  it('say which way a text is replaced', async () => {
    const plan = await planOf('substitute "soy milk" for "milk" in notes.txt', office)
    expect(plan?.steps[0]?.args).toMatchObject({ find: 'milk', replace: 'soy milk' })
  })
})

describe('what may mean two things', () => {
  const house = names(
    'docs/',
    'docs/readme.md',
    'photos/',
    'photos/cat.png',
    'letter.doc',
    'nums.txt',
    'todo.txt',
    'drafts/',
  )
  const stepsOf = async (goal: string) => (await planOf(goal, house))?.steps

  it.each([
    'delete docs but keep readme.md',
    'delete photos except cat.png',
    'delete lines 2 and 5 from nums.txt',
    'show lines 1 and 3 of nums.txt',
    'delete everything except the txt files',
    'delete 3 txt files',
    'delete the file docs',
    'copy nums.txt to docs as n.txt',
    'make a folder called my stuff',
    'mkdir one two',
    'how many lines in nums.txt contain milk, ignoring case?',
    'move nums.txt to the parent folder',
    'delete the docs folder, keep readme.md',
  ])('is not done: %s', async (goal) => {
    expect(await stepsOf(goal)).toBeUndefined()
  })

  it('puts things into a folder that has to be made, and makes no file of its name', async () => {
    for (const goal of ['copy nums.txt to the archive folder', 'copy nums.txt to a folder called archive'])
      expect((await stepsOf(goal))?.[0]?.args).toEqual({ from: ['nums.txt'], to: 'archive/' })
  })

  it('leaves to a reminder what is said behind it', async () => {
    const steps = await stepsOf('remind me at noon to delete nums.txt and then delete todo.txt')
    expect(steps?.map(({ action }) => action)).toEqual(['reminders.add'])
  })

  it('means the files, not the notes', async () => {
    expect((await stepsOf('delete everything'))?.[0]?.action).toBe('files.delete_matching')
  })

  it('finds the place in a pattern', async () => {
    expect((await stepsOf('delete docs/*.md'))?.[0]?.args).toMatchObject({ query: { root: 'docs', glob: '*.md' } })
  })
})
