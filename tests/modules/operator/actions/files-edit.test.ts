import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeOf, createWorld } from './world.ts'

describe('files.create and files.write', () => {
  it('ends a text with a line end and leaves an empty file empty', async () => {
    const world = createWorld()
    expect((await world.run('files.create', { path: 'hello.txt', text: 'good morning' })).text).toBe(
      'created hello.txt (13 bytes)',
    )
    expect((await world.run('files.create', { path: 'placeholder.md' })).text).toBe(
      'created the empty file placeholder.md',
    )
    expect(await world.text('hello.txt')).toBe('good morning\n')
    expect(await world.text('placeholder.md')).toBe('')
  })

  it('makes the folders on the way and says so to the policy', async () => {
    const world = createWorld()
    const touched = await world.touches('files.create', { path: 'a/b/c.txt' })
    expect(touched).toEqual(['path create a', 'path create a/b', 'path create a/b/c.txt'])
    const { data } = await world.run('files.create', { path: 'a/b/c.txt', text: 'x' })
    expect(data['path']).toBe('a/b/c.txt')
  })

  it('refuses to create over something, and writes over it when asked', async () => {
    const world = createWorld()
    await world.write('notes.txt', 'old\n')
    expect(await codeOf(world.run('files.create', { path: 'notes.txt', text: 'new' }))).toBe('PATH_EXISTS')
    expect(await world.touches('files.write', { path: 'notes.txt', text: 'new' })).toEqual(['path change notes.txt'])
    await world.run('files.write', { path: 'notes.txt', text: 'new' })
    expect(await world.text('notes.txt')).toBe('new\n')
  })
})

describe('files.append and files.insert', () => {
  it('adds a line of its own, also where the last line has no end', async () => {
    const world = createWorld()
    await world.write('a.txt', 'one\ntwo')
    expect((await world.run('files.append', { path: 'a.txt', text: 'three' })).text).toBe('added 1 line to a.txt')
    expect(await world.text('a.txt')).toBe('one\ntwo\nthree\n')
    await world.run('files.append', { path: 'a.txt', text: 'zero', position: 'start' })
    expect(await world.text('a.txt')).toBe('zero\none\ntwo\nthree\n')
  })

  it('keeps the line ends of Windows', async () => {
    const world = createWorld()
    await world.write('w.txt', 'one\r\ntwo\r\n')
    await world.run('files.append', { path: 'w.txt', text: 'three\nfour' })
    await world.run('files.insert', { path: 'w.txt', line: 2, text: 'half' })
    expect(await world.text('w.txt')).toBe('one\r\nhalf\r\ntwo\r\nthree\r\nfour\r\n')
  })

  it('does not make a missing file', async () => {
    const world = createWorld()
    expect(await codeOf(world.run('files.append', { path: 'no.txt', text: 'x' }))).toBe('PATH_MISSING')
    expect(await world.exists('no.txt')).toBe(false)
  })

  it('inserts behind the last line and not further', async () => {
    const world = createWorld()
    await world.write('a.txt', 'one')
    expect(await codeOf(world.run('files.insert', { path: 'a.txt', line: 3, text: 'x' }))).toBe('NO_SUCH_LINE')
    await world.run('files.insert', { path: 'a.txt', line: 2, text: 'two' })
    expect(await world.text('a.txt')).toBe('one\ntwo\n')
  })
})

