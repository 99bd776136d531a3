// what a person reads before a yes: a sentence for each step, then exactly what it is, with nothing hidden in either.
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../modules/operator/contract.ts'
import { actions } from '../../../modules/operator/osd/actions/index.ts'
import { sentenceOf } from '../../../modules/operator/osd/plan/sentences.ts'
import { previewLines } from '../../../modules/operator/osd/plan/show.ts'

const say = (action: string, args: Record<string, Json>): string => sentenceOf({ action, args }, 'UTC')
const lines = (action: string, args: Record<string, Json>): string[] =>
  previewLines({ version: 1, goal: 'x', origin: 'test', steps: [{ id: 's1', action, args }] }, [], {
    timeZone: 'UTC',
    describe: () => undefined,
  })

describe('a step', () => {
  it.each<[string, Record<string, Json>, string]>([
    ['files.delete', { paths: ['letter.md'] }, 'delete letter.md (to the trash)'],
    ['files.delete', { paths: ['old stuff'], kind: 'folder' }, 'delete the folder "old stuff" (to the trash)'],
    ['files.create', { path: 'a.txt', text: 'hello' }, 'make the file a.txt with the text "hello"'],
    ['files.write', { path: 'a.txt', text: 'b' }, 'write "b" to a.txt, in place of what is in it'],
    ['files.append', { path: 'a.txt', text: 'b' }, 'add "b" at the end of a.txt'],
    ['files.insert', { path: 'a.txt', line: 3, text: 'b' }, 'put "b" into a.txt as line 3'],
    ['files.replace', { path: 'a.txt', find: 'x', replace: 'y' }, 'replace "x" by "y" in a.txt, everywhere'],
    ['files.delete_lines', { path: 'a.txt', containing: 'x' }, 'delete the lines that contain "x" of a.txt'],
    ['files.delete_lines', { path: 'a.txt', numbers: { from: 2, to: 4 } }, 'delete the lines 2 to 4 of a.txt'],
    ['files.transform', { path: 'a.txt', operation: 'sort' }, 'sort the lines of a.txt'],
    ['files.join', { sources: ['a', 'b'], to: 'c' }, 'put the texts of a and b one after the other into c'],
    ['files.make_folder', { paths: ['a', 'b'] }, 'make the folders a and b'],
    ['files.move', { from: ['a', 'b'], to: 'c', into: true }, 'move a and b into the folder c'],
    ['files.copy', { from: 'a', to: 'b' }, 'copy a to b'],
    ['files.set_mode', { path: 'a', mode: '+x' }, 'set the rights of a to "+x"'],
    [
      'files.delete_matching',
      { query: { extensions: ['log'] } },
      'delete all .log files here and below (to the trash)',
    ],
    [
      'files.delete_matching',
      { query: { extensions: ['log'], recursive: false } },
      'delete all .log files directly in this folder (to the trash)',
    ],
    ['files.move_matching', { query: { root: 'src' }, to: 'b' }, 'move all files in src and below to b'],
    ['archive.create', { sources: ['a'], to: 'a.zip' }, 'pack a into a.zip'],
    ['archive.extract', { path: 'a.zip', to: 'b' }, 'unpack a.zip into b'],
    ['archive.gzip', { path: 'a.txt' }, 'compress a.txt and keep it as it is'],
    ['files.append', { path: 'a.txt', from: 'b.txt' }, 'add the text of b.txt at the end of a.txt'],
    ['files.write', { path: 'a.txt', from: 'b.txt' }, 'write the text of b.txt to a.txt, in place of what is in it'],
    ['files.delete_lines', { path: 'a.txt', keep_first: 3 }, 'delete the lines behind the first 3 of a.txt'],
    [
      'files.replace',
      { path: 'a.ini', find: '80', replace: '81', on_lines_with: 'port' },
      'replace "80" by "81" in a.ini, everywhere on lines that have "port", too',
    ],
    [
      'files.replace_matching',
      { query: { extensions: ['ini'] }, find: 'x', replace: 'y' },
      'replace "x" by "y", everywhere, in all .ini files here and below',
    ],
    [
      'files.append_matching',
      { query: { root: 'letters' }, text: 'END' },
      'add "END" at the end of all files in letters and below',
    ],
    ['files.copy', { from: { $ref: 's1.path' }, to: 'b' }, 'copy what step 1 gives to b'],
    ['files.delete_matching', { query: { $ref: 's2.data' } }, 'delete what the search below finds (to the trash)'],
  ])('%s of %j is said in words', (action, args, sentence) => {
    expect(say(action, args)).toBe(sentence)
  })

  it('that changes files has a sentence of its own', () => {
    const changing = actions.filter(({ effect }) => effect === 'files')
    expect(changing.length).toBeGreaterThan(10)
    for (const { name, description } of changing)
      expect(sentenceOf({ action: name, args: {} }, 'UTC', description)).not.toBe(description)
  })

  it('of a module is said in the words of its tool', () => {
    const step = { action: 'memory.forget_all', args: {} }
    expect(sentenceOf(step, 'UTC', 'forgets all notes for good')).toBe('forgets all notes for good')
  })

  it('names five of many and counts the rest', () => {
    const paths = Array.from({ length: 9 }, (_, index) => `f${index}`)
    expect(say('files.delete', { paths })).toBe('delete f0, f1, f2, f3, f4 and 4 more (to the trash)')
  })
})

