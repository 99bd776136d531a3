// the process of the nucleus: it comes up, is alone, says what is wrong, drains, and leaves nothing behind.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'
import { processStart } from '../../../nucleus/process/process-start.ts'
import { createCheckout, type Checkout } from './checkout.ts'

let checkout: Checkout
beforeEach(async () => {
  checkout = await createCheckout()
})
afterEach(async () => {
  await checkout.remove()
})
const filesOfRun = async (): Promise<string[]> => (await readdir(join(checkout.home, 'run'))).sort()

describe('node nucleus.ts', () => {
  it('comes up, tells where it is, and drains at SIGTERM', async () => {
    const nucleus = checkout.start()
    await checkout.untilStatus('healthy')
    expect(await checkout.record()).toEqual({
      pid: nucleus.pid,
      started_at: expect.stringMatching(/^20/),
      version: '0.1.0',
      role: 'nucleus',
      url: 'http://127.0.0.1:1',
      osd_socket: '',
      status: 'healthy',
    })
    expect(await readFile(`/proc/${nucleus.pid}/cmdline`, 'utf8')).toContain('lotus-nucleus')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
    expect(nucleus.stderr()).toBe('')
    expect(await filesOfRun()).toEqual(['last-stop.json'])
    expect(JSON.parse(await readFile(join(checkout.home, 'run/last-stop.json'), 'utf8'))).toMatchObject({
      pid: nucleus.pid,
      reason: 'SIGTERM',
      modules: { example: { goals: { 'innate/completed': 2 }, cost_usd: 0 } },
    })
  })

  it('journals its start and its stop', async () => {
    for (const _round of [1, 2]) {
      const nucleus = checkout.start()
      await checkout.untilStatus('healthy')
      nucleus.child.kill('SIGINT')
      expect(await nucleus.ended).toBe(0)
    }
    const log = pino({ level: 'silent' })
    const journal = openSqliteJournal({ path: join(checkout.home, 'data/journal.db'), durability: 'normal', log })
    const types = (await journal.read({ limit: 1000 })).map(({ type }) => type)
    await journal.close()
    const once = types.slice(0, types.length / 2)
    expect(once).toContain('system.started')
    expect(once).toContain('module.loaded')
    expect(once).toContain('system.stopped')
    expect(once).toContain('module.unloaded')
  })

  it('ends at once at the second signal, and still leaves no file behind', async () => {
    await checkout.writeModule(
      'slow',
      {},
      `export default defineModule({ start: (context) => { context.defer('for ever', () => new Promise(() => {})) } })`,
    )
    const nucleus = checkout.start()
    await checkout.untilStatus('healthy')
    nucleus.child.kill('SIGINT')
    await checkout.untilStatus('draining')
    await new Promise((resolve) => void setTimeout(resolve, 200))
    nucleus.child.kill('SIGINT')
    expect(await nucleus.ended).toBe(130)
    expect(await filesOfRun()).toEqual([])
  })

  it('can be stopped while it boots', async () => {
    await checkout.writeModule(
      'slow',
      {},
      `export default defineModule({ start: () => new Promise((resolve) => setTimeout(resolve, 1000)) })`,
    )
    const nucleus = checkout.start()
    await checkout.untilStatus('starting')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
    expect(await filesOfRun()).not.toContain('nucleus.pid')
  })
})

describe('one nucleus a state folder', () => {
  it('refuses a second one with one message, and leaves the first alone', async () => {
    const first = checkout.start()
    await checkout.untilStatus('healthy')
    const second = checkout.start()
    expect(await second.ended).toBe(6)
    expect(second.stderr()).toMatch(
      /LOTUS runs already with this state folder: '.*nucleus.pid' \(process \d+\)\n {2}to do: /,
    )
    expect((await checkout.record())?.['pid']).toBe(first.pid)
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
  })

  it('lets one of many that start at once win', async () => {
    const all = [1, 2, 3, 4].map(() => checkout.start())
    await checkout.untilStatus('healthy')
    const winner = (await checkout.record())?.['pid']
    const codes = await Promise.all(all.filter(({ pid }) => pid !== winner).map(({ ended }) => ended))
    expect(codes).toEqual([6, 6, 6])
    all.find(({ pid }) => pid === winner)!.child.kill('SIGTERM')
    expect(await all.find(({ pid }) => pid === winner)!.ended).toBe(0)
  })

  it('cleans up after one that was killed, and says so once', async () => {
    const killed = checkout.start()
    await checkout.untilStatus('healthy')
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(await filesOfRun()).toEqual(['nucleus.json', 'nucleus.pid'])
    const next = checkout.start()
    await vi.waitFor(async () => expect((await checkout.record())?.['pid']).toBe(next.pid), 5000)
    await checkout.untilStatus('healthy')
    expect((await checkout.log()).match(/removed the pid file/g)).toHaveLength(1)
    next.child.kill('SIGTERM')
    expect(await next.ended).toBe(0)
  })

  it('is not fooled by another process that has the number now', async () => {
    await mkdir(join(checkout.home, 'run'), { recursive: true })
    const pidFile = join(checkout.home, 'run/nucleus.pid')
    await writeFile(pidFile, JSON.stringify({ pid: process.pid, start: `${processStart(process.pid)}0` }))
    const nucleus = checkout.start()
    await checkout.untilStatus('healthy')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
  })
})

