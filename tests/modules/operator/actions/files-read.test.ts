import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeOf, createWorld } from './world.ts'

describe('files.read', () => {
  it('gives the text without its last line end', async () => {
    const world = createWorld()
    await world.write('todo.md', '# Todo\n- paint\n')
    const { text, data } = await world.run('files.read', { path: 'todo.md' })
    expect(text).toBe('# Todo\n- paint')
    expect(data).toEqual({ path: 'todo.md', paths: ['todo.md'], text: '# Todo\n- paint', count: 2 })
  })

  it('says in words that a file is empty', async () => {
    const world = createWorld()
    await world.write('empty.txt', '')
    expect((await world.run('files.read', { path: 'empty.txt' })).text).toBe('empty.txt is empty')
  })

  it('shows first, last and middle lines', async () => {
    const world = createWorld()
    await world.write('n.txt', 'one\ntwo\nthree\nfour\n')
    const read = async (lines: { [name: string]: number }) =>
      (await world.run('files.read', { path: 'n.txt', lines })).text
    expect(await read({ first: 2 })).toBe('one\ntwo')
    expect(await read({ last: 1 })).toBe('four')
    expect(await read({ from: 2, to: 3 })).toBe('two\nthree')
    expect(await read({ from: 4, to: 9 })).toBe('four')
  })

  it('says that there is no such line', async () => {
    const world = createWorld()
    await world.write('n.txt', 'one\n')
    expect(await codeOf(world.run('files.read', { path: 'n.txt', lines: { from: 3, to: 3 } }))).toBe('NO_SUCH_LINE')
  })

  it('sorts words by the alphabet and numbers by value', async () => {
    const world = createWorld()
    await world.write('words.txt', 'zoe\nBoris\nadam\n')
    await world.write('numbers.txt', '42\n7\n-3\n100\n')
    expect((await world.run('files.read', { path: 'words.txt', sort: 'ascending' })).text).toBe('adam\nBoris\nzoe')
    expect((await world.run('files.read', { path: 'numbers.txt', sort: 'ascending' })).text).toBe('-3\n7\n42\n100')
    expect((await world.run('files.read', { path: 'numbers.txt', sort: 'descending' })).text).toBe('100\n42\n7\n-3')
  })

  it('numbers lines by their place in the file', async () => {
    const world = createWorld()
    await world.write('n.txt', 'a\nb\nc\n')
    expect((await world.run('files.read', { path: 'n.txt', numbered: true, lines: { last: 2 } })).text).toBe(
      '2  b\n3  c',
    )
  })

  it('reads UTF-16 and latin1', async () => {
    const world = createWorld()
    await world.write('wide.txt', Buffer.from('\ufeffGrüße\n', 'utf16le'))
    await world.write('old.txt', Buffer.from('Grüße\n', 'latin1'))
    expect((await world.run('files.read', { path: 'wide.txt' })).text).toBe('Grüße')
    expect((await world.run('files.read', { path: 'old.txt' })).text).toBe('Grüße')
  })

  it('refuses binary content and says how large it is', async () => {
    const world = createWorld()
    await world.write('cat.png', Buffer.from([0x89, 0x50, 0, 0, 1, 2, 3]))
    await expect(world.run('files.read', { path: 'cat.png' })).rejects.toThrow('7 bytes of binary data')
  })

  it('refuses to show a long file whole, and shows its end all the same', async () => {
    const world = createWorld()
    await world.write('long.log', `${'x'.repeat(99)}\n`.repeat(20_000) + 'the end\n')
    expect(await codeOf(world.run('files.read', { path: 'long.log' }))).toBe('TOO_LONG_TO_SHOW')
    expect((await world.run('files.read', { path: 'long.log', lines: { last: 1 } })).text).toBe('the end')
  })

  it('keeps characters whole that lie across two chunks', async () => {
    const world = createWorld()
    const line = 'ä€𝄞\r\n'
    await world.write('wide.log', `x${line.repeat(100_000)}`)
    const { text } = await world.run('files.read', { path: 'wide.log', lines: { last: 100_000 } })
    expect(new Set(text.split('\n').slice(1))).toEqual(new Set(['ä€𝄞']))
  })

  it('does not leave the granted folder through a link', async () => {
    const world = createWorld()
    await world.write('a.txt', 'a')
    await symlink('/etc/passwd', join(world.cwd, 'link'))
    expect(await codeOf(world.run('files.read', { path: 'link' }))).toBe('PATH_OUTSIDE')
    expect(await codeOf(world.run('files.read', { path: '../../../etc/passwd' }))).toBe('PATH_OUTSIDE')
  })

  it('says that there is nothing at a path', async () => {
    const world = createWorld()
    await expect(world.run('files.read', { path: 'nothere.txt' })).rejects.toThrow('there is no')
  })
})

