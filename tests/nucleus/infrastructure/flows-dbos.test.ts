// durable flows on DBOS, each test in a database of its own on a private Postgres.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type PrivatePostgres } from '../../support/servers/postgres.ts'
import { describeFlows } from './conformance/flows.ts'
import { openEngine } from './flows-engines.ts'
import { itSurvivesKill9 } from './flows-kill-9.ts'

let postgres: PrivatePostgres
let databases = 0
beforeAll(async () => {
  postgres = await startPostgres()
  // making the tables of DBOS takes a hundred steps: it is done once, and copied
  const url = await postgres.createDatabase()
  await (await openEngine('dbos', url)).close()
  await postgres.query(`alter database ${new URL(url).pathname.slice(1)} rename to prepared`)
}, 60_000)
/** a database with empty tables. */
async function freshDatabase(): Promise<string> {
  databases += 1
  await postgres.query(`create database fresh_${databases} template prepared`)
  return postgres.url.replace(/[^/]+$/, `fresh_${databases}`)
}
afterAll(async () => {
  await postgres.dispose()
})

describeFlows('DBOS', async () => {
  const url = await freshDatabase()
  return {
    open: (options) => openEngine('dbos', url, options),
    dispose: async () => undefined,
  }
})

describe('flows on DBOS', () => {
  itSurvivesKill9('dbos', freshDatabase)

  it('go on when Postgres was killed and is back', async () => {
    const flows = await openEngine('dbos', await freshDatabase())
    let begun = 0
    flows.define('test', async (flow) => {
      await flow.step('before', () => (begun += 1))
      await flow.receive('go', { timeoutMs: 30_000 })
      return await flow.step('after', () => (begun += 1))
    })
    await flows.start('test', 'one', {})
    await expect.poll(() => begun).toBe(1)
    await postgres.kill()
    await postgres.restart()
    await expect.poll(() => flows.send('one', 'go', 1, 'm').then(() => true), { timeout: 10_000 }).toBe(true)
    expect(await flows.ended('one', { timeoutMs: 20_000 })).toMatchObject({ status: 'completed', result: 2 })
    await flows.close()
  }, 40_000)
})
