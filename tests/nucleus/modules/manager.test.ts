// loading, unloading and reloading modules while they run.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineEvent } from '../../../nucleus/events/event.ts'
import { createTraceId } from '../../../nucleus/identifiers.ts'
import { defineService } from '../../../nucleus/services/service.ts'
import { z } from 'zod'
import { buildHouse, type House, type ModuleSource } from './house.ts'

interface Clock {
  now(): Promise<number>
}
const Clock = defineService<Clock>('clock', { now: 'call' })
const BellRung = defineEvent({
  type: 'bell.rung',
  durability: 'journaled',
  description: 'a test rang.',
  data: z.object({ count: z.number() }),
})

const bell = `
const BellRung = defineEvent({ type: 'bell.rung', durability: 'journaled', description: 'a test rang.', data: z.object({ count: z.number() }) })
`
const clock = (answer: number): ModuleSource => ({
  manifest: { provides: ['clock'] },
  code: `export default defineModule({ start: () => ({ services: { clock: { now: async () => ${answer} } } }) })`,
})

let house: House
afterEach(async () => {
  await house.clear()
})
const open = async (modules: Readonly<Record<string, ModuleSource>>): Promise<House> => {
  house = await buildHouse(modules)
  return house
}
const statusOf = (name: string) => house.manager.statuses().find((status) => status.name === name)

describe('starting all modules', () => {
  it('starts what is required before what requires it', async () => {
    await open({
      watch: {
        manifest: { requires: ['clock'], provides: ['watch'] },
        code: `
          const Clock = defineService('clock', { now: 'call' })
          export default defineModule({ start: async (context) => {
            const seen = await context.use(Clock).now()
            return { services: { watch: { seen: async () => seen } } }
          } })`,
      },
      clock: clock(12),
    })
    await house.manager.startAll()
    const Watch = defineService<{ seen(): Promise<number> }>('watch', { seen: 'call' })
    expect(await house.registry.handle(Watch).seen()).toBe(12)
    expect(house.manager.statuses().map((status) => status.status)).toEqual(['healthy', 'healthy'])
  })

  it('leaves the rest running when one fails, and says why', async () => {
    await open({
      clock: clock(1),
      broken: { code: `export default defineModule({ start: () => { throw new Error('no battery') } })` },
    })
    await house.manager.startAll()
    expect(statusOf('clock')?.status).toBe('healthy')
    expect(statusOf('broken')).toMatchObject({ status: 'unhealthy', open: [] })
    expect(statusOf('broken')?.lastError).toContain('no battery')
    expect(house.kernelEvents()).toContain('module.failed')
  })

  it('ends the boot with the module’s own error where its manifest says so', async () => {
    await open({
      door: {
        manifest: { boot: 'required' },
        code: `export default defineModule({ start: () => { throw Object.assign(new Error('taken'), { code: 'DOOR_TAKEN', fix: 'free it' }) } })`,
      },
    })
    await expect(house.manager.startAll()).rejects.toMatchObject({ code: 'DOOR_TAKEN' })
  })

  it('names the module that takes too long to start, and releases what it opened', async () => {
    await open({
      sloth: {
        manifest: { startTimeoutMs: 30, boot: 'required', restart: { intensity: 0, periodMs: 1000 } },
        code: `export default defineModule({ start: (context) => { context.defer('bed', () => { globalThis.madeBed = true }); return new Promise(() => {}) } })`,
      },
    })
    await expect(house.manager.startAll()).rejects.toMatchObject({ code: 'MODULE_START_TIMED_OUT' })
    expect((globalThis as { madeBed?: boolean }).madeBed).toBe(true)
    expect(statusOf('sloth')?.reason).toContain('sloth')
  })

  it('lets a module wait for one that failed, and starts it when that one comes up', async () => {
    await open({
      clock: {
        manifest: { provides: ['clock'] },
        code: `
          globalThis.clockTries = (globalThis.clockTries ?? 0)
          export default defineModule({ start: () => {
            globalThis.clockTries += 1
            if (globalThis.clockTries === 1) throw new Error('not yet')
            return { services: { clock: { now: async () => 5 } } }
          } })`,
      },
      watch: {
        manifest: { requires: ['clock'] },
        code: `export default defineModule({ start: () => {} })`,
      },
    })
    await house.manager.startAll()
    expect(statusOf('watch')).toMatchObject({ status: 'stopped', reason: 'waits for clock' })
    await vi.waitFor(() => expect(statusOf('watch')?.status).toBe('healthy'))
    expect(statusOf('clock')?.restarts).toBe(1)
  })

  it('refuses services that differ from the manifest', async () => {
    await open({
      clock: {
        manifest: { provides: ['clock'], boot: 'required' },
        code: `export default defineModule({ start: () => ({ services: { watch: {} } }) })`,
      },
    })
    await expect(house.manager.startAll()).rejects.toMatchObject({
      code: 'MODULE_SERVICES_DIFFER',
      message: expect.stringContaining('missing: clock; not in the manifest: watch'),
    })
  })
})

