// the journal on Redis Streams passes what every journal must, in both durabilities.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { JournalDurability } from '../../../nucleus/events/journal.ts'
import { openRedisJournal } from '../../../nucleus/infrastructure/redis/journal.ts'
import { hasRedis, startRedis, type RedisServer } from '../../support/servers/redis.ts'
import { silent } from '../events/support.ts'
import { journalConformance, type JournalFixture } from './conformance/journal.ts'

describe.skipIf(!hasRedis()).each(['normal', 'strict'] as const)('on a private server, %s', (durability) => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis(['--appendonly', 'yes', '--appendfsync', durability === 'strict' ? 'always' : 'everysec'])
  })
  afterAll(() => server.dispose())
  journalConformance(`redis, ${durability}`, () => redisFixture(server, durability))
})

let spaces = 0

function redisFixture(server: RedisServer, durability: JournalDurability): JournalFixture {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-journal-'))
  const namespace = `test-${(spaces += 1)}`
  return {
    open: () => openRedisJournal({ url: server.url, folder, namespace, durability, log: silent }),
    dispose: async () => rmSync(folder, { recursive: true }),
  }
}