describe('a boot that can’t be', () => {
  const fails = async (environment: Readonly<Record<string, string>> = {}): Promise<string> => {
    const nucleus = checkout.start(environment)
    expect(await nucleus.ended).toBe(6)
    expect(nucleus.stderr()).not.toContain('    at ')
    return nucleus.stderr()
  }

  it('names every invalid setting', async () => {
    const message = await fails({ LOTUS_HTTP_PORT: 'many', LOTUS_LOG_LEVEL: 'loud' })
    expect(message).toContain('LOTUS_HTTP_PORT')
    expect(message).toContain('LOTUS_LOG_LEVEL')
  })

  it('names every broken manifest, and makes no state folder', async () => {
    await checkout.writeModule('one', { version: 'x' }, '')
    await checkout.writeModule('two', { colour: 'red' }, '')
    const message = await fails()
    expect(message).toContain('modules/one/manifest.json: version:')
    expect(message).toContain('modules/two/manifest.json')
    await expect(readdir(checkout.home)).rejects.toThrow('ENOENT')
  })

  it('names what does not fit together', async () => {
    await checkout.writeModule('one', { requires: ['two'] }, '')
    expect(await fails()).toContain('one requires the service two, which no module provides')
  })

  it('says that the state folder can’t be one', async () => {
    await writeFile(checkout.home, 'a file')
    expect(await fails()).toMatch(/the state folder can’t be written: '.*home/)
  })

  it('says that the state folder can’t be written', async () => {
    expect(await fails({ LOTUS_HOME: '/proc/lotus' })).toMatch(/the state folder can’t be written: '\/proc\/lotus'/)
  })

  it('gives the words of a module without which LOTUS doesn’t come up, and undoes the rest', async () => {
    await checkout.writeModule(
      'door',
      { boot: 'required', requires: ['example'] },
      `export default defineModule({ start: (context) => {
        context.defer('handle', () => {})
        throw Object.assign(new Error("the port is taken: '8000'"), { code: 'PORT_TAKEN', fix: 'choose another', retryable: false })
      } })`,
    )
    expect(await fails()).toBe("lotus: can’t start: the port is taken: '8000'\n  to do: choose another\n")
    expect(await filesOfRun()).toEqual([])
  })
})

describe('an error that nobody caught', () => {
  const throwing = (line: string) =>
    checkout.writeModule(
      'careless',
      {},
      `export default defineModule({ start: () => { setTimeout(() => { ${line} }, 50) } })`,
    )

  it('harms the module whose code threw it, and nothing else', async () => {
    await throwing(`throw new Error('dropped')`)
    const nucleus = checkout.start()
    await checkout.untilStatus('degraded')
    expect(await checkout.log()).toMatch(/"module":"careless".*dropped/)
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
  })

  it('is found in a rejection, too', async () => {
    await throwing(`Promise.reject(new Error('rejected'))`)
    const nucleus = checkout.start()
    await checkout.untilStatus('degraded')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
  })

  it('ends the process in order when it is the kernel’s', async () => {
    await checkout.writeModule(
      'saboteur',
      {},
      `import { AsyncLocalStorage } from 'node:async_hooks'
       // out of every trace, and with a stack that leads nowhere: to the process, this is the kernel's own error
       const outside = AsyncLocalStorage.snapshot()
       export default defineModule({ start: () => {
         outside(() => setTimeout(() => { throw Object.assign(new Error('inner'), { stack: 'inner' }) }, 300))
       } })`,
    )
    const nucleus = checkout.start()
    await checkout.untilStatus('healthy')
    expect(await nucleus.ended).toBe(1)
    expect(await filesOfRun()).toEqual(['last-stop.json'])
  })
})
