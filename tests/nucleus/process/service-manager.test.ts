// what systemd is told by a process that it started, over a real datagram socket.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import pino from 'pino'
import { reportToManager, takeNotifySocket } from '../../../nucleus/process/service-manager.ts'
import { receiveDatagrams, type DatagramReceiver } from '../../support/datagram-receiver.ts'
import type { HealthReport, SystemStatus } from '../../../nucleus/health/health.ts'
import { createCheckout, type Checkout } from './checkout.ts'

vi.setConfig({ testTimeout: 60_000 })

let checkout: Checkout
let receiver: DatagramReceiver
beforeEach(async () => {
  checkout = await createCheckout()
  receiver = receiveDatagrams(join(checkout.root, 'notify.sock'))
})
afterEach(async () => {
  receiver.close()
  await checkout.remove()
})

describe('a nucleus that a service manager started', () => {
  it('says READY when it is up, and STOPPING when it drains', async () => {
    const nucleus = checkout.start({ NOTIFY_SOCKET: receiver.address })
    const ready = await receiver.until('READY=1')
    expect(ready).toBe(`READY=1\nMAINPID=${nucleus.pid}\nSTATUS=healthy, http://127.0.0.1:1`)
    expect((await checkout.record())?.['status']).toBe('healthy')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
    expect(receiver.messages().at(-1)).toBe('STOPPING=1\nSTATUS=drains: SIGTERM')
  })

  it('finds a socket with an abstract name', async () => {
    const abstract = receiveDatagrams(`@lotus-test-${process.pid}`)
    const nucleus = checkout.start({ NOTIFY_SOCKET: abstract.address })
    await abstract.until('READY=1')
    nucleus.child.kill('SIGTERM')
    await abstract.until('STOPPING=1')
    expect(await nucleus.ended).toBe(0)
    abstract.close()
  })

  it('gives a sign of life twice in the time of the watchdog', async () => {
    const nucleus = checkout.start({ NOTIFY_SOCKET: receiver.address, WATCHDOG_USEC: '400000' })
    await receiver.until('READY=1')
    const readyAtMs = Date.now()
    await vi.waitFor(
      () => expect(receiver.messages().filter((text) => text === 'WATCHDOG=1').length).toBeGreaterThan(2),
      { timeout: 20_000, interval: 20 },
    )
    // three of them are 600 ms
    expect(Date.now() - readyAtMs).toBeGreaterThan(500)
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
  })

  it('leaves the watchdog of another process alone', async () => {
    const nucleus = checkout.start({ NOTIFY_SOCKET: receiver.address, WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' })
    await receiver.until('READY=1')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
    expect(receiver.messages()).not.toContain('WATCHDOG=1')
  })

  it('stops giving signs of life when its event loop hangs', async () => {
    await checkout.writeModule(
      'hog',
      {},
      `export default defineModule({ start: () => { setTimeout(() => { for (;;); }, 1_500) } })`,
    )
    const nucleus = checkout.start({ NOTIFY_SOCKET: receiver.address, WATCHDOG_USEC: '200000' })
    await receiver.until('WATCHDOG=1')
    // it hangs when a second passes without a sign
    let before = -1
    await vi.waitFor(
      () => {
        const count = receiver.messages().length
        const isSilent = count === before
        before = count
        if (!isSilent) throw new Error('it still lives')
      },
      { timeout: 30_000, interval: 1_000 },
    )
    nucleus.child.kill('SIGKILL')
    expect(await nucleus.ended).toBe('SIGKILL')
  })

  it('reads its settings anew at SIGHUP, and says so', async () => {
    const nucleus = checkout.start({ NOTIFY_SOCKET: receiver.address })
    await receiver.until('READY=1')
    await writeFile(join(checkout.home, 'config.json'), JSON.stringify({ core: { logLevel: 'debug' } }))
    const before = receiver.messages().length
    nucleus.child.kill('SIGHUP')
    await receiver.until('READY=1', before)
    const [reloading, ready] = receiver.messages().slice(before)
    expect(reloading).toMatch(/^RELOADING=1\nMONOTONIC_USEC=\d+$/)
    expect(ready).toBe('READY=1\nSTATUS=healthy, http://127.0.0.1:1')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
    expect(await checkout.log()).toContain('"log_level":"debug"')
  })

  it('goes on with the settings from before where the new ones can’t be used', async () => {
    const nucleus = checkout.start({ NOTIFY_SOCKET: receiver.address })
    await receiver.until('READY=1')
    await writeFile(join(checkout.home, '.env'), 'LOTUS_LOG_LEVEL=loud\n')
    const before = receiver.messages().length
    nucleus.child.kill('SIGHUP')
    expect(await receiver.until('READY=1', before)).toContain('those from before stay in force')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
  })

  it('says in its status why it runs in safe mode', async () => {
    const nucleus = checkout.start({ NOTIFY_SOCKET: receiver.address }, ['--safe'])
    expect(await receiver.until('READY=1')).toContain('STATUS=degraded, http://127.0.0.1:1: only the core modules run')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
  })

  it('comes up also where the socket is not there', async () => {
    const nucleus = checkout.start({ NOTIFY_SOCKET: join(checkout.root, 'nobody.sock') })
    await checkout.untilStatus('healthy')
    nucleus.child.kill('SIGTERM')
    expect(await nucleus.ended).toBe(0)
    expect(await checkout.log()).toContain('the service manager could not be told')
  })
})

describe('without a service manager', () => {
  it('SIGHUP is the end of the terminal, which drains LOTUS', async () => {
    const nucleus = checkout.start()
    await checkout.untilStatus('healthy')
    nucleus.child.kill('SIGHUP')
    expect(await nucleus.ended).toBe(0)
    expect(receiver.messages()).toEqual([])
  })
})

describe('the sign of life', () => {
  const report = (status: SystemStatus): HealthReport => ({
    status,
    version: '1',
    uptimeMs: 1,
    modules: {},
    infrastructure: {},
    notices: [],
  })
  const watched = async (statuses: { now: SystemStatus }) =>
    await reportToManager(
      { address: receiver.address, watchdogMs: 40 },
      { health: () => report(statuses.now), url: () => '', reload: () => undefined, log: pino({ level: 'silent' }) },
    )

  it('stops where a core module is down that was up before, and comes again with it', async () => {
    const statuses: { now: SystemStatus } = { now: 'healthy' }
    const manager = await watched(statuses)
    await receiver.until('WATCHDOG=1')
    statuses.now = 'unhealthy'
    await receiver.until('STATUS=unhealthy, ')
    const before = receiver.messages().length
    statuses.now = 'healthy'
    await receiver.until('WATCHDOG=1', before)
    manager.close()
    // from the change to the status text there are some 2 s, and 100 signs if they had gone on
    expect(before).toBeLessThan(60)
  })

  it('goes on where LOTUS came up like that: a restart would only make it worse', async () => {
    const manager = await watched({ now: 'unhealthy' })
    await receiver.until('WATCHDOG=1')
    manager.close()
  })
})

describe('what children inherit', () => {
  it('has nothing of the service manager', () => {
    const environment = { NOTIFY_SOCKET: '@x', WATCHDOG_USEC: '2000000', WATCHDOG_PID: String(process.pid), PATH: '/' }
    expect(takeNotifySocket(environment)).toEqual({ address: '@x', watchdogMs: 2000 })
    expect(environment).toEqual({ PATH: '/' })
  })

  it('no socket of a kind that this machine has not is taken', () => {
    expect(takeNotifySocket({ NOTIFY_SOCKET: 'vsock:2:1' })).toBeUndefined()
  })
})
