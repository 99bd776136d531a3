// no module keeps LOTUS down: what a failed boot is, what is started after one, and how that ends.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCheckout, type Checkout, type RunningNucleus } from './checkout.ts'

// up to seven starts of a process each
vi.setConfig({ testTimeout: 90_000 })

let checkout: Checkout
beforeEach(async () => {
  checkout = await createCheckout()
})
afterEach(async () => {
  await checkout.remove()
})

const starting = (code: string): string => `export default defineModule({ start: async () => { ${code} } })`
const writeWeather = (code: string, manifest = {}) => checkout.writeModule('weather', manifest, code)

/** starts, waits until it is up, and gives what it says about itself. */
async function comesUp(args: readonly string[] = []): Promise<{ status: string; nucleus: RunningNucleus }> {
  const nucleus = checkout.start({}, args)
  await vi.waitFor(
    async () => {
      const record = await checkout.record()
      if (record?.['pid'] !== nucleus.pid || record['status'] === 'starting') throw new Error(nucleus.stderr())
    },
    { timeout: 30_000, interval: 10 },
  )
  const status = String((await checkout.record())?.['status'])
  return { status, nucleus }
}

async function stops({ nucleus }: { nucleus: RunningNucleus }): Promise<void> {
  nucleus.child.kill('SIGTERM')
  expect(await nucleus.ended).toBe(0)
}

/** comes up in safe mode without weather, and says why. */
async function comesUpSafe(reason: string): Promise<void> {
  const boot = await comesUp()
  expect(boot.status).toBe('degraded')
  await stops(boot)
  const log = await checkout.log()
  const line = log.split('\n').findLast((text) => text.includes('SAFE_MODE')) ?? ''
  expect(line).toContain(reason)
  expect(log.slice(log.lastIndexOf('SAFE_MODE'))).not.toContain('weather is starting')
}

describe('a module that ends the process while it starts', () => {
  const deaths = {
    'by process.exit': starting('process.exit(3)'),
    // out of every trace, and with a stack that leads nowhere: to the process, this is the kernel's own error
    'with an error that is nobody’s': `
      import { AsyncLocalStorage } from 'node:async_hooks'
      const outside = AsyncLocalStorage.snapshot()
      ${starting(`
        outside(() => setTimeout(() => { throw Object.assign(new Error('inner'), { stack: 'inner' }) }, 10))
        await new Promise((resolve) => setTimeout(resolve, 1_000))`)}`,
  }
  for (const [way, code] of Object.entries(deaths)) {
    it(`is left out after three times, ${way}`, async () => {
      await writeWeather(code)
      for (const _time of [1, 2, 3]) expect(await checkout.start().ended).not.toBe(0)
      await comesUpSafe('LOTUS died 3 times running in its start')
    })
  }

  it('is left out where already its import ends the process', async () => {
    await writeWeather(`process.exit(4)\n${starting('')}`)
    for (const _time of [1, 2, 3]) expect(await checkout.start().ended).toBe(4)
    await comesUpSafe("only the core modules run: 'weather'")
  })

  it('is tried again where it was mended after the third time', async () => {
    await writeWeather(starting('process.exit(3)'))
    for (const _time of [1, 2, 3]) expect(await checkout.start().ended).toBe(3)
    await writeWeather(starting(''))
    const boot = await comesUp()
    expect(boot.status).toBe('healthy')
    await stops(boot)
  })

  it('is left out where a crash ends the process and who started it says so', async () => {
    await writeWeather(starting('process.abort()'))
    for (const _time of [1, 2, 3]) {
      expect(await checkout.start().ended).toBe('SIGABRT')
      await writeFile(join(checkout.home, 'boot/end'), 'SIGABRT\n')
    }
    await comesUpSafe('SIGABRT')
  })

  it('is left out where `lotus start` saw it crash', async () => {
    await writeWeather(starting('process.abort()'))
    for (const _time of [1, 2, 3]) {
      const { code, output } = await checkout.lotus('start')
      expect([code, output]).toEqual([6, expect.stringContaining('SIGABRT')])
    }
    await comesUpSafe('SIGABRT')
  })

  it('is not left out after two times', async () => {
    await writeWeather(starting('process.exit(3)'))
    for (const _time of [1, 2]) expect(await checkout.start().ended).toBe(3)
    await writeWeather(starting(''))
    const boot = await comesUp()
    expect(boot.status).toBe('healthy')
    await stops(boot)
  })

  it('is not left out where a healthy boot came in between', async () => {
    for (const _round of [1, 2]) {
      await writeWeather(starting('process.exit(3)'))
      for (const _time of [1, 2]) expect(await checkout.start().ended).toBe(3)
      await writeWeather(starting(''))
      const boot = await comesUp()
      expect(boot.status).toBe('healthy')
      await stops(boot)
    }
  })

  it('is found where another one starts at the same time', async () => {
    await checkout.writeModule('bystander', {}, starting('await new Promise((resolve) => setTimeout(resolve, 100))'))
    await writeWeather(starting('process.exit(3)'))
    for (const _time of [1, 2, 3]) expect(await checkout.start().ended).toBe(3)
    await comesUpSafe("only the core modules run: 'weather'")
  })

  it('is left out also where it says that it is a core module', async () => {
    await writeWeather(starting('process.exit(3)'), { core: true })
    for (const _time of [1, 2, 3]) expect(await checkout.start().ended).toBe(3)
    await comesUpSafe("only the core modules run: 'weather'")
  })
})

