// goals of public data sets that were once taken for something else: each is declined, or means what it says.
import { describe, expect, it } from 'vitest'
import { names, planOf } from './support.ts'

const folder = names('report.txt', 'notes.txt', 'docs/', 'docs/plan.txt', 'app.log')

describe('what is declined, since nobody said just that', () => {
  it.each([
    // a word that is nearly another is not that word
    'Renumbers all windows in the session in sequential order.',
    // to commit is no listing of commits
    'commit with the message "fix frost warning"',
    // a description is no text
    'Replace "dummyvalue" with the system IP address in "filename"',
    'Change login shell to the full path of "zsh"',
    'find any files that begin with a number',
    'search for directories in docs which end with 5 digits',
    'delete files containing whitespaces',
    'find all php files using regular expressions',
    // a folder is not called `temporary`, a tree is no folder
    'copy all the regular files to the temporary directory',
    'Copy directory hierarchy from "a" to "b"',
    // what is left over from a time is nothing to be reminded of
    'set an alarm for four thirty tomorrow',
    'remind me on fifth march of every year to arrange presents',
    'remind me about tomorrow meeting at ten am',
    'set a reminder for the current time tomorrow',
    // one thing that was spoken of
    'what is this song',
    'whats this song',
    'next song please',
    'what is the status of my order',
    'help me learn something intriguing about turtles',
    'please add note to this file good tune',
    // the place belongs to the files, not to what is left out
    'Move all files including hidden files and excluding ".." in "/path/subfolder/" to "/path/"',
  ])('%s', async (goal) => {
    expect(await planOf(goal, folder)).toBeUndefined()
  })
})

describe('what is near to these and still understood', () => {
  it.each([
    ['replace milk with tea in notes.txt', 'text.replace'],
    ['remind me at 9 am to prepare for tomorrow’s meeting', 'reminders.add'],
    ['find all songs', 'find.files'],
    ['status of nginx', 'system.services'],
    ['find files that begin with "5 digits"', 'find.files'],
    ['delete all files except notes.txt in docs', 'files.delete_matching'],
  ])('%s', async (goal, trace) => {
    expect((await planOf(goal, folder))?.traces).toEqual([trace])
  })

  it('a name with stars is a pattern', async () => {
    const plan = await planOf('find files named *blast* in docs', folder)
    expect(plan?.steps[0]?.args).toMatchObject({ query: { glob: '*blast*', root: 'docs' } })
  })
})
