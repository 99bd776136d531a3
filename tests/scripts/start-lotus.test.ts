import { readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCheckout, lockOf, type Checkout } from './checkout.ts'

let checkout: Checkout

beforeEach(() => {
  checkout = createCheckout()
})
afterEach(() => checkout.dispose())

const home = `.runtime/node-24.0.0-linux-${process.arch}/bin/node`

function leftovers(): readonly string[] {
  return readdirSync(join(checkout.folder, '.runtime')).filter((name) => /^(?:incoming|settled\.)/.test(name))
}

describe('start_lotus.sh help', () => {
  it('teaches on a machine without node or npm', async () => {
    checkout.removeTool('npm')
    const { code, stdout, stderr } = await checkout.start(['help']).finished
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('./start_lotus.sh status')
    expect(checkout.exists('.runtime')).toBe(false)
  })
})

describe('the words of start_lotus.sh', () => {
  beforeEach(() => checkout.addNodeToPath())

  const wordsFor = async (...words: string[]): Promise<unknown> => {
    const { stdout, stderr } = await checkout.start(words).finished
    expect(stderr).not.toContain('failed')
    return (JSON.parse(stdout) as { words: unknown }).words
  }

  it('means start when there is none', async () => {
    expect(await wordsFor()).toEqual(['start'])
  })

  it('takes options alone for those of start', async () => {
    expect(await wordsFor('--role', 'worker')).toEqual(['start', '--role', 'worker'])
  })

  it('hands every other word on as it is', async () => {
    expect(await wordsFor('run', 'make a  folder', '--', '-x')).toEqual(['run', 'make a  folder', '--', '-x'])
  })

  it('keeps the folder of the caller, also through a symbolic link', async () => {
    const link = join(checkout.bin, 'begin')
    symlinkSync(join(checkout.folder, 'start_lotus.sh'), link)
    const { stdout } = await checkout.start(['status'], { script: link, cwd: checkout.bin }).finished
    expect(JSON.parse(stdout)).toEqual({ words: ['status'], cwd: checkout.bin })
  })

  it('has lotus and llmsh beside it, which may be linked to as well', async () => {
    symlinkSync(join(checkout.folder, 'scripts', 'llmsh'), join(checkout.bin, 'llmsh'))
    symlinkSync(join(checkout.folder, 'scripts', 'lotus'), join(checkout.bin, 'lotus'))
    const shell = await checkout.start([], { script: join(checkout.bin, 'llmsh') }).finished
    const status = await checkout.start(['status'], { script: join(checkout.bin, 'lotus') }).finished
    expect(JSON.parse(shell.stdout)).toMatchObject({ words: ['shell'] })
    expect(JSON.parse(status.stdout)).toMatchObject({ words: ['status'] })
  })
})

describe('settling Node', () => {
  it('installs it into .runtime where the PATH has none, and only once', async () => {
    const first = await checkout.start(['status']).finished
    expect(first.code).toBe(0)
    expect(first.stderr).toContain('installing Node 24.0.0')
    expect(checkout.exists(home)).toBe(true)
    expect(checkout.npmCalls().map((call) => call.split(' ')[0])).toEqual(['pack', 'ci'])

    const second = await checkout.start(['status']).finished
    expect(second).toMatchObject({ code: 0, stderr: '' })
    expect(checkout.npmCalls()).toHaveLength(2)
  })

  it('takes the one on the PATH when it is new enough', async () => {
    checkout.addNodeToPath()
    await checkout.start(['status']).finished
    expect(checkout.npmCalls().map((call) => call.split(' ')[0])).toEqual(['ci'])
    expect(checkout.read('.runtime/settled')).toContain(process.execPath)
  })

  it('passes over one that is too old', async () => {
    writeFileSync(join(checkout.bin, 'node'), '#!/bin/sh\necho ""\n', { mode: 0o755 })
    await checkout.start(['status']).finished
    expect(checkout.exists(home)).toBe(true)
  })

  it('refuses a package that is not the one the lock names, and leaves nothing of it', async () => {
    const good = checkout.read('scripts/runtime.lock')
    checkout.write('scripts/runtime.lock', good.replace(/sha512-..../, 'sha512-AAAA'))
    const { code, stderr, stdout } = await checkout.start(['status']).finished
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
    expect(stderr).toMatch(
      /refusing Node 24\.0\.0: the registry sent sha512-\S+ and scripts\/runtime.lock names sha512-AAAA/,
    )
    expect(checkout.exists(home)).toBe(false)
    expect(leftovers()).toEqual([])
  })

  it('replaces an installed binary that is not the one the lock names', async () => {
    await checkout.start(['status']).finished
    checkout.write(home, '#!/bin/sh\necho hijacked\n')
    const { stdout, stderr } = await checkout.start(['status']).finished
    expect(stderr).toContain('not using it')
    expect(JSON.parse(stdout)).toMatchObject({ words: ['status'] })
    expect(checkout.read(home)).not.toContain('hijacked')
  })

  it('names the platform it brings no Node for', async () => {
    checkout.write('scripts/runtime.lock', 'plan9-mips node 24.0.0 sha512-x y\n')
    const { code, stderr } = await checkout.start(['status']).finished
    expect(code).toBe(6)
    expect(stderr).toMatch(/brings none for linux-\S+\. install it .* then start again/)
  })

  it('says what to do where npm is missing', async () => {
    checkout.removeTool('npm')
    const { code, stderr } = await checkout.start(['status']).finished
    expect(code).toBe(6)
    expect(stderr).toContain('npm is not on the PATH. install it')
  })

  it('says in one line that the registry cannot be reached', async () => {
    checkout.failNpm('npm error code ENOTFOUND\nnpm error network request failed\n')
    const { code, stderr } = await checkout.start(['status']).finished
    expect(code).toBe(6)
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining('installing Node 24.0.0'),
      expect.stringMatching(/can't reach its registry \(ENOTFOUND\)\. connect to the network/),
    ])
  })

  it('settles anew when the Node it remembered is gone', async () => {
    checkout.addNodeToPath()
    await checkout.start(['status']).finished
    checkout.write('.runtime/settled', checkout.read('.runtime/settled').replace(process.execPath, '/gone/bin/node'))
    const { code, stdout } = await checkout.start(['status']).finished
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ words: ['status'] })
    expect(checkout.read('.runtime/settled')).toContain(process.execPath)
  })

  it('is not misled by a stamp that was cut short', async () => {
    checkout.addNodeToPath()
    await checkout.start(['status']).finished
    checkout.write('.runtime/settled', 'production\n')
    const { code, stdout } = await checkout.start(['status']).finished
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ words: ['status'] })
  })
})

