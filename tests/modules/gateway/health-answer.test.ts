// GET /health as it is written: anew where something has changed, else around the new time.
import { describe, expect, it } from 'vitest'
import type { HealthReport, ModuleStatus } from '../../../nucleus/health/health.ts'
import { createHealthAnswer } from '../../../modules/gateway/wire/health-answer.ts'

const memory: ModuleStatus = {
  name: 'memory',
  version: '0.1.0',
  description: 'it says "uptime_ms":5 of itself',
  status: 'healthy',
  core: true,
  generation: 1,
  since: '2026-11-02T10:00:00.000Z',
  restarts: 0,
  details: { notes: 3 },
  open: [],
}
const report: HealthReport = {
  status: 'healthy',
  version: '0.1.0',
  uptimeMs: 9.4,
  modules: { memory },
  infrastructure: { store: { backend: 'sqlite', status: 'healthy', reason: 'embedded' } },
  notices: [],
}

/** asks for one report after the other, each in a turn of its own. */
async function answersTo(...reports: readonly HealthReport[]): Promise<unknown[]> {
  let at = 0
  const answer = createHealthAnswer({ health: async () => reports[at]! })
  const answers: unknown[] = []
  for (; at < reports.length; at += 1) {
    answers.push(JSON.parse((await answer()).text))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return answers
}

describe('the answer', () => {
  it('has the new time where nothing else has changed, also where it has more digits', async () => {
    const [first, second] = await answersTo(report, { ...report, uptimeMs: 12_345.6 })
    expect(first).toMatchObject({ uptime_ms: 9, modules: { memory: { details: { notes: 3 } } } })
    expect(second).toEqual({ ...(first as object), uptime_ms: 12_346 })
  })

  it.each([
    ['the status', { ...report, status: 'degraded' as const }, { status: 'degraded' }],
    [
      'a module',
      { ...report, modules: { memory: { ...memory, restarts: 1 } } },
      { modules: { memory: { restarts: 1 } } },
    ],
    ['a module that came', { ...report, modules: { memory, more: memory } }, { modules: { more: { restarts: 0 } } }],
    ['a module that went', { ...report, modules: {} }, { modules: {} }],
    [
      'a resource',
      { ...report, infrastructure: { store: { backend: 'postgres', status: 'healthy' as const } } },
      { infrastructure: { store: { backend: 'postgres', reason: null } } },
    ],
    [
      'a notice',
      { ...report, notices: [{ code: 'SAFE', message: 'safe', fix: 'start anew' }] },
      { notices: [{ code: 'SAFE' }] },
    ],
  ])('is another one where %s has changed, and the old one afterwards', async (_, changed, expected) => {
    const [first, second, third] = await answersTo(report, changed, report)
    expect(second).toMatchObject(expected)
    expect(second).not.toEqual(first)
    expect(third).toEqual(first)
  })

  it('is there at once for all who ask in the turn in which it was made', async () => {
    let asked = 0
    const answer = createHealthAnswer({
      health: async () => {
        asked += 1
        return report
      },
    })
    const first = await answer()
    expect(answer()).toBe(first)
    expect(asked).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    expect(await answer()).toEqual(first)
    expect(asked).toBe(2)
  })
})
