import { gunzipSync } from 'node:zlib'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeOf, createWorld } from './world.ts'

describe('disk.compare', () => {
  it('answers yes or no first, and then the sizes', async () => {
    const world = createWorld()
    await world.write('big/a', 'x'.repeat(30))
    await world.write('small/a', 'x'.repeat(10))
    const compare = async (args: { [name: string]: string }) =>
      (await world.run('disk.compare', { path: 'big', other: 'small', ...args })).text
    expect(await compare({ question: 'larger' })).toBe(
      'yes, big/ is larger than small/\nbig/: 30 bytes\nsmall/: 10 bytes',
    )
    expect(await compare({ question: 'smaller' })).toMatch(/^no, big\/ is larger than small\//)
    expect(await compare({ question: 'same' })).toMatch(/^no, /)
    expect(await compare({})).toMatch(/^big\/ is larger\n/)
    expect(await compare({ wanted: 'smaller' })).toMatch(/^small\/ is smaller\n/)
  })
})

describe('disk.usage', () => {
  it('adds several up, leaves parts out and measures in a unit', async () => {
    const world = createWorld()
    await world.write('v/a', 'x'.repeat(1500))
    await world.write('v/b', 'x'.repeat(500))
    await world.write('m/a', 'x'.repeat(1000))
    expect((await world.run('disk.usage', { paths: ['v', 'm'] })).text).toMatch(
      /together: 3\.0 KB \(3000 bytes\) in 3 files$/,
    )
    expect((await world.run('disk.usage', { path: 'v', except: ['b'] })).data).toMatchObject({ bytes: 1500 })
    expect((await world.run('disk.usage', { except: ['v'] })).data).toMatchObject({ bytes: 1000 })
    expect((await world.run('disk.usage', { path: 'v', unit: 'kB' })).text).toBe('v/: 2 kB (2000 bytes)')
    expect((await world.run('disk.usage', { path: 'v/a', unit: 'KiB' })).text).toBe('v/a: 1.465 KiB (1500 bytes)')
    expect((await world.run('disk.usage', { path: 'v/a', unit: 'B' })).text).toBe('v/a: 1500 bytes')
  })
})

describe('files.find against another file', () => {
  it('finds newer, older, larger and smaller ones, never the file itself', async () => {
    const world = createWorld()
    await world.write('old.log', 'xx', { ageMs: 90_000 })
    await world.write('mid.log', 'xxx', { ageMs: 60_000 })
    await world.write('new.log', 'xxxx', { ageMs: 30_000 })
    const find = async (query: { [name: string]: string }) => (await world.run('files.find', { query })).data['paths']
    expect(await find({ newer_than_file: 'mid.log' })).toEqual(['new.log'])
    expect(await find({ older_than_file: 'mid.log' })).toEqual(['old.log'])
    expect(await find({ larger_than_file: 'mid.log' })).toEqual(['new.log'])
    expect(await find({ smaller_than_file: 'mid.log' })).toEqual(['old.log'])
    expect(await codeOf(find({ newer_than_file: 'gone.log' }))).toBe('PATH_MISSING')
  })

  it('gives one place of an order, and says whether there are so many', async () => {
    const world = createWorld()
    for (const size of [1, 2, 3]) await world.write(`f${size}`, 'x'.repeat(size))
    const second = await world.run('files.find', { query: { sort: 'size', order: 'descending', rank: 2 } })
    expect(second.data['paths']).toEqual(['f2'])
    const ask = async (relation: string, count: number) =>
      (await world.run('files.find', { query: {}, expect: { relation, count } })).text
    expect(await ask('more', 2)).toBe('yes, there are 3 files')
    expect(await ask('fewer', 3)).toBe('no, there are 3 files')
    expect(await ask('at_least', 3)).toMatch(/^yes/)
    expect(await ask('at_most', 2)).toMatch(/^no/)
    expect(await ask('exactly', 3)).toMatch(/^yes/)
  })

  it('takes several texts: all of them, one of them, none of them', async () => {
    const world = createWorld()
    await world.write('a', 'port\nmode\n')
    await world.write('b', 'port\n')
    await world.write('c', 'host\n')
    const find = async (query: { [name: string]: never | string | string[] | { contains: string[] } }) =>
      (await world.run('files.find', { query })).data['paths']
    expect(await find({ contains: 'port', also_contains: ['mode'] })).toEqual(['a'])
    expect(await find({ contains: 'mode', or_contains: ['host'] })).toEqual(['a', 'c'])
    expect(await find({ except: { contains: ['mode', 'host'] } })).toEqual(['b'])
  })
})

describe('files that take over what others hold', () => {
  it('appends the lines of a file, and writes over with its content', async () => {
    const world = createWorld()
    await world.write('a.txt', 'one\n')
    await world.write('b.txt', 'two')
    await world.run('files.append', { path: 'a.txt', from: 'b.txt' })
    expect(await world.text('a.txt')).toBe('one\ntwo\n')
    await world.run('files.write', { path: 'b.txt', from: 'a.txt' })
    expect(await world.text('b.txt')).toBe('one\ntwo\n')
    expect(await codeOf(world.run('files.write', { path: 'b.txt', from: 'b.txt' }))).toBe('SAME_PLACE')
  })

  it('replaces only on lines with a word, and keeps only the first or last lines', async () => {
    const world = createWorld()
    await world.write('c.ini', 'port=80\nsize=80\n')
    await world.run('files.replace', { path: 'c.ini', find: '80', replace: '81', on_lines_with: 'Port' })
    expect(await world.text('c.ini')).toBe('port=81\nsize=80\n')
    await world.write('n.txt', '1\n2\n3\n4\n')
    await world.run('files.delete_lines', { path: 'n.txt', keep_first: 3 })
    await world.run('files.delete_lines', { path: 'n.txt', keep_last: 2 })
    expect(await world.text('n.txt')).toBe('2\n3\n')
  })
})

describe('archive.gzip and archive.read', () => {
  it('compresses a file and keeps it; what is there is not replaced', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x'.repeat(100_000))
    expect((await world.run('archive.gzip', { path: 'a.txt' })).data).toMatchObject({ path: 'a.txt.gz' })
    expect(gunzipSync(await readFile(join(world.cwd, 'a.txt.gz'))).toString()).toBe('x'.repeat(100_000))
    expect(await world.exists('a.txt')).toBe(true)
    expect(await codeOf(world.run('archive.gzip', { path: 'a.txt' }))).toBe('PATH_EXISTS')
  })

  it('shows one file of an archive, by its name or the end of it', async () => {
    const world = createWorld()
    await world.write('d/settings.ini', 'a=1\n')
    await world.write('d/e/other.ini', 'b=2\n')
    await world.run('archive.create', { sources: ['d'], to: 'd.zip' })
    expect((await world.run('archive.read', { path: 'd.zip', entry: 'settings.ini' })).text).toBe('a=1')
    expect((await world.run('archive.read', { path: 'd.zip', entry: 'd/e/other.ini' })).text).toBe('b=2')
    expect(await codeOf(world.run('archive.read', { path: 'd.zip', entry: 'gone.ini' }))).toBe('NOT_IN_ARCHIVE')
  })
})
