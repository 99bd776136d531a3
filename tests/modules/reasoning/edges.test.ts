// what a review found: goals that were done wrongly, refused on false grounds, or not understood.
import { describe, expect, it } from 'vitest'
import { names, planOf } from './support.ts'

const folder = names(
  'report.txt',
  'notes.txt',
  'names.txt',
  'todo.md',
  'config-a.ini',
  'settings.json',
  'contacts.csv',
  'letter.doc',
  'docs/',
  'docs/faq.md',
  'drafts/',
)
const stepsOf = async (goal: string, known = folder) => (await planOf(goal, known))?.steps

const day = 86_400_000
const at = (date: string) => Date.parse(`${date}T00:00:00+01:00`)

describe('a name that differs in case', () => {
  it.each([
    ['delete REPORT.TXT', 'files.delete', { paths: ['REPORT.TXT'] }],
    ['delete the Drafts folder', 'files.delete', { paths: ['Drafts'] }],
    ['delete NOTES.TXT and todo.md', 'files.delete', { paths: ['NOTES.TXT', 'todo.md'] }],
    ['delete a.md and b.md in DOCS', 'files.delete', { paths: ['DOCS/a.md', 'DOCS/b.md'] }],
    [
      'delete md files in DOCS',
      'files.delete_matching',
      { query: { recursive: true, extensions: ['md'], root: 'DOCS' } },
    ],
    ['rename report.txt to Report.txt', 'files.move', { from: 'report.txt', to: 'Report.txt', into: false }],
    ['copy report.txt to REPORT.txt', 'files.copy', { from: ['report.txt'], to: 'REPORT.txt' }],
  ])('is another name to what changes: %s', async (goal, action, args) => {
    expect(await stepsOf(goal)).toEqual([{ action, args }])
  })

  it('is the same to what only looks', async () => {
    expect(await stepsOf('show me Report.TXT')).toEqual([{ action: 'files.read', args: { path: 'report.txt' } }])
  })

  it('is nobody’s choice at the beginning of a sentence', async () => {
    expect(await stepsOf('Notes.txt can go')).toEqual([{ action: 'files.delete', args: { paths: ['notes.txt'] } }])
  })

  it('names the one of two that is written so', async () => {
    const both = names('Report.txt', 'report.txt')
    expect(await stepsOf('delete report.txt', both)).toEqual([
      { action: 'files.delete', args: { paths: ['report.txt'] } },
    ])
    expect(await stepsOf('show Report.txt', both)).toEqual([{ action: 'files.read', args: { path: 'Report.txt' } }])
  })

  it.each(['copy report.txt to DRAFTS', 'move report.txt into Drafts'])(
    'is no place to put something: %s',
    async (goal) => {
      expect(await stepsOf(goal)).toBeUndefined()
    },
  )
})

describe('how far a change reaches', () => {
  it.each(['delete txt files', 'delete the txt files', 'delete all txt files', 'delete every txt file'])(
    'is as far as a search, whether or not `all` is said: %s',
    async (goal) => {
      expect(await stepsOf(goal)).toEqual([
        { action: 'files.delete_matching', args: { query: { recursive: true, extensions: ['txt'] } } },
      ])
    },
  )

  it.each(['delete *.txt', 'delete all *.txt'])('is the folder itself for a pattern: %s', async (goal) => {
    expect(await stepsOf(goal)).toEqual([
      { action: 'files.delete_matching', args: { query: { recursive: false, extensions: ['txt'] } } },
    ])
  })
})

describe('no reminder is set at a time that is none', () => {
  it.each([
    'remind me in -5 minutes to eat',
    'remind me in 5 min and 10 min to eat',
    'remind me in 5 or 10 minutes to eat',
    'remind me every day starting tomorrow to eat',
    'remind me every 0 minutes to eat',
    'remind me at 5 at 6 to eat',
    'remind me tomorrow on friday to eat',
    'remind me to eat tomorrow on friday',
    'remind me on monday or tuesday to eat',
    'remind me at noon in 5 minutes to eat',
    'remind me at 9 am pm to eat',
    'remind me tomorrow yesterday to eat',
    'remind me twice to eat at 9',
    'remind me yesterday to eat',
    'set a timer for -5 minutes',
    'set a timer for 5 minutes and 10 minutes',
  ])('%s', async (goal) => {
    expect(await stepsOf(goal)).toBeUndefined()
  })
})

