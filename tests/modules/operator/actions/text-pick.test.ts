import { describe, expect, it } from 'vitest'
import { codeOf, createWorld } from './world.ts'

const fruits = 'apple\napple\nbanana\ncherry\ncherry\ncherry\ndate\n'

async function pick(content: string, args: { readonly [name: string]: never | string | number | boolean | string[] }) {
  const world = createWorld()
  await world.write('a.txt', content)
  return world.run('text.pick', { path: 'a.txt', ...args })
}

describe('text.pick', () => {
  it('gives the longest and the shortest lines that are not blank', async () => {
    const content = 'one\n\nthree\nfour\nseven\n'
    expect((await pick(content, { length: 'longest' })).text).toBe('three (5 characters)\nseven (5 characters)')
    expect((await pick(content, { length: 'shortest' })).data).toMatchObject({ text: 'one', count: 1 })
  })

  it('gives lines by how often they occur, each once', async () => {
    expect((await pick(fruits, { occurs: 'several' })).text).toBe(
      'apple (twice)\ncherry (3 times)'.replace('twice', '2 times'),
    )
    expect((await pick(fruits, { occurs: 'once' })).text).toBe('banana\ndate')
    expect((await pick(fruits, { occurs: 'most' })).text).toBe('cherry (3 times)')
    expect((await pick(fruits, { occurs: 'least' })).data).toMatchObject({ text: 'banana\ndate' })
  })

  it('gives lines with all of some texts, one of them, or none', async () => {
    const content = 'GET ok\nGET 500\nPUT 500\nnothing\n'
    expect((await pick(content, { all_of: ['GET', '500'] })).text).toBe('GET 500')
    expect((await pick(content, { any_of: ['GET', 'PUT'] })).data).toMatchObject({ count: 3 })
    expect((await pick(content, { none_of: ['GET', 'PUT'] })).text).toBe('nothing')
    expect((await pick(content, { all_of: ['GET'], none_of: ['500'] })).text).toBe('GET ok')
  })

  it('gives lines by their ends and starts, and spaces at the end are not seen', async () => {
    const content = '- one 200 \n- two 500\nthree 200\n'
    expect((await pick(content, { ends: '200' })).data).toMatchObject({ count: 2 })
    expect((await pick(content, { not_ends: '200' })).text).toBe('- two 500')
    expect((await pick(content, { starts: '-' })).data).toMatchObject({ count: 2 })
    expect((await pick(content, { not_starts: '-' })).text).toBe('three 200')
  })

  it('says which lines it counted', async () => {
    expect((await pick(fruits, { not_equals: 'cherry', answer: 'count' })).text).toBe(
      '4 lines of a.txt: those that are not "cherry"',
    )
    expect((await pick('a\n\nb\n', { filled: true, answer: 'count' })).data).toMatchObject({ count: 2 })
  })

  it('leaves out lines at the edges and counts from the end', async () => {
    expect((await pick('1\n2\n3\n4\n', { drop_last: 1 })).text).toBe('1\n2\n3')
    expect((await pick('1\n2\n3\n4\n', { drop_first: 3 })).text).toBe('4')
    expect((await pick('1\n2\n3\n4\n', { from_end: 2 })).text).toBe('3')
    expect((await pick('1\n2\n', { from_end: 3 })).text).toBe('no such lines in a.txt')
  })

  it('compares with the lines of another file', async () => {
    const world = createWorld()
    await world.write('a.txt', 'port=1\nmode=x\n')
    await world.write('b.txt', 'port=2\nmode=x\n')
    expect((await world.run('text.pick', { path: 'a.txt', missing_from: 'b.txt' })).text).toBe('port=1')
    expect((await world.run('text.pick', { path: 'a.txt', also_in: 'b.txt' })).text).toBe('mode=x')
    expect(await codeOf(world.run('text.pick', { path: 'a.txt', also_in: 'c.txt' }))).toBe('PATH_MISSING')
  })
})
