// servers that fail under load, the short form of `npm run soak -- servers`.
import { describe, expect, it } from 'vitest'
import { runServerRounds } from '../support/server-rounds.ts'
import { hasChroma } from '../support/servers/chroma.ts'
import { findPostgres } from '../support/servers/postgres.ts'
import { hasRedis } from '../support/servers/redis.ts'

describe.skipIf(findPostgres() === undefined || !hasRedis() || !hasChroma())('servers that fail under load', () => {
  it('are taken up again by themselves, and nothing that was acknowledged is lost or doubled', async () => {
    const { rounds, problems, acknowledged } = await runServerRounds({
      times: 2,
      recoverWithinMs: 30_000,
      random: Math.random,
    })
    expect(rounds.filter(({ recoveredMs }) => recoveredMs === undefined)).toEqual([])
    expect(rounds).toHaveLength(18)
    expect(problems).toEqual([])
    expect(acknowledged).toBeGreaterThan(0)
  }, 240_000)
})