describe('what a step is exactly', () => {
  it('stands after its sentence', () => {
    expect(lines('files.delete', { paths: ['letter.md'] })).toEqual([
      '1. delete letter.md (to the trash)',
      '   files.delete paths=["letter.md"]',
    ])
  })

  it('names each thing that it touches once', () => {
    const resources = ['path:/w/a', 'path:/w/b', 'path:/w/a']
    const decision = { step: 's1', action: 'files.delete', decision: 'allow', policy: 'p', reason: 'r' } as const
    const plan = {
      version: 1,
      goal: 'x',
      origin: 'test',
      steps: [{ id: 's1', action: 'files.delete', args: {} }],
    } as const
    const shown = previewLines(plan, [{ ...decision, risk: 'low', yesAnswers: true, resources }], {
      timeZone: 'UTC',
      describe: () => undefined,
    })
    expect(shown.slice(2)).toEqual(['   path:/w/a', '   path:/w/b'])
  })

  it('can’t be taken for another argument', () => {
    expect(lines('files.create', { path: 'a', text: '" path="/etc' })[1]).toBe(
      String.raw`   files.create path="a" text="\" path=\"/etc"`,
    )
  })

  it.each([
    ['an escape sequence', '\u001b[2J', String.raw`\u001b[2J`],
    ['a line end', 'a\nb', String.raw`a\nb`],
    ['a right-to-left override', 'a\u202egpj.exe', String.raw`a\u202egpj.exe`],
    ['an Arabic letter mark', 'a\u061cb', String.raw`a\u061cb`],
    ['a zero-width space', 'a\u200bb', String.raw`a\u200bb`],
    ['a word joiner', 'a\u2060b', String.raw`a\u2060b`],
    ['a soft hyphen', 'a\u00adb', String.raw`a\u00adb`],
    ['a tag character', 'a\u{e0041}b', String.raw`a\udb40\udc41b`],
    ['half a surrogate pair', 'a\ud800b', String.raw`a\ud800b`],
  ])('shows %s', (_name, value, shown) => {
    for (const line of lines('files.delete', { paths: [value] })) expect(line).toContain(shown)
    expect(lines('files.delete', { paths: [value] }).join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
  })

  it('is bounded, and says how much there is', () => {
    const [sentence, line] = lines('files.write', { path: 'a', text: 'x'.repeat(100_000) })
    expect(sentence!.length).toBeLessThan(200)
    expect(line!.length).toBeLessThan(2_300)
    expect(line).toMatch(/100002 characters, sha256 [0-9a-f]{64}\)$/)
  })
})