describe('files.replace', () => {
  it('replaces everywhere, takes nothing for a pattern, and counts', async () => {
    const world = createWorld()
    await world.write('a.txt', 'a.b a+b a.b $&\n')
    const { text, data } = await world.run('files.replace', { path: 'a.txt', find: 'a.b', replace: '$&' })
    expect(text).toBe('replaced "a.b" with "$&" 2 times in a.txt')
    expect(data['count']).toBe(2)
    expect(await world.text('a.txt')).toBe('$& a+b $& $&\n')
  })

  it('writes nothing when nothing is found', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x\n', { ageMs: 5_000_000 })
    const before = (await stat(join(world.cwd, 'a.txt'))).mtimeMs
    const { text, data } = await world.run('files.replace', { path: 'a.txt', find: 'milk', replace: 'tea' })
    expect(text).toBe('nothing was replaced: a.txt does not contain "milk"')
    expect(data['count']).toBe(0)
    expect((await stat(join(world.cwd, 'a.txt'))).mtimeMs).toBe(before)
  })

  it('can go by whole words, without case, and once', async () => {
    const world = createWorld()
    await world.write('a.txt', 'Cat cats cat\n')
    await world.run('files.replace', {
      path: 'a.txt',
      find: 'cat',
      replace: 'dog',
      whole_word: true,
      ignore_case: true,
      first_only: true,
    })
    expect(await world.text('a.txt')).toBe('dog cats cat\n')
    await world.run('files.replace', { path: 'a.txt', find: 'cat', replace: 'dog', whole_word: true })
    expect(await world.text('a.txt')).toBe('dog cats dog\n')
  })

  it('keeps a byte order mark and refuses other encodings', async () => {
    const world = createWorld()
    await world.write('bom.txt', '\ufeffone\r\n')
    await world.run('files.replace', { path: 'bom.txt', find: 'one', replace: 'two' })
    expect(await world.text('bom.txt')).toBe('\ufefftwo\r\n')
    await world.write('old.txt', Buffer.from('Grüße\n', 'latin1'))
    expect(await codeOf(world.run('files.replace', { path: 'old.txt', find: 'G', replace: 'g' }))).toBe('NOT_UTF8')
  })

  it('keeps the mode', async () => {
    const world = createWorld()
    await world.write('run.sh', 'echo one\n', { mode: 0o755 })
    await world.run('files.replace', { path: 'run.sh', find: 'one', replace: 'two' })
    expect((await stat(join(world.cwd, 'run.sh'))).mode & 0o777).toBe(0o755)
  })
})

describe('files.delete_lines', () => {
  it('deletes by text, by number and blank lines', async () => {
    const world = createWorld()
    await world.write('a.txt', 'buy milk\n\ncall\nbuy milk\npay\n')
    expect((await world.run('files.delete_lines', { path: 'a.txt', containing: 'buy milk' })).text).toBe(
      'deleted 2 lines from a.txt, 3 lines left',
    )
    expect(await world.text('a.txt')).toBe('\ncall\npay\n')
    await world.run('files.delete_lines', { path: 'a.txt', blank: true })
    await world.run('files.delete_lines', { path: 'a.txt', numbers: { from: 1, to: 1 } })
    expect(await world.text('a.txt')).toBe('pay\n')
    expect((await world.run('files.delete_lines', { path: 'a.txt', containing: 'tea' })).text).toBe(
      'nothing was deleted: no such lines in a.txt',
    )
  })

  it('keeps only what it is told to keep', async () => {
    const world = createWorld()
    await world.write('e.log', 'INFO a\nERROR b\nINFO c\n')
    await world.run('files.delete_lines', { path: 'e.log', not_containing: 'ERROR' })
    expect(await world.text('e.log')).toBe('ERROR b\n')
  })

  it('wants to know which lines', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x\n')
    await expect(world.run('files.delete_lines', { path: 'a.txt' })).rejects.toThrow('say which lines')
  })
})

describe('files.transform', () => {
  it('sorts into a new file and leaves the old one', async () => {
    const world = createWorld()
    await world.write('names.txt', 'mila\nzoe\nadam\n')
    const { text, data } = await world.run('files.transform', {
      path: 'names.txt',
      to: 'sorted.txt',
      operation: 'sort',
    })
    expect(text).toBe('sorted names.txt into sorted.txt (3 lines)')
    expect(data['path']).toBe('sorted.txt')
    expect(await world.text('sorted.txt')).toBe('adam\nmila\nzoe\n')
    expect(await world.text('names.txt')).toBe('mila\nzoe\nadam\n')
    expect(await codeOf(world.run('files.transform', { path: 'names.txt', to: 'sorted.txt', operation: 'sort' }))).toBe(
      'PATH_EXISTS',
    )
  })

  it('keeps each different line once, in the order of the file', async () => {
    const world = createWorld()
    await world.write('v.txt', 'yes\nno\nyes\nabstain\nno\n')
    await world.run('files.transform', { path: 'v.txt', operation: 'unique' })
    expect(await world.text('v.txt')).toBe('yes\nno\nabstain\n')
  })

  it('keeps a missing last line end missing', async () => {
    const world = createWorld()
    await world.write('a.txt', 'b\r\na')
    await world.run('files.transform', { path: 'a.txt', operation: 'sort' })
    expect(await world.text('a.txt')).toBe('a\r\nb')
  })
})

