// a mistake in a file of settings does not keep LOTUS down: those of the last good start are in force, and it says so.
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCheckout, type Checkout } from './checkout.ts'

vi.setConfig({ testTimeout: 60_000 })

let checkout: Checkout
beforeEach(async () => {
  checkout = await createCheckout()
  await mkdir(checkout.home, { recursive: true })
})
afterEach(async () => {
  await checkout.remove()
})

const write = async (text: string): Promise<void> => await writeFile(join(checkout.home, 'config.json'), text)

/** one start and its end. @returns what is in force, from the log of a module that says it */
async function startOnce(environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const nucleus = checkout.start(environment)
  const status = await vi.waitFor(
    async () => {
      const record = await checkout.record()
      const isUp = record?.['pid'] === nucleus.pid && record['status'] !== 'starting'
      if (!isUp) throw new Error(nucleus.stderr())
      return String(record['status'])
    },
    { timeout: 20_000, interval: 10 },
  )
  nucleus.child.kill('SIGTERM')
  expect(await nucleus.ended).toBe(0)
  return status
}

/** the reason for which it does not start. */
async function failsToStart(environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const nucleus = checkout.start(environment)
  expect(await nucleus.ended).toBe(6)
  return nucleus.stderr()
}

const debugLines = async (): Promise<number> => (await checkout.log()).split('"level":"debug"').length - 1

describe('a file of settings that can’t be used', () => {
  it.each([
    ['that is no JSON', '{"core": {"logLevel": '],
    ['with a value that is none', '{"core": {"logLevel": "loud"}}'],
    ['with a name that is none', '{"core": {"colour": "red"}}'],
  ])('%s gives way to the one of the last good start', async (_what, text) => {
    await checkout.writeModule('chatty', {}, `export default defineModule({ start: ({ log }) => log.debug('hello') })`)
    await write('{"core": {"logLevel": "debug"}}')
    expect(await startOnce()).toBe('healthy')
    const before = await debugLines()
    expect(before).toBeGreaterThan(0)
    await write(text)
    expect(await startOnce()).toBe('degraded')
    expect(await debugLines()).toBeGreaterThan(before)
    const line = (await checkout.log()).split('\n').find((one) => one.includes('LAST_GOOD_SETTINGS')) ?? ''
    expect(line).toContain('those of the last good start are in force')
    expect(line).toContain('config.json')
    expect(line).toContain('lotus config check')
  })

  it('is used again as soon as it is mended', async () => {
    expect(await startOnce()).toBe('healthy')
    await write('{')
    expect(await startOnce()).toBe('degraded')
    await write('{"core": {"logLevel": "warn"}}')
    expect(await startOnce()).toBe('healthy')
  })

  it('does not become the last good one', async () => {
    await write('{"core": {"logLevel": "warn"}}')
    expect(await startOnce()).toBe('healthy')
    await write('{')
    for (const _time of [1, 2]) expect(await startOnce()).toBe('degraded')
    const kept = JSON.parse(await readFile(join(checkout.home, 'boot/good-settings.json'), 'utf8')) as {
      files: Record<string, string>
    }
    expect(kept.files[join(checkout.home, 'config.json')]).toBe('{"core": {"logLevel": "warn"}}')
  })

  it('keeps LOTUS down where there was no good start yet', async () => {
    await write('{')
    expect(await failsToStart()).toContain('is not JSON')
  })

  it('keeps LOTUS down where the kept ones are damaged, with the reason in the new ones', async () => {
    expect(await startOnce()).toBe('healthy')
    await write('{')
    await writeFile(join(checkout.home, 'boot/good-settings.json'), '{"files": ')
    expect(await failsToStart()).toContain('is not JSON')
  })

  it('is kept where only its owner can read it', async () => {
    await write('{"core": {"logLevel": "warn"}}')
    await chmod(join(checkout.home, 'config.json'), 0o600)
    expect(await startOnce()).toBe('healthy')
    const { mode } = await stat(join(checkout.home, 'boot/good-settings.json'))
    expect(mode & 0o077).toBe(0)
  })
})

describe('a mistake that somebody has just said', () => {
  it('in the environment is told and never passed over', async () => {
    expect(await startOnce()).toBe('healthy')
    expect(await failsToStart({ LOTUS_LOG_LEVEL: 'loud' })).toContain('LOTUS_LOG_LEVEL')
  })

  it('in .env is told and never passed over', async () => {
    expect(await startOnce()).toBe('healthy')
    await writeFile(join(checkout.home, '.env'), 'LOTUS_LOG_LEVEL=loud\n')
    expect(await failsToStart()).toContain('.env:1')
  })

  it('beside one in a file is told with that one', async () => {
    expect(await startOnce()).toBe('healthy')
    await write('{"core": {"logFiles": "many"}}')
    const message = await failsToStart({ LOTUS_LOG_LEVEL: 'loud' })
    expect(message).toContain('LOTUS_LOG_LEVEL')
    expect(message).toContain('core.logFiles')
  })
})
