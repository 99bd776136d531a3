// what the innate traces ask of actions beyond their first arguments: the answers that people get from them.
import { execFileSync } from 'node:child_process'
import os from 'node:os'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../modules/operator/contract.ts'
import { createExceptions } from '../../../../modules/operator/osd/actions/excepted.ts'
import { readAccount } from '../../../../modules/operator/osd/actions/system/users.ts'
import { type World, codeOf, createWorld } from './world.ts'

type Args = { readonly [name: string]: Json }
const text = async (world: World, name: string, args: Args) => (await world.run(name, args)).text

describe('files.join', () => {
  it('puts texts one after the other, each ending its last line', async () => {
    const world = createWorld()
    await world.write('a.txt', 'one\ntwo')
    await world.write('b.txt', '')
    await world.write('c.txt', Buffer.from('\ufeffGrüße\r\nthree', 'utf8'))
    expect(await text(world, 'files.join', { sources: ['a.txt', 'b.txt', 'c.txt', 'a.txt'], to: 'new/all.txt' })).toBe(
      'joined a.txt, b.txt, c.txt and a.txt into new/all.txt (6 lines)',
    )
    expect(await world.text('new/all.txt')).toBe('one\ntwo\nGrüße\r\nthree\r\none\ntwo\n')
  })

  it('leaves a very long line whole', async () => {
    const world = createWorld()
    const long = 'x'.repeat(3_000_000)
    await world.write('long.txt', `${long}\nend`)
    expect((await world.run('files.join', { sources: ['long.txt'], to: 'copy.txt' })).data['count']).toBe(2)
    expect((await world.text('copy.txt')) === `${long}\nend\n`).toBe(true)
  })

  it('does not write over anything, and joins no pictures', async () => {
    const world = createWorld()
    await world.write('a.txt', 'one\n')
    await world.write('cat.png', Buffer.from([0x89, 0, 0, 1]))
    expect(await codeOf(world.run('files.join', { sources: ['a.txt', 'a.txt'], to: 'a.txt' }))).toBe('PATH_EXISTS')
    expect(await codeOf(world.run('files.join', { sources: ['a.txt', 'cat.png'], to: 'b.txt' }))).toBe('NOT_TEXT')
    expect(await world.exists('b.txt')).toBe(false)
    expect(await world.touches('files.join', { sources: ['a.txt'], to: 'new/b.txt' })).toEqual([
      'path create new',
      'path create new/b.txt',
      'path read a.txt',
    ])
  })
})

describe('texts', () => {
  it('lose their last lines', async () => {
    const world = createWorld()
    await world.write('n.txt', 'one\ntwo\nthree')
    expect(await text(world, 'files.delete_lines', { path: 'n.txt', last: 1 })).toBe(
      'deleted 1 line from n.txt, 2 lines left',
    )
    expect(await world.text('n.txt')).toBe('one\ntwo\n')
    await world.run('files.delete_lines', { path: 'n.txt', last: 9 })
    expect(await world.text('n.txt')).toBe('')
    expect(await text(world, 'files.delete_lines', { path: 'n.txt', last: 1 })).toMatch(/^nothing was deleted/)
  })

  it('are shown in capital or small letters', async () => {
    const world = createWorld()
    await world.write('motto.txt', 'Straße\nZwei\n')
    expect(await text(world, 'files.read', { path: 'motto.txt', case: 'uppercase' })).toBe('STRASSE\nZWEI')
    expect(await text(world, 'files.read', { path: 'motto.txt', case: 'lowercase', lines: { last: 1 } })).toBe('zwei')
  })

  it('say whether there is nothing in them', async () => {
    const world = createWorld()
    await world.write('void.txt', '')
    await world.write('full.txt', 'a\nb\nc\n')
    await world.write('pic.bin', Buffer.alloc(7))
    await world.folder('attic')
    const ask = (path: string) => text(world, 'files.info', { path, part: 'empty' })
    expect(await ask('void.txt')).toBe('yes, void.txt is empty')
    expect(await ask('full.txt')).toBe('no, full.txt is not empty: 3 lines, 6 bytes')
    expect(await ask('pic.bin')).toBe('no, pic.bin is not empty: 7 bytes')
    expect(await ask('attic')).toBe('yes, attic/ is empty')
    expect(await ask('.')).toBe('no, this folder is not empty: 4 files and folders')
  })

  it('say whether they mention something', async () => {
    const world = createWorld()
    await world.write('memo', 'on Wednesday\n')
    await world.write('letters/a.txt', 'on wednesday\n')
    const ask = (args: Args) => text(world, 'text.search', { answer: 'any', ...args })
    expect(await ask({ root: 'memo', text: 'Wednesday' })).toBe('yes, memo mentions "Wednesday" (1 line)')
    expect(await ask({ root: 'memo', text: 'wednesday' })).toBe('yes, memo mentions "wednesday" (1 line)')
    expect(await ask({ root: 'memo', text: 'wednesday', ignore_case: false })).toMatch(/^no/)
    expect(await ask({ root: 'memo', text: 'Saturday' })).toBe('no, memo does not mention "Saturday"')
    expect(await ask({ text: 'Wednesday' })).toBe(
      'yes, 2 files in this folder mention "Wednesday": letters/a.txt and memo',
    )
    expect(await ask({ text: 'Saturday' })).toBe('no, no file in this folder mentions "Saturday"')
  })
})