describe('a kill from outside', () => {
  it('does not count, not even three times in the same module’s start', async () => {
    await writeWeather(starting('await new Promise((resolve) => setTimeout(resolve, 10_000))'), {
      startTimeoutMs: 20_000,
    })
    for (const _time of [1, 2, 3]) {
      const nucleus = checkout.start()
      await vi.waitFor(
        async () => expect(await readFile(join(checkout.home, 'boot/starts'), 'utf8')).toContain('+weather'),
        { timeout: 30_000, interval: 10 },
      )
      nucleus.child.kill('SIGKILL')
      await nucleus.ended
      await rm(join(checkout.home, 'boot/starts'))
    }
    await writeWeather(starting(''))
    const boot = await comesUp()
    expect(boot.status).toBe('healthy')
    await stops(boot)
    expect(await checkout.log()).not.toContain('SAFE_MODE')
  })

  it('does not count where a person stops the boot', async () => {
    await writeWeather(starting('await new Promise((resolve) => setTimeout(resolve, 1_000))'))
    for (const _time of [1, 2, 3]) {
      const nucleus = checkout.start()
      await checkout.untilStatus('starting')
      nucleus.child.kill('SIGTERM')
      expect(await nucleus.ended).toBe(0)
    }
    const boot = await comesUp()
    expect(boot.status).toBe('healthy')
    await stops(boot)
  })
})

describe('a boot that LOTUS gave up', () => {
  const start = async () => await checkout.start().ended
  const wasUp = async () => stops(await comesUp())

  it('for a module without which it does not come up is followed by safe mode', async () => {
    await writeWeather(starting(`throw new Error('no sky')`), { boot: 'required' })
    expect(await start()).toBe(6)
    await comesUpSafe('(no sky)')
  })

  it('for a broken manifest is followed by safe mode', async () => {
    await wasUp()
    await writeWeather('', { version: 'x' })
    expect(await start()).toBe(6)
    await comesUpSafe('modules/weather/manifest.json: version:')
  })

  it('for modules that do not fit together is followed by safe mode', async () => {
    await wasUp()
    await writeWeather(starting(''), { provides: ['example'] })
    expect(await start()).toBe(6)
    await comesUpSafe('the service example comes from')
  })

  it('for what safe mode would meet as well is not followed by it', async () => {
    await wasUp()
    expect(await checkout.start({ LOTUS_HTTP_PORT: 'many' }).ended).toBe(6)
    await checkout.writeModule(
      'door',
      { safe: true, boot: 'required' },
      starting(`if (process.env.TAKEN) throw new Error('the port is taken')`),
    )
    expect(await checkout.start({ TAKEN: '1' }).ended).toBe(6)
    const boot = await comesUp()
    expect(boot.status).toBe('healthy')
    await stops(boot)
  })
})

describe('safe mode', () => {
  it('is what --safe asks for, for one start', async () => {
    await writeWeather(starting(''))
    const safe = await comesUp(['--safe'])
    expect(safe.status).toBe('degraded')
    await stops(safe)
    expect(await checkout.log()).toContain('it was started with --safe')
    expect(await checkout.log()).not.toContain('weather is starting')
    const next = await comesUp()
    expect(next.status).toBe('healthy')
    await stops(next)
  })

  it('that was asked for disproves nothing about a module that it left out', async () => {
    await writeWeather(starting('process.exit(3)'))
    for (const _time of [1, 2]) expect(await checkout.start().ended).toBe(3)
    await stops(await comesUp(['--safe']))
    expect(await checkout.start().ended).toBe(3)
    await comesUpSafe("only the core modules run: 'weather'")
  })

  it('lasts over restarts until the module has changed', async () => {
    await writeWeather(starting(`throw new Error('no sky')`), { boot: 'required' })
    expect(await checkout.start().ended).toBe(6)
    await comesUpSafe('no sky')
    await comesUpSafe('no sky')
    await writeWeather(starting(''), { boot: 'required' })
    const mended = await comesUp()
    expect(mended.status).toBe('healthy')
    await stops(mended)
  })

  it('ends where the module is gone', async () => {
    await writeWeather(starting(`throw new Error('no sky')`), { boot: 'required' })
    expect(await checkout.start().ended).toBe(6)
    await comesUpSafe('no sky')
    await rm(join(checkout.root, 'modules/weather'), { recursive: true })
    const boot = await comesUp()
    expect(boot.status).toBe('healthy')
    await stops(boot)
  })

  it('ends where --all asks for all modules', async () => {
    await writeWeather(starting(`if (!process.env.SKY) throw new Error('no sky')`), { boot: 'required' })
    expect(await checkout.start().ended).toBe(6)
    await comesUpSafe('no sky')
    const nucleus = checkout.start({ SKY: '1' }, ['--all'])
    await checkout.untilStatus('healthy')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
  })

  it('passes over settings of modules that are left out', async () => {
    await stops(await comesUp())
    await writeWeather(starting(''), { version: 'x' })
    await mkdir(checkout.home, { recursive: true })
    expect(await checkout.start().ended).toBe(6)
    await writeFile(join(checkout.home, 'config.json'), JSON.stringify({ weather: { town: 'Bergen' } }))
    expect(await checkout.start().ended).toBe(6)
    const safe = await comesUp(['--safe'])
    expect(safe.status).toBe('degraded')
    await stops(safe)
  })

  it('is not fooled by a record that was cut short', async () => {
    await stops(await comesUp())
    await writeFile(join(checkout.home, 'boot/record.json'), '{"failures": [{"kind"')
    const boot = await comesUp()
    expect(boot.status).toBe('healthy')
    await stops(boot)
  })
})
