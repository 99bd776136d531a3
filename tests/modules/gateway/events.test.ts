// GET /events: the live tail as server-sent events, resumable, bounded in number and in what waits for a slow reader.
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startHouse, type House } from './house.ts'
import { openSocket } from './raw-request.ts'

interface ServerEvent {
  readonly id?: string
  readonly event?: string
  readonly data?: { type: string; data: unknown }
}

/** follows a stream; ends with the test. */
async function follow(house: House, path = '/events', headers: Record<string, string> = {}) {
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const response = await house.fetch(path, { headers, signal: controller.signal })
  let text = ''
  let ended = false
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true })
    }
  })()
  reading.then(
    () => (ended = true),
    () => (ended = true),
  )
  const parsed = (): ServerEvent[] =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((frame) => frame.startsWith('id: '))
      .map((frame) => {
        const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1]
        return {
          id: field('id') ?? '',
          event: field('event') ?? '',
          data: JSON.parse(field('data') ?? '') as { type: string; data: unknown },
        }
      })
  return {
    response,
    events: parsed,
    types: () => parsed().map(({ event }) => event),
    text: () => text,
    ended: () => ended,
    stop: () => controller.abort(),
  }
}

const trace = 'a'.repeat(32)
const otherTrace = 'b'.repeat(32)

describe('GET /events', () => {
  it('streams what happens from now on, each with its envelope in snake_case', async () => {
    const house = await startHouse()
    house.journal.append('input.received', { text: 'before' }, trace)
    const stream = await follow(house)
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await vi.waitFor(() => expect(house.journal.followers()).toBe(1))
    const data = { traceId: trace, costMicroUsd: 2_000_000, steps: [{ args: { newPath: 'x' }, undoId: 'u' }] }
    const event = house.journal.append('goal.completed', data, trace)
    await vi.waitFor(() => expect(stream.events()).toHaveLength(1))
    expect(stream.events()[0]).toEqual({
      id: event.id,
      event: 'goal.completed',
      data: {
        ...event,
        data: { trace_id: trace, cost_usd: 2, steps: [{ args: { newPath: 'x' }, undo_id: 'u' }] },
      },
    })
  })

  it('goes on after Last-Event-ID, with nothing lost or doubled', async () => {
    const house = await startHouse()
    const first = house.journal.append('input.received', {}, trace)
    house.journal.append('goal.accepted', {}, trace)
    const stream = await follow(house, '/events', { 'last-event-id': first.id })
    house.journal.append('goal.completed', {}, trace)
    await vi.waitFor(() => expect(stream.types()).toEqual(['goal.accepted', 'goal.completed']))
    const resumed = await follow(house, `/events?after=${first.id}`)
    await vi.waitFor(() => expect(resumed.types()).toEqual(['goal.accepted', 'goal.completed']))
  })

  it('gives only the types and the trace that were asked for', async () => {
    const house = await startHouse()
    const byType = await follow(house, '/events?types=goal.accepted,goal.completed')
    const byTrace = await follow(house, `/events?trace_id=${otherTrace}`)
    await vi.waitFor(() => expect(house.journal.followers()).toBe(2))
    house.journal.append('input.received', {}, otherTrace)
    house.journal.append('goal.accepted', {}, trace)
    house.journal.append('goal.completed', {}, otherTrace)
    await vi.waitFor(() => expect(byType.types()).toEqual(['goal.accepted', 'goal.completed']))
    await vi.waitFor(() => expect(byTrace.types()).toEqual(['input.received', 'goal.completed']))
  })

  it.each(['/events?after=yesterday', '/events?types=Goal', '/events?trace_id=x', '/events?other=1'])(
    '%s answers 400',
    async (path) => {
      const house = await startHouse()
      expect((await house.fetch(path)).status).toBe(400)
    },
  )

  it('refuses a Last-Event-ID that is none', async () => {
    const house = await startHouse()
    expect((await house.fetch('/events', { headers: { 'last-event-id': '7' } })).status).toBe(400)
  })

  it('says now and then that it still lives', async () => {
    const house = await startHouse({ settings: { heartbeatMs: 50 } })
    const stream = await follow(house)
    await vi.waitFor(() => expect(stream.text()).toContain(': still here\n\n: still here'))
    expect(stream.text()).toMatch(/^retry: \d+\n\n/)
  })

  it('beyond the number of streams answers 503, and one who leaves makes room', async () => {
    const house = await startHouse({ settings: { maxStreams: 2 } })
    const first = await follow(house)
    await follow(house)
    const refused = await house.fetch('/events')
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'GATEWAY_FULL' } }])
    first.stop()
    await vi.waitFor(async () => expect((await follow(house)).response.status).toBe(200))
  })

  it('stops following the journal when its reader goes', async () => {
    const house = await startHouse()
    const stream = await follow(house)
    await vi.waitFor(() => expect(house.journal.followers()).toBe(1))
    stream.stop()
    await vi.waitFor(() => expect(house.journal.followers()).toBe(0))
  })

  it('cuts off a reader that takes nothing, having kept little for it', { timeout: 30_000 }, async () => {
    const house = await startHouse({ settings: { stallMs: 300 } })
    const socket = await openSocket(house.port)
    socket.write(
      `GET /events HTTP/1.1\r\nhost: 127.0.0.1:${house.port}\r\nauthorization: Bearer ${house.token}\r\n\r\n`,
    )
    await vi.waitFor(() => expect(house.journal.followers()).toBe(1))
    socket.pause()
    const before = process.memoryUsage().rss
    const text = 'x'.repeat(100_000)
    // far more than the buffers of two sockets hold
    for (let count = 0; count < 200; count += 1) house.journal.append('input.received', { text }, trace)
    await vi.waitFor(() => expect(house.journal.followers()).toBe(0), { timeout: 10_000 })
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
    const health = await house.instance.health()
    expect(health?.details?.['streams']).toBe(0)
  })

  it('serves others while one reader is slow', async () => {
    const house = await startHouse({ settings: { stallMs: 5_000 } })
    const socket = await openSocket(house.port)
    socket.write(
      `GET /events HTTP/1.1\r\nhost: 127.0.0.1:${house.port}\r\nauthorization: Bearer ${house.token}\r\n\r\n`,
    )
    socket.pause()
    const stream = await follow(house)
    await vi.waitFor(() => expect(house.journal.followers()).toBe(2))
    for (let count = 0; count < 100; count += 1) {
      house.journal.append('input.received', { text: 'x'.repeat(50_000) }, trace)
    }
    await vi.waitFor(() => expect(stream.events()).toHaveLength(100), { timeout: 5_000 })
  })
})
