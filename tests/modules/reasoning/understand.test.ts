// what LOTUS takes a goal for: the same deed in other words, and nothing where a word is left over.
import { describe, expect, it } from 'vitest'
import { names, planOf } from './support.ts'

const office = names(
  'notes.txt',
  'todo.md',
  'report.txt',
  'names.txt',
  'letters/',
  'letters/anna.txt',
  'drafts/',
  'photos/',
  'old stuff/',
  'photos/cat.png',
  'data.tgz',
)

describe('the same goal in other words', () => {
  it.each([
    'create a file called hello.txt with the text "good morning"',
    'make a new file named hello.txt containing "good morning"',
    'could you please save "good morning" as hello.txt?',
    'I need a text file hello.txt that says "good morning"',
    'put "good morning" in a new file called hello.txt',
    'Creat a flie called hello.txt with the text "good morning"',
  ])('%s', async (goal) => {
    const plan = await planOf(goal, office)
    expect(plan?.steps).toEqual([{ action: 'files.create', args: { path: 'hello.txt', text: 'good morning' } }])
  })

  it.each([
    'delete notes.txt',
    'please get rid of the file notes.txt',
    'throw notes.txt away'.replace('throw notes.txt away', 'throw away notes.txt'),
    "I don't need notes.txt any more, remove it",
    'trash “notes.txt”',
  ])('%s', async (goal) => {
    expect((await planOf(goal, office))?.steps).toEqual([{ action: 'files.delete', args: { paths: ['notes.txt'] } }])
  })

  it.each([
    'find files larger than 2 MB and older than a week',
    'which files are over 2 megabytes and older than 7 days?',
    'show me the files that are bigger than 2MB and more than a week old',
  ])('%s', async (goal) => {
    const plan = await planOf(goal, office)
    expect(plan?.steps[0]?.args).toMatchObject({ query: { larger_than: 2_000_000, older_than_ms: 604_800_000 } })
  })
})

describe('what is left over', () => {
  it.each([
    'write a poem about rivers into river.txt',
    'create a file joke.txt with a funny joke about cats',
    'summarise report.txt in one sentence',
    'delete the files I no longer need',
    'rename the photos to something sensible',
    'how much memory does an elephant have?',
    'is Paris running out of water?',
    'what time is it in the poem by Auden?',
    'do not delete notes.txt',
    'show me notes.txt and dance',
    'delete notes.txt unless it is important',
    'delete the archive',
  ])('is not done: %s', async (goal) => {
    expect(await planOf(goal, office)).toBeUndefined()
  })
})

describe('two goals in one', () => {
  it('are one plan, and `it` is what the first one made', async () => {
    const plan = await planOf('create a folder named trip and then move notes.txt into it', office)
    expect(plan?.steps.map((step) => step.args)).toEqual([{ paths: ['trip'] }, { from: ['notes.txt'], to: 'trip' }])
  })

  it('share a verb that is said once', async () => {
    const plan = await planOf('count the lines in notes.txt and the words in report.txt', office)
    expect(plan?.steps.map((step) => step.args['what'])).toEqual(['lines', 'words'])
  })

  it('know the original from the copy', async () => {
    const plan = await planOf('copy todo.md to todo-old.md and then delete the original', office)
    expect(plan?.steps[1]?.args).toEqual({ paths: ['todo.md'] })
  })

  it('take `the archive` for the archive that was spoken of, not for all archives', async () => {
    const plan = await planOf('unpack data.tgz, then delete the archive', office)
    expect(plan?.steps[1]?.args).toEqual({ paths: ['data.tgz'] })
  })

  it('leave out what must not be done', async () => {
    const plan = await planOf('delete notes.txt but do not delete todo.md', office)
    expect(plan?.steps).toEqual([{ action: 'files.delete', args: { paths: ['notes.txt'] } }])
  })

  it('are not done by half', async () => {
    expect(await planOf('make a folder called haiku and then write a haiku about rain in it', office)).toBeUndefined()
  })
})
