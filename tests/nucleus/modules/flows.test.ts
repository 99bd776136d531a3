// durable flows as a module has them: its own names, working as long as its generation serves.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestContext, type TestContext } from '../../modules/memory/test-context.ts'

let home: string
let opened: TestContext
const open = (name = 'test'): TestContext => openTestContext({ home, manifest: { name, infrastructure: ['flows'] } })
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-module-flows-'))
  opened = open()
})
afterEach(async () => {
  await opened.close()
  rmSync(home, { recursive: true, force: true })
})

it('a flow works from the activation of its module on', async () => {
  const { flows } = opened.context.infra
  let begun = 0
  flows.define('greet', async (flow, name: string) => {
    begun += 1
    return await flow.step('say', () => `hello ${name}`)
  })
  await flows.start('greet', 'one', 'world')
  expect((await flows.state('one'))?.status).toBe('waiting')
  await opened.activate()
  expect(await flows.ended('one', { timeoutMs: 10_000 })).toMatchObject({ name: 'test/greet', result: 'hello world' })
  expect(begun).toBe(1)
})

it('a flow goes on in the next generation, without what was done', async () => {
  const done: string[] = []
  const define = ({ context }: TestContext, generation: string): void => {
    context.infra.flows.define('work', async (flow) => {
      await flow.step('first', () => done.push(generation))
      await flow.receive('go', { timeoutMs: 60_000 })
      return await flow.step('second', () => generation)
    })
  }
  define(opened, 'old')
  await opened.activate()
  await opened.context.infra.flows.start('work', 'one', {})
  await expect.poll(() => done).toEqual(['old'])
  await opened.close()
  opened = open()
  define(opened, 'new')
  await opened.activate()
  await opened.context.infra.flows.send('one', 'go', 1, 'm')
  expect(await opened.context.infra.flows.ended('one', { timeoutMs: 10_000 })).toMatchObject({ result: 'new' })
  expect(done).toEqual(['old'])
})

it('a module whose manifest does not name flows is given none', async () => {
  await opened.close()
  opened = openTestContext({ home, manifest: { name: 'other', infrastructure: ['store'] } })
  expect(() => opened.context.infra.flows).toThrow(expect.objectContaining({ code: 'NOT_IN_MANIFEST' }))
})
