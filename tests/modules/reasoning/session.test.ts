// goals of one session: what a pronoun or a place in a list means, and where nobody could tell.
import { describe, expect, it } from 'vitest'
import type { Json, PlanOutcome } from '../../../modules/operator/contract.ts'
import { createPlan } from '../../../modules/reasoning/bind.ts'
import type { Run } from '../../../modules/reasoning/contract.ts'
import type { RunTable } from '../../../modules/reasoning/runs/table.ts'
import { contextAfter } from '../../../modules/reasoning/session/context.ts'
import { understandInSession } from '../../../modules/reasoning/session/session.ts'
import { lastChangeOf } from '../../../modules/reasoning/session/undo.ts'
import type { Focus } from '../../../modules/reasoning/understand.ts'
import { intentOf, names, traces } from './support.ts'

const folder = names('a.txt', 'b.txt', 'Makefile', 'letters/', 'letters/anna.txt', 'letters/ben.txt')

interface Listed {
  readonly action?: string
  readonly text?: string
  readonly data?: Readonly<Record<string, Json>>
  readonly status?: PlanOutcome['status']
}

/** what a list of these paths looks like in the answer of osd. */
const listed = (...paths: string[]): Listed => ({
  text: paths.join('\n'),
  data: {
    paths: paths.map((path) => path.replace(/\/$/, '')),
    kinds: paths.map((path) => (path.endsWith('/') ? 'folder' : 'file')),
    count: paths.length,
  },
})

/** a session: goals after one another, each with what its last step gave. */
function session() {
  let context: Focus = {}
  const table = {
    contextOf: async () => context,
    list: async () => [],
  } as unknown as RunTable
  const understood = async (goal: string) => understandInSession(await intentOf(goal, folder), 'ours', traces, table)
  return {
    /** a goal that was done. */
    async done(goal: string, { text = '', data = {}, status = 'completed' }: Listed = {}) {
      const { understood: found } = await understood(goal)
      expect(found.bound).not.toEqual([])
      const { steps } = createPlan(goal, found.bound)
      const results = steps.map((step) => ({ ...step, status: 'completed' as const, text, data }))
      const outcome = { planId: 'p', planHash: 'h', status, decisions: [], steps: results }
      context = contextAfter(context, found.bound, outcome)
    },
    /** what a goal would do now: its steps, or the answer that declines it. */
    async would(goal: string): Promise<unknown> {
      const { understood: found, declined, isReferred } = await understood(goal)
      if (declined !== undefined) return declined
      if (found.bound.length === 0) return undefined
      expect(isReferred).toBe(true)
      return createPlan(goal, found.bound, { isReferred }).steps.map(({ action, args }) => [action, args])
    },
  }
}

describe('after a list', () => {
  it.each([
    ['show me the first one', [['files.read', { path: 'a.txt' }]]],
    ['delete the second one', [['files.delete', { paths: ['letters'] }]]],
    ['open the last one', [['files.read', { path: 'Makefile' }]]],
    ['delete number 3', [['files.delete', { paths: ['Makefile'] }]]],
    ['show #3', [['files.read', { path: 'Makefile' }]]],
    ['what is in the second one?', [['files.list', { path: 'letters' }]]],
    ['delete the first two', [['files.delete', { paths: ['a.txt', 'letters'] }]]],
    ['delete all of them', [['files.delete', { paths: ['a.txt', 'letters', 'Makefile'] }]]],
    ['rename the first one to z.txt', [['files.move', { from: 'a.txt', to: 'z.txt', into: false }]]],
    ['count the lines of the first file', [['files.count', { path: 'a.txt', what: 'lines' }]]],
  ])('%s', async (goal, steps) => {
    const s = session()
    await s.done('find files changed in the last two days', listed('a.txt', 'letters/', 'Makefile'))
    expect(await s.would(goal)).toEqual(steps)
  })

  it.each(['delete it', 'show it', 'delete the fourth one', 'rename the file to z.txt', 'delete both'])(
    '%s is not clear',
    async (goal) => {
      const s = session()
      await s.done('find files changed in the last two days', listed('a.txt', 'letters/', 'Makefile'))
      expect(await s.would(goal)).toMatch(/^It is not clear what “.+” means\.[^]*2 {2}letters/)
    },
  )

  it('of folders and files, `the second file` could be two things', async () => {
    const s = session()
    await s.done('find files changed in the last two days', listed('a.txt', 'letters/', 'Makefile'))
    expect(await s.would('count the lines of the second file')).toMatch(/not clear/)
  })

  it('names that are shown with codes in them have their place as well', async () => {
    const s = session()
    const { data } = listed('a\u202eb.txt', 'c\nd.txt', 'z.txt')
    await s.done('find all text files', { text: 'a\\u202eb.txt\nc\\u000ad.txt\nz.txt', data: data! })
    expect(await s.would('delete the second one')).toEqual([['files.delete', { paths: ['c\nd.txt'] }]])
    expect(await s.would('show the third one')).toEqual([['files.read', { path: 'z.txt' }]])
  })

  it('with one member, `it` is that one', async () => {
    const s = session()
    await s.done('find all markdown files', listed('letters/anna.txt'))
    expect(await s.would('delete it')).toEqual([['files.delete', { paths: ['letters/anna.txt'] }]])
  })

  it('of a folder, `it` could be the folder or what is in it', async () => {
    const s = session()
    await s.done('list the files in the letters folder', listed('anna.txt'))
    expect(await s.would('delete it')).toMatch(/not clear/)
  })

  it('that was cut, or shown as a number, nothing has a place', async () => {
    const s = session()
    const { data } = listed('a.txt', 'b.txt')
    await s.done('find all markdown files', { text: 'a.txt\nb.txt', data: { ...data, count: 900 } })
    expect(await s.would('delete the second one')).toMatch(/not clear/)
    await s.done('how many txt files are there?', { text: '2 txt files', data: data! })
    expect(await s.would('delete the second one')).toMatch(/not clear/)
  })

  it('that was empty, nothing is left of the list before', async () => {
    const s = session()
    await s.done('find all markdown files', listed('a.txt', 'b.txt'))
    await s.done('find all log files', { text: 'no log files', data: { paths: [], count: 0 } })
    expect(await s.would('delete the first one')).toMatch(/not clear/)
  })

  it('an aside of one line leaves the list, other lists take its place', async () => {
    const s = session()
    await s.done('find all markdown files', listed('a.txt', 'b.txt'))
    await s.done('what time is it?', { text: 'ten to five' })
    expect(await s.would('delete the second one')).toEqual([['files.delete', { paths: ['b.txt'] }]])
    await s.done('what processes are running?', { text: 'init\nlotus' })
    expect(await s.would('delete the second one')).toMatch(/not clear/)
  })
})

