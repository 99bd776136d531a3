// no path leads out of the granted folders, whatever it is made of; nothing private is read, nothing dangerous written.
import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLotusError } from '../../../nucleus/errors.ts'
import { isInternalName, readProtection, writeProtection } from '../../../modules/operator/osd/files/protection.ts'
import { refusalOfRoot } from '../../../modules/operator/osd/files/reach.ts'
import { openWorkshop } from './support/changes.ts'
import type { Workshop } from './support/changes.ts'
import { temporaryFolder } from './support/osd.ts'

const secret = 'CANARY outside'

/** a workshop beside which a canary lies, with links of all kinds that lead to it. */
function trap(folder: string): Workshop {
  const shop = openWorkshop(folder)
  mkdirSync(join(folder, 'outside/sub'), { recursive: true })
  writeFileSync(join(folder, 'outside/canary'), secret)
  writeFileSync(join(folder, 'outside/sub/canary'), secret)
  mkdirSync(join(shop.work, 'sub'))
  writeFileSync(join(shop.work, 'sub/inside.txt'), 'inside')
  symlinkSync(join(folder, 'outside'), join(shop.work, 'absolute'))
  symlinkSync('../outside', join(shop.work, 'relative'))
  symlinkSync('../outside/canary', join(shop.work, 'file-link'))
  symlinkSync('absolute', join(shop.work, 'link-to-link'))
  symlinkSync('../../outside', join(shop.work, 'sub/up'))
  symlinkSync('/proc/self/root', join(shop.work, 'magic'))
  symlinkSync('/proc/self/cwd', join(shop.work, 'magic-cwd'))
  symlinkSync('sub', join(shop.work, 'inner-link'))
  symlinkSync('loop', join(shop.work, 'loop'))
  symlinkSync(join(folder, 'outside/new'), join(shop.work, 'dangling'))
  return shop
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'nothing was refused'
  } catch (error) {
    return isLotusError(error) ? error.code : `not ours: ${String(error)}`
  }
}

const parts = fc.constantFrom(
  '..',
  '.',
  'absolute',
  'relative',
  'file-link',
  'link-to-link',
  'sub',
  'up',
  'magic',
  'magic-cwd',
  'canary',
  'inner-link',
  'loop',
  'dangling',
  '',
  'inside.txt',
  'outside',
  'work',
  'etc',
  'passwd',
  '~',
  '%2e%2e',
  '..\\..',
)
const badPath = fc
  .tuple(fc.constantFrom('', '/', './', '~/', '../'), fc.array(parts, { minLength: 1, maxLength: 7 }))
  .map(([begin, rest]) => begin + rest.join('/'))