describe('what was not understood', () => {
  it.each<readonly [string, string, object]>([
    ['remove the empty folder drafts', 'files.delete', { paths: ['drafts'], empty: true }],
    ['rmdir drafts', 'files.delete', { paths: ['drafts'], empty: true }],
    ['touch stock.md', 'files.touch', { paths: ['stock.md'] }],
    ['rename report.txt to docs', 'files.move', { from: 'report.txt', to: 'docs', into: false }],
    ['create three empty files x.txt, y.txt and z.txt', 'files.create', { path: ['x.txt', 'y.txt', 'z.txt'] }],
    ['swap report.txt and notes.txt', 'files.swap', { path: 'report.txt', other: 'notes.txt' }],
    ['list docs', 'files.list', { path: 'docs' }],
    [
      'list docs newest first',
      'files.find',
      { query: { root: 'docs', recursive: false, kind: 'any', sort: 'modified', order: 'descending' }, details: false },
    ],
    ['how many days until 24 december 2026', 'clock.between', { to_ms: at('2026-12-24'), unit: 'days' }],
    ['how many days until christmas', 'clock.between', { to_ms: at('2026-12-25'), unit: 'days' }],
    ['how many days until friday', 'clock.between', { to_ms: at('2026-11-27'), unit: 'days' }],
    [
      'how many days between 1 january 2026 and 1 february 2026',
      'clock.between',
      { from_ms: at('2026-01-01'), to_ms: at('2026-02-01'), unit: 'days' },
    ],
    ['what weekday is 24 december 2026?', 'clock.now', { part: 'date', at_ms: at('2026-12-24') }],
    ['what time is it in tokyo?', 'clock.now', { part: 'time', zone: 'Asia/Tokyo' }],
    ['what is 20% off 80', 'calculate', { expression: '80 * (1 - 20 / 100)' }],
    ['what is 80 minus 20%', 'calculate', { expression: '(80) * (1 - 20 / 100)' }],
    [
      'rename all .txt files to .md',
      'files.rename_matching',
      { query: { recursive: true, extensions: ['txt'] }, extension: 'md' },
    ],
    ['restore old.txt from the trash', 'undo.last', { path: 'old.txt' }],
    ['undo the last two changes', 'undo.last', { count: 2 }],
    ['count files by extension', 'files.find', { query: { recursive: true }, answer: 'kinds' }],
    [
      'is report.txt newer than notes.txt?',
      'files.newer',
      { path: 'report.txt', other: 'notes.txt', question: 'newer' },
    ],
    ['which is newer, report.txt or notes.txt?', 'files.newer', { path: 'report.txt', other: 'notes.txt' }],
    [
      'files changed after 2026-01-01',
      'files.find',
      { query: { recursive: true, modified_after: at('2026-01-01') + day } },
    ],
    [
      'which files changed in January 2026?',
      'files.find',
      { query: { recursive: true, modified_after: at('2026-01-01'), modified_before: at('2026-02-01') } },
    ],
    ['git log -n 3', 'git.log', { limit: 3 }],
    ['last commit of notes.txt', 'git.log', { limit: 1, path: 'notes.txt', fields: 'full' }],
    ['what is the port in settings.json?', 'data.value', { path: 'settings.json', field: 'port' }],
    ['which host is set in config-a.ini?', 'data.value', { path: 'config-a.ini', field: 'host' }],
    ['show the first 3 names in names.txt', 'files.read', { path: 'names.txt', lines: { first: 3 } }],
    ['show the last two entries of names.txt', 'files.read', { path: 'names.txt', lines: { last: 2 } }],
    ['could docs be zipped up as docs.zip?', 'archive.create', { sources: ['docs'], to: 'docs.zip' }],
    ['I wonder how large docs is', 'disk.usage', { path: 'docs' }],
  ])('%s', async (goal, action, args) => {
    expect(await stepsOf(goal)).toEqual([{ action, args }])
  })

  it('is asked about two files at once, and done for each', async () => {
    expect((await stepsOf('list docs and drafts'))?.map(({ args }) => args)).toEqual([
      { path: 'docs' },
      { path: 'drafts' },
    ])
    expect(await stepsOf('show the first line of notes.txt and todo.md')).toEqual([
      { action: 'files.read', args: { path: 'notes.txt', lines: { first: 1 } } },
      { action: 'files.read', args: { path: 'todo.md', lines: { first: 1 } } },
    ])
  })
})

describe('what looks like it and is not done', () => {
  it.each([
    'rename all txt files to backup',
    'create three empty files x.txt and y.txt',
    'delete the last line of notes.txt and todo.md',
    'move notes.txt to docs and todo.md',
    'touch my heart',
    'restore my faith in humanity',
    'show the first 3 words of names.txt',
    'what time is it in atlantis?',
    'put notes.txt back into docs',
  ])('%s', async (goal) => {
    expect(await stepsOf(goal)).toBeUndefined()
  })
})
