// undoing a finished plan: everything is as before, later changes of others are kept, and an undo can be undone.
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLotusError } from '../../../nucleus/errors.ts'
import type { PlanOutcome } from '../../../modules/operator/contract.ts'
import { takeBackAll } from '../../../modules/operator/osd/undo/take-back.ts'
import type { DoneChange } from '../../../modules/operator/osd/undo/take-back.ts'
import { openWorkshop } from './support/changes.ts'
import type { Workshop } from './support/changes.ts'
import { deed, doAll, furnish } from './support/deeds.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'
import { snapshot } from './support/snapshot.ts'

function doneIn(shop: Workshop): DoneChange[] {
  const story = shop.journal.story()
  return story.changes.flatMap((change) => {
    const done = story.done.get(change.number)
    return done === undefined ? [] : [{ change, done }]
  })
}

const write = (path: string, text: string) => planOf({ action: 'files.write', args: { path, text } })
const undo = (undoId?: string) => planOf({ action: 'undo.last', args: undoId === undefined ? {} : { undo_id: undoId } })

describe('undoing a plan', () => {
  it('puts everything back as it was, and undoing the undo brings the changes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 10 }), async (deeds) => {
        using folder = temporaryFolder()
        const shop = openWorkshop(folder.path)
        furnish(shop.work)
        const before = snapshot(shop.work)
        await doAll(deeds, shop.changes)
        const after = snapshot(shop.work)
        const again = openWorkshop(folder.path)
        await takeBackAll(doneIn(shop), again.changes, shop.journal.folder)
        expect(snapshot(shop.work)).toEqual(before)
        expect(await again.rollBack()).toEqual([])
        expect(snapshot(shop.work)).toEqual(after)
        shop.close()
        again.close()
      }),
      { numRuns: Number(process.env['LOTUS_PROPERTY_RUNS'] ?? 40), endOnFailure: true },
    )
  }, 120_000)

  it('refuses to take back what somebody edited since, and changes nothing then', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    await session.submit(
      planOf(
        { action: 'files.write', args: { path: 'a', text: '1' } },
        { action: 'files.write', args: { path: 'b', text: '2' } },
      ),
    )
    appendFileSync(join(work, 'a'), 'mine')
    const refused = await session.submit(undo())
    expect(refused.status).toBe('failed')
    expect(refused.steps[0]?.error?.code).toBe('UNDO_CONFLICT')
    expect(readFileSync(join(work, 'b'), 'utf8')).toContain('2')
    expect(readFileSync(join(work, 'a'), 'utf8')).toContain('mine')
  })

  it('undoes the newest plan first, then the one before it, then says that there is no more', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    for (const text of ['one', 'two', 'three']) await session.submit(write('a.txt', text))
    const contents: string[] = []
    for (let round = 0; round < 2; round += 1) {
      await session.submit(undo())
      contents.push(readFileSync(join(work, 'a.txt'), 'utf8').trim())
    }
    expect(contents).toEqual(['two', 'one'])
    expect((await session.submit(undo())).status).toBe('completed')
    expect(() => readFileSync(join(work, 'a.txt'))).toThrow('ENOENT')
    expect((await session.submit(undo())).steps[0]?.error?.code).toBe('NOTHING_TO_UNDO')
  })

  it('undoes one step of a plan by its id, once, and the undo itself by its own', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    const done = await session.submit(
      planOf(
        { action: 'files.write', args: { path: 'a', text: '1' } },
        { action: 'files.write', args: { path: 'b', text: '2' } },
      ),
    )
    const id = done.steps[0]?.undoId
    const undone = await session.submit(undo(id))
    expect(undone.status).toBe('completed')
    expect(() => readFileSync(join(work, 'a'))).toThrow('ENOENT')
    expect(readFileSync(join(work, 'b'), 'utf8').trim()).toBe('2')
    expect((await session.submit(undo(id))).steps[0]?.error?.code).toBe('UNDO_DONE')
    await session.submit(undo(undone.steps[0]?.undoId))
    expect(readFileSync(join(work, 'a'), 'utf8').trim()).toBe('1')
  })

  it('brings a deleted folder back from the trash with everything in it', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(join(work, 'x/y'), { recursive: true })
    writeFileSync(join(work, 'x/y/z'), 'deep')
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    const before = snapshot(work)
    const deleted = await session.submit(planOf({ action: 'files.delete', args: { paths: ['x'] } }))
    expect(deleted.status).toBe('completed')
    expect(() => readFileSync(join(work, 'x/y/z'))).toThrow('ENOENT')
    await session.submit(undo())
    expect(snapshot(work)).toEqual(before)
  })

  it('survives a restart of osd', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    writeFileSync(join(work, 'a'), 'before')
    {
      await using osd = await startOsd(join(folder.path, 'home'))
      await using session = await openSession(osd, work)
      await session.submit(write('a', 'after'))
    }
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    expect((await session.submit(undo())).status).toBe('completed')
    expect(readFileSync(join(work, 'a'), 'utf8')).toBe('before')
  })

  it('works from another folder, and not where something else has taken the place', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    const elsewhere = join(folder.path, 'elsewhere')
    mkdirSync(work)
    mkdirSync(elsewhere)
    writeFileSync(join(work, 'a'), 'kept')
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    await session.submit(planOf({ action: 'files.delete', args: { paths: ['a'] } }))
    writeFileSync(join(work, 'a'), 'new')
    await using other = await openSession(osd, elsewhere)
    expect((await other.submit(undo())).steps[0]?.error?.code).toBe('UNDO_CONFLICT')
    rmSync(join(work, 'a'))
    expect((await other.submit(undo())).status).toBe('completed')
    expect(readFileSync(join(work, 'a'), 'utf8')).toBe('kept')
  })

  it('refuses where a file was moved away and another put there', async () => {
    using folder = temporaryFolder()
    const shop = openWorkshop(folder.path)
    await shop.changes.write('a', Buffer.from('same'))
    renameSync(join(shop.work, 'a'), join(shop.work, 'b'))
    const again = openWorkshop(folder.path)
    await expect(takeBackAll(doneIn(shop), again.changes, shop.journal.folder)).rejects.toSatisfy((error) =>
      isLotusError(error, 'UNDO_CONFLICT'),
    )
    shop.close()
    again.close()
  })

  it('is on record', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    const done: PlanOutcome = await session.submit(write('a', 'x'))
    await session.submit(undo())
    const { rows } = (await session.nucleus.call('audit.rows', { limit: 10 })) as {
      rows: { kind: string; body: { steps?: { resources?: string[] }[] } }[]
    }
    const decided = rows.find(
      ({ kind, body }) =>
        kind === 'plan.decided' && body.steps?.[0]?.resources?.[0]?.startsWith('system:undo:') === true,
    )
    expect(rows[0]?.kind).toBe('plan.completed')
    expect(decided?.body.steps?.[0]?.resources).toEqual([`system:undo:${done.steps[0]?.undoId}`])
  })
})
