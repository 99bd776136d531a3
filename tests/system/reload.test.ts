// modules come and go by command while goals run: no goal fails, and nothing is held afterwards that was not before.
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createHttpGoals } from '../support/http-goals.ts'
import { shareLotus } from '../support/shared-lotus.ts'
import { waitFor } from '../support/wait-for.ts'

const limitMs = 200_000
const own = shareLotus({ limitMs })

interface ModuleRow {
  readonly name: string
  readonly status: string
  readonly generation: number
  readonly open: readonly string[]
}

async function readModules(): Promise<readonly ModuleRow[]> {
  const { stdout } = await own.lotus(['module', 'list', '--json'])
  return (JSON.parse(stdout) as { modules: ModuleRow[] }).modules
}
async function openOf(name: string): Promise<readonly string[]> {
  return (await readModules()).find((module) => module.name === name)!.open.toSorted()
}

/** states goals one after the other until `work` is done; gives what did not come to a good end. */
async function withGoals(name: string, work: () => Promise<void>): Promise<{ count: number; failed: string[] }> {
  const cwd = join(own.folder, name)
  mkdirSync(cwd)
  writeFileSync(join(cwd, 'list.txt'), 'one\ntwo\n')
  const over = new AbortController()
  let count = 0
  const failed: string[] = []
  const goals = async (client: string): Promise<void> => {
    for (let index = 0; !over.signal.aborted; index += 1) {
      const goal =
        index % 2 === 0
          ? `create a file called ${client}-${index}.txt with the text "x"`
          : 'how many lines does list.txt have?'
      const { status, answer } = await own.goal(goal, { cwd })
      count += 1
      if (status !== 'completed') failed.push(`${goal}: ${status}, ${answer}`)
    }
  }
  const clients = Promise.all([goals('a'), goals('b')])
  try {
    await work()
  } finally {
    over.abort()
    await clients
  }
  return { count, failed }
}

async function generationOf(name: string): Promise<number> {
  return (await readModules()).find((module) => module.name === name)!.generation
}

/** goals that the gateway that answers now is asked for. */
async function goalsWaiting(): Promise<number> {
  const response = await fetch(new URL('/metrics', own.record()?.url), { signal: AbortSignal.timeout(10_000) })
  return Number(/^lotus_goals_waiting (\d+)$/m.exec(await response.text())?.[1])
}

async function change(word: string, name: string): Promise<void> {
  const ended = await own.lotus(['module', word, name])
  expect([word, name, ended.code, ended.stderr]).toEqual([word, name, 0, ''])
}

describe('a question that is open over HTTP', () => {
  it('shows the changes, and its answer gives the outcome, also where the gateway was reloaded in between', async () => {
    const http = createHttpGoals(own)
    const asked = await http.request('POST', '/goals', { goal: 'create a file called asked.txt with the text "x"' })
    expect(asked.body).toMatchObject({
      status: 'needs_confirmation',
      changes: [{ changes: [{ kind: 'create', path: 'asked.txt', diff: '@@ -0,0 +1,1 @@\n+x' }] }],
    })
    await change('reload', 'gateway')
    const { plan_id: plan, plan_hash: hash, trace_id: traceId } = asked.body
    const answered = await http.request('POST', `/confirmations/${String(plan)}`, { plan_hash: hash, answer: 'yes' })
    expect(answered.body).toMatchObject({ trace_id: traceId, outcome: { status: 'completed', trace_id: traceId } })
  }, 60_000)
})

describe('lotus module', () => {
  it('changes one module 30 times while goals run', { timeout: limitMs }, async () => {
    const before = await openOf('memory')
    const { count, failed } = await withGoals('memory', async () => {
      for (let index = 0; index < 8; index += 1) {
        await change('reload', 'memory')
        await change('reload', 'memory')
        if (index === 7) continue
        await change('unload', 'memory')
        await change('load', 'memory')
      }
    })
    expect(failed).toEqual([])
    expect(count).toBeGreaterThan(20)
    expect(await openOf('memory')).toEqual(before)
    const row = (await readModules()).find(({ name }) => name === 'memory')
    expect(row).toMatchObject({ status: 'healthy' })
    expect((await own.lotus(['status'])).code).toBe(0)
  })

  it('reloads those that a goal goes through while it does', { timeout: limitMs }, async () => {
    const names = ['perception', 'reasoning', 'operator', 'gateway']
    const before = await Promise.all(names.map(openOf))
    const osd = own.osdPid()
    const { failed } = await withGoals('way', async () => {
      for (const name of [...names, ...names]) await change('reload', name)
    })
    expect(failed).toEqual([])
    expect(await Promise.all(names.map(openOf))).toEqual(before)
    expect(own.osdPid()).toBe(osd)
    expect((await own.lotus(['audit', 'verify'])).code).toBe(0)
  })

  it(
    'leaves the question that a person is being asked open while the gateway changes',
    { timeout: limitMs },
    async () => {
      const cwd = join(own.folder, 'asked')
      mkdirSync(cwd)
      writeFileSync(join(cwd, 'old.txt'), 'old\n')
      let questions = 0
      let terminal: ChildProcess | undefined
      const asking = own.lotus(['run', 'delete old.txt'], {
        cwd,
        onChild: (child) => (terminal = child),
        terminal: (shown) => {
          questions = shown.split('[y/N]').length - 1
          return undefined
        },
      })
      await waitFor(() => questions > 0, { timeoutMs: 30_000, what: 'the question' })
      const generation = await generationOf('gateway')
      await change('reload', 'gateway')
      await waitFor(async () => (await generationOf('gateway')) > generation, {
        timeoutMs: 30_000,
        what: 'the next gateway',
      })
      await waitFor(async () => (await goalsWaiting()) > 0, {
        timeoutMs: 30_000,
        what: 'the next gateway to watch the goal',
      })
      terminal?.stdin?.write('y\n')
      const ended = await asking
      expect([ended.code, questions, existsSync(join(cwd, 'old.txt'))]).toEqual([0, 1, false])
    },
  )

  it('says at once which module is missing, and serves when it is there again', { timeout: limitMs }, async () => {
    await change('unload', 'reasoning')
    const result = await own.goal('how much space is left on this disk?')
    expect(result).toMatchObject({ code: 1, status: 'failed', error: { code: 'MODULE_DOWN' } })
    expect(result.error?.fix).toContain('lotus module load reasoning')
    await change('load', 'reasoning')
    expect(await own.goal('how much space is left on this disk?')).toMatchObject({ code: 0 })
  })

  it('does not unload the gateway, which is the way in', { timeout: limitMs }, async () => {
    const ended = await own.lotus(['module', 'unload', 'gateway'])
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(ended.stderr).toContain('lotus module reload')
    expect((await own.lotus(['status'])).code).toBe(0)
  })

  it('tells of a module that is not there, and changes nothing', { timeout: limitMs }, async () => {
    const before = await readModules()
    expect((await own.lotus(['module', 'reload', 'weather'])).code).toBe(1)
    expect((await readModules()).map(({ name, generation }) => [name, generation])).toEqual(
      before.map(({ name, generation }) => [name, generation]),
    )
  })
})