describe('what the manifest does not name', () => {
  const ask = (line: string): ModuleSource => ({
    manifest: { boot: 'required' },
    code: `${bell}
      const Clock = defineService('clock', { now: 'call' })
      export default defineModule({ start: async (context) => { ${line} } })`,
  })

  it('gives no service', async () => {
    await open({ asker: ask(`context.use(Clock)`) })
    await expect(house.manager.startAll()).rejects.toMatchObject({
      code: 'NOT_IN_MANIFEST',
      fix: 'add "clock" to `requires` or `uses` in modules/asker/manifest.json',
    })
  })
  it('takes no event', async () => {
    await open({ asker: ask(`await context.emit(BellRung, { count: 1 })`) })
    await expect(house.manager.startAll()).rejects.toMatchObject({
      fix: 'add "bell.rung" to `emits` in modules/asker/manifest.json',
    })
  })
  it('delivers no event', async () => {
    await open({ asker: ask(`context.on(BellRung, () => {})`) })
    await expect(house.manager.startAll()).rejects.toMatchObject({
      fix: 'add "bell.rung" to `consumes` in modules/asker/manifest.json',
    })
  })
  it('gives no resource', async () => {
    await open({ asker: ask(`context.infra.store`) })
    await expect(house.manager.startAll()).rejects.toMatchObject({
      fix: 'add "store" to `infrastructure` in modules/asker/manifest.json',
    })
  })
})

describe('reload', () => {
  it('switches to the new code, and handles that were given before follow', async () => {
    await open({ clock: clock(1) })
    await house.manager.startAll()
    const handle = house.registry.handle(Clock)
    expect(await handle.now()).toBe(1)
    await house.write('clock', { provides: ['clock'] }, clock(2).code)
    const status = await house.manager.reload('clock')
    expect(status).toMatchObject({ status: 'healthy', generation: 2 })
    expect(await handle.now()).toBe(2)
  })

  it('leaves the old code serving when the new code fails to start', async () => {
    await open({ clock: clock(1) })
    await house.manager.startAll()
    await house.write(
      'clock',
      { provides: ['clock'] },
      `export default defineModule({ start: () => { throw new Error('worse') } })`,
    )
    await expect(house.manager.reload('clock')).rejects.toMatchObject({ code: 'MODULE_START_FAILED' })
    expect(await house.registry.handle(Clock).now()).toBe(1)
    expect(statusOf('clock')).toMatchObject({ status: 'healthy', lastError: expect.stringContaining('worse') })
  })

  it('leaves the old code serving when the new code can’t be imported or its manifest is broken', async () => {
    await open({ clock: clock(1) })
    await house.manager.startAll()
    await house.write('clock', { provides: ['clock'] }, 'export default {')
    await expect(house.manager.reload('clock')).rejects.toMatchObject({ code: 'MODULE_IMPORT_FAILED' })
    await house.write('clock', { provides: ['clock'], requires: ['sundial'] }, clock(3).code)
    await expect(house.manager.reload('clock')).rejects.toMatchObject({ code: 'GRAPH_INVALID' })
    await house.write('clock', { provides: 'clock' }, clock(3).code)
    await expect(house.manager.reload('clock')).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
    expect(await house.registry.handle(Clock).now()).toBe(1)
  })

  it('lets calls inside finish on the old code', async () => {
    await open({
      clock: {
        manifest: { provides: ['clock'] },
        code: `export default defineModule({ start: () => ({ services: { clock: { now: () => new Promise((resolve) => { globalThis.answer = resolve }) } } }) })`,
      },
    })
    await house.manager.startAll()
    const call = house.registry.handle(Clock).now()
    await house.write('clock', { provides: ['clock'] }, clock(2).code)
    const reload = house.manager.reload('clock')
    await vi.waitFor(() => expect(house.bus.emitted.filter((event) => event.type === 'module.loaded')).toHaveLength(2))
    expect(await house.registry.handle(Clock).now()).toBe(2)
    ;(globalThis as unknown as { answer(value: number): void }).answer(1)
    expect(await call).toBe(1)
    await reload
  })

  it('hands state over, while calls wait', async () => {
    const counter = `
      export default defineModule({ start: (context) => {
        let count = context.state.previous?.count ?? 0
        context.state.handOver(() => ({ count }))
        return { services: { clock: { now: async () => { count += 1; return count } } } }
      } })`
    await open({ clock: { manifest: { provides: ['clock'] }, code: counter } })
    await house.manager.startAll()
    const handle = house.registry.handle(Clock)
    expect([await handle.now(), await handle.now()]).toEqual([1, 2])
    const [, third] = await Promise.all([house.manager.reload('clock'), handle.now()])
    expect(third).toBe(3)
    expect(await handle.now()).toBe(4)
  })

  it('takes calls back where a hand-over fails', async () => {
    await open({
      clock: {
        manifest: { provides: ['clock'] },
        code: `export default defineModule({ start: (context) => {
          context.state.handOver(() => 'x'.repeat(2 * 1024 * 1024))
          return { services: { clock: { now: async () => 7 } } }
        } })`,
      },
    })
    await house.manager.startAll()
    await expect(house.manager.reload('clock')).rejects.toMatchObject({ code: 'STATE_INVALID' })
    expect(await house.registry.handle(Clock).now()).toBe(7)
  })

  it('reloads the files that a module imports from its own folder', async () => {
    await open({ clock: { manifest: { provides: ['clock'] }, code: '' } })
    const code = `import { answer } from './inside/answer.ts'
      export default defineModule({ start: () => ({ services: { clock: { now: async () => answer } } }) })`
    const { mkdir, writeFile } = await import('node:fs/promises')
    await mkdir(`${house.folder}/clock/inside`)
    await house.write('clock', { provides: ['clock'] }, code)
    await writeFile(`${house.folder}/clock/inside/answer.ts`, 'export const answer: number = 1')
    await house.manager.startAll()
    expect(await house.registry.handle(Clock).now()).toBe(1)
    await writeFile(`${house.folder}/clock/inside/answer.ts`, 'export const answer: number = 2')
    await house.manager.reload('clock')
    expect(await house.registry.handle(Clock).now()).toBe(2)
  })
})