describe('a path', () => {
  it('never reads, writes, moves or removes anything outside, whatever it is made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(badPath, { minLength: 8, maxLength: 8 }), async (paths) => {
        using folder = temporaryFolder()
        const shop = trap(folder.path)
        const before = execFileSync('find', [join(folder.path, 'outside'), '-printf', '%p %y %s %T@\\n'], {
          encoding: 'utf8',
        })
        for (const path of paths) {
          const read = await shop.tree.read(path).catch(() => Buffer.alloc(0))
          expect(read.toString()).not.toContain('CANARY')
          expect(read.toString()).not.toContain('root:')
          await shop.changes.write(path, Buffer.from('overwritten')).catch(() => undefined)
          await shop.changes.makeFolder(`${path}/made`).catch(() => undefined)
          await shop.changes.move('sub/inside.txt', `${path}/moved`).catch(() => undefined)
          await shop.changes.copy(path, 'stolen').catch(() => undefined)
          await shop.changes.setMode(path, 0o777).catch(() => undefined)
          await shop.changes.trash(path).catch(() => undefined)
          for await (const entry of walkSafely(shop, path)) expect(entry.startsWith(`${shop.work}/`)).toBe(true)
        }
        expect(
          execFileSync('find', [join(folder.path, 'outside'), '-printf', '%p %y %s %T@\\n'], { encoding: 'utf8' }),
        ).toBe(before)
        expect((await shop.tree.read('stolen').catch(() => Buffer.alloc(0))).toString()).not.toContain('CANARY')
        shop.close()
      }),
      { numRuns: Number(process.env['LOTUS_PROPERTY_RUNS'] ?? 40) },
    )
  }, 120_000)

  it('may go through a link that stays inside, for reading and for the folders of a write', async () => {
    using folder = temporaryFolder()
    const shop = trap(folder.path)
    expect((await shop.tree.read('inner-link/inside.txt')).toString()).toBe('inside')
    expect((await shop.changes.write('inner-link/new.txt', Buffer.from('x'))).absolute).toBe(
      join(shop.work, 'sub/new.txt'),
    )
    symlinkSync('sub/inside.txt', join(shop.work, 'alias'))
    expect((await shop.tree.read('alias')).toString()).toBe('inside')
    expect(await codeOf(shop.changes.write('alias', Buffer.from('x')))).toBe('NOT_A_FILE')
    shop.close()
  })

  it('is refused with the reason where a link leads out', async () => {
    using folder = temporaryFolder()
    const shop = trap(folder.path)
    expect(await codeOf(shop.tree.read('relative/canary'))).toBe('PATH_OUTSIDE')
    expect(await codeOf(shop.tree.read('file-link'))).toBe('PATH_OUTSIDE')
    expect(await codeOf(shop.tree.read('../outside/canary'))).toBe('PATH_OUTSIDE')
    expect(await codeOf(shop.tree.list('magic/etc'))).toBe('PATH_OUTSIDE')
    expect(await codeOf(shop.tree.read('/etc/passwd'))).toBe('PATH_OUTSIDE')
    expect(await codeOf(shop.changes.write('absolute/new', Buffer.from('x')))).toBe('PATH_OUTSIDE')
    expect(await codeOf(shop.changes.write('dangling', Buffer.from('x')))).toBe('NOT_A_FILE')
    expect(await codeOf(shop.tree.read('with\0zero'))).toBe('PATH_INVALID')
    shop.close()
  })

  it('reads no pipe, socket or device', async () => {
    using folder = temporaryFolder()
    const shop = openWorkshop(folder.path)
    execFileSync('mkfifo', [join(shop.work, 'pipe')])
    expect(await codeOf(shop.tree.read('pipe'))).toBe('NOT_ORDINARY')
    expect(await codeOf(shop.changes.copy('pipe', 'other'))).toBe('NOT_ORDINARY')
    expect(await codeOf(shop.changes.write('pipe', Buffer.from('x')))).toBe('NOT_A_FILE')
    shop.close()
  })

  it('never leads out while somebody swaps folders for links all the time', async () => {
    using folder = temporaryFolder()
    const shop = openWorkshop(folder.path)
    mkdirSync(join(folder.path, 'outside'))
    writeFileSync(join(folder.path, 'outside/file'), secret)
    mkdirSync(join(shop.work, 'real'))
    writeFileSync(join(shop.work, 'real/file'), 'inside')
    const swap = join(shop.work, 'swap')
    const stopping = new AbortController()
    const swapping = (async () => {
      while (!stopping.signal.aborted) {
        symlinkSync(join(folder.path, 'outside'), swap)
        await new Promise(setImmediate)
        rmSync(swap)
        renameSync(join(shop.work, 'real'), swap)
        await new Promise(setImmediate)
        renameSync(swap, join(shop.work, 'real'))
      }
    })()
    for (let attempt = 0; attempt < 400; attempt += 1) {
      const read = await shop.tree.read('swap/file').catch(() => Buffer.alloc(0))
      expect(read.toString()).not.toContain('CANARY')
      await shop.changes.write('swap/written', Buffer.from('x')).catch(() => undefined)
    }
    stopping.abort()
    await swapping
    expect(() => readFileSync(join(folder.path, 'outside/written'))).toThrow('ENOENT')
    shop.close()
  })
})

async function* walkSafely(shop: Workshop, path: string): AsyncGenerator<string> {
  try {
    for await (const entry of shop.tree.walk(path, { hidden: true, limit: 1_000 })) yield entry.absolute
  } catch (error) {
    if (!isLotusError(error)) throw error
  }
}

const guarded = { state: '/home/ann/.lotus', workspace: '/home/ann/.lotus/workspace', private: ['/home/ann/Private'] }

