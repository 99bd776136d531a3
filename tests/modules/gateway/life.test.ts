// the life of a generation: what it holds has labels, a reload loses no request, and an end leaves nothing.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Instance } from '../../../nucleus/modules/instance.ts'
import { GoalCompleted, type Run } from '../../../modules/reasoning/contract.ts'
import { outcomeOf } from './fakes.ts'
import { startHouse } from './house.ts'
import { openSocket, readToEnd } from './raw-request.ts'

function endedRun(traceId: string): Run {
  const times = { startedAt: '2026-11-02T10:00:00.000Z', endedAt: '2026-11-02T10:00:01.000Z' }
  return { ...outcomeOf(traceId), ...times, session: 's', explanation: 'exact' }
}

describe('a generation', () => {
  it('is healthy, tells its address, and shows what it holds', async () => {
    const { instance, url } = await startHouse()
    expect(await instance.health()).toMatchObject({ status: 'healthy', details: { url, streams: 0 } })
    expect(instance.announce).toEqual({ url })
    expect(instance.scope.open()).toContain('http server')
  })

  it('ends with nothing left: no label, no listener, no port', async () => {
    const house = await startHouse()
    await house.fetch('/modules')
    const report = await house.instance.stop()
    expect(report).toMatchObject({ left: [], errors: [] })
    expect(house.instance.scope.open()).toEqual([])
    expect(house.listeners()).toBe(0)
    expect(house.failures).toEqual([])
    await expect(fetch(house.url)).rejects.toThrow('fetch failed')
  })

  it('ends its streams, and tells whoever waits for a goal that it goes on', async () => {
    const house = await startHouse()
    const events = await house.fetch('/events')
    const lines = house.post('/goals', { goal: 'x' }, { accept: 'application/x-ndjson' })
    const whole = house.post('/goals', { goal: 'y' })
    await vi.waitFor(() => expect(house.state.inputs).toHaveLength(2))
    const streaming = await lines
    const began = performance.now()
    const [report] = await Promise.all([house.instance.stop(), events.text()])
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(report.left).toEqual([])
    expect((await streaming.text()).trimEnd().split('\n').at(-1)).toContain('GATEWAY_CLOSING')
    expect([(await whole).status, await (await whole).json()]).toMatchObject([
      503,
      { error: { code: 'GATEWAY_CLOSING' } },
    ])
    expect(house.state.cancelled).toEqual([])
    expect(house.journal.followers()).toBe(0)
  })

  it('gives a request that runs the time to end', async () => {
    const house = await startHouse()
    let release: (() => void) | undefined
    house.services.nucleus.modules = () => new Promise((resolve) => (release = () => resolve([])))
    const asking = house.fetch('/modules')
    await vi.waitFor(() => expect(release).toBeDefined())
    const stopping = house.instance.stop()
    setTimeout(() => release?.(), 100)
    expect((await asking).status).toBe(200)
    expect((await stopping).left).toEqual([])
  })

  it('does not wait for clients that hold a connection and say nothing', async () => {
    const house = await startHouse()
    const silent = await openSocket(house.port)
    const began = performance.now()
    await house.instance.stop()
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(await readToEnd(silent)).toBe('')
  })

  it('gives its port back when its start fails later', async () => {
    const house = await startHouse()
    await house.instance.stop()
    const start = startHouse({ settings: { httpPort: house.port, httpToken: 'two words' } })
    await expect(start).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
    expect((await startHouse({ settings: { httpPort: house.port } })).port).toBe(house.port)
  })
})

