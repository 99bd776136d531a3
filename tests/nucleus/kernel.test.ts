// the kernel on its real infrastructure: events, services and health while modules come and go.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Nucleus } from '../../nucleus/contract.ts'
import { openInfrastructure, type OpenInfrastructure } from '../../nucleus/infrastructure/open.ts'
import { createKernel, type Kernel } from '../../nucleus/kernel.ts'
import { createLoader } from '../../nucleus/modules/loader.ts'
import { readManifests, readOneManifest } from '../../nucleus/modules/manifest.ts'
import { nativeImport, prelude } from './modules/house.ts'

const counted = `const Counted = defineEvent({ type: 'bell.counted', durability: 'journaled', description: 'of a test', data: z.object({ count: z.number() }) })\n`
const modules: Readonly<Record<string, { manifest: Readonly<Record<string, unknown>>; code: string }>> = {
  emitter: {
    manifest: { emits: ['bell.counted'], provides: ['bell'] },
    code: `${counted}
      export default defineModule({ start: (context) => ({ services: { bell: { ring: (count) => context.emit(Counted, { count }) } } }) })`,
  },
  counter: {
    manifest: { consumes: ['bell.counted'] },
    code: `${counted}
      globalThis.counts ??= []
      export default defineModule({ start: (context) => {
        context.on(Counted, async ({ count }) => {
          await new Promise((resolve) => setImmediate(resolve))
          globalThis.counts.push(count)
        })
      } })`,
  },
  // a hand on the kernel's own service, for the test
  hand: {
    manifest: { requires: ['nucleus', 'bell'] },
    code: `
      const Bell = defineService('bell', { ring: 'call' })
      const Nucleus = defineService('nucleus', { health: 'call', modules: 'call', reload: 'call', load: 'call', unload: 'call', events: 'call', tail: 'stream', statistics: 'call', journal: 'call' })
      export default defineModule({ start: (context) => { globalThis.hand = { bell: context.use(Bell), nucleus: context.use(Nucleus) } } })`,
  },
}

interface Hand {
  readonly bell: { ring(count: number): Promise<string> }
  readonly nucleus: Pick<
    Nucleus,
    'health' | 'modules' | 'reload' | 'load' | 'unload' | 'events' | 'tail' | 'statistics' | 'journal'
  >
}
const shared = globalThis as unknown as { counts: number[]; hand: Hand }

let folder: string
let infrastructure: OpenInfrastructure
let kernel: Kernel
const statuses: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotus-kernel-'))
  for (const [name, { manifest, code }] of Object.entries(modules)) {
    await mkdir(join(folder, 'modules', name), { recursive: true })
    const complete = { name, version: '1.0.0', description: 'of a test', kernel: '^1', ...manifest }
    await writeFile(join(folder, 'modules', name, 'manifest.json'), JSON.stringify(complete))
    await writeFile(join(folder, 'modules', name, 'module.ts'), prelude + code)
  }
  shared.counts = []
  statuses.length = 0
  const log = pino({ level: 'silent' })
  infrastructure = await openInfrastructure({
    home: join(folder, 'home'),
    settings: {},
    log,
    onFailure: ({ owner, error, event }) => kernel.blame(owner, `event ${event.type}`, error),
  })
  kernel = createKernel({
    version: '0.1.0',
    startedAtMs: Date.now(),
    found: await readManifests(join(folder, 'modules')),
    loader: createLoader({ modulesFolder: join(folder, 'modules'), importFile: nativeImport }),
    readManifest: (name) => readOneManifest(join(folder, 'modules'), name),
    settingsOf: () => ({}),
    infrastructure,
    log,
    onChange: (status) => void statuses.push(status),
  })
  await kernel.start()
})
afterEach(async () => {
  await kernel.stop('the test is over')
  await infrastructure.close()
  await rm(folder, { recursive: true, force: true })
})

