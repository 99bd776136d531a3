// paraphrases: the same goal in a plainer sentence, with what it forbids; somebody's own words are never touched.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenise } from '../../../modules/perception/language/tokens.ts'
import { paraphrase } from '../../../modules/perception/paraphrase/paraphrase.ts'
import type { WordToken } from '../../../modules/perception/slots/slot-parser.ts'
import { names } from '../reasoning/support.ts'

const office = names('notes.txt', 'todo.md', 'old stuff/', 'drafts/', 'letters/', 'letters/to the bank.txt')

function say(text: string) {
  const tokens = tokenise(text).map((token): WordToken => ({
    ...token,
    lower: token.value.toLowerCase(),
    lemma: token.value.toLowerCase(),
    known: true,
  }))
  return paraphrase(text, tokens, office)
}

describe('a paraphrase', () => {
  it.each([
    ['in letters, which files are there?', 'which files are there in letters?'],
    ['letters/to the bank.txt, what does it say?', 'what does letters/to the bank.txt say?'],
    ['todo.md: exact size in bytes?', 'exact size of todo.md in bytes?'],
    ["I don't need the drafts folder any more, throw it away", 'throw away the drafts folder'],
    ['I need a folder called receipts, can you make one?', 'make a folder called receipts'],
    ['todo.md should be called tasks.md from now on', 'rename todo.md to tasks.md'],
    ['notes.txt belongs in drafts, please move it there', 'move notes.txt into drafts'],
    ['take notes.txt and put it in the old stuff folder', 'move notes.txt in the old stuff folder'],
    ['before deleting notes.txt, copy it to drafts', 'copy notes.txt to drafts and then deleting notes.txt'],
    ['how many lines has notes.txt got?', 'how many lines does notes.txt have?'],
    ["I'm running out of room; which folder is the largest?", 'which folder is the largest?'],
    ['make me a copy of todo.md and call it spare.md', 'make a copy of todo.md called spare.md'],
    ['which file is the oldest, subfolders included?', 'which file including subfolders is the oldest?'],
    ['list all files, in subfolders too, that are empty', 'list all files including subfolders that are empty'],
    ['find the csv files, also the ones in subfolders', 'find the csv files including subfolders'],
    [
      'what is the biggest file in this folder and everything below it?',
      'what is the biggest file including subfolders?',
    ],
    ['how busy is it? I mean the load average', 'what is the load average'],
  ])('of %s', (goal, expected) => {
    expect(say(goal).map(({ text }) => text)).toContain(expected)
  })

  it.each([
    ['list old stuff without changing anything', 'list old stuff', [{ deed: 'change' }]],
    [
      'copy notes.txt to a.txt but do not delete notes.txt',
      'copy notes.txt to a.txt',
      [{ deed: 'delete', path: 'notes.txt' }],
    ],
    ["don't rename todo.md, copy it to b.md", 'copy todo.md to b.md', [{ deed: 'move', path: 'todo.md' }]],
    ['get rid of notes.txt but leave todo.md alone', 'get rid of notes.txt', [{ deed: 'change', path: 'todo.md' }]],
  ])('carries what is forbidden: %s', (goal, text, forbids) => {
    expect(say(goal)).toContainEqual({ text, forbids, provided: [] })
  })

  it.each(['delete notes.txt', 'if it rains, delete todo.md', 'show me todo.md', 'do not let me forget the milk'])(
    'is not made where nothing calls for it: %s',
    (goal) => {
      expect(say(goal).every(({ text }) => !/^delete todo.md$|^forget/.test(text))).toBe(true)
    },
  )

  it.each([
    'which file is the newest, not counting subfolders?',
    'list all files, only in subfolders too',
    'delete the drafts folder and everything below it',
    'list the files and delete the empty ones in this folder and everything below it',
    'show the files in this folder without anything below it',
  ])('takes no reach from what denies it or changes something: %s', (goal) => {
    expect(say(goal).filter(({ text }) => text.includes('including subfolders'))).toEqual([])
  })

  it('keeps every quotation to the letter', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', ',', '.', ':', '-', 'it'),
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(
        word.filter((text) => text.trim() !== ''),
        (text) => {
          for (const other of say(`in notes.txt, replace "${text}" with "x", please do it`))
            expect(other.text).toContain(`"${text}"`)
        },
      ),
    )
  })

  it('of any text is made in bounded number', () => {
    const parts = [
      'a',
      'it',
      ',',
      'and',
      'in',
      'notes.txt',
      'do not',
      'leave',
      'alone',
      'take',
      'put',
      ':',
      '- ',
      'but',
      '"x"',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 60 }), (words) => {
        expect(say(words.join(' ')).length).toBeLessThanOrEqual(8)
      }),
      { numRuns: 50 },
    )
  })
})
