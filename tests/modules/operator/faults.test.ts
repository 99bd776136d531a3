// every kind of system call that a change needs fails once at some point of a plan: it ends done or as if it had never been.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyChain } from '../../../modules/operator/osd/audit/verify.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'
import { snapshot } from './support/snapshot.ts'

const canTrace = (() => {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

const plan = planOf(
  { action: 'files.write', args: { path: 'a', text: 'new' } },
  { action: 'files.move', args: { from: 'b', to: 'c' } },
  { action: 'files.make_folder', args: { paths: ['d/e'] } },
  { action: 'files.create', args: { path: 'd/e/f', text: 'x' } },
  { action: 'files.copy', args: { from: 'box', to: 'box2' } },
  { action: 'files.delete', args: { paths: ['box'] } },
  { action: 'files.set_mode', args: { path: 'a', mode: '600' } },
)

function isDone(work: string): boolean {
  const has = (path: string): boolean => existsSync(join(work, path))
  const moved = has('c') && !has('b') && has('d/e/f') && has('box2/in') && !has('box')
  const litter = readdirSync(work).some((name) => name.startsWith('.lotus'))
  const mode = (statSync(join(work, 'a')).mode & 0o777).toString(8)
  return moved && !litter && mode === '600' && readFileSync(join(work, 'a'), 'utf8').trim() === 'new'
}

// the n-th call after the start; what is not reached in the boot lies somewhere in the plan.
const all: [call: string, fault: string, when: number][] = (
  [
    ['fdatasync', 'error=EIO', 12],
    ['fsync', 'error=EIO', 50],
    ['renameat2', 'error=EIO', 5],
    ['mkdir,mkdirat', 'error=ENOSPC', 8],
    ['rename,renameat', 'error=EIO', 2],
    ['fdatasync', 'signal=KILL', 12],
    ['fsync', 'signal=KILL', 50],
    ['renameat2', 'signal=KILL', 5],
  ] as const
).flatMap(([call, fault, count]) =>
  Array.from({ length: count }, (_, index): [string, string, number] => [call, fault, index + 1]),
)

// a few of them in every run, all of them where that is asked for.
const points = process.env['LOTUS_FAULT_POINTS'] === 'all' ? all : all.filter((_, index) => index % 16 === 3)

describe.skipIf(!canTrace)('a plan in which a system call fails', () => {
  it.each(points)(
    '%s: %s at the %ith',
    async (call, fault, when) => {
      using folder = temporaryFolder()
      const [home, work] = [join(folder.path, 'home'), join(folder.path, 'work')]
      mkdirSync(join(work, 'box'), { recursive: true })
      for (const [path, text] of [
        ['a', 'old'],
        ['b', 'bb'],
        ['box/in', 'in'],
      ] as const)
        writeFileSync(join(work, path), text)
      const before = snapshot(work)
      const strace = [
        'strace',
        '-f',
        '--seccomp-bpf',
        '-o',
        '/dev/null',
        '-e',
        `trace=${call}`,
        '-e',
        `inject=${call}:${fault}:when=${when}`,
      ]
      let answer = 'osd did not start'
      try {
        const osd = await startOsd(home, {}, strace)
        const session = await openSession(osd, work)
        answer = await session.submit(plan).then(
          ({ status }) => status,
          () => 'no answer',
        )
        await session[Symbol.asyncDispose]()
        await osd.stop()
      } catch {
        // the fault hit the start; the next one goes on from there.
      }
      await using _ = await startOsd(home)
      const done = isDone(work)
      if (!done) expect(snapshot(work)).toEqual(before)
      // an answer is never wrong; where there is none, either may have happened.
      if (answer === 'completed') expect(done).toBe(true)
      if (answer === 'failed') expect(done).toBe(false)
      expect(await verifyChain(join(home, 'audit'))).toMatchObject({ ok: true })
    },
    60_000,
  )
})