describe('what is never read', () => {
  it.each([
    '/home/ann/.ssh/id_ed25519',
    '/home/ann/.ssh',
    '/home/ann/backup/.ssh/config',
    '/home/ann/work/server.pem',
    '/home/ann/work/Server.KEY',
    '/home/ann/.gnupg/x',
    '/home/ann/.aws/credentials',
    '/home/ann/.docker/config.json',
    '/home/ann/.mozilla/firefox/x/logins.json',
    '/home/ann/.config/google-chrome/Default/Cookies',
    '/home/ann/.netrc',
    '/home/ann/.npmrc',
    '/home/ann/work/.npmrc',
    '/home/ann/.password-store/bank.gpg',
    '/home/ann/Private/diary.txt',
    '/home/ann/.lotus/token',
    '/home/ann/.lotus/audit/chain.jsonl',
    '/home/ann/.config/gh/hosts.yml',
    '/home/ann/id_rsa',
    '/home/ann/passwords.kdbx',
    '/home/ann/.kube/config',
    '/etc/shadow',
  ])('%s', (path) => {
    expect(readProtection(path, guarded)).toBeTypeOf('string')
  })

  it.each([
    '/home/ann/keyboard.txt',
    '/home/ann/ssh/notes',
    '/home/ann/.lotus/workspace/plan.md',
    '/home/ann/Privateer/x',
    '/home/ann/.docker/readme',
    '/home/ann/monkey',
    '/home/ann/x.pem.txt',
    '/home/ann/.bashrc',
  ])('but %s is', (path) => {
    expect(readProtection(path, guarded)).toBeUndefined()
  })
})

describe('what is never written', () => {
  it.each([
    '/home/ann/work/.git/config',
    '/home/ann/work/.git/hooks/pre-commit',
    '/home/ann/.bashrc',
    '/home/ann/.profile',
    '/home/ann/.config/systemd/user/x.service',
    '/home/ann/.config/autostart/x.desktop',
    '/home/ann/.gitconfig',
    '/home/ann/work/.envrc',
    '/home/ann/.ssh/authorized_keys',
    '/home/ann/work/.vscode/tasks.json',
    '/home/ann/crontab',
    '/home/ann',
    '/home',
    '/home/ann/.lotus/policies/x.yaml',
    '/home/ann/.local/bin/ls',
  ])('%s', (path) => {
    expect(writeProtection(path, guarded)).toBeTypeOf('string')
  })

  it.each([
    '/home/ann/work/notes.txt',
    '/home/ann/work/git/config',
    '/home/ann/.lotus/workspace/x',
    '/home/ann/work/profile',
  ])('but %s is', (path) => {
    expect(writeProtection(path, guarded)).toBeUndefined()
  })
})

describe('what can’t be a working folder or a grant', () => {
  it.each([
    '/',
    '/etc',
    '/etc/nginx',
    '/usr/local/bin',
    '/var/log',
    '/proc/1',
    '/home',
    '/home/ann/.lotus',
    '/home/ann/.lotus/audit',
    '/home/ann/Private/x',
  ])('%s', (path) => {
    expect(refusalOfRoot(path, guarded)).toBeTypeOf('string')
  })

  it.each(['/home/ann', '/home/ann/work', '/tmp/x', '/srv/site', '/home/ann/.lotus/workspace'])(
    'but %s can',
    (path) => {
      expect(refusalOfRoot(path, guarded)).toBeUndefined()
    },
  )
})

describe('names that osd uses itself', () => {
  it('are recognised, and nothing else is', () => {
    expect(
      ['.lotus-0123456789abcdef.tmp', '.lotus-trash-1000', '.lotus', '.lotus-notes.tmp', 'lotus-trash-1'].map(
        isInternalName,
      ),
    ).toEqual([true, true, false, false, false])
  })

  it('a hard link to a protected file is not followed by its name alone', async () => {
    using folder = temporaryFolder()
    const shop = openWorkshop(folder.path)
    mkdirSync(join(shop.work, '.ssh'))
    writeFileSync(join(shop.work, '.ssh/config'), 'x')
    // what a name promises is all that can be judged: the other name of the same file is an ordinary one.
    linkSync(join(shop.work, '.ssh/config'), join(shop.work, 'plain'))
    expect(await codeOf(shop.tree.read('.ssh/config'))).toBe('READ_PROTECTED')
    expect(await codeOf(shop.changes.copy('.ssh', 'copy'))).toBe('READ_PROTECTED')
    const seen: string[] = []
    for await (const entry of shop.tree.walk('.', { hidden: true })) seen.push(entry.name)
    expect(seen).toEqual(['plain'])
    shop.close()
  })
})