describe('files.count', () => {
  it('counts what it is asked for', async () => {
    const world = createWorld()
    await world.write('notes.txt', 'buy milk\ncall\n\nbuy milk\nMilk float\n')
    const count = async (what: string, rest: { [name: string]: string | boolean } = {}) =>
      (await world.run('files.count', { path: 'notes.txt', what, ...rest })).text
    expect(await count('lines')).toBe('notes.txt has 5 lines')
    expect(await count('words')).toBe('notes.txt has 7 words')
    expect(await count('characters')).toBe('notes.txt has 35 characters, 30 without the line ends')
    expect(await count('bytes')).toBe('notes.txt has 35 bytes')
    expect(await count('distinct_lines')).toBe('notes.txt has 4 different lines')
    expect(await count('blank_lines')).toBe('notes.txt has 1 blank line')
    expect(await count('matching_lines', { of: 'milk' })).toBe('2 lines of notes.txt contain "milk"')
    expect(await count('matching_lines', { of: 'milk', invert: true })).toBe(
      '3 lines of notes.txt do not contain "milk"',
    )
    expect(await count('occurrences', { of: 'milk', ignore_case: true })).toBe('"milk" occurs 3 times in notes.txt')
  })
})

describe('files.compare', () => {
  it('says that two files are identical', async () => {
    const world = createWorld()
    await world.write('a', 'x\n')
    await world.write('b', 'x\n')
    expect((await world.run('files.compare', { path: 'a', other: 'b' })).text).toBe(
      'identical: a and b have the same content',
    )
  })

  it('shows where two files differ', async () => {
    const world = createWorld()
    await world.write('a.ini', 'port=8080\nmode=fast\n')
    await world.write('b.ini', 'port=9090\nmode=fast\n')
    const { text, data } = await world.run('files.compare', { path: 'a.ini', other: 'b.ini' })
    expect(text).toBe(
      'a.ini and b.ini differ:\n--- a.ini\n+++ b.ini\n@@ -1,2 +1,2 @@\n-port=8080\n+port=9090\n mode=fast',
    )
    expect(data).toMatchObject({ identical: false, insertions: 1, deletions: 1 })
  })

  it('compares folders by names and content', async () => {
    const world = createWorld()
    await world.write('one/same.txt', 's')
    await world.write('two/same.txt', 's')
    await world.write('one/x/other.txt', '1')
    await world.write('two/x/other.txt', '2')
    await world.write('two/new.txt', '')
    const { text } = await world.run('files.compare', { path: 'one', other: 'two' })
    expect(text).toBe('one and two differ:\nonly in two: new.txt\ndifferent: x/other.txt')
    expect(await codeOf(world.run('files.compare', { path: 'one', other: 'one/same.txt' }))).toBe('WRONG_KIND')
  })

  it('compares large binary files without showing them', async () => {
    const world = createWorld()
    const large = Buffer.alloc(5_000_000)
    await world.write('a.bin', large)
    await world.write('b.bin', large)
    large[4_999_999] = 1
    await world.write('c.bin', large)
    expect((await world.run('files.compare', { path: 'a.bin', other: 'b.bin' })).data['identical']).toBe(true)
    expect((await world.run('files.compare', { path: 'a.bin', other: 'c.bin' })).text).toBe(
      'a.bin and c.bin differ (5.0 MB and 5.0 MB)',
    )
  })
})
