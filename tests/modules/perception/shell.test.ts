// a line of a shell is said as the sentence that asks for the same, or declined for the reason that is true.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutLine } from '../../../modules/perception/shell/arguments.ts'
import { commands } from '../../../modules/perception/shell/commands.ts'
import { readShellLine } from '../../../modules/perception/shell/shell-line.ts'
import { intentOf, names, planOf } from '../reasoning/support.ts'

const folder = names('notes.txt', 'todo.md', 'a', 'b', 'docs/', 'docs/faq.md', 'drafts/')

describe('a line of a shell', () => {
  it.each<readonly [string, string, object]>([
    ['grep -i foo notes.txt', 'text.search', { text: 'foo', root: 'notes.txt', answer: 'lines', ignore_case: true }],
    ['grep -rn TODO docs', 'text.search', { text: 'TODO', root: 'docs', answer: 'lines', numbered: true }],
    ['grep -c foo notes.txt', 'files.count', { path: 'notes.txt', what: 'matching_lines', of: 'foo' }],
    ['grep -v foo notes.txt', 'text.pick', { path: 'notes.txt', none_of: ['foo'] }],
    ['rm -i notes.txt', 'files.delete', { paths: ['notes.txt'] }],
    ['rm a b', 'files.delete', { paths: ['a', 'b'] }],
    ['rm -r docs', 'files.delete', { paths: ['docs'] }],
    ['rm *.md', 'files.delete_matching', { query: { recursive: false, glob: '*.md' } }],
    ['head -5 notes.txt', 'files.read', { path: 'notes.txt', lines: { first: 5 } }],
    ['tail -n 3 notes.txt', 'files.read', { path: 'notes.txt', lines: { last: 3 } }],
    ['sort -r notes.txt', 'files.read', { path: 'notes.txt', sort: 'descending' }],
    ['sort -u notes.txt', 'files.read', { path: 'notes.txt', sort: 'ascending', unique: true }],
    ['cp a b', 'files.copy', { from: ['a'], to: 'b' }],
    ['cp -r docs docs2', 'files.copy', { from: ['docs'], to: 'docs2' }],
    ['mv a b', 'files.move', { from: ['a'], to: 'b' }],
    ['mv notes.txt drafts', 'files.move', { from: ['notes.txt'], to: 'drafts' }],
    [
      'ls -la docs',
      'files.find',
      { query: { root: 'docs', recursive: false, kind: 'any', hidden: true }, details: true },
    ],
    ['ls docs', 'files.list', { path: 'docs' }],
    ['wc -l notes.txt', 'files.count', { path: 'notes.txt', what: 'lines' }],
    ['mkdir -p a1/b1', 'files.make_folder', { paths: ['a1/b1'] }],
    ['mkdir x y', 'files.make_folder', { paths: ['x', 'y'] }],
    ['touch x', 'files.touch', { paths: ['x'] }],
    ['touch notes.txt', 'files.touch', { paths: ['notes.txt'] }],
    ['chmod 600 notes.txt', 'files.set_mode', { path: 'notes.txt', mode: '600' }],
    ['chmod u+x docs', 'files.set_mode', { path: 'docs', mode: 'u+x' }],
    ["find . -name '*.md'", 'files.find', { query: { recursive: true, glob: '*.md' } }],
    ['echo hello > x.txt', 'files.create', { path: 'x.txt', text: 'hello' }],
    ['echo hello > notes.txt', 'files.write', { path: 'notes.txt', text: 'hello' }],
    ['echo "a b" >> notes.txt', 'files.append', { path: 'notes.txt', text: 'a b' }],
    ['git log -n 3', 'git.log', { limit: 3 }],
  ])('%s', async (goal, action, args) => {
    expect((await intentOf(goal, folder)).risk).toBe('none')
    expect((await planOf(goal, folder))?.steps).toEqual([{ action, args }])
  })

  it('about several files is as many steps', async () => {
    const plan = await planOf('cat a b', folder)
    expect(plan?.steps.map(({ args }) => args)).toEqual([{ path: 'a' }, { path: 'b' }])
  })

  it.each([
    ['rm docs', /docs is a folder, and rm takes none without -r/],
    ['cp docs x', /docs is a folder, and cp copies none without -r/],
    ['cp a b notes.txt', /notes.txt is no folder/],
    ['chmod -R 600 docs', /everything below a folder/],
    ['tail -f notes.txt', /does not know|do not know its option -f/],
    ['grep "m.*n" notes.txt', /regular expression/],
    ['cat notes.txt | sort', /I run no shell/],
    ['ls docs && rm a', /I run no shell/],
    ['grep foo docs', /grep reads none without -r/],
  ])('is declined for what is true: %s', async (goal, reason) => {
    const { declined, risk } = await intentOf(goal, folder)
    expect(declined).toMatch(reason)
    expect(risk).toBe('none')
    expect(await planOf(goal, folder)).toBeUndefined()
  })

  it.each([
    ['rm -rf /', 'the system or a whole home folder'],
    ['rm -rf ~', 'the system or a whole home folder'],
    ['rm -rf .', 'this folder, or all that is in it'],
    ['rm -rf *', 'this folder, or all that is in it'],
    ['rm -rf ../x', 'this folder, or all that is in it, or what lies above it'],
    ['rm -rf docs && rm a', 'deletes for good'],
    ['chmod -R 777 /', 'the whole system'],
    ['chown -R root docs', 'everything below a folder'],
    ['erase all my data', 'all data of a kind'],
  ])('%s is refused, and says what it would do', async (goal, danger) => {
    const intent = await intentOf(goal, folder)
    expect(intent.risk).toMatch(/^(?:critical|high)$/)
    expect(intent.danger).toContain(danger)
  })

  it.each([
    'rm the file notes.txt',
    'touch up the essay',
    'head of sales',
    'find my notes',
    'sort notes.txt',
    'cat the second one',
    'grep foo in notes.txt',
    'rm notes.txt, a',
    'copy a to b',
  ])('is no such line: %s', (goal) => {
    expect(readShellLine(goal, folder)).toBeUndefined()
  })

  it('is cut as a shell would cut it', () => {
    expect(cutLine('grep -i "two words" \'a b.txt\'')?.words).toEqual([
      { text: '-i', quoted: false },
      { text: 'two words', quoted: true },
      { text: 'a b.txt', quoted: true },
    ])
    // what a shell would put in the place of it is nobody's to guess
    for (const goal of ['rm $FILE', 'rm `ls`', 'rm "$(ls)"', 'cat "a', 'rm {a,b}'])
      expect(cutLine(goal)).toBeUndefined()
  })

  it('is read without an error, and comes to a sentence, a reason, or nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('echo', ...Object.keys(commands)),
        fc.array(fc.oneof(fc.constantFrom('-r', '-n', '3', 'a', 'docs', '*', '|', '>', '--', '"', "'"), fc.string())),
        (command, words) => {
          const reply = readShellLine([command, ...words].join(' '), folder)
          if (reply === undefined) return
          expect(typeof (reply.says ?? reply.declined)).toBe('string')
        },
      ),
    )
  })
})