describe('archives', () => {
  it('are made of what a search finds, named below the folder that was searched', async () => {
    const world = createWorld()
    await world.write('tables/a.csv', '1')
    await world.write('tables/old/b.csv', '2')
    await world.write('tables/c.txt', '3')
    const packed = await world.run('archive.create', { query: { root: 'tables', extensions: ['csv'] }, to: 't.zip' })
    expect(packed.text).toMatch(/^packed tables\/a\.csv and tables\/old\/b\.csv into t\.zip: 2 files/)
    expect((await world.run('archive.list', { path: 't.zip' })).data['names']).toEqual(['a.csv', 'old/b.csv'])
    await world.run('archive.create', { query: { kind: 'any', recursive: false }, to: 'all.tar' })
    expect((await world.run('archive.list', { path: 'all.tar' })).data['count']).toBe(4)
    expect(await text(world, 'archive.create', { query: { extensions: ['pdf'] }, to: 'p.zip' })).toBe(
      'nothing was packed: no .pdf files found',
    )
    expect(await world.exists('p.zip')).toBe(false)
    await expect(world.run('archive.create', { to: 'p.zip' })).rejects.toThrow('sources or query')
    expect(await world.touches('archive.create', { query: { extensions: ['txt'] }, to: 'x.zip' })).toEqual([
      'path create x.zip',
      'path read tables/c.txt',
    ])
  })

  it('give out one file under its plain name, where only one has it', async () => {
    const world = createWorld()
    await world.write('data/values.csv', '1\n')
    await world.write('data/deep/a/n.txt', 'n\n')
    await world.write('data/deep/b/n.txt', 'm\n')
    await world.run('archive.create', { sources: ['data'], to: 'in/data.tgz' })
    const extract = async (args: Args) =>
      (await world.run('archive.extract', { path: 'in/data.tgz', ...args })).data['paths']
    expect(await extract({ only: 'values.csv' })).toEqual(['values.csv'])
    expect(await extract({ only: ['values.csv'], to: 'out' })).toEqual(['out/values.csv'])
    expect(await extract({ only: 'a', to: 'out' })).toEqual(['out/a/n.txt'])
    expect(await extract({ only: 'b/n.txt', to: 'out' })).toEqual(['out/data/deep/b/n.txt'])
    expect(await extract({ only: 'n.txt', to: 'both' })).toEqual(['both/data/deep/a/n.txt', 'both/data/deep/b/n.txt'])
    expect(await codeOf(extract({ only: ['values.csv', 'nothere'], to: 'x' }))).toBe('NOT_IN_ARCHIVE')
    expect(await codeOf(extract({ only: 'values.csv' }))).toBe('PATH_EXISTS')
    expect(await world.touches('archive.extract', { path: 'in/data.tgz', only: 'n.txt', to: 'in' })).toContain(
      'path create in/data/deep/a/n.txt',
    )
  })

  it('say how many files they hold, and whether one of them', async () => {
    const world = createWorld()
    await world.write('www/robots.txt', 'x')
    await world.write('www/css/a.css', 'x')
    await world.run('archive.create', { sources: ['www'], to: 'site.tar.gz' })
    const ask = (args: Args) => text(world, 'archive.list', { path: 'site.tar.gz', ...args })
    expect(await ask({ answer: 'count' })).toBe('2 files in site.tar.gz')
    expect(await ask({ contains: 'robots.txt' })).toBe('yes, site.tar.gz contains robots.txt: www/robots.txt')
    expect(await ask({ contains: 'css/' })).toMatch(/^yes/)
    expect(await ask({ contains: 'obots.txt' })).toBe('no, site.tar.gz does not contain obots.txt')
  })
})

