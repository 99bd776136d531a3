import { describe, expect, it } from 'vitest'
import { createWorld } from './world.ts'

describe('files.replace_matching', () => {
  it('changes only the files that have the text, and names them beforehand', async () => {
    const world = createWorld()
    await world.write('a.ini', 'port=80\r\nport=80\r\n')
    await world.write('b.ini', 'host=x\n')
    await world.write('c.txt', 'port=80\n')
    const args = { query: { extensions: ['ini'] }, find: '80', replace: '81' }
    expect(await world.touches('files.replace_matching', args)).toEqual(['path change a.ini'])
    const { text, data } = await world.run('files.replace_matching', args)
    expect(text).toBe('replaced "80" with "81" 2 times in a.ini')
    expect(data).toMatchObject({ paths: ['a.ini'], count: 2 })
    expect(await world.text('a.ini')).toBe('port=81\r\nport=81\r\n')
    expect(await world.text('c.txt')).toBe('port=80\n')
  })

  it('passes over what is no text, and says that nothing was replaced', async () => {
    const world = createWorld()
    await world.write('a.bin', Buffer.from([0, 1, 2]))
    const { text } = await world.run('files.replace_matching', { query: {}, find: 'x', replace: 'y' })
    expect(text).toBe('nothing was replaced: none of the files contains "x"')
  })
})

describe('files.append_matching', () => {
  it('adds a line to each file, at its end or start, with its line ends', async () => {
    const world = createWorld()
    await world.write('l/a.txt', 'one')
    await world.write('l/b.txt', 'two\r\n')
    await world.run('files.append_matching', { query: { root: 'l' }, text: 'END' })
    expect(await world.text('l/a.txt')).toBe('one\nEND\n')
    expect(await world.text('l/b.txt')).toBe('two\r\nEND\r\n')
    await world.run('files.append_matching', { query: { root: 'l', name_starts: 'a' }, text: 'TOP', position: 'start' })
    expect(await world.text('l/a.txt')).toBe('TOP\none\nEND\n')
  })
})
