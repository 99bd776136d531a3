import { describe, expect, it } from 'vitest'
import { createTraceId, createTraceparent } from '../../../nucleus/identifiers.ts'
import { currentTrace, runInTrace } from '../../../nucleus/trace.ts'
import { Kept, openBus, Passing } from './support.ts'
import type { EventEnvelope } from '../../../nucleus/events/event.ts'

describe('emit', () => {
  it('gives a journaled event an envelope after CloudEvents and resolves when the journal has it', async () => {
    const { bus } = openBus()
    const traceparent = createTraceparent(createTraceId())
    const id = await bus.emit('tester', Kept, { number: 7 }, traceparent)
    const [event] = await bus.read()
    expect(event).toEqual({
      specversion: '1.0',
      id,
      source: 'tester',
      type: 'test.kept',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      traceparent,
      data: { number: 7 },
    })
  })

  it('refuses data that does not fit, names place and reason, and tells nobody', async () => {
    const { bus } = openBus()
    let heard = 0
    bus.subscribe({ owner: 'listener', definition: Passing, handler: () => void (heard += 1) })
    const wrong = { number: 'seven' } as unknown as { number: number }
    await expect(bus.emit('tester', Passing, wrong)).rejects.toMatchObject({
      code: 'INVALID_EVENT',
      message: expect.stringContaining('number: '),
      fix: expect.stringContaining('tester'),
    })
    await expect(bus.emit('tester', Kept, wrong)).rejects.toMatchObject({ code: 'INVALID_EVENT' })
    expect(heard).toBe(0)
    expect(await bus.read()).toEqual([])
  })

  it('keeps only what the schema names', async () => {
    const { bus } = openBus()
    await bus.emit('tester', Kept, { number: 1, secret: 'x' } as { number: number })
    expect((await bus.read())[0]?.data).toEqual({ number: 1 })
  })

  it('inherits the trace of the work around it, else begins one', async () => {
    const { bus } = openBus()
    const traceparent = createTraceparent(createTraceId())
    await runInTrace({ traceparent }, () => bus.emit('tester', Kept, { number: 1 }))
    await bus.emit('tester', Kept, { number: 2 })
    const [inside, outside] = await bus.read()
    expect(inside?.traceparent).toBe(traceparent)
    expect(outside?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(outside?.traceparent).not.toBe(traceparent)
  })

  it('runs handlers in the trace of their event, over waits and for both kinds', async () => {
    const { bus } = openBus()
    const seen: (string | undefined)[] = []
    const handler = async (): Promise<void> => {
      await Promise.resolve()
      seen.push(currentTrace()?.traceparent)
    }
    const kept = bus.subscribe({ owner: 'listener', definition: Kept, handler })
    const passing = bus.subscribe({ owner: 'listener', definition: Passing, handler })
    const [first, second] = [createTraceparent(createTraceId()), createTraceparent(createTraceId())]
    await bus.emit('tester', Kept, { number: 1 }, first)
    await bus.emit('tester', Passing, { number: 2 }, second)
    await Promise.all([kept.close(), passing.close()])
    expect(new Set(seen)).toEqual(new Set([first, second]))
  })

  it('runs what a handler goes on with as the work of its owner', async () => {
    const { bus } = openBus()
    const modules: (string | undefined)[] = []
    bus.subscribe({
      owner: 'listener',
      definition: Passing,
      handler: async () => {
        await Promise.resolve()
        modules.push(currentTrace()?.module)
      },
    })
    const context = { traceparent: createTraceparent(createTraceId()), module: 'emitter' }
    await runInTrace(context, async () => {
      await bus.emit('emitter', Passing, { number: 1 })
      await bus.emit('emitter', Passing, { number: 2 })
      expect(currentTrace()?.module).toBe('emitter')
    })
    await bus.close()
    expect(modules).toEqual(['listener', 'listener'])
  })

  it('is heard by all although one of them throws, and the emitter does not notice', async () => {
    const failures: string[] = []
    const { bus } = openBus({ onFailure: ({ owner }) => failures.push(owner) })
    const heard: string[] = []
    bus.subscribe({
      owner: 'bad',
      definition: Passing,
      handler: () => {
        throw new Error('bad')
      },
    })
    bus.subscribe({ owner: 'worse', definition: Passing, handler: () => Promise.reject(new Error('worse')) })
    bus.subscribe({ owner: 'good', definition: Passing, handler: () => void heard.push('good') })
    await bus.emit('tester', Passing, { number: 1 })
    await new Promise(setImmediate)
    expect(heard).toEqual(['good'])
    expect(failures).toEqual(['bad', 'worse'])
    expect(bus.statistics().handlerFailures).toBe(2)
  })

  it('gives two listeners the same event, which neither can change', async () => {
    const { bus } = openBus()
    const got: EventEnvelope[] = []
    for (const owner of ['one', 'two']) {
      bus.subscribe({ owner, definition: Passing, handler: (_data, event) => void got.push(event) })
    }
    const list = [1, 2]
    await bus.emit('tester', Passing, { number: 1, list })
    list.push(3)
    expect(got[0]).toBe(got[1])
    expect(Object.isFrozen(got[0])).toBe(true)
    expect(Object.isFrozen((got[0]!.data as { list: number[] }).list)).toBe(true)
    expect(got[0]?.data).toEqual({ number: 1, list: [1, 2] })
  })

  it('makes ids that only grow', async () => {
    const { bus } = openBus()
    const ids = await Promise.all(Array.from({ length: 3_000 }, (_, number) => bus.emit('tester', Passing, { number })))
    expect(ids.every((id, index) => index === 0 || id > ids[index - 1]!)).toBe(true)
    expect(new Set(ids).size).toBe(3_000)
  })

  it('counts by type and refuses when closed', async () => {
    const { bus } = openBus()
    await bus.emit('tester', Kept, { number: 1 })
    await bus.emit('tester', Passing, { number: 1 })
    await bus.emit('tester', Passing, { number: 2 })
    expect(bus.statistics().eventsByType).toEqual({ 'test.kept': 1, 'test.passed': 2 })
    await bus.close()
    await expect(bus.emit('tester', Kept, { number: 1 })).rejects.toMatchObject({ code: 'BUS_CLOSED' })
  })
})
