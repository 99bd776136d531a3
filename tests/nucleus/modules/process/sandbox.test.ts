// what a module's process can reach of the machine: what its permissions say; and what it takes is seen.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readPermissions } from '../../../../nucleus/modules/permissions.ts'
import { consumptionOf, watchProcess } from '../../../../nucleus/modules/process/watch.ts'
import { defineService } from '../../../../nucleus/services/service.ts'
import { buildHouse, type House } from '../house.ts'

interface Spy {
  environment(): Promise<Record<string, string>>
  read(path: string): Promise<string>
  write(path: string): Promise<string>
  connect(port: number): Promise<string>
  processes(): Promise<number>
}
const Spy = defineService<Spy>('spy', {
  environment: 'call',
  read: 'call',
  write: 'call',
  connect: 'call',
  processes: 'call',
})
const code = `
  import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
  import { connect } from 'node:net'
  const attempt = (work) => { try { return work() } catch (error) { return error.code } }
  export default defineModule({ start: () => ({ services: { spy: {
    environment: async () => ({ ...process.env }),
    read: async (path) => attempt(() => readFileSync(path, 'utf8')),
    write: async (path) => attempt(() => { writeFileSync(path, 'x'); return 'written' }),
    connect: (port) => new Promise((resolve) => connect(port, '127.0.0.1').on('connect', () => resolve('connected')).on('error', (error) => resolve(error.code))),
    processes: async () => readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length,
  } } }) })`

let house: House | undefined
const made: string[] = []
afterEach(async () => {
  await house?.clear()
  house = undefined
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true })
  vi.unstubAllEnvs()
})

async function openSpy(permissions: readonly string[] = []): Promise<Spy> {
  house = await buildHouse({ spy: { manifest: { isolation: 'process', provides: ['spy'], permissions }, code } })
  await house.manager.startAll()
  return house.registry.handle(Spy)
}
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-sandbox-'))
  made.push(folder)
  writeFileSync(join(folder, 'secret.txt'), 'the secret')
  return folder
}
const isConfined = (): boolean => house?.manager.statuses()[0]?.details?.['confined'] === true

describe('without permissions', () => {
  it('has no secret of the nucleus in its environment', { timeout: 60_000 }, async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-test')
    vi.stubEnv('LOTUS_HTTP_TOKEN', 'token')
    const environment = await (await openSpy()).environment()
    expect(JSON.stringify(environment)).not.toMatch(/sk-test|token/)
    expect(Object.keys(environment).filter((name) => /KEY|TOKEN|SECRET|LOTUS/.test(name))).toEqual([])
  })

  it(
    'reads and writes none of the person’s files, sees no process, reaches no network',
    { timeout: 60_000 },
    async () => {
      const folder = makeFolder()
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      try {
        const spy = await openSpy()
        // a machine without bubblewrap has no wall, and the test of health says that it is told
        if (!isConfined()) return
        expect(await spy.read(join(folder, 'secret.txt'))).toBe('ENOENT')
        expect(await spy.read('/etc/passwd')).toBe('ENOENT')
        expect(await spy.read(join(import.meta.dirname, '../../../../.env'))).toBe('ENOENT')
        expect(await spy.write('/usr/lotus-was-here')).toBe('EROFS')
        expect(await spy.write(join(import.meta.dirname, '../../../../nucleus/lotus-was-here.ts'))).toBe('EROFS')
        expect(await spy.connect(port)).toBe('ECONNREFUSED')
        expect(await spy.processes()).toBeLessThan(6)
      } finally {
        server.close()
      }
    },
  )
})

describe('with permissions', () => {
  it('reads what it may read, writes what it may write, and reaches the network', { timeout: 60_000 }, async () => {
    const [readable, writable] = [makeFolder(), makeFolder()]
    const server = createServer((socket) => void socket.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const spy = await openSpy(['network', `read:${readable}`, `write:${writable}`])
      expect(await spy.read(join(readable, 'secret.txt'))).toBe('the secret')
      if (isConfined()) expect(await spy.write(join(readable, 'new.txt'))).toBe('EROFS')
      expect(await spy.write(join(writable, 'new.txt'))).toBe('written')
      expect(await spy.connect((server.address() as { port: number }).port)).toBe('connected')
    } finally {
      server.close()
    }
  })

  it('to run programs with the rights of LOTUS it is not confined, and says so', { timeout: 60_000 }, async () => {
    await openSpy(['process:helper'])
    expect(house?.manager.statuses()[0]).toMatchObject({ status: 'healthy', details: { confined: false } })
  })

  it('paths are taken as a person means them', () => {
    const read = ['read:~/notes', 'read:LOTUS_HOME/skills', 'read:/a/../b']
    expect(readPermissions(read, '/state').read.map((path) => path.replace(/^.*notes$/, 'notes'))).toEqual([
      'notes',
      '/state/skills',
      '/b',
    ])
    expect(readPermissions(['write:LOTUS_HOME'], undefined).write).toEqual([])
  })
})

describe('what a process takes', () => {
  it('is counted with all that it has started', async () => {
    const child = spawn('sh', ['-c', 'sleep 60 & sleep 60 & wait'])
    try {
      await vi.waitFor(async () => expect((await consumptionOf(child.pid!))?.processes).toBe(3), 5_000)
      expect((await consumptionOf(child.pid!))?.memoryBytes).toBeGreaterThan(100_000)
    } finally {
      process.kill(child.pid!)
      spawn('pkill', ['-P', String(child.pid)])
    }
  })

  it('of the processor is told when it is too much for too long', { timeout: 30_000 }, async () => {
    const child = spawn(process.execPath, ['-e', 'for (;;);'])
    const over = Promise.withResolvers<string>()
    const limits = { memory: 2 ** 34, processes: 10, cpu: 5, events: 1, messages: 20 }
    const watch = watchProcess(child.pid!, { limits, onOver: over.resolve, everyMs: 100, cpuWindowMs: 500 })
    try {
      expect(await over.promise).toMatch(/^processor: \d+ % of a core, of 5$/)
    } finally {
      watch.stop()
      child.kill('SIGKILL')
    }
  })

  it('is nothing once it has ended', async () => {
    expect(await consumptionOf(2 ** 22 + 1)).toBeUndefined()
  })
})
