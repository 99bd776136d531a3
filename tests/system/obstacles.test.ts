// what can be in the way of a start: each is told in one clear message, leaves nothing half done, and once it is gone the next start works.
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { endOwnProcesses } from '../support/own-processes.ts'
import { createPrivateLotus, project, type PrivateLotus } from '../support/private-lotus.ts'
import type { Ended } from '../support/run-command.ts'
import { runCommand } from '../support/run-command.ts'
import { waitFor, within } from '../support/wait-for.ts'

const limitMs = 120_000
const isRoot = process.getuid?.() === 0
const nobody = 65_534
let own: PrivateLotus
let isMounted = false
beforeEach(() => {
  own = createPrivateLotus()
})
afterEach(async () => {
  await endOwnProcesses(own.base)
  // whoever has just ended may hold it for a moment
  if (isMounted) await waitFor(unmountHome, { timeoutMs: 20_000, what: 'the end of the small file system' })
  isMounted = false
  await own.dispose()
}, limitMs)

/** waits for what the start has begun and nobody needs any more. */
async function untilNobodyRuns(): Promise<void> {
  await waitFor(() => own.processes().length === 0, { timeoutMs: 20_000, what: 'the end of all processes' })
}

/** one message: what is wrong, and what to do about it; no stack, no second voice. */
function expectOneMessage(ended: Ended, pattern: RegExp): void {
  expect(ended.code).toBe(6)
  expect(ended.stdout).toBe('')
  expect(ended.stderr.replace('starting LOTUS …\n', '')).toMatch(pattern)
  expect(ended.stderr).not.toMatch(/^\s+at /m)
  expect(ended.stderr.match(/^lotus: /gm)).toHaveLength(1)
}

describe('a stale pid file', () => {
  it('of a LOTUS that was killed is seen through', { timeout: limitMs }, async () => {
    const killed = own.startNucleus()
    await own.untilStatus(['healthy'])
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(readdirSync(join(own.home, 'run'))).toContain('nucleus.pid')
    expect((await own.start()).stdout).toContain('is running, healthy')
    expect(own.log()).toContain('removed the pid file of a LOTUS that ended without its own doing')
    expect((await own.stop()).code).toBe(0)
    expect(own.leftovers()).toEqual([])
  })

  it(
    'that names a process of somebody else is seen through, and that process is left alone',
    { timeout: limitMs },
    async () => {
      mkdirSync(join(own.home, 'run'), { recursive: true })
      writeFileSync(join(own.home, 'run', 'nucleus.pid'), JSON.stringify({ pid: process.pid, start: '1' }))
      expect((await own.lotus(['stop'])).stdout).toBe('LOTUS is not running\n')
      await own.start()
      expect((await own.stop()).code).toBe(0)
    },
  )

  it('without sense, as a disk that was full leaves it, is seen through', { timeout: limitMs }, async () => {
    mkdirSync(join(own.home, 'run'), { recursive: true })
    writeFileSync(join(own.home, 'run', 'nucleus.pid'), '')
    await own.start()
    expect((await own.stop()).code).toBe(0)
    expect(own.leftovers()).toEqual([])
  })
})

describe('a second nucleus on the same home', () => {
  it('says who is there, ends with 6 and leaves the first alone', { timeout: limitMs }, async () => {
    await own.start()
    const first = own.record()!
    const second = own.startNucleus()
    expect(await within(second.ended, { timeoutMs: 30_000, what: 'the end of the second' })).toBe(6)
    expect(second.stderr()).toMatch(
      new RegExp(`^lotus: can’t start: LOTUS runs already .*process ${first.pid}\\)\n {2}to do: [^\n]+\n$`),
    )
    expect((await own.lotus(['status'])).code).toBe(0)
    expect(own.record()).toEqual(first)
  })
})

describe('a stale socket', () => {
  it('that nobody answers on is replaced', { timeout: limitMs }, async () => {
    const run = join(own.home, 'run')
    mkdirSync(run, { recursive: true })
    // a server that is killed leaves its socket's file
    const script = `require('net').createServer().listen(${JSON.stringify(join(run, 'osd.sock'))}, () => process.kill(process.pid, 'SIGKILL'))`
    await runCommand([process.execPath, '-e', script], { cwd: own.base, environment: own.environment })
    expect(statSync(join(run, 'osd.sock')).isSocket()).toBe(true)
    await own.start()
    expect((await own.goal('what is 1 + 1?')).status).toBe('completed')
    await own.stop()
    expect(own.leftovers()).toEqual([])
  })

  it('that somebody answers on is not taken from them', { timeout: limitMs }, async () => {
    const path = join(own.home, 'run', 'osd.sock')
    mkdirSync(join(own.home, 'run'), { recursive: true })
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => void server.listen(path, resolve))
    onTestFinished(() => void server.close())
    const ended = await own.lotus(['start'], { timeoutMs: 90_000 })
    expectOneMessage(ended, /another lotus-osd answers on this socket: '[^']+osd\.sock'/)
    expect(existsSync(path)).toBe(true)
    // what has started is up for whoever wants to look at it; `stop` ends it
    await own.stop()
    await new Promise((resolve) => void server.close(resolve))
    expect((await own.start()).code).toBe(0)
  })
})

describe('a taken port', () => {
  it('is named, with what to do; the next start works', { timeout: limitMs }, async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const port = String((server.address() as AddressInfo).port)
    const environment = { LOTUS_HTTP_PORT: port }
    const ended = await own.lotus(['start'], { environment, timeoutMs: 90_000 })
    expectOneMessage(ended, new RegExp(`^lotus: LOTUS can’t start: .*'?${port}'?\n.*LOTUS_HTTP_PORT`))
    await untilNobodyRuns()
    expect(own.leftovers()).toEqual([])
    await new Promise((resolve) => void server.close(resolve))
    const next = await own.lotus(['start'], { environment, timeoutMs: 90_000 })
    expect(next.code).toBe(0)
    expect(own.record()!.url).toBe(`http://127.0.0.1:${port}`)
  })
})