describe('a search', () => {
  const found = async (world: World, query: Args) => (await world.run('files.find', { query })).data['paths']

  it('knows names without an extension', async () => {
    const world = createWorld()
    for (const name of ['Makefile', '.profile', 'a.txt']) await world.write(name, 'x')
    expect(await found(world, { no_extension: true })).toEqual(['Makefile'])
    expect(await found(world, { no_extension: false })).toEqual(['a.txt'])
    expect(await text(world, 'files.find', { query: { no_extension: true, root: 'a.txt' } })).toBe(
      'no files found without an extension in a.txt',
    )
  })

  it('leaves out names, paths, folders and patterns', async () => {
    const world = createWorld()
    for (const name of ['a.txt', 'b.bak', 'sub/a.txt', 'sub/c.txt', 'sub/in/d.txt']) await world.write(name, 'x')
    const rest = (names: string[], query: Args = {}) => found(world, { ...query, except: { names } })
    expect(await rest(['A.txt'])).toEqual(['b.bak', 'sub/c.txt', 'sub/in/d.txt'])
    expect(await rest(['./sub/a.txt', '*.bak'])).toEqual(['a.txt', 'sub/c.txt', 'sub/in/d.txt'])
    expect(await rest(['sub'])).toEqual(['a.txt', 'b.bak'])
    expect(await rest(['sub/in/'])).toEqual(['a.txt', 'b.bak', 'sub/a.txt', 'sub/c.txt'])
    expect(await rest(['sub/*.txt'])).toEqual(['a.txt', 'b.bak', 'sub/in/d.txt'])
    expect(await rest(['sub/c.txt', 'in/d.txt', 'sub'], { root: 'sub' })).toEqual(['sub/a.txt'])
    expect(await rest([`${world.cwd}/sub/c.txt`, '../../etc/passwd'], { root: 'sub' })).toEqual([
      'sub/a.txt',
      'sub/in/d.txt',
    ])
  })

  it('does not take a folder as a whole that holds what was excepted', async () => {
    const world = createWorld()
    for (const name of ['a.txt', 'sub/keep.txt', 'sub/c.txt', 'other/x.txt']) await world.write(name, 'x')
    const query = { kind: 'any', recursive: false, except: { names: ['sub/keep.txt'] } }
    await world.run('files.delete_matching', { query })
    expect(await Promise.all(['a.txt', 'other', 'sub/keep.txt'].map((path) => world.exists(path)))).toEqual([
      false,
      false,
      true,
    ])
    const exceptions = await createExceptions([], world.cwd, world.tree)
    expect(exceptions.lieIn(await world.tree.entry('sub'))).toBe(false)
  })
})

describe('git', () => {
  it('knows the latest tag, the hash and who made the most commits', async () => {
    const world = createWorld()
    const git = (args: readonly string[], date = '2024-01-01T00:00:00Z', author = 'Ines') =>
      execFileSync('git', args, {
        cwd: world.cwd,
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'],
          HOME: world.cwd,
          GIT_AUTHOR_NAME: author,
          GIT_AUTHOR_EMAIL: 'a@x',
          GIT_COMMITTER_NAME: author,
          GIT_COMMITTER_EMAIL: 'a@x',
          GIT_AUTHOR_DATE: date,
          GIT_COMMITTER_DATE: date,
        },
      })
    await world.write('a.txt', 'a')
    git(['init', '-q', '-b', 'trunk'])
    expect(await text(world, 'git.tags', { answer: 'latest' })).toBe('there are no tags')
    git(['commit', '-q', '--allow-empty', '-m', 'one'])
    for (const name of ['v0.9', 'v0.10']) git(['tag', name])
    expect(await text(world, 'git.tags', { answer: 'latest' })).toBe('the latest tag is v0.10, 2024-01-01 00:00:00')
    git(['commit', '-q', '--allow-empty', '-m', 'two'], '2024-02-01T00:00:00Z', 'Jonas')
    git(['tag', '-a', 'beta', '-m', 'x'], '2024-03-01T00:00:00Z')
    expect(await text(world, 'git.tags', { answer: 'latest' })).toBe('the latest tag is beta, 2024-03-01 00:00:00')
    expect(await text(world, 'git.tags', { answer: 'count' })).toBe('3 tags')
    expect(await text(world, 'git.tags', { answer: 'list' })).toBe('beta\nv0.10\nv0.9')
    expect(await text(world, 'git.log', { limit: 1, fields: 'hash' })).toBe(git(['rev-parse', 'HEAD']).trim())
    expect(await text(world, 'git.authors', { limit: 1 })).toBe('Ines and Jonas made the most commits: 1 each')
    git(['commit', '-q', '--allow-empty', '-m', 'three'], '2024-04-01T00:00:00Z')
    expect(await text(world, 'git.authors', { limit: 1 })).toBe('Ines made the most commits: 2')
  })
})

describe('system', () => {
  it('tells the person one thing about himself', async () => {
    const world = createWorld()
    const { username, uid } = os.userInfo()
    const ask = async (part: string, environment = new Map<string, string>()) =>
      (await world.run('system.user', { part }, { environment })).text
    expect(await ask('name')).toBe(`${username} (uid ${uid})`)
    expect(await ask('id')).toBe(`uid ${uid} (${username})`)
    expect(await ask('home')).toBe(world.cwd.replace(/\/work$/, ''))
    expect(await ask('shell', new Map([['SHELL', '/bin/fish']]))).toBe('/bin/fish')
    expect((await ask('groups')).split(' ').toSorted()).toEqual(
      execFileSync('id', ['-Gn', username], { encoding: 'utf8' }).trim().split(' ').toSorted(),
    )
  })

  it('reads accounts, the own group first', async () => {
    const world = createWorld()
    await world.write('etc/passwd', 'root:x:0:0::/root:/bin/sh\nmara:x:1000:1000::/home/mara:\n')
    await world.write('etc/group', 'audio:x:29:mara,ivo\nroot:x:0:\nmara:x:1000:\nmaras:x:7:maras\n')
    expect(await readAccount(1000, `${world.cwd}/etc`)).toEqual({
      name: 'mara',
      shell: undefined,
      groups: ['mara', 'audio'],
    })
    expect(await readAccount(77, `${world.cwd}/etc`)).toEqual({ name: undefined, shell: undefined, groups: [] })
  })
})
