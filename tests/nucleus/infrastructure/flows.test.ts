// the embedded engine of durable flows, on a file of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteFlows } from '../../../nucleus/infrastructure/sqlite/flows.ts'
import { describeFlows } from './conformance/flows.ts'
import { openEngine } from './flows-engines.ts'
import { itSurvivesKill9 } from './flows-kill-9.ts'

const log = pino({ level: 'silent' })

for (const durability of ['normal', 'strict'] as const) {
  describeFlows(`SQLite, ${durability}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lotus-flows-'))
    return {
      open: async (options) => openSqliteFlows({ path: join(folder, 'flows.db'), log, durability, ...options }),
      dispose: async () => rmSync(folder, { recursive: true, force: true }),
    }
  })
}

describe('flows on SQLite', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lotus-flows-'))
    path = join(folder, 'flows.db')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  itSurvivesKill9('sqlite', async (place) => join(place, 'flows.db'))

  it('leave a flow to whoever holds its lease, and take it up when the lease has run out', async () => {
    const holder = openSqliteFlows({ path, log, leaseMs: 300 })
    const other = openSqliteFlows({ path, log, leaseMs: 300 })
    let runs = 0
    const release = holder.define('test', async (flow) => {
      runs += 1
      return await flow.receive('go', { timeoutMs: 20_000 })
    })
    await holder.start('test', 'one', {})
    await expect.poll(() => runs).toBe(1)
    other.define('test', async (flow) => await flow.receive('go', { timeoutMs: 20_000 }))
    expect(await other.recover()).toBe(0)
    await release()
    expect(await other.recover()).toBe(1)
    await other.send('one', 'go', 'ahead', 'm')
    expect(await holder.ended('one', { timeoutMs: 10_000 })).toMatchObject({ status: 'completed', result: 'ahead' })
    await holder.close()
    await other.close()
  })

  it('let a process that lost its flow keep nothing more of it', async () => {
    const holder = await openEngine('sqlite', path)
    const canceller = await openEngine('sqlite', path)
    let proceed: (value: string) => void = () => undefined
    let working = false
    const after: string[] = []
    holder.define('test', async (flow) => {
      await flow.step('work', () => {
        working = true
        return new Promise<string>((resolve) => {
          proceed = resolve
        })
      })
      after.push('went on')
    })
    await holder.start('test', 'one', {})
    await expect.poll(() => working).toBe(true)
    await canceller.cancel('one')
    proceed('too late')
    await expect.poll(async () => (await holder.state('one'))?.status).toBe('cancelled')
    await holder.close()
    expect(await canceller.entries('one')).toEqual([])
    expect(after).toEqual([])
    await canceller.close()
  })
})
