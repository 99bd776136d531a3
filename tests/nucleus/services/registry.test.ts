// stable handles: they outlive providers, wait for one that is replaced, and say clearly when there is none.
import { describe, expect, it } from 'vitest'
import { defineService } from '../../../nucleus/services/service.ts'
import { createServiceRegistry } from '../../../nucleus/services/registry.ts'
import { currentTrace, runInTrace } from '../../../nucleus/trace.ts'

interface Clock {
  now(): Promise<number>
  ticks(): AsyncIterable<number>
}
const Clock = defineService<Clock>('clock', { now: 'call', ticks: 'stream' })
const Tools = defineService<{ name(): Promise<string> }>('tools', { name: 'call' }, { many: true })

const createRegistry = (options: { waitMs?: number; maxWaiting?: number } = {}) =>
  createServiceRegistry({ isMany: (service) => service === 'tools', ...options })
const clock = (value: number) => ({ clock: { now: async () => value } })
const never = (): Promise<never> => new Promise(() => {})

describe('a handle', () => {
  it('is a frozen object with the methods of the definition', () => {
    const handle = createRegistry().handle(Clock)
    expect(Object.isFrozen(handle)).toBe(true)
    expect(Object.keys(handle)).toEqual(['now', 'ticks'])
  })

  it('rejects while nobody provides the service', async () => {
    const handle = createRegistry().handle(Clock)
    await expect(handle.now()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true })
    await expect(async () => {
      for await (const _tick of handle.ticks()) throw new Error('there is none')
    }).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  it('works as soon as somebody does, and follows the next generation', async () => {
    const registry = createRegistry()
    const handle = registry.handle(Clock)
    const first = registry.provide('clock', 1, clock(1))
    expect(await handle.now()).toBe(1)
    registry.provide('clock', 2, clock(2))
    expect(await handle.now()).toBe(2)
    await first.withdraw()
    expect(await handle.now()).toBe(2)
  })

  it('lets calls wait while the provider is held, then gives them to the next one', async () => {
    const registry = createRegistry()
    const handle = registry.handle(Clock)
    registry.provide('clock', 1, clock(1))
    registry.hold('clock')
    expect(registry.available('clock')).toBe(true)
    const call = handle.now()
    registry.provide('clock', 2, clock(2))
    expect(await call).toBe(2)
  })

  it('refuses waiting calls when the next one is given up', async () => {
    const registry = createRegistry()
    registry.provide('clock', 1, clock(1))
    registry.hold('clock')
    const call = registry.handle(Clock).now()
    registry.giveUp('clock')
    await expect(call).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  it('lets nothing wait for ever, nor too many wait', async () => {
    const registry = createRegistry({ waitMs: 10, maxWaiting: 1 })
    registry.provide('clock', 1, clock(1))
    registry.hold('clock')
    const handle = registry.handle(Clock)
    const first = handle.now()
    await expect(handle.now()).rejects.toMatchObject({ code: 'SERVICE_BUSY' })
    await expect(first).rejects.toMatchObject({ code: 'SERVICE_REPLACED_SLOWLY' })
  })

  it('can limit each call', async () => {
    const registry = createRegistry()
    registry.provide('clock', 1, { clock: { now: never } })
    await expect(registry.handle(Clock, { callTimeoutMs: 5 }).now()).rejects.toMatchObject({
      code: 'SERVICE_CALL_TIMED_OUT',
      message: expect.stringContaining('clock.now'),
    })
  })

  it('turns a throw into a rejection, and passes the error on as it is', async () => {
    const registry = createRegistry()
    const error = new Error('stopped')
    registry.provide('clock', 1, {
      clock: {
        now: () => {
          throw error
        },
      },
    })
    await expect(registry.handle(Clock).now()).rejects.toBe(error)
  })

  it('names a method that its provider lacks', async () => {
    const registry = createRegistry()
    registry.provide('watchmaker', 1, { clock: {} })
    await expect(registry.handle(Clock).now()).rejects.toMatchObject({
      code: 'SERVICE_METHOD_MISSING',
      message: expect.stringContaining('watchmaker'),
    })
  })

  it('runs the call in the caller’s trace', async () => {
    const registry = createRegistry()
    registry.provide('watchmaker', 1, { clock: { now: async () => currentTrace() } })
    const seen = await runInTrace({ traceparent: 'x', module: 'caller' }, registry.handle(Clock).now)
    expect(seen).toEqual({ traceparent: 'x', module: 'caller' })
  })
})

describe('draining', () => {
  it('waits for calls inside, within a limit', async () => {
    const registry = createRegistry()
    let answer: (value: number) => void = () => {}
    const provision = registry.provide('clock', 1, {
      clock: { now: () => new Promise<number>((resolve) => (answer = resolve)) },
    })
    const call = registry.handle(Clock).now()
    expect(provision.inFlight()).toBe(1)
    expect(await provision.drain(5)).toBe(false)
    answer(4)
    expect(await provision.drain(5)).toBe(true)
    expect(await call).toBe(4)
  })

  it('ends streams: consumers see the end, sources are told', async () => {
    const registry = createRegistry()
    let returned = false
    const provision = registry.provide('clock', 1, {
      clock: {
        ticks: async function* () {
          try {
            yield 1
            yield 2
          } finally {
            returned = true
          }
        },
      },
    })
    const seen: number[] = []
    for await (const tick of registry.handle(Clock).ticks()) {
      seen.push(tick)
      await provision.withdraw()
    }
    expect(seen).toEqual([1])
    expect(returned).toBe(true)
  })

  it('ends a stream whose source waits', async () => {
    const registry = createRegistry()
    const provision = registry.provide('clock', 1, {
      clock: { ticks: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }) },
    })
    const consumed = (async () => {
      for await (const _tick of registry.handle(Clock).ticks()) throw new Error('there is none')
      return 'ended'
    })()
    await new Promise((resolve) => void setTimeout(resolve, 2))
    await provision.withdraw()
    expect(await consumed).toBe('ended')
  })
})

describe('services of kind many', () => {
  const tool = (name: string) => ({ tools: { name: async () => name } })

  it('have a handle for each provider, by module', async () => {
    const registry = createRegistry()
    registry.provide('memory', 1, tool('remember'))
    const gone = registry.provide('providers', 1, tool('complete'))
    const handles = registry.handles(Tools)
    expect([...handles.keys()]).toEqual(['memory', 'providers'])
    expect(await handles.get('providers')!.name()).toBe('complete')
    await gone.withdraw()
    expect([...registry.handles(Tools).keys()]).toEqual(['memory'])
    await expect(handles.get('providers')!.name()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  it('are the only ones that two modules may provide', () => {
    const registry = createRegistry()
    registry.provide('clock', 1, clock(1))
    expect(() => registry.provide('sundial', 1, clock(2))).toThrow(/another module provides this service/)
    expect(registry.overview()).toEqual({ clock: ['clock'] })
  })
})
