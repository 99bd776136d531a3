// the journal on Redis Streams passes what every journal must, in both durabilities.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { JournalDurability } from '../../../nucleus/events/journal.ts'
import { openRedisJournal } from '../../../nucleus/infrastructure/redis/journal.ts'
import type { PrivateServer } from '../../support/servers/private-server.ts'
import { hasRedis, startRedis } from '../../support/servers/redis.ts'
import { silent } from '../events/support.ts'
import { openSeverableWay } from '../../support/servers/severable.ts'
import { waitFor } from '../../support/wait-for.ts'
import { journalConformance, type JournalFixture } from './conformance/journal.ts'
import { journalSteps, type LossWay, type StepsFixture } from './conformance/journal-steps.ts'

describe.skipIf(!hasRedis()).each(['normal', 'strict'] as const)('on a private server, %s', (durability) => {
  let server: PrivateServer
  beforeAll(async () => {
    server = await startRedis(['--appendonly', 'yes', '--appendfsync', durability === 'strict' ? 'always' : 'everysec'])
  })
  afterAll(() => server.dispose())
  journalConformance(`redis, ${durability}`, () => redisFixture(server, durability))
})

describe.skipIf(!hasRedis())('on a private server that comes and goes', () => {
  let server: PrivateServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.dispose())

  const fixture = async (): Promise<StepsFixture> => {
    const folder = mkdtempSync(join(tmpdir(), 'lotus-journal-'))
    const namespace = `test-${(spaces += 1)}`
    const ways = [await openSeverableWay(server.port)]
    return {
      open: () => {
        const url = `redis://127.0.0.1:${ways.at(-1)!.port}`
        return openRedisJournal({ url, folder, namespace, log: silent })
      },
      // it is cut off from Redis and says no farewell; the outbox is where it was.
      crash: async () => {
        await ways.at(-1)!.sever()
        ways.push(await openSeverableWay(server.port))
      },
      lose: async (way) => {
        if (way === 'killed') await server.kill()
        else server.pause()
        lost = way
      },
      comeBack: async (journal) => {
        if (lost === 'killed') await server.restart()
        else server.resume()
        const isBack = (): boolean => journal.health().status === 'healthy'
        await waitFor(isBack, { timeoutMs: 15_000, what: () => JSON.stringify(journal.health()) })
      },
      dispose: async () => {
        await ways.at(-1)!.sever()
        rmSync(folder, { recursive: true })
      },
    }
  }
  let lost: LossWay = 'killed'
  journalSteps('redis', fixture, { runs: 15, loses: true })
})

let spaces = 0

function redisFixture(server: PrivateServer, durability: JournalDurability): JournalFixture {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-journal-'))
  const namespace = `test-${(spaces += 1)}`
  return {
    open: () => openRedisJournal({ url: server.url, folder, namespace, durability, log: silent }),
    dispose: async () => rmSync(folder, { recursive: true }),
  }
}