describe('settling the packages', () => {
  beforeEach(() => checkout.addNodeToPath())

  it('leaves out those for development', async () => {
    await checkout.start(['status']).finished
    expect(checkout.npmCalls()[0]).toMatch(/^ci --ignore-scripts --omit=dev /)
  })

  it('installs again when the lock names another version', async () => {
    await checkout.start(['status']).finished
    checkout.write('package-lock.json', lockOf('2.0.0'))
    const { stderr } = await checkout.start(['status']).finished
    expect(stderr).toContain('left is 1.0.0 and the lock says 2.0.0')
    expect(checkout.npmCalls()).toHaveLength(2)
  })

  it('does nothing when the lock was only touched', async () => {
    await checkout.start(['status']).finished
    utimesSync(join(checkout.folder, 'package-lock.json'), 1, 1)
    await checkout.start(['status']).finished
    expect(checkout.npmCalls()).toHaveLength(1)
  })

  it('keeps those for development where they are', async () => {
    checkout.write('package-lock.json', lockOf('1.0.0', true))
    await checkout.start(['status']).finished
    checkout.write('package-lock.json', lockOf('2.0.0', true))
    await checkout.start(['status']).finished
    expect(checkout.npmCalls()[1]).toMatch(/^ci --ignore-scripts --prefer/)
  })

  it('keeps the old ones when the new ones cannot be had', async () => {
    await checkout.start(['status']).finished
    checkout.write('package-lock.json', lockOf('2.0.0'))
    checkout.failNpm('npm error code ENOSPC\n')
    const { code, stderr } = await checkout.start(['status']).finished
    expect(code).toBe(6)
    expect(stderr).toContain('is full. free')
    expect(checkout.read('node_modules/.package-lock.json')).toBe(lockOf('1.0.0'))
    expect(leftovers()).toEqual([])
  })
})

describe('an install that is disturbed', () => {
  it('is done once when two start at the same time', async () => {
    checkout.closeGate()
    const first = checkout.start(['first'])
    await first.said('installing Node')
    const second = checkout.start(['second'])
    await second.said('another start is installing')
    checkout.openGate()
    const [one, other] = await Promise.all([first.finished, second.finished])
    expect([one.code, other.code]).toEqual([0, 0])
    expect(JSON.parse(other.stdout)).toMatchObject({ words: ['second'] })
    expect(checkout.npmCalls().map((call) => call.split(' ')[0])).toEqual(['pack', 'ci'])
  })

  it('leaves nothing half done when it is killed', async () => {
    checkout.closeGate()
    const killed = checkout.start(['first'])
    await killed.said('installing Node')
    const next = checkout.start(['second'])
    await next.said('another start is installing')
    killed.child.kill('SIGKILL')
    checkout.openGate()
    const { code, stdout } = await next.finished
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ words: ['second'] })
    expect(leftovers()).toEqual([])
  })
})
