// what people say about disk, machine, git, notes, reminders and LOTUS itself, in many frames, and what only looks like it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { understand } from '../../../modules/reasoning/understand.ts'
import { intentOf, names, planOf, traces } from './support.ts'

const folder = names(
  'docs/',
  'docs/manual.pdf',
  'videos/',
  'videos/clip.mp4',
  'music/',
  'cache/',
  'cache/blob.bin',
  'recipes/',
  'recipes/soup.txt',
  'schedule.txt',
  'notes.txt',
  'report.txt',
  'todo.md',
  'photos/',
  'photos/a.jpg',
  'backup.tar.gz',
  'src/',
  'src/util.js',
  'config.json',
)

/** the lines of a file below its first, which says what it is. */
const linesOf = (name: string): string[] =>
  readFileSync(join(import.meta.dirname, 'wordings', name), 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')

const wordings = new Map<string, string[]>()
let heading: string[] = []
for (const line of linesOf('understood.txt')) {
  if (line.startsWith('# ')) wordings.set(line.slice(2), (heading = []))
  else heading.push(line)
}

describe('many ways to say one thing', () => {
  it.each([...wordings])('%s', async (trace, sentences) => {
    const taken = await Promise.all(
      sentences.map(async (sentence) => [sentence, (await planOf(sentence, folder))?.traces.join('+')]),
    )
    expect(taken).toEqual(sentences.map((sentence) => [sentence, trace]))
  })
})

describe('sentences that only look like one', () => {
  it('none of them is taken', async () => {
    const taken: string[] = []
    for (const sentence of linesOf('declined.txt')) {
      const intent = await intentOf(sentence, folder)
      const { bound } = understand(intent, traces)
      if (intent.risk === 'none' && bound.length > 0) taken.push(`${sentence}: ${bound[0]!.trace.trace}`)
    }
    expect(taken).toEqual([])
  })
})

describe('what is left out of a question stands before it', () => {
  const asked: readonly (readonly [string, string, object])[] = [
    ['am I running out of disk? how much is left?', 'disk.free', {}],
    ["what's eating my cpu? top 4 please", 'system.processes', { sort: 'cpu', limit: 4 }],
    ['is docs/manual.pdf big? how big?', 'disk.usage', { path: 'docs/manual.pdf' }],
    ["lampkeeper - what's its pid?", 'system.processes', { name: 'lampkeeper' }],
    ["give me lampkeeper's process id", 'system.processes', { name: 'lampkeeper', answer: 'pid' }],
    ["list Ravi Menon's commits", 'git.log', { author: 'Ravi Menon' }],
    ['leaving videos aside, how big is this folder?', 'disk.usage', { except: ['videos'] }],
    ['between videos and music, which is larger?', 'disk.compare', { path: 'videos', other: 'music' }],
    ['of schedule.txt and notes.txt, which is smaller?', 'disk.compare', { wanted: 'smaller' }],
    ['let me see my uncommitted edits to schedule.txt', 'git.diff', { path: 'schedule.txt' }],
    ["I don't need the bread reminder any more", 'reminders.cancel', { text: 'bread' }],
  ]
  it.each(asked)('%s', async (goal, action, args) => {
    const plan = await planOf(goal, folder)
    expect(plan?.steps[0]).toMatchObject({ action, args })
  })
})