describe('a reload', () => {
  it('keeps the port, and clients don’t notice', { timeout: 30_000 }, async () => {
    const house = await startHouse()
    const client = spawn(
      process.execPath,
      [join(import.meta.dirname, 'ask-in-a-loop.ts'), `${house.url}/health/live`],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    onTestFinished(() => void client.kill('SIGKILL'))
    const output = client.stdout.setEncoding('utf8').toArray() as Promise<string[]>
    const requests = async (instance: Instance): Promise<number> =>
      Number((await instance.health())?.details?.['requests'] ?? 0)
    await vi.waitFor(async () => expect(await requests(house.instance)).toBeGreaterThan(100), { timeout: 10_000 })

    const previous = await house.instance.collect()
    expect(previous).toMatchObject({ port: house.port, process: process.pid })
    const next = await house.next(previous)
    await house.instance.quiet()
    await next.serve()
    await house.instance.stop()
    await vi.waitFor(async () => expect(await requests(next)).toBeGreaterThan(100), { timeout: 10_000 })

    client.stdin.end()
    const { answered, failures } = JSON.parse((await output).join('')) as { answered: number; failures: string[] }
    expect(answered).toBeGreaterThan(200)
    expect(failures).toEqual([])
    expect(next.announce).toEqual({ url: house.url })
    await next.stop()
    await expect(fetch(house.url)).rejects.toThrow('fetch failed')
  })

  it('holds no more descriptors after ten of them than after one', async () => {
    const house = await startHouse()
    const descriptors = (): number => readdirSync('/proc/self/fd').length
    let current = house.instance
    const counts: number[] = []
    for (let reload = 0; reload < 10; reload += 1) {
      const next = await house.next(await current.collect())
      await next.serve()
      await current.stop()
      current = next
      counts.push(descriptors())
    }
    expect(counts.at(-1)).toBeLessThanOrEqual((counts[0] ?? 0) + 1)
    expect((await house.fetch('/modules')).status).toBe(200)
  })

  it('that fails leaves the old generation serving', async () => {
    const house = await startHouse()
    const left = { host: '127.0.0.1', port: house.port, process: process.pid, descriptor: 987 }
    await expect(house.next(left)).rejects.toMatchObject({ code: 'LISTEN_FAILED' })
    expect((await house.fetch('/modules')).status).toBe(200)
  })

  it('goes on telling goals that were stated before, for longer than a second', { timeout: 10_000 }, async () => {
    const house = await startHouse()
    const telling = house.post('/goals', { goal: 'x' }, { accept: 'application/x-ndjson' })
    await vi.waitFor(() => expect(house.state.inputs).toHaveLength(1))
    const traceId = house.state.inputs[0]?.traceId ?? ''
    const next = await house.next(await house.instance.collect())
    await house.instance.quiet()
    await next.serve()
    const stopping = house.instance.stop()
    setTimeout(() => house.state.runs.set(traceId, endedRun(traceId)), 1_500)
    expect((await (await telling).text()).trimEnd().split('\n').at(-1)).toContain('"outcome"')
    expect((await stopping).left).toEqual([])
  })

  it('hands over goals that take longer: the next generation takes them up', { timeout: 10_000 }, async () => {
    const house = await startHouse()
    const telling = house.post('/goals', { goal: 'x' }, { accept: 'application/x-ndjson' })
    await vi.waitFor(() => expect(house.state.inputs).toHaveLength(1))
    const traceId = house.state.inputs[0]?.traceId ?? ''
    house.journal.append('goal.accepted', {}, traceId)
    const next = await house.next(await house.instance.collect())
    await house.instance.quiet()
    await next.serve()
    expect((await house.instance.stop()).left).toEqual([])
    expect((await (await telling).text()).trimEnd().split('\n').at(-1)).toContain('GATEWAY_CLOSING')
    const again = house.fetch(`/goals/${traceId}`)
    house.state.runs.set(traceId, endedRun(traceId))
    expect(await (await again).json()).toMatchObject({ status: 'completed' })
    expect(house.state.cancelled).toEqual([])
  })

  it('serves goals through the new generation', async () => {
    const house = await startHouse()
    const next = await house.next(await house.instance.collect())
    await house.instance.quiet()
    await next.serve()
    await house.instance.stop()
    house.state.goal = ({ traceId }) => house.publish(GoalCompleted, outcomeOf(traceId), traceId)
    expect(await (await house.post('/goals', { goal: 'x' })).json()).toMatchObject({ status: 'completed' })
  })
})

it('twenty lives leave no listeners behind', { timeout: 60_000 }, async () => {
  const { listenerCount } = process
  const before = ['exit', 'SIGTERM', 'uncaughtException', 'warning'].map((name) => listenerCount.call(process, name))
  for (let life = 0; life < 20; life += 1) {
    const house = await startHouse()
    await house.fetch('/health')
    await house.fetch('/metrics')
    const report = await house.instance.stop()
    expect(report.left).toEqual([])
  }
  expect(['exit', 'SIGTERM', 'uncaughtException', 'warning'].map((name) => listenerCount.call(process, name))).toEqual(
    before,
  )
})
