// what is there is dated, swapped, given another ending or compared by its age; what names it is held to.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeOf, createWorld } from './world.ts'

const hour = 3_600_000

describe('files.touch', () => {
  it('dates a file to this moment and leaves what it says, and makes what is missing', async () => {
    const world = createWorld()
    await world.write('old.txt', 'kept\n', { ageMs: 50 * hour })
    const { text, data } = await world.run('files.touch', { paths: ['old.txt', 'new.txt'] })
    expect(text).toBe('created the empty file new.txt; old.txt is now dated to this moment')
    expect(data).toMatchObject({ paths: ['old.txt', 'new.txt'], count: 2 })
    expect(await world.text('old.txt')).toBe('kept\n')
    expect(await world.text('new.txt')).toBe('')
    expect(Date.now() - (await stat(join(world.cwd, 'old.txt'))).mtimeMs).toBeLessThan(hour)
  })

  it('refuses a folder', async () => {
    const world = createWorld()
    await world.folder('docs')
    expect(await codeOf(world.run('files.touch', { paths: ['docs'] }))).toBe('WRONG_KIND')
  })
})

describe('files.swap', () => {
  it('lets two change their names, and leaves nothing in between', async () => {
    const world = createWorld()
    await world.write('a.txt', 'a')
    await world.write('sub/b.txt', 'b')
    await world.run('files.swap', { path: 'a.txt', other: 'sub/b.txt' })
    expect([await world.text('a.txt'), await world.text('sub/b.txt')]).toEqual(['b', 'a'])
    expect((await world.tree.list('.')).map(({ name }) => name)).toEqual(['a.txt', 'sub'])
  })

  it('refuses a folder and what is in it, and one thing twice', async () => {
    const world = createWorld()
    await world.write('sub/b.txt', 'b')
    expect(await codeOf(world.run('files.swap', { path: 'sub', other: 'sub/b.txt' }))).toBe('INTO_ITSELF')
    expect(await codeOf(world.run('files.swap', { path: 'sub', other: './sub' }))).toBe('SAME_PLACE')
  })
})

describe('files.rename_matching', () => {
  it('gives what a search finds another ending', async () => {
    const world = createWorld()
    await world.write('a.txt', 'a')
    await world.write('sub/b.txt', 'b')
    await world.write('c.md', 'c')
    const { data } = await world.run('files.rename_matching', { query: { extensions: ['txt'] }, extension: '.md' })
    expect(data['paths']).toEqual(['a.md', 'sub/b.md'])
    expect(await world.text('a.md')).toBe('a')
  })

  it('changes nothing where a name is taken', async () => {
    const world = createWorld()
    await world.write('a.txt', 'a')
    await world.write('b.txt', 'b')
    await world.write('b.md', 'old')
    const args = { query: { extensions: ['txt'] }, extension: 'md' }
    expect(await codeOf(world.run('files.rename_matching', args))).toBe('PATH_EXISTS')
    expect(await world.text('a.txt')).toBe('a')
  })
})

describe('files.newer', () => {
  it('says which of two was changed later, or whether one was', async () => {
    const world = createWorld()
    await world.write('old.txt', 'x', { ageMs: 5 * hour })
    await world.write('new.txt', 'x', { ageMs: hour })
    const run = async (args: { [name: string]: string }) => (await world.run('files.newer', args)).text.split('\n')[0]
    expect(await run({ path: 'old.txt', other: 'new.txt' })).toBe('new.txt is newer')
    expect(await run({ path: 'old.txt', other: 'new.txt', wanted: 'older' })).toBe('old.txt is older')
    expect(await run({ path: 'old.txt', other: 'new.txt', question: 'newer' })).toBe(
      'no, old.txt is older than new.txt',
    )
  })
})

describe('files.find, by kinds', () => {
  it('counts the files of each ending, the most first', async () => {
    const world = createWorld()
    for (const path of ['a.txt', 'b.TXT', 'c.md', 'Makefile']) await world.write(path, 'x')
    expect((await world.run('files.find', { query: {}, answer: 'kinds' })).text).toBe(
      '.txt: 2\n.md: 1\nwithout an extension: 1',
    )
  })
})

describe('what names something that is not meant', () => {
  it('is told the name that differs in nothing but its case', async () => {
    const world = createWorld()
    await world.write('report.txt', 'x')
    await world.folder('docs')
    await expect(world.run('files.delete', { paths: ['REPORT.TXT'] })).rejects.toThrow('did you mean report.txt?')
    await expect(world.run('files.move', { from: 'report.txt', to: 'docs', into: false })).rejects.toMatchObject({
      code: 'PATH_EXISTS',
    })
  })

  it('does not make a folder of what is called like a file', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x')
    await world.write('b.txt', 'x')
    expect(await codeOf(world.run('files.copy', { from: ['a.txt', 'b.txt'], to: 'one.txt' }))).toBe('TARGET_NOT_FOLDER')
    expect((await world.run('files.copy', { from: ['a.txt', 'b.txt'], to: 'both' })).data['count']).toBe(2)
  })

  it('does not show lines from the larger to the smaller number', async () => {
    const world = createWorld()
    await world.write('a.txt', '1\n2\n3\n')
    expect(await codeOf(world.run('files.read', { path: 'a.txt', lines: { from: 3, to: 1 } }))).toBe('LINES_BACKWARDS')
  })

  it('deletes an empty folder only where it is empty', async () => {
    const world = createWorld()
    await world.folder('empty')
    await world.write('full/a.txt', 'x')
    expect(await codeOf(world.run('files.delete', { paths: ['full'], empty: true }))).toBe('NOT_EMPTY')
    await world.run('files.delete', { paths: ['empty'], empty: true })
    expect([await world.exists('full'), await world.exists('empty')]).toEqual([true, false])
  })

  it('makes several empty files, or none where one is there', async () => {
    const world = createWorld()
    expect((await world.run('files.create', { path: ['x', 'y'] })).data['paths']).toEqual(['x', 'y'])
    expect(await codeOf(world.run('files.create', { path: ['y'] }))).toBe('PATH_EXISTS')
  })
})
