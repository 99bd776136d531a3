// flows that open when they are first needed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFlowsFront } from '../../../nucleus/flows/front.ts'
import { openSqliteFlows } from '../../../nucleus/infrastructure/sqlite/flows.ts'
import { describeFlows } from '../infrastructure/conformance/flows.ts'

const log = pino({ level: 'silent' })
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lotus-flows-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describeFlows('a front that opens SQLite', async () => {
  const own = mkdtempSync(join(tmpdir(), 'lotus-flows-'))
  return {
    open: async (options) =>
      createFlowsFront({
        backend: 'sqlite',
        log,
        open: async () => openSqliteFlows({ path: join(own, 'flows.db'), log, ...options }),
      }),
    dispose: async () => rmSync(own, { recursive: true, force: true }),
  }
})

it('opens nothing before it is needed', async () => {
  let opened = 0
  const flows = createFlowsFront({
    backend: 'sqlite',
    log,
    open: async () => {
      opened += 1
      return openSqliteFlows({ path: join(folder, 'flows.db'), log })
    },
  })
  expect(flows.health()).toEqual({ backend: 'sqlite', status: 'healthy' })
  expect(opened).toBe(0)
  await Promise.all([flows.list(), flows.list()])
  expect(opened).toBe(1)
  await flows.close()
})

it('says why it could not be opened, and opens for the next who asks', async () => {
  let fails = true
  const flows = createFlowsFront({
    backend: 'sqlite',
    log,
    open: async () => {
      if (fails) throw new Error('no room')
      return openSqliteFlows({ path: join(folder, 'flows.db'), log })
    },
  })
  await expect(flows.list()).rejects.toThrow('no room')
  expect(flows.health()).toEqual({ backend: 'sqlite', status: 'unhealthy', reason: 'no room' })
  fails = false
  expect(await flows.list()).toEqual([])
  expect(flows.health().status).toBe('healthy')
  await flows.close()
})
