// osd is killed at random moments: each plan is done or not done, the chain is whole, nothing is left lying about.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { verifyChain } from '../../../modules/operator/osd/audit/verify.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'

/** everything in a folder as `path: content`, sorted. */
function contents(root: string, below = ''): string[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(below, entry.name)
      return entry.isDirectory()
        ? [`${path}/`, ...contents(root, path)]
        : [`${path}: ${readFileSync(join(root, path), 'utf8').trim()}`]
    })
    .sort()
}

/** what the folder holds after so many plans. */
function expected(plans: number): string[] {
  const lines = [`counter.txt: ${plans}`, `moved-${plans}: always here`, 'box/', 'box/kept: inside']
  for (let plan = 1; plan <= plans; plan += 1)
    lines.push(`new-${plan}/`, `new-${plan}/deep/`, `new-${plan}/deep/file: ${'x'.repeat(plan)}`)
  return lines.sort()
}

/** replaces, moves, makes folders, copies and deletes, all in one plan. */
function planNumber(plan: number) {
  return planOf(
    { action: 'files.write', args: { path: 'counter.txt', text: String(plan) } },
    { action: 'files.move', args: { from: `moved-${plan - 1}`, to: `moved-${plan}` } },
    { action: 'files.make_folder', args: { paths: [`new-${plan}/deep`] } },
    { action: 'files.create', args: { path: `new-${plan}/deep/file`, text: 'x'.repeat(plan) } },
    { action: 'files.copy', args: { from: 'box', to: 'copy-of-box' } },
    { action: 'files.delete', args: { paths: ['copy-of-box'] } },
  )
}

describe('a killed osd', () => {
  it('leaves every plan done or not done, and an audit chain that is whole', async () => {
    const rounds = Number(process.env['LOTUS_CRASH_ROUNDS'] ?? 8)
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    const home = join(folder.path, 'home')
    mkdirSync(join(work, 'box'), { recursive: true })
    writeFileSync(join(work, 'counter.txt'), '0')
    writeFileSync(join(work, 'moved-0'), 'always here')
    writeFileSync(join(work, 'box/kept'), 'inside')
    let done = 0
    let cut = 0
    for (let round = 0; round < rounds; round += 1) {
      await using osd = await startOsd(home)
      await using session = await openSession(osd, work)
      const killing = sleep(Math.random() * 60).then(() => osd.process.kill('SIGKILL'))
      for (;;) {
        try {
          const outcome = await session.submit(planNumber(done + 1))
          expect(outcome.status).toBe('completed')
          done += 1
        } catch {
          cut += 1
          break
        }
      }
      await killing
      await osd.exited
      await using next = await startOsd(home)
      const now = contents(work)
      // the last plan may have been done without its answer reaching anybody.
      if (now.includes(`counter.txt: ${done + 1}`)) done += 1
      expect(now).toEqual(expected(done))
      expect(await verifyChain(join(home, 'audit'))).toMatchObject({ ok: true })
      await next.stop()
    }
    expect(cut).toBe(rounds)
  }, 600_000)

  it('answers the same goal with the same outcome when it had been done before the crash', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    const home = join(folder.path, 'home')
    const plan = planOf({ action: 'files.append', args: { path: 'log', text: 'once' } })
    writeFileSync(join(work, 'log'), '')
    const traceId = 'a'.repeat(32)
    let first: unknown
    {
      await using osd = await startOsd(home)
      await using session = await openSession(osd, work)
      first = await session.submit(plan, { traceId })
      osd.process.kill('SIGKILL')
      await osd.exited
    }
    await using osd = await startOsd(home)
    await using session = await openSession(osd, work)
    expect(await session.nucleus.call('plan.outcome', { trace_id: traceId })).toEqual(first)
    expect(await session.submit(plan, { traceId })).toEqual(first)
    expect(readFileSync(join(work, 'log'), 'utf8').trim()).toBe('once')
  })

  it('tells in the chain which plan was cut off', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    const home = join(folder.path, 'home')
    {
      await using osd = await startOsd(home)
      await using session = await openSession(osd, work)
      // a question that nobody answers: the plan is decided on and waits.
      const waiting = session.submit(planOf({ action: 'files.create', args: { path: 'x' } }), { answer: 'none' })
      await expect
        .poll(
          async () => ((await session.nucleus.call('osd.health')) as { details: { waiting: number } }).details.waiting,
        )
        .toBe(1)
      osd.process.kill('SIGKILL')
      await expect(waiting).rejects.toMatchObject({ code: 'WIRE_CLOSED' })
    }
    await using osd = await startOsd(home)
    await using session = await openSession(osd, work)
    const { rows } = (await session.nucleus.call('audit.rows', {})) as { rows: { kind: string }[] }
    expect(rows[0]?.kind).toBe('plan.cut_off')
  })
})