describe('load and unload', () => {
  it('loads a module that was added while running', async () => {
    await open({ clock: clock(1) })
    await house.manager.startAll()
    await house.write('late', {}, `export default defineModule({ start: () => {} })`)
    expect(await house.manager.load('late')).toMatchObject({ name: 'late', status: 'healthy', generation: 1 })
  })

  it('refuses to unload what others require', async () => {
    await open({
      clock: clock(1),
      watch: { manifest: { requires: ['clock'] }, code: `export default defineModule({ start: () => {} })` },
    })
    await house.manager.startAll()
    await expect(house.manager.unload('clock')).rejects.toMatchObject({
      code: 'MODULE_REQUIRED',
      message: expect.stringContaining('required by watch'),
    })
    await house.manager.unload('watch')
    await house.manager.unload('clock')
    await expect(house.registry.handle(Clock).now()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  it('refuses to unload what its manifest keeps, and reloads it', async () => {
    await open({ clock: { ...clock(1), manifest: { provides: ['clock'], keep: true } } })
    await house.manager.startAll()
    await expect(house.manager.unload('clock')).rejects.toMatchObject({
      code: 'MODULE_KEPT',
      fix: expect.stringContaining('reload'),
    })
    expect(await house.registry.handle(Clock).now()).toBe(1)
    expect(await house.manager.reload('clock')).toMatchObject({ status: 'healthy', generation: 2 })
  })

  it('refuses a name that leads out of the folder', async () => {
    await open({ clock: clock(1) })
    await expect(house.manager.load('../clock')).rejects.toMatchObject({ code: 'MODULE_UNKNOWN' })
  })

  it('leaves nothing behind, a hundred times over', async () => {
    await open({
      busy: {
        manifest: { provides: ['clock'], emits: ['bell.rung'], consumes: ['bell.rung'] },
        code: `${bell}
          export default defineModule({ start: (context) => {
            context.on(BellRung, () => {})
            context.on(BellRung, () => {}, { name: 'second', live: true })
            context.timer('tick', 1, () => {})
            context.defer('a file', () => {})
            context.signal.addEventListener('abort', () => { globalThis.aborts = (globalThis.aborts ?? 0) + 1 })
            return { services: { clock: { now: async () => 1 } } }
          } })`,
      },
    })
    await house.manager.startAll()
    const opened = statusOf('busy')?.open
    expect(opened).toEqual([
      'subscription busy/bell.rung',
      'subscription busy/bell.rung (live)',
      'timer tick',
      'a file',
    ])
    for (let round = 0; round < 100; round += 1) {
      await house.manager.unload('busy')
      expect(statusOf('busy')?.open).toEqual([])
      expect(house.bus.listeners()).toBe(0)
      expect(house.registry.overview()).toEqual({})
      await house.manager.load('busy')
    }
    expect((globalThis as { aborts?: number }).aborts).toBe(100)
    expect(house.bus.listeners()).toBe(2)
    expect(statusOf('busy')?.generation).toBe(101)
  })
})

describe('a task or listener that fails', () => {
  it('is an event, and degrades only its own module', async () => {
    await open({
      clock: clock(1),
      listener: {
        manifest: { emits: ['bell.rung'], consumes: ['bell.rung'] },
        code: `${bell}
          export default defineModule({ start: (context) => { context.on(BellRung, () => { throw new Error('deaf') }) } })`,
      },
    })
    await house.manager.startAll()
    await expect(
      house.bus.emit('test', BellRung, { count: 1 }, `00-${createTraceId()}-0000000000000001-01`),
    ).rejects.toThrow('deaf')
    expect(statusOf('listener')).toMatchObject({ status: 'degraded', lastError: 'event bell.rung: deaf' })
    expect(statusOf('clock')?.status).toBe('healthy')
    expect(house.bus.emitted.find((event) => event.type === 'module.failed')?.data).toMatchObject({
      module: 'listener',
      during: 'event bell.rung',
      code: 'INTERNAL',
    })
  })

  it('never runs a timer twice at once, and goes on after a throw', async () => {
    await open({
      ticker: {
        code: `
          globalThis.ticks = []
          export default defineModule({ start: (context) => {
            let inside = 0
            context.timer('tick', 2, async () => {
              inside += 1
              globalThis.ticks.push(inside)
              await new Promise((resolve) => setTimeout(resolve, 15))
              inside -= 1
              throw new Error('tock')
            })
          } })`,
      },
    })
    await house.manager.startAll()
    const ticks = (globalThis as unknown as { ticks: number[] }).ticks
    await vi.waitFor(() => expect(ticks.length).toBeGreaterThan(3))
    expect(new Set(ticks)).toEqual(new Set([1]))
    expect(statusOf('ticker')).toMatchObject({ status: 'degraded', lastError: 'timer tick: tock' })
  })

  it('can end its own timer from inside', async () => {
    await open({
      once: {
        code: `
          globalThis.onceCount = 0
          export default defineModule({ start: (context) => {
            const release = context.timer('once', 1, async () => { globalThis.onceCount += 1; await release() })
          } })`,
      },
    })
    await house.manager.startAll()
    await vi.waitFor(() => expect(statusOf('once')?.open).toEqual([]))
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect((globalThis as { onceCount?: number }).onceCount).toBe(1)
  })
})

describe('the supervisor', () => {
  it('finds a hung module unhealthy, restarts it, and parks it when that does not help', async () => {
    await open({
      hung: {
        manifest: {
          provides: ['clock'],
          healthIntervalMs: 10,
          healthTimeoutMs: 5,
          restart: { intensity: 1, periodMs: 60_000 },
        },
        code: `export default defineModule({ start: () => ({
          services: { clock: { now: async () => 1 } },
          health: () => new Promise(() => {}),
        }) })`,
      },
    })
    await house.manager.startAll()
    expect(statusOf('hung')?.status).toBe('unhealthy')
    await vi.waitFor(() => expect(statusOf('hung')?.status).toBe('parked'))
    expect(statusOf('hung')).toMatchObject({ restarts: 1, open: [], generation: 2 })
    await expect(house.registry.handle(Clock).now()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(house.changes.map(({ to }) => to)).toEqual([
      'starting',
      'healthy',
      'unhealthy',
      'starting',
      'healthy',
      'unhealthy',
      'stopped',
      'parked',
    ])
  })

  it('restarts a module whose start failed, and gives up after its intensity', async () => {
    await open({
      broken: {
        manifest: { restart: { intensity: 2, periodMs: 60_000 } },
        code: `export default defineModule({ start: () => { throw new Error('never') } })`,
      },
    })
    await house.manager.startAll()
    await vi.waitFor(() => expect(statusOf('broken')?.status).toBe('parked'), 3000)
    expect(statusOf('broken')).toMatchObject({ restarts: 2, generation: 3 })
  })

  it('leaves a module alone that says itself that it is unhealthy', async () => {
    await open({
      sad: {
        manifest: { healthIntervalMs: 5 },
        code: `export default defineModule({ start: () => ({ health: () => ({ status: 'unhealthy', reason: 'no disk', details: { free: 0 } }) }) })`,
      },
    })
    await house.manager.startAll()
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(statusOf('sad')).toMatchObject({ status: 'unhealthy', reason: 'no disk', details: { free: 0 }, restarts: 0 })
  })
})
