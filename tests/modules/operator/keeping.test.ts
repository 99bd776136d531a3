// how long things can be undone: the newest plans, up to an age and a size; what is forgotten frees its space.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StartSettings } from '../../../modules/operator/osd/settings.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'

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
    expect(await keep({ undoPlans: 2 }, [10, 20, 30, 40])).toEqual({
      kept: 2,
      trashed: 2,
      last: 'completed',
      back: true,
    })
  })

  it('is what fits where the trash holds too much', async () => {
    expect(await keep({ undoBytes: 250_000 }, [100_000, 100_000, 100_000, 100_000])).toMatchObject({
      kept: 2,
      trashed: 2,
      last: 'completed',
    })
  })

  it('is nothing that is too old', async () => {
    expect(await keep({ undoAgeMs: 1 }, [10, 20])).toEqual({ kept: 0, trashed: 0, last: 'failed', back: false })
  })
})
