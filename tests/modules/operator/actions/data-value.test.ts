// a field of a file of data is found by its way or its name; what is not there is said.
import { describe, expect, it } from 'vitest'
import { codeOf, createWorld } from './world.ts'

const settings = JSON.stringify({ name: 'harbour', server: { port: 8123, hosts: ['a', 'b'] }, db_port: 5432 })

async function value(path: string, content: string, field?: string): Promise<string> {
  const world = createWorld()
  await world.write(path, content)
  return (await world.run('data.value', { path, ...(field === undefined ? {} : { field }) })).text
}

describe('data.value', () => {
  it.each([
    ['name', 'name: harbour'],
    ['port', 'server.port: 8123'],
    ['server.port', 'server.port: 8123'],
    ['hosts.1', '1: b'],
    ['db port', 'db_port: 5432'],
    ['colour', 'a.json has no field "colour"; it has name, server and db_port'],
  ])('of json, %s', async (field, text) => {
    const shown = await value('a.json', settings, field)
    expect(shown.replace(/^server\.hosts\./, '')).toBe(text)
  })

  it('of lines with names, in sections or not', async () => {
    const lines = '# note\nmode=fast\n[main]\nretries = 4\nhost: "x y"\n'
    expect(await value('a.ini', lines, 'mode')).toBe('mode: fast')
    expect(await value('a.ini', lines, 'retries')).toBe('main.retries: 4')
    expect(await value('a.ini', lines, 'main.host')).toBe('main.host: x y')
    expect(await value('.env', 'export TOKEN_NAME=abc\n', 'token name')).toBe('TOKEN_NAME: abc')
  })

  it('lists the names where no field is asked for', async () => {
    expect(await value('a.json', settings)).toBe('name, server and db_port')
  })

  it('says where json is broken', async () => {
    const world = createWorld()
    await world.write('a.json', '{"a": ')
    expect(await codeOf(world.run('data.value', { path: 'a.json', field: 'a' }))).toBe('DATA_UNREADABLE')
  })
})
