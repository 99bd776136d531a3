// the soak `reload` in short: nothing is lost or done twice while a module is reloaded under a steady stream of events.
import { describe, expect, it } from 'vitest'
import { runReloadRounds } from '../../support/reload-rounds.ts'

describe.each(['inline', 'process'] as const)('%s', (isolation) => {
  it('is reloaded eight times while events flow and calls come', { timeout: 120_000 }, async () => {
    const report = await runReloadRounds({ isolation, reloads: 8, eventsPerSecond: 300 })
    expect(report).toMatchObject({ reloads: 8, lost: 0, doubled: 0, forgotten: 0, failedCalls: [] })
    expect(report.emitted).toBeGreaterThan(8)
    expect(report.calls).toBeGreaterThan(8)
  })
})
