// a module that did not come with LOTUS, in a real LOTUS: it has a process, which dies and comes back, and ends with its nucleus.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from '../support/private-lotus.ts'
import { waitFor } from '../support/wait-for.ts'

const limitMs = 200_000
let own: PrivateLotus
beforeAll(async () => {
  own = createPrivateLotus()
  const folder = join(own.home, 'modules', 'guest')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({
      name: 'guest',
      version: '1.0.0',
      description: 'counts goals that have ended',
      consumes: ['goal.completed'],
      infrastructure: ['store'],
      kernel: '^1',
    }),
  )
  writeFileSync(
    join(folder, 'module.ts'),
    `import { defineModule } from '../../nucleus/modules/module.ts'
    import { GoalCompleted } from '../reasoning/contract.ts'
    export default defineModule({ async start(context) {
      let goals = 0
      context.on(GoalCompleted, () => { goals += 1 })
      return { health: () => ({ status: 'healthy', details: { goals } }) }
    } })`,
  )
  await own.start()
}, limitMs)
afterAll(async () => {
  await own.stop()
  await own.dispose()
}, limitMs)

interface Guest {
  readonly status: string
  readonly generation: number
  readonly details?: Readonly<Record<string, unknown>>
}
async function guest(): Promise<Guest> {
  const { stdout } = await own.lotus(['module', 'list', '--json'])
  const { modules } = JSON.parse(stdout) as { modules: (Guest & { name: string })[] }
  return modules.find(({ name }) => name === 'guest')!
}
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a module of LOTUS_HOME/modules', () => {
  it('hears of goals in a process of its own', { timeout: limitMs }, async () => {
    expect(await own.goal('how much space is left on this disk?')).toMatchObject({ code: 0 })
    const seen = await waitFor(async () => ((await guest()).details?.['goals'] === 1 ? await guest() : undefined), {
      timeoutMs: 60_000,
      what: 'the guest to have heard of the goal',
    })
    expect(seen).toMatchObject({ status: 'healthy', generation: 1 })
    expect(seen.details?.['process']).not.toBe(own.record()?.pid)
  })

  it('is killed and comes back, while goals go on', { timeout: limitMs }, async () => {
    process.kill(Number((await guest()).details?.['process']), 'SIGKILL')
    expect(await own.goal('how much space is left on this disk?')).toMatchObject({ code: 0 })
    const back = await waitFor(
      async () => {
        const now = await guest()
        return now.status === 'healthy' && now.generation === 2 && now.details?.['goals'] === 1 ? now : undefined
      },
      { timeoutMs: 60_000, what: 'the next process, which has heard of the goal' },
    )
    expect(back.details?.['process']).toBeTypeOf('number')
  })

  it('ends with a nucleus that is killed', { timeout: limitMs }, async () => {
    const pid = Number((await guest()).details?.['process'])
    process.kill(own.record()!.pid, 'SIGKILL')
    await waitFor(() => !isAlive(pid), { timeoutMs: 30_000, what: 'the end of its process' })
    await own.start()
    expect(await waitFor(guest, { timeoutMs: 30_000, what: 'the guest' })).toMatchObject({ generation: 1 })
  })
})