describe('files.exists', () => {
  it('answers with yes or no', async () => {
    const world = createWorld()
    await world.write('report.txt', 'x'.repeat(86))
    await world.folder('clients')
    const ask = async (path: string, kind?: string) =>
      (await world.run('files.exists', kind === undefined ? { path } : { path, kind })).text
    expect(await ask('report.txt')).toBe('yes, report.txt exists (file, 86 bytes)')
    expect(await ask('clients', 'folder')).toBe('yes, clients exists (folder)')
    expect(await ask('clients/east', 'folder')).toBe('no, there is no folder clients/east')
    expect(await ask('no/such/place.txt')).toBe('no, there is no file or folder no/such/place.txt')
    expect(await ask('report.txt', 'folder')).toBe('no, there is no folder report.txt: it is a file')
  })
})

describe('files.info', () => {
  it('gives one part or all', async () => {
    const world = createWorld()
    await world.write('song.mp3', Buffer.alloc(1_572_864), { mode: 0o640 })
    expect((await world.run('files.info', { path: 'song.mp3', part: 'size' })).text).toBe(
      'song.mp3: 1.6 MB (1572864 bytes)',
    )
    expect((await world.run('files.info', { path: 'song.mp3', part: 'mode' })).text).toBe(
      'song.mp3 has mode 640 (rw-r-----)',
    )
    expect((await world.run('files.info', { path: 'song.mp3' })).text).toMatch(
      /^song\.mp3\nkind: file\nsize: 1\.6 MB \(1572864 bytes\)\nmodified: \d{4}-.*\nmode: 640 \(rw-r-----\)\nowner: \S+$/,
    )
  })
})

describe('files.list', () => {
  it('marks folders, leaves out hidden names, and is sorted', async () => {
    const world = createWorld()
    await world.write('b10.txt', '')
    await world.write('b9.txt', '')
    await world.write('.hidden', '')
    await world.folder('a')
    const { text, data } = await world.run('files.list', {})
    expect(text).toBe('a/\nb9.txt\nb10.txt')
    expect(data['paths']).toEqual(['a', 'b9.txt', 'b10.txt'])
    expect((await world.run('files.list', { hidden: 'only' })).text).toBe('.hidden')
    expect((await world.run('files.list', { kind: 'folder' })).text).toBe('a/')
    expect((await world.run('files.list', { path: 'a' })).text).toBe('a/ is empty')
  })

  it('shows each name on one line, so that places can be counted', async () => {
    const world = createWorld()
    await world.write('a\u202eb.txt', 'shed')
    await world.write('c\nd.txt', 'shed')
    const shown = 'a\\u202eb.txt\nc\\u000ad.txt'
    const listed = await world.run('files.list', {})
    expect(listed.text).toBe(shown)
    expect(listed.data['paths']).toEqual(['a\u202eb.txt', 'c\nd.txt'])
    expect((await world.run('files.find', { query: { extensions: ['txt'] } })).text).toBe(shown)
    expect((await world.run('text.search', { text: 'shed', answer: 'files' })).text).toBe(shown)
  })

  it('orders by size', async () => {
    const world = createWorld()
    await world.write('small', 'x')
    await world.write('large', 'x'.repeat(2500))
    expect((await world.run('files.list', { sort: 'size' })).text).toBe('large  2.5 KB\nsmall  1 byte')
  })
})
