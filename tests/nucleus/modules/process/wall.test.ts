// the nucleus' side of the wall: a process that says whatever it likes gets what its manifest names, and nothing else.
import pino from 'pino'
import { describe, expect, it, vi } from 'vitest'
import type { Infrastructure } from '../../../../nucleus/infrastructure/ports.ts'
import { buildContext } from '../../../../nucleus/modules/context.ts'
import { manifestSchema } from '../../../../nucleus/modules/manifest.ts'
import type { Channel } from '../../../../nucleus/modules/process/channel.ts'
import { createSession } from '../../../../nucleus/modules/process/session.ts'
import { createScope } from '../../../../nucleus/scope.ts'
import { createServiceRegistry } from '../../../../nucleus/services/registry.ts'
import { createMemoryBus } from '../house.ts'

type Asked = (...parameters: unknown[]) => Promise<unknown>

function openSession(more: Readonly<Record<string, unknown>> = {}) {
  const manifest = manifestSchema().parse({
    name: 'stranger',
    version: '1.0.0',
    description: 'a test',
    kernel: '^1',
    uses: ['clock'],
    emits: ['stranger.came'],
    consumes: ['bell.rung'],
    infrastructure: ['cache'],
    ...more,
  })
  const registry = createServiceRegistry({ isMany: (service) => service === 'tools' })
  const secret = vi.fn(async () => 'secret')
  registry.provide('clock', 1, { clock: { now: async () => 12 } })
  registry.provide('vault', 1, { vault: { open: secret }, tools: { list: secret } })
  const bus = createMemoryBus(() => undefined)
  const scope = createScope({ name: 'stranger' })
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const get = vi.fn(async () => 'cached')
  const failures: unknown[] = []
  const built = buildContext({
    manifest,
    generation: 1,
    scope,
    registry,
    bus,
    infrastructure: {
      store: { query: secret },
      cache: { get, close: secret },
      vectors: {},
    } as unknown as Infrastructure,
    settings: {},
    log,
    previous: undefined,
    reportFailure: (during, error) => void failures.push([during, error]),
  })
  const session = createSession({
    manifest,
    built,
    log: log.child({ module: 'stranger' }),
    channel: () => ({ call: async () => undefined }) as unknown as Channel,
    reportFailure: (during, error) => void failures.push([during, error]),
  })
  const ask: Asked = async (name, ...parameters) => await (session.functions[String(name)] as Asked)(...parameters)
  return { ask, bus, secret, lines, failures, session }
}

describe('a process asks', () => {
  it('for what its manifest names, and gets it', async () => {
    const { ask, bus } = openSession()
    expect(await ask('call', 'clock', null, 'now', [], null)).toBe(12)
    expect(await ask('resource', 'cache', 'get', ['key'])).toBe('cached')
    await ask('emit', { type: 'stranger.came', durability: 'transient' }, {}, null)
    expect(bus.emitted.map(({ type, source }) => [type, source])).toEqual([['stranger.came', 'stranger']])
  })

  it.each<[string, unknown[]]>([
    ['another service', ['call', 'vault', null, 'open', [], null]],
    ['a provider of a service of kind many', ['call', 'tools', 'vault', 'list', [], null]],
    ['another event to emit', ['emit', { type: 'goal.accepted', durability: 'journaled' }, {}, null]],
    ['another event to hear', ['subscribe', 1, { type: 'goal.accepted', durability: 'journaled' }, {}]],
    ['another resource', ['resource', 'store', 'query', [{ sql: 'select 1', parameters: [] }]]],
    ['nonsense instead of an event', ['emit', null, {}, null]],
  ])('for %s, and is refused', async (_what, [name, ...parameters]) => {
    const { ask, secret, bus } = openSession()
    await expect(ask(name, ...parameters)).rejects.toMatchObject({ code: 'NOT_IN_MANIFEST' })
    expect(secret).not.toHaveBeenCalled()
    expect(bus.emitted).toEqual([])
  })

  it('for what every object has, and is refused', async () => {
    const { ask } = openSession()
    for (const method of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'noSuchThing']) {
      await expect(ask('call', 'clock', null, method, [], null)).rejects.toMatchObject({
        code: expect.stringMatching(/SERVICE_METHOD_MISSING|SERVICE_UNAVAILABLE/),
      })
    }
    for (const method of ['close', 'constructor', '__proto__']) {
      await expect(ask('resource', 'cache', method, [])).rejects.toMatchObject({ code: 'MODULE_PROTOCOL' })
    }
    await expect(ask('resource', '__proto__', 'get', [])).rejects.toMatchObject({ code: 'MODULE_PROTOCOL' })
  })

  it('for more subscriptions than anybody needs, and is refused', async () => {
    const { ask } = openSession()
    for (let id = 0; id < 500; id += 1) await ask('subscribe', id, { type: 'bell.rung', durability: 'transient' }, {})
    await expect(ask('subscribe', 500, { type: 'bell.rung', durability: 'transient' }, {})).rejects.toMatchObject({
      code: 'MODULE_FLOODS',
    })
  })

  it('to be logged under another name, and is logged under its own', async () => {
    const { ask, lines } = openSession()
    await ask('log', 'bindings', { module: 'kernel', generation: 99, said: 'x' }, 'hello')
    expect(JSON.parse(lines[0]!)).toMatchObject({ module: 'stranger', said: 'x', msg: 'hello', level: 30 })
    expect(lines[0]).not.toContain('kernel')
  })

  it('to fail in somebody’s trace, and is blamed itself', async () => {
    const { ask, failures } = openSession()
    await ask('failed', 'a timer', { lotus: { code: 1, message: {}, fix: [], retryable: 'yes' } })
    expect(failures).toMatchObject([['a timer', { code: '1', retryable: false }]])
  })
})
