// a module's whole life in a real LOTUS, by the commands alone: written, edited while files are watched, graded, disabled
// over a restart, installed from an archive, replaced by a broken one that is taken back, removed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashOf } from '../../nucleus/modules/kit/install.ts'
import { createPrivateLotus, type PrivateLotus } from '../support/private-lotus.ts'
import { waitFor } from '../support/wait-for.ts'

const limitMs = 120_000
let own: PrivateLotus
beforeAll(async () => {
  own = createPrivateLotus()
  const started = await own.lotus(['start', '--watch'], { timeoutMs: 90_000 })
  expect(started).toMatchObject({ code: 0 })
}, limitMs)
afterAll(async () => await own.dispose(), limitMs)

const json = async (words: readonly string[]) => {
  const { code, stdout, stderr } = await own.lotus([...words, '--json'], { timeoutMs: 90_000 })
  const told = stdout.trimEnd().split('\n').at(-1) ?? ''
  return { code, stderr, body: (told === '' ? {} : JSON.parse(told)) as Record<string, unknown> }
}
const statusOf = async (name: string): Promise<Record<string, unknown> | undefined> => {
  const { modules } = (await own.get('/modules')).body as { modules: Record<string, unknown>[] }
  return modules.find((module) => module['name'] === name)
}
const until = async (name: string, wanted: Readonly<Record<string, unknown>>): Promise<void> => {
  let last: Record<string, unknown> | undefined
  await waitFor(
    async () => {
      last = await statusOf(name)
      return Object.entries(wanted).every(([key, value]) => last?.[key] === value) ? true : undefined
    },
    { timeoutMs: 30_000, what: () => `${JSON.stringify(wanted)}; it is ${JSON.stringify(last)}` },
  )
}
const pathOf = (name: string, file: string): string => join(own.home, 'modules', name, file)

async function archiveOf(version: string, code: string): Promise<{ path: string; hash: string }> {
  const packed = pack()
  const manifest = { name: 'guest', version, description: 'a guest', kernel: '^1', permissions: ['read:/usr/share'] }
  packed.entry({ name: 'guest/manifest.json' }, JSON.stringify(manifest))
  packed.entry({ name: 'guest/module.ts', mode: 0o755 }, code)
  packed.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of packed as AsyncIterable<Buffer>) chunks.push(chunk)
  const bytes = gzipSync(Buffer.concat(chunks))
  const path = join(own.folder, `guest-${version}.tar.gz`)
  writeFileSync(path, bytes)
  return { path, hash: hashOf(bytes) }
}
const idle = `import { defineModule } from '../../nucleus/modules/module.ts'
export default defineModule({ start: () => ({ health: () => ({ status: 'healthy' }) }) })
`

describe('a module of one’s own', () => {
  it('is written, loaded, tested and good', { timeout: limitMs }, async () => {
    expect(await json(['module', 'new', 'weather'])).toMatchObject({ code: 0, body: { module: { status: 'healthy' } } })
    const misspelt = await own.lotus(['module', 'reload', 'wether'])
    expect([misspelt.code, misspelt.stderr]).toEqual([1, expect.stringContaining('did you mean weather?')])
    expect((await json(['module', 'test', 'weather'])).body).toMatchObject({ tests: [{ passed: true }] })
    expect(await json(['module', 'check', 'weather'])).toMatchObject({ code: 0, body: { grade: 'good' } })
  })

  it('is taken over when it is saved; a broken save leaves it serving', { timeout: limitMs }, async () => {
    const path = pathOf('weather', 'module.ts')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace("{ status: 'healthy',", "{ status: 'degraded', reason: 'it rains',"))
    await until('weather', { status: 'degraded', reason: 'it rains' })
    writeFileSync(path, 'export default {')
    await waitFor(() => (own.log().includes('MODULE_IMPORT_FAILED') ? true : undefined), {
      timeoutMs: 30_000,
      what: () => 'the failure in the log',
    })
    expect(await statusOf('weather')).toMatchObject({ status: 'degraded', reason: 'it rains' })
    writeFileSync(path, text)
    await until('weather', { status: 'healthy' })
    const { body } = await json(['module', 'logs', 'weather', '--level', 'error'])
    const { lines } = (await own.get('/modules/weather/logs?level=error')).body as { lines: unknown[] }
    expect(lines).toEqual([body])
    expect(body).toMatchObject({ module: 'weather', err: { code: 'MODULE_IMPORT_FAILED' } })
  })

  it('is disabled over a restart, and enabled again', { timeout: limitMs }, async () => {
    expect(await json(['module', 'disable', 'weather'])).toMatchObject({ code: 0, body: { enabled: false } })
    expect((await own.lotus(['restart'], { timeoutMs: 90_000 })).code).toBe(0)
    expect(await statusOf('weather')).toMatchObject({ status: 'stopped', reason: 'disabled', enabled: false })
    const { body } = await own.get('/health')
    expect(body).toMatchObject({ status: 'healthy' })
    expect(await json(['module', 'enable', 'weather'])).toMatchObject({ body: { status: 'healthy', enabled: true } })
  })
})

describe('an archive', () => {
  it('is not installed without its hash, with another, or where nobody agrees', { timeout: limitMs }, async () => {
    const { path, hash } = await archiveOf('1.0.0', idle)
    const bare = await own.lotus(['module', 'install', path])
    expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining(hash)])
    const other = await own.lotus(['module', 'install', path, '--hash', hashOf(Buffer.from('x')), '--yes'])
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('is not the one')])
    const unasked = await own.lotus(['module', 'install', path, '--hash', hash])
    expect([unasked.code, unasked.stderr]).toEqual([4, expect.stringContaining('read:/usr/share: reads /usr/share')])
    expect(existsSync(pathOf('guest', ''))).toBe(false)
  })

  it('is installed and loaded, and replaced by a newer one', { timeout: limitMs }, async () => {
    const first = await archiveOf('1.0.0', idle)
    expect(await json(['module', 'install', first.path, '--hash', first.hash, '--yes'])).toMatchObject({
      code: 0,
      body: { name: 'guest', version: '1.0.0', replaced: null, module: { status: 'healthy' } },
    })
    const next = await archiveOf('1.1.0', idle)
    expect(await json(['module', 'install', next.path, '--hash', next.hash, '--yes'])).toMatchObject({
      code: 0,
      body: { replaced: '1.0.0', module: { version: '1.1.0', status: 'healthy' } },
    })
  })

  it('that does not start is taken back, and what was there serves on', { timeout: limitMs }, async () => {
    const broken = await archiveOf(
      '2.0.0',
      idle.replace('start: () =>', "start: () => { throw new Error('no') }, stop: () =>"),
    )
    expect(await json(['module', 'install', broken.path, '--hash', broken.hash, '--yes'])).toMatchObject({ code: 1 })
    expect(await statusOf('guest')).toMatchObject({ version: '1.1.0', status: 'healthy' })
    expect(readFileSync(pathOf('guest', 'manifest.json'), 'utf8')).toContain('1.1.0')
  })

  it('that was installed is removed; one’s own module is not', { timeout: limitMs }, async () => {
    const mine = await own.lotus(['module', 'remove', 'weather', '--yes'])
    expect([mine.code, mine.stderr]).toEqual([1, expect.stringContaining('was not installed')])
    expect(await json(['module', 'remove', 'guest', '--yes'])).toMatchObject({ code: 0, body: { removed: true } })
    expect(existsSync(pathOf('guest', ''))).toBe(false)
    expect(await statusOf('guest')).toMatchObject({ status: 'stopped' })
    expect(existsSync(pathOf('weather', 'module.ts'))).toBe(true)
  })
})
