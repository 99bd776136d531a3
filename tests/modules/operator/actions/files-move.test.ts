import { stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseMode } from '../../../../modules/operator/osd/actions/file-mode.ts'
import { codeOf, createWorld } from './world.ts'

describe('files.copy and files.move', () => {
  it('takes an existing folder for a place to put things into', async () => {
    const world = createWorld()
    await world.write('letters/anna.txt', 'Dear Anna\n')
    await world.folder('drafts')
    const { text, data } = await world.run('files.copy', { from: 'letters/anna.txt', to: 'drafts' })
    expect(text).toBe('copied letters/anna.txt to drafts/anna.txt')
    expect(data).toMatchObject({ path: 'drafts/anna.txt', count: 1 })
    await world.run('files.move', { from: 'letters', to: 'drafts' })
    expect(await world.text('drafts/letters/anna.txt')).toBe('Dear Anna\n')
    expect(await world.exists('letters')).toBe(false)
  })

  it('takes another name for a new name', async () => {
    const world = createWorld()
    await world.write('fruits.txt', 'x')
    expect((await world.run('files.move', { from: 'fruits.txt', to: 'groceries.txt' })).data['path']).toBe(
      'groceries.txt',
    )
  })

  it('makes the folder where it is told that it is one', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x')
    expect((await world.run('files.move', { from: 'a.txt', to: 'new', into: true })).data['path']).toBe('new/a.txt')
    await world.write('b.txt', 'x')
    expect((await world.run('files.copy', { from: 'b.txt', to: 'other/' })).data['path']).toBe('other/b.txt')
  })

  it('refuses to overwrite, and changes nothing when one of several is taken', async () => {
    const world = createWorld()
    await world.write('a.txt', 'new')
    await world.write('b.txt', 'new')
    await world.write('to/b.txt', 'old')
    expect(await codeOf(world.run('files.copy', { from: 'a.txt', to: 'b.txt' }))).toBe('PATH_EXISTS')
    expect(await codeOf(world.run('files.move', { from: ['a.txt', 'b.txt'], to: 'to' }))).toBe('PATH_EXISTS')
    expect(await world.exists('a.txt')).toBe(true)
    expect(await world.text('to/b.txt')).toBe('old')
  })

  it('refuses the same place, itself, and a file as a folder', async () => {
    const world = createWorld()
    await world.write('a/x.txt', 'x')
    await world.write('b/x.txt', 'x')
    expect(await codeOf(world.run('files.move', { from: 'a/x.txt', to: 'a' }))).toBe('SAME_PLACE')
    expect(await codeOf(world.run('files.copy', { from: 'a', to: 'a/inside' }))).toBe('INTO_ITSELF')
    expect(await codeOf(world.run('files.move', { from: 'a', to: 'a/../a/b' }))).toBe('INTO_ITSELF')
    expect(await codeOf(world.run('files.copy', { from: ['a', 'b'], to: 'a/x.txt' }))).toBe('TARGET_NOT_FOLDER')
    expect(await codeOf(world.run('files.copy', { from: ['a/x.txt', 'b/x.txt'], to: 'c' }))).toBe('NAMES_CLASH')
    expect(await codeOf(world.run('files.copy', { from: 'phantom.doc', to: 'c' }))).toBe('PATH_MISSING')
  })

  it('tells the policy what goes and what comes', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x')
    expect(await world.touches('files.move', { from: 'a.txt', to: 'deep/new/', into: true })).toEqual([
      'path create deep',
      'path create deep/new',
      'path create deep/new/a.txt',
      'path remove a.txt',
    ])
    expect(await world.touches('files.copy', { from: 'a.txt', to: 'b.txt' })).toEqual([
      'path create b.txt',
      'path read a.txt',
    ])
  })

  it('does not leave the granted folder', async () => {
    const world = createWorld()
    await world.write('a.txt', 'x')
    await symlink('/tmp', join(world.cwd, 'away'))
    expect(await codeOf(world.run('files.copy', { from: 'a.txt', to: 'away/lotus-was-here.txt' }))).toBe('PATH_OUTSIDE')
  })
})

describe('files.delete', () => {
  it('deletes each thing once and links instead of what they lead to', async () => {
    const world = createWorld()
    await world.write('old/a.tmp', 'x')
    await world.write('keep.txt', 'x')
    await symlink('keep.txt', join(world.cwd, 'link'))
    expect(await world.touches('files.delete', { paths: ['old', 'old/a.tmp', 'old'] })).toEqual(['path remove old'])
    await world.run('files.delete', { paths: ['old', 'old/a.tmp', 'link'] })
    expect(await world.exists('old')).toBe(false)
    expect(await world.exists('keep.txt')).toBe(true)
  })

  it('refuses another kind than the one that was named', async () => {
    const world = createWorld()
    await world.folder('drafts')
    expect(await codeOf(world.run('files.delete', { paths: ['drafts'], kind: 'file' }))).toBe('WRONG_KIND')
  })
})

describe('files.set_mode', () => {
  it('reads modes as people write them', () => {
    expect(parseMode('755', 0o644, false)).toBe(0o755)
    expect(parseMode('+x', 0o644, false)).toBe(0o755)
    expect(parseMode('+w', 0o444, false)).toBe(0o644)
    expect(parseMode('-w', 0o666, false)).toBe(0o466)
    expect(parseMode('go-rwx', 0o755, false)).toBe(0o700)
    expect(parseMode('u=rw,g=r,o=', 0o777, false)).toBe(0o640)
    expect(parseMode('a+X', 0o644, false)).toBe(0o644)
    expect(parseMode('a+X', 0o644, true)).toBe(0o755)
  })

  it('sets no special bits and does not guess', async () => {
    const world = createWorld()
    await world.write('run.sh', 'x', { mode: 0o644 })
    expect((await world.run('files.set_mode', { path: 'run.sh', mode: '+x' })).text).toBe(
      'run.sh now has mode 755 (rwxr-xr-x)',
    )
    expect((await stat(join(world.cwd, 'run.sh'))).mode & 0o7777).toBe(0o755)
    expect(await codeOf(world.run('files.set_mode', { path: 'run.sh', mode: '4755' }))).toBe('MODE_UNCLEAR')
    expect(await codeOf(world.run('files.set_mode', { path: 'run.sh', mode: 'u+s' }))).toBe('MODE_UNCLEAR')
    expect(await codeOf(world.run('files.set_mode', { path: 'run.sh', mode: 'executable' }))).toBe('MODE_UNCLEAR')
  })
})
