// how long things can be undone: the newest plans, up to an age and a size; what is forgotten frees its space.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StartSettings } from '../../../modules/operator/osd/settings.ts'
import { attach, openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'

/** deletes files of some size in plans of their own, then starts osd again with limits; gives what can be undone. */
async function keep(limits: Partial<StartSettings>, sizes: readonly number[]) {
  using folder = temporaryFolder()
  const [home, work] = [join(folder.path, 'home'), join(folder.path, 'work')]
  mkdirSync(work)
  {
    await using osd = await startOsd(home)
    await using session = await openSession(osd, work)
    for (const [index, size] of sizes.entries()) {
      writeFileSync(join(work, `file-${index}`), Buffer.alloc(size))
      await session.submit(planOf({ action: 'files.delete', args: { paths: [`file-${index}`] } }))
    }
  }
  await using osd = await startOsd(home, limits)
  await using session = await openSession(osd, work)
  const [kept, trashed] = [readdirSync(join(home, 'undo')).length, readdirSync(join(home, 'trash')).length]
  const last = await session.submit(planOf({ action: 'undo.last', args: {} }))
  return { kept, trashed, last: last.status, back: existsSync(join(work, `file-${sizes.length - 1}`)) }
}

describe('what can be undone', () => {
  it('is everything within the limits', async () => {
    expect(await keep({}, [10, 20, 30])).toEqual({ kept: 3, trashed: 3, last: 'completed', back: true })
  })

  it('is the newest plans where there are too many', async () => {
    expect(await keep({ undoPlans: 2, undoMinAgeMs: 0 }, [10, 20, 30, 40])).toEqual({
      kept: 2,
      trashed: 2,
      last: 'completed',
      back: true,
    })
  })

  it('is what fits where the trash holds too much', async () => {
    expect(await keep({ undoBytes: 250_000, undoMinAgeMs: 0 }, [100_000, 100_000, 100_000, 100_000])).toMatchObject({
      kept: 2,
      trashed: 2,
      last: 'completed',
    })
  })

  it('is nothing that is too old', async () => {
    expect(await keep({ undoAgeMs: 1 }, [10, 20])).toEqual({ kept: 0, trashed: 0, last: 'failed', back: false })
  })

  it('is all that was removed today, however much it is', async () => {
    expect(await keep({ undoPlans: 1, undoBytes: 1 }, [100_000, 100_000, 100_000])).toMatchObject({
      kept: 3,
      trashed: 3,
    })
  })

  it('is not what only says what was made: of that the newest are enough', async () => {
    using folder = temporaryFolder()
    const [home, work] = [join(folder.path, 'home'), join(folder.path, 'work')]
    mkdirSync(work)
    {
      await using osd = await startOsd(home)
      await using session = await openSession(osd, work)
      for (const name of ['a', 'b', 'c']) {
        await session.submit(planOf({ action: 'files.create', args: { path: name, text: 'x' } }))
      }
    }
    await using _ = await startOsd(home, { undoPlans: 1 })
    expect(readdirSync(join(home, 'undo'))).toHaveLength(1)
    expect(readdirSync(work)).toEqual(['a', 'b', 'c'])
  })
})

describe('what a person has removed for good', () => {
  it('is told before, gone after, and on record', async () => {
    using folder = temporaryFolder()
    const [home, work] = [join(folder.path, 'home'), join(folder.path, 'work')]
    mkdirSync(work)
    await using osd = await startOsd(home)
    await using session = await openSession(osd, work)
    writeFileSync(join(work, 'old'), Buffer.alloc(1_000))
    await session.submit(planOf({ action: 'files.create', args: { path: 'new', text: 'x' } }))
    await session.submit(planOf({ action: 'files.delete', args: { paths: ['old'] } }))
    const far = { before_ms: Date.now() + 60_000 }
    const call = (method: string, what: string, when: object = far) => session.client.call(method, { what, ...when })
    expect(await call('keeping.show', 'undo')).toMatchObject({ plans: 2, with_content: 1, bytes: 1_000 })
    expect(await call('keeping.purge', 'trash', { before_ms: 0 })).toMatchObject({ plans: 0, bytes: 0 })
    expect(await call('keeping.purge', 'trash')).toMatchObject({ plans: 1, bytes: 1_000 })
    expect(readdirSync(join(home, 'trash'))).toEqual([])
    expect(readdirSync(join(home, 'undo'))).toHaveLength(1)
    expect(readdirSync(work)).toEqual(['new'])
    const { rows } = (await session.client.call('audit.rows', { limit: 1 })) as {
      rows: { kind: string; body: object }[]
    }
    expect(rows).toMatchObject([{ kind: 'keeping.purged', body: { what: 'trash', plans: 1, bytes: 1_000 } }])
  })

  it('is never removed for the nucleus', async () => {
    using folder = temporaryFolder()
    await using osd = await startOsd(join(folder.path, 'home'))
    const nucleus = await attach(osd)
    const purge = nucleus.call('keeping.purge', { what: 'undo', before_ms: Date.now() })
    await expect(purge).rejects.toMatchObject({ code: 'PEER_IS_NUCLEUS' })
  })
})