// root may write everywhere: only another user meets a folder that can't be written
describe.skipIf(!isRoot)('a read-only state folder (needs root, to become another user)', () => {
  const asNobody = async (words: readonly string[]): Promise<Ended> =>
    await runCommand(
      ['setpriv', '--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', process.execPath]
        .concat(join(project, 'scripts', 'lotus.ts'))
        .concat(words),
      { cwd: own.folder, environment: own.environment, timeoutMs: 90_000 },
    )

  it('is named, and stays as it was', { timeout: limitMs }, async () => {
    chmodSync(own.base, 0o755)
    mkdirSync(own.home, { mode: 0o755 })
    expectOneMessage(
      await asNobody(['start']),
      new RegExp(`^lotus: [^\n]* (cannot|can’t) be written: '${own.home}[^\n]*\n[^\n]+\n$`),
    )
    expect(readdirSync(own.home)).toEqual([])
    expectOneMessage(await asNobody(['run', 'what is 1 + 1?']), /(cannot|can’t) be written/)
    await untilNobodyRuns()
    expect(own.leftovers()).toEqual([])
  })

  it(
    'is told by the nucleus alone, too, and once it can be written the start works',
    { timeout: limitMs },
    async () => {
      chmodSync(own.base, 0o755)
      mkdirSync(own.home, { mode: 0o755 })
      const nucleus = ['setpriv', '--reuid', String(nobody), '--regid', String(nobody), '--clear-groups']
        .concat(process.execPath)
        .concat(join(project, 'nucleus.ts'))
      const ended = await runCommand(nucleus, { cwd: own.base, environment: own.environment })
      expectOneMessage(ended, /^lotus: can’t start: the state folder can’t be written: '[^']+'\n {2}to do: [^\n]+\n/)
      chownSync(own.home, nobody, nobody)
      chownSync(join(own.base, 'tmp'), nobody, nobody)
      expect((await asNobody(['start'])).code).toBe(0)
      expect((await asNobody(['run', 'what is 1 + 1?'])).code).toBe(0)
      expect((await asNobody(['stop'])).code).toBe(0)
      expect(own.leftovers()).toEqual([])
    },
  )
})

/** mounts a small file system where the home will be; false where this machine does not allow it. */
function mountHome(size: string): boolean {
  mkdirSync(own.home)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', own.home], { stdio: 'ignore' })
  } catch {
    return false
  }
  isMounted = true
  return true
}
function unmountHome(): boolean {
  execFileSync('umount', [own.home], { stdio: 'ignore' })
  return true
}
const resizeHome = (size: string): void =>
  void execFileSync('mount', ['-o', `remount,size=${size}`, own.home], { stdio: 'ignore' })

describe.skipIf(!isRoot)('a full state folder (needs root, to mount a small one)', () => {
  it('without room for a byte is named; with room the start works', { timeout: limitMs }, async ({ skip }) => {
    if (!mountHome('64k')) skip('this machine allows no mounts')
    writeFileSync(join(own.home, 'filler'), Buffer.alloc(60 * 1024))
    const ended = await own.lotus(['start'], { timeoutMs: 90_000 })
    expectOneMessage(ended, /(cannot|can’t) be written|is full/)
    expect(ended.stderr).toMatch(/space/)
    await untilNobodyRuns()
    expect(own.leftovers()).toEqual([])
    rmSync(join(own.home, 'filler'))
    resizeHome('64m')
    expect((await own.start()).code).toBe(0)
    await own.stop()
  })

  it('that fills up during the start is named; with room the start works', { timeout: limitMs }, async ({ skip }) => {
    if (!mountHome('160k')) skip('this machine allows no mounts')
    const ended = await own.lotus(['start'], { timeoutMs: 90_000 })
    expectOneMessage(ended, /is full|no space left/)
    expect(ended.stderr).toContain('free some space')
    await untilNobodyRuns()
    resizeHome('64m')
    expect((await own.start()).code).toBe(0)
    expect((await own.goal('what is 1 + 1?')).status).toBe('completed')
    await own.stop()
    expect(own.leftovers()).toEqual([])
  })

  it(
    'that fills up later fails goals honestly, and they work again with room',
    { timeout: limitMs },
    async ({ skip }) => {
      if (!mountHome('8m')) skip('this machine allows no mounts')
      await own.start()
      expect((await own.goal('create a file called one.txt with the text "1"')).status).toBe('completed')
      fill(join(own.home, 'filler'))
      const result = await own.goal('create a file called two.txt with the text "2"')
      expect(existsSync(join(own.folder, 'two.txt'))).toBe(result.status === 'completed')
      rmSync(join(own.home, 'filler'))
      expect((await own.goal('create a file called three.txt with the text "3"')).status).toBe('completed')
      expect((await own.lotus(['audit', 'verify'])).code).toBe(0)
      expect((await own.stop()).code).toBe(0)
      expect((await own.lotus(['audit', 'verify'])).code).toBe(0)
      expect(own.leftovers()).toEqual([])
    },
  )
})

/** writes until the disk is full. */
function fill(path: string): void {
  for (const bytes of [1024 * 1024, 64 * 1024, 4096]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(bytes), { flag: 'a' })
    } catch {
      // full, for pieces of this size
    }
  }
}