describe('the kernel', () => {
  it('is healthy when its modules are, and says how each of them is', async () => {
    const health = await shared.hand.nucleus.health()
    expect(health.status).toBe('healthy')
    expect(Object.keys(health.modules).sort()).toEqual(['counter', 'emitter', 'hand'])
    expect(health.modules['counter']?.open).toEqual(['subscription counter/bell.counted'])
    expect(health.infrastructure).toMatchObject({ store: { backend: 'sqlite', status: 'healthy' } })
    expect(statuses.at(-1)).toBe('healthy')
  })

  it('loses no event and repeats none while the consumer is reloaded ten times', async () => {
    const { bell, nucleus } = shared.hand
    const total = 500
    const emitting = (async () => {
      for (let count = 0; count < total; count += 1) {
        await bell.ring(count)
        if (count % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    for (let round = 0; round < 10; round += 1) await nucleus.reload('counter')
    await emitting
    await vi.waitFor(() => expect(shared.counts.length).toBeGreaterThanOrEqual(total), 5_000)
    expect(shared.counts).toEqual(Array.from({ length: total }, (_, index) => index))
    expect((await nucleus.modules()).find(({ name }) => name === 'counter')?.generation).toBe(11)
  })

  it('loses no call while the provider is reloaded ten times', async () => {
    const { bell, nucleus } = shared.hand
    const ringing = Promise.all(Array.from({ length: 200 }, (_, count) => bell.ring(count)))
    for (let round = 0; round < 10; round += 1) await nucleus.reload('emitter')
    expect(new Set(await ringing).size).toBe(200)
  })

  it('keeps events for a consumer that is away', async () => {
    const { bell, nucleus } = shared.hand
    await nucleus.unload('counter')
    await bell.ring(7)
    expect(shared.counts).toEqual([])
    await nucleus.load('counter')
    await vi.waitFor(() => expect(shared.counts).toEqual([7]))
  })

  it('holds no subscription more after a hundred loads', async () => {
    const before = infrastructure.bus.statistics().subscriptions
    for (let round = 0; round < 100; round += 1) {
      await shared.hand.nucleus.unload('counter')
      expect(infrastructure.bus.statistics().subscriptions).toBe(before - 1)
      await shared.hand.nucleus.load('counter')
    }
    expect(infrastructure.bus.statistics().subscriptions).toBe(before)
  })

  it('journals what becomes of modules and of health', async () => {
    await shared.hand.nucleus.reload('counter')
    const types = ['module.loaded', 'module.unloaded', 'system.started']
    // the kernel doesn't wait for its own events, and modules of one level start at once
    await vi.waitFor(async () => {
      const events = await shared.hand.nucleus.events({ types })
      const told = events.map(({ type, data }) => `${type} ${(data as { module?: string }).module ?? ''}`.trim())
      expect(told.slice(0, 2).sort()).toEqual(['module.loaded counter', 'module.loaded emitter'])
      expect(told.slice(2)).toEqual([
        'module.loaded hand',
        'system.started',
        'module.loaded counter',
        'module.unloaded counter',
      ])
    })
  })

  it('ends a tail when its reader stops', async () => {
    const abort = new AbortController()
    const seen: string[] = []
    const reading = (async () => {
      for await (const event of shared.hand.nucleus.tail({ types: ['bell.counted'], signal: abort.signal })) {
        seen.push(event.type)
        abort.abort()
      }
    })()
    await new Promise((resolve) => void setTimeout(resolve, 5))
    await shared.hand.bell.ring(1)
    await reading
    expect(seen).toEqual(['bell.counted'])
  })

  it('drains: reports, then nothing is open any more', async () => {
    await kernel.stop('the end')
    expect(kernel.health().status).toBe('draining')
    expect(infrastructure.bus.statistics().subscriptions).toBe(0)
    expect(Object.values(kernel.health().modules).map(({ status, open }) => [status, open])).toEqual([
      ['stopped', []],
      ['stopped', []],
      ['stopped', []],
    ])
  })
})
