// a full disk: changes stop with a clear error and leave nothing half done, reading goes on.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyChain } from '../../../modules/operator/osd/audit/verify.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'
import { snapshot } from './support/snapshot.ts'

/** a small file system of its own; undefined where this user may not mount one. */
function smallDisk(path: string, options = 'size=1m'): Disposable | undefined {
  mkdirSync(path, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return { [Symbol.dispose]: () => execFileSync('umount', ['-l', path]) }
}

const canMount = (() => {
  using folder = temporaryFolder()
  const disk = smallDisk(join(folder.path, 'disk'))
  disk?.[Symbol.dispose]()
  return disk !== undefined
})()

function fill(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(64 * 1024 * 1024))
  } catch {
    // that was the point.
  }
}

const text = 'x'.repeat(100_000)

// mounting needs root; elsewhere there is nothing to test with.
describe.skipIf(!canMount)('a full disk', () => {
  it('under the working folder fails the plan and leaves the folder as it was', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    using _ = smallDisk(work)
    writeFileSync(join(work, 'old'), 'before')
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    fill(join(work, 'ballast'))
    const before = snapshot(work)
    const outcome = await session.submit(planOf({ action: 'files.write', args: { path: 'old', text } }))
    expect(outcome).toMatchObject({ status: 'failed', steps: [{ error: { code: 'DISK_FULL' } }] })
    expect(snapshot(work)).toEqual(before)
    expect((await session.submit(planOf({ action: 'files.read', args: { path: 'old' } }))).steps[0]?.text).toContain(
      'before',
    )
  })

  it('under LOTUS_HOME stops changes, not reading, and everything works again when there is space', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'home')
    const work = join(folder.path, 'work')
    mkdirSync(work)
    using _ = smallDisk(home)
    writeFileSync(join(work, 'old'), 'before')
    await using osd = await startOsd(home)
    await using session = await openSession(osd, work)
    const write = planOf({ action: 'files.write', args: { path: 'old', text: 'after' } })
    fill(join(home, 'ballast'))
    await expect(session.submit(write)).rejects.toMatchObject({ code: 'AUDIT_UNWRITABLE' })
    expect(readFileSync(join(work, 'old'), 'utf8')).toBe('before')
    expect((await session.submit(planOf({ action: 'files.read', args: { path: 'old' } }))).steps[0]?.text).toContain(
      'before',
    )
    // the question was asked while its decision could not be written, and is open no more
    expect(await session.nucleus.call('osd.health')).toMatchObject({ status: 'degraded', details: { waiting: 0 } })
    rmSync(join(home, 'ballast'))
    expect((await session.submit(write)).status).toBe('completed')
    expect(await session.nucleus.call('osd.health')).toMatchObject({ status: 'healthy' })
    expect(await verifyChain(join(home, 'audit'))).toMatchObject({ ok: true })
  })

  it('that fills in the middle of a plan takes the whole plan back', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    using _ = smallDisk(work)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    writeFileSync(join(work, 'source'), text)
    const before = snapshot(work)
    const steps = Array.from({ length: 12 }, (_, index) => ({
      action: 'files.copy',
      args: { from: 'source', to: `part-${index}` },
    }))
    const outcome = await session.submit(planOf(...steps))
    expect(outcome.status).toBe('failed')
    expect(outcome.steps.map(({ status }) => status)).toContain('undone')
    expect(snapshot(work)).toEqual(before)
  })

  it('without inodes is the same', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    using _ = smallDisk(work, 'nr_inodes=8')
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    const steps = Array.from({ length: 12 }, (_, index) => ({
      action: 'files.create',
      args: { path: `part-${index}` },
    }))
    expect(await session.submit(planOf(...steps))).toMatchObject({ status: 'failed' })
    expect(readdirSync(work)).toEqual([])
  })
})

describe.skipIf(!canMount)('another file system', () => {
  it('that is read-only is refused in words', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    using _ = smallDisk(work)
    execFileSync('mount', ['-o', 'remount,ro', work])
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    const outcome = await session.submit(planOf({ action: 'files.create', args: { path: 'a' } }))
    expect(outcome.steps[0]?.error?.code).toBe('READ_ONLY')
  })

  it('has a trash of its own, from which things come back', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    using _ = smallDisk(work)
    mkdirSync(join(work, 'sub'))
    writeFileSync(join(work, 'sub/a'), 'kept')
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, join(work, 'sub'))
    expect((await session.submit(planOf({ action: 'files.delete', args: { paths: ['a'] } }))).status).toBe('completed')
    expect(readdirSync(work).sort()).toEqual([`.lotus-trash-${process.getuid?.()}`, 'sub'])
    const listed = await session.submit(planOf({ action: 'files.list', args: { path: '.', hidden: true } }))
    expect(listed.steps[0]?.text).not.toContain('trash-')
    expect((await session.submit(planOf({ action: 'undo.last', args: {} }))).status).toBe('completed')
    expect(readFileSync(join(work, 'sub/a'), 'utf8')).toBe('kept')
  })

  it('is moved to by copy and removal, with modes and times, and that is undone as one', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    const disk = join(work, 'disk')
    mkdirSync(join(work, 'box/inner'), { recursive: true })
    using _ = smallDisk(disk)
    writeFileSync(join(work, 'box/inner/file'), 'content', { mode: 0o640 })
    const isTrash = (path: string): boolean => path.includes('.lotus-trash')
    const before = snapshot(join(work, 'box'))
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    expect((await session.submit(planOf({ action: 'files.move', args: { from: 'box', to: 'disk/box' } }))).status).toBe(
      'completed',
    )
    expect(existsSync(join(work, 'box'))).toBe(false)
    expect(snapshot(join(disk, 'box'))).toEqual(before)
    expect((await session.submit(planOf({ action: 'undo.last', args: {} }))).status).toBe('completed')
    expect(snapshot(join(work, 'box'))).toEqual(before)
    expect(snapshot(disk, { skip: isTrash }).length).toBe(1)
  })
})
