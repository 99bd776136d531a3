import { describe, expect, it } from 'vitest'
import { hasRedis, startRedis } from '../../support/servers/redis.ts'
import { killAgainAndAgain } from './killed-journal.ts'

describe('kill -9 of the process that owns the journal', () => {
  it('loses nothing that was acknowledged and keeps the order of first deliveries, normal', async () => {
    const report = await killAgainAndAgain(8, 'normal')
    expect(report.acknowledged).toBeGreaterThan(0)
    expect(report).toMatchObject({ lost: [], disordered: [] })
  }, 60_000)

  it('loses nothing that was acknowledged and keeps the order of first deliveries, strict', async () => {
    const report = await killAgainAndAgain(5, 'strict')
    expect(report).toMatchObject({ lost: [], disordered: [] })
  }, 60_000)
})

describe.skipIf(!hasRedis())('kill -9 of the process on a journal in Redis, and of Redis', () => {
  // both die within milliseconds: only `always` has everything on the disk by then (docs/decisions/0072).
  it('loses nothing that was acknowledged and keeps the order of first deliveries, strict', async () => {
    const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always'])
    try {
      const report = await killAgainAndAgain(8, 'strict', Math.random, server)
      expect(report.acknowledged).toBeGreaterThan(0)
      expect(report).toMatchObject({ lost: [], disordered: [] })
    } finally {
      await server.dispose()
    }
  }, 120_000)
})