describe('after a goal about one thing', () => {
  it.each([
    ['delete it', [['files.delete', { paths: ['a.txt'] }]]],
    ['how many lines does it have?', [['files.count', { path: 'a.txt', what: 'lines' }]]],
    ['copy it to c.txt', [['files.copy', { from: ['a.txt'], to: 'c.txt' }]]],
    ['delete that file', [['files.delete', { paths: ['a.txt'] }]]],
    ['sort this', [['files.transform', { path: 'a.txt', operation: 'sort' }]]],
  ])('%s', async (goal, steps) => {
    const s = session()
    await s.done('show me a.txt')
    expect(await s.would(goal)).toEqual(steps)
  })

  it('a copy leaves two things to delete', async () => {
    const s = session()
    await s.done('copy a.txt to c.txt')
    expect(await s.would('delete it')).toBe('It is not clear what “it” means: a.txt or c.txt? Say its name.')
    expect(await s.would('delete the copy')).toEqual([['files.delete', { paths: ['c.txt'] }]])
    expect(await s.would('delete the original')).toEqual([['files.delete', { paths: ['a.txt'] }]])
  })

  it('that was not done, `it` is what was spoken of, never what would have been made', async () => {
    const s = session()
    await s.done('show me b.txt')
    await s.done('delete a.txt', { status: 'denied' })
    expect(await s.would('show it')).toEqual([['files.read', { path: 'a.txt' }]])
    await s.done('copy a.txt to c.txt', { status: 'failed' })
    expect(await s.would('show it')).toMatch(/not clear/)
  })

  it('something else in between takes `it` away', async () => {
    const s = session()
    await s.done('show me a.txt')
    await s.done('what time is it?', { text: 'ten to five' })
    expect(await s.would('delete it')).toMatch(/left nothing that it could be/)
  })

  it('a thing without a deed is asked about', async () => {
    const s = session()
    await s.done('show me a.txt')
    expect(await s.would('the second one')).toMatch(/^What shall be done with “the second one”\?/)
  })
})

describe('goals without a session of their own', () => {
  it('know nothing of each other', async () => {
    const table = { contextOf: async () => ({ it: 'a.txt' }) } as unknown as RunTable
    for (const channel of ['cli', 'http', 'chat', 'timer']) {
      const found = await understandInSession(await intentOf('delete it', folder), channel, traces, table)
      expect(found).toMatchObject({ understood: { bound: [] }, context: {} })
      expect(found.declined).toBeUndefined()
    }
  })

  it('mean what they say, also in a session', async () => {
    const table = { contextOf: async () => ({ it: 'a.txt', folder: 'letters' }) } as unknown as RunTable
    const found = await understandInSession(await intentOf('how many files are there?', folder), 'ours', traces, table)
    expect(found.isReferred).toBe(false)
    expect(found.understood.bound[0]?.trace.trace).toBe('find.count')
  })
})

describe('an undo in a session', () => {
  const run = (fields: Partial<Run>): Run => ({ status: 'completed', steps: [], ...fields }) as Run
  const changed = (planId: string) =>
    run({ planId, steps: [{ action: 'files.delete', args: {}, status: 'completed', undoId: 'u' }] })
  const undone = (planId: string) =>
    run({ planId: 'x', steps: [{ action: 'undo.last', args: { undo_id: planId }, status: 'completed', undoId: 'v' }] })

  it('takes back what the session changed last', () => {
    expect(lastChangeOf([run({ planId: 'read' }), changed('two'), changed('one')])).toBe('two')
  })

  it('goes one further each time', () => {
    expect(lastChangeOf([undone('two'), changed('two'), changed('one')])).toBe('one')
    expect(lastChangeOf([undone('one'), undone('two'), changed('two'), changed('one')])).toBeUndefined()
  })

  it('is declined where the session has changed nothing', async () => {
    const table = { contextOf: async () => ({}), list: async () => [] } as unknown as RunTable
    const found = await understandInSession(await intentOf('undo that'), 'ours', traces, table)
    expect(found.declined).toMatch(/^This session has changed nothing/)
  })
})
