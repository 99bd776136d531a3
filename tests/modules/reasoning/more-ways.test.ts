// what a goal in everyday words asks of the machine: one row a sentence, with what it must come to.
import { describe, expect, it } from 'vitest'
import { names, planOf } from './support.ts'

const folder = names(
  'notes.txt',
  'names.txt',
  'a.ini',
  'b.ini',
  'contacts.csv',
  'week.log',
  'videos/',
  'docs/',
  'docs/faq.md',
  'photos.zip',
  'single.txt',
)

const understood: readonly (readonly [string, string, object])[] = [
  ['which lines are in a.ini but not in b.ini?', 'text.pick', { path: 'a.ini', missing_from: 'b.ini' }],
  ['show the second to last line of notes.txt', 'text.pick', { path: 'notes.txt', from_end: 2 }],
  ['show all but the last line of notes.txt', 'text.pick', { path: 'notes.txt', drop_last: 1 }],
  ['delete all lines of notes.txt except the first three', 'files.delete_lines', { path: 'notes.txt', keep_first: 3 }],
  [
    'substitute "oat milk" for "milk" in notes.txt',
    'files.replace',
    { path: 'notes.txt', find: 'milk', replace: 'oat milk' },
  ],
  [
    'which city does Wen live in according to contacts.csv?',
    'table.query',
    { path: 'contacts.csv', column: 'city', where: 'Wen' },
  ],
  ['find files newer than week.log', 'files.find', { query: { recursive: true, newer_than_file: 'week.log' } }],
  [
    'find all files that do not end in .log',
    'files.find',
    { query: { recursive: true, except: { names: ['*.log'] } } },
  ],
  [
    'which is the second newest file here?',
    'files.find',
    { query: { recursive: true, sort: 'modified', order: 'descending', rank: 2 } },
  ],
  [
    'list the log files that are more than 5 days old but less than 20',
    'files.find',
    { query: { recursive: true, extensions: ['log'], older_than_ms: 432_000_000, modified_within_ms: 1_728_000_000 } },
  ],
  [
    'find files modified in the last 3 days but not in the last 24 hours',
    'files.find',
    { query: { recursive: true, modified_within_ms: 259_200_000, older_than_ms: 86_400_000 } },
  ],
  [
    'which files contain "port" but not "mode"?',
    'files.find',
    { query: { recursive: true, contains: 'port', ignore_case: true, except: { contains: 'mode' } } },
  ],
  ['how big is everything here apart from the videos folder?', 'disk.usage', { except: ['videos'] }],
  [
    'unpack photos.zip, not here but in a new folder called unpacked',
    'archive.extract',
    { path: 'photos.zip', to: 'unpacked' },
  ],
  [
    'which commits were made between 1 February 2024 and 31 March 2024?',
    'git.log',
    { limit: 1000, after: Date.parse('2024-02-01T00:00:00+01:00'), before: Date.parse('2024-04-01T00:00:00+02:00') },
  ],
  ['show the commits by anyone other than Ines', 'git.log', { not_author: 'Ines' }],
  ['what percentage of 80 is 20?', 'calculate', { expression: '20/80*100' }],
  ['is tidewatch not running?', 'system.processes', { name: 'tidewatch', answer: 'stopped' }],
]

describe('everyday words', () => {
  it.each(understood)('%s', async (goal, action, args) => {
    const plan = await planOf(goal, folder)
    expect(plan?.steps).toEqual([{ action, args }])
  })

  it.each([
    'add single.txt to photos.zip',
    'show the size of the tallest tree in contacts.csv',
    'make every line in notes.txt funnier',
    'what are the best addresses in contacts.csv?',
  ])('declines what it cannot do: %s', async (goal) => {
    expect(await planOf(goal, folder)).toBeUndefined()
  })
})
