// GET /health and its short forms.
import { describe, expect, it } from 'vitest'
import { startHouse } from './house.ts'

describe('GET /health', () => {
  it('tells the system, its modules and its infrastructure in snake_case, without a token', async () => {
    const { url } = await startHouse()
    const response = await fetch(`${url}/health`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.json()).toEqual({
      status: 'healthy',
      version: '0.1.0',
      uptime_ms: 1_234,
      modules: {
        memory: { status: 'healthy', since: '2026-11-02T10:00:00.000Z', restarts: 0, last_error: null },
        gateway: { status: 'healthy', since: '2026-11-02T10:00:00.000Z', restarts: 0, last_error: null },
      },
      infrastructure: {
        store: { backend: 'sqlite', status: 'healthy', reason: null },
        journal: { backend: 'sqlite', status: 'degraded', reason: 'redis is configured and absent' },
      },
    })
  })

  it.each([
    ['healthy', 200],
    ['degraded', 200],
    ['unhealthy', 503],
    ['starting', 503],
    ['draining', 503],
  ] as const)('answers %s with %i, and so does /health/ready', async (status, code) => {
    const { url, state } = await startHouse()
    state.status = status
    expect((await fetch(`${url}/health`)).status).toBe(code)
    const ready = await fetch(`${url}/health/ready`)
    expect([ready.status, await ready.json()]).toEqual([code, { status }])
  })

  it('tells what is so now, not what was so before', async () => {
    const { url, state } = await startHouse()
    await fetch(`${url}/health`)
    state.status = 'draining'
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'draining' })
  })

  it('is alive at /health/live whatever its health is', async () => {
    const { url, state } = await startHouse()
    state.status = 'unhealthy'
    const response = await fetch(`${url}/health/live`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'alive' }])
  })

  it('answers HEAD, as monitors ask', async () => {
    const { url } = await startHouse()
    expect((await fetch(`${url}/health`, { method: 'HEAD' })).status).toBe(200)
  })
})
