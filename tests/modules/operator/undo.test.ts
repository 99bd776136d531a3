// undoing a finished plan: everything is as before, later changes of others are kept, and an undo can be undone.
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLotusError } from '../../../nucleus/errors.ts'
import type { PlanOutcome } from '../../../modules/operator/contract.ts'
import { takeBackAll } from '../../../modules/operator/osd/undo/take-back.ts'
import type { DoneChange } from '../../../modules/operator/osd/undo/take-back.ts'
import { openWorkshop } from './support/changes.ts'
import type { Workshop } from './support/changes.ts'
import { deed, deedAmong, doAll, furnish } from './support/deeds.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'
import { snapshot } from './support/snapshot.ts'

function doneIn(shop: Workshop): DoneChange[] {
  const story = shop.journal.story()
  return story.changes.flatMap((change) => {
    const done = story.done.get(change.number)
    return done === undefined ? [] : [{ change, done }]
  })
}

const modeOf = (path: string): number => statSync(path).mode & 0o777
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

  it('goes back plan by plan, through each state that there was, whatever kinds of changes they made', async () => {
    const close = deedAmong(fc.constantFrom('a/one.txt', 'b/four.sh', 'new'))
    await fc.assert(
      fc.asyncProperty(fc.array(close, { minLength: 2, maxLength: 12 }), async (deeds) => {
        using folder = temporaryFolder()
        const plans: { shop: Workshop; before: string[] }[] = []
        mkdirSync(join(folder.path, 'work'))
        furnish(join(folder.path, 'work'))
        for (const one of deeds) {
          const shop = openWorkshop(folder.path)
          plans.push({ shop, before: snapshot(shop.work) })
          await doAll([one], shop.changes)
        }
        for (const { shop, before } of plans.toReversed()) {
          const again = openWorkshop(folder.path)
          await takeBackAll(doneIn(shop), again.changes, shop.journal.folder)
          expect(snapshot(shop.work)).toEqual(before)
          shop.close()
          again.close()
        }
      }),
      { numRuns: Number(process.env['LOTUS_PROPERTY_RUNS'] ?? 40), endOnFailure: true },
    )
  }, 120_000)

  it('gets from a file that was edited, renamed, moved, closed and deleted to the first state, also over a restart', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(join(work, 'sub'), { recursive: true })
    writeFileSync(join(work, 'a.txt'), 'first\n', { mode: 0o644 })
    const steps = [
      { action: 'files.set_mode', args: { path: 'a.txt', mode: '600' } },
      { action: 'files.append', args: { path: 'a.txt', text: 'second' } },
      { action: 'files.move', args: { from: 'a.txt', to: 'b.txt' } },
      { action: 'files.append', args: { path: 'b.txt', text: 'third' } },
      { action: 'files.replace', args: { path: 'b.txt', find: 'second', replace: '2nd' } },
      { action: 'files.set_mode', args: { path: 'b.txt', mode: '640' } },
      { action: 'files.move', args: { from: 'b.txt', to: 'sub/c.txt' } },
      { action: 'files.append', args: { path: 'sub/c.txt', text: 'fourth' } },
      { action: 'files.delete', args: { paths: ['sub/c.txt'] } },
      { action: 'files.write', args: { path: 'sub/c.txt', text: 'another' } },
      { action: 'files.append', args: { path: 'sub/c.txt', text: 'more' } },
    ]
    const before: string[][] = []
    {
      await using osd = await startOsd(join(folder.path, 'home'))
      await using session = await openSession(osd, work)
      for (const step of steps) {
        before.push(snapshot(work))
        expect((await session.submit(planOf(step))).status).toBe('completed')
      }
    }
    for (const states of [before.splice(5), before]) {
      await using osd = await startOsd(join(folder.path, 'home'))
      await using session = await openSession(osd, work)
      for (const state of states.toReversed()) {
        expect((await session.submit(undo())).status).toBe('completed')
        expect(snapshot(work)).toEqual(state)
      }
    }
  })

  it('undoes a rename after a later edit was undone, but not when another file has come there since', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    writeFileSync(join(work, 'z2.t'), 'a\n')
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    await session.submit(planOf({ action: 'files.move', args: { from: 'z2.t', to: 'z3.t' } }))
    await session.submit(planOf({ action: 'files.append', args: { path: 'z3.t', text: 'b' } }))
    expect((await session.submit(undo())).status).toBe('completed')
    renameSync(join(work, 'z3.t'), join(work, 'ours'))
    writeFileSync(join(work, 'z3.t'), 'z\n')
    expect((await session.submit(undo())).steps[0]?.error?.code).toBe('UNDO_CONFLICT')
    expect(readFileSync(join(work, 'z3.t'), 'utf8')).toBe('z\n')
    renameSync(join(work, 'ours'), join(work, 'z3.t'))
    expect((await session.submit(undo())).status).toBe('completed')
    expect(readFileSync(join(work, 'z2.t'), 'utf8')).toBe('a\n')
  })

  it('undoes a mode after a later edit was undone, but not when somebody changed it since', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    const file = join(work, 'm.txt')
    mkdirSync(work)
    writeFileSync(file, 'm\n', { mode: 0o644 })
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    await session.submit(planOf({ action: 'files.set_mode', args: { path: 'm.txt', mode: '640' } }))
    await session.submit(planOf({ action: 'files.append', args: { path: 'm.txt', text: 'x' } }))
    expect((await session.submit(undo())).status).toBe('completed')
    chmodSync(file, 0o600)
    expect((await session.submit(undo())).steps[0]?.error?.code).toBe('UNDO_CONFLICT')
    expect(modeOf(file)).toBe(0o600)
    chmodSync(file, 0o640)
    expect((await session.submit(undo())).status).toBe('completed')
    expect(modeOf(file)).toBe(0o644)
  })

  it('leaves a file private that somebody made private after its content was changed', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    const file = join(work, 's.txt')
    mkdirSync(work)
    writeFileSync(file, 's\n', { mode: 0o644 })
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    await session.submit(planOf({ action: 'files.append', args: { path: 's.txt', text: 'x' } }))
    chmodSync(file, 0o600)
    const undone = await session.submit(undo())
    expect(undone.status).toBe('completed')
    expect(undone.steps[0]?.text).toContain('its mode and owner were changed since and stay')
    expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['s\n', 0o600])
    await session.submit(undo(undone.steps[0]?.undoId))
    expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['s\nx\n', 0o600])
  })

  it.runIf(process.getuid?.() === 0)('leaves a file with the owner that somebody gave it since', async () => {
    using folder = temporaryFolder()
    const shop = openWorkshop(folder.path)
    const file = join(shop.work, 'o.txt')
    writeFileSync(file, 'o', { mode: 0o600 })
    await shop.changes.write('o.txt', Buffer.from('other'))
    chownSync(file, 1234, 1234)
    const again = openWorkshop(folder.path)
    await takeBackAll(doneIn(shop), again.changes, shop.journal.folder)
    expect(readFileSync(file, 'utf8')).toBe('o')
    expect(statSync(file)).toMatchObject({ uid: 1234, gid: 1234 })
    shop.close()
    again.close()
  })

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

  it('tells of a swap by the names that were swapped, not by the one on the way', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    for (const name of ['a', 'b']) writeFileSync(join(work, name), name)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    await session.submit(planOf({ action: 'files.swap', args: { path: 'a', other: 'b' } }))
    const [step] = (await session.submit(undo())).steps
    const [first, second] = [join(work, 'a'), join(work, 'b')]
    expect(step?.text).toBe(`moved ${first} back to ${second}\nmoved ${second} back to ${first}`)
    expect(readFileSync(first, 'utf8')).toBe('a')
  })

  it('undoes as many of the newest plans as are asked for, and as one change', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    for (const text of ['one', 'two', 'three']) await session.submit(write('a.txt', text))
    const several = (count: number) => planOf({ action: 'undo.last', args: { count } })
    const undone = await session.submit(several(2))
    expect(undone.status).toBe('completed')
    expect(readFileSync(join(work, 'a.txt'), 'utf8').trim()).toBe('one')
    const refused = await session.submit(several(2))
    expect(refused.steps[0]?.error?.code).toBe('NOTHING_TO_UNDO')
    expect(readFileSync(join(work, 'a.txt'), 'utf8').trim()).toBe('one')
    await session.submit(undo(undone.steps[0]?.undoId))
    expect(readFileSync(join(work, 'a.txt'), 'utf8').trim()).toBe('three')
  })

  it('brings one thing back from the trash by its name, whatever was done since', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    for (const name of ['a', 'b', 'c']) writeFileSync(join(work, name), name)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    const deletion = (...paths: string[]) => planOf({ action: 'files.delete', args: { paths } })
    const restore = (path: string) => planOf({ action: 'undo.last', args: { path } })
    await session.submit(deletion('a'))
    await session.submit(deletion('b', 'c'))
    await session.submit(write('d', 'later'))
    expect((await session.submit(restore('a'))).status).toBe('completed')
    expect(readFileSync(join(work, 'a'), 'utf8')).toBe('a')
    expect((await session.submit(restore('a'))).steps[0]?.error?.code).toBe('NOT_IN_TRASH')
    // what went together comes back together, and nobody asked for the other
    expect((await session.submit(restore('b'))).steps[0]?.error?.code).toBe('DELETED_TOGETHER')
    expect((await session.submit(restore('nothing'))).steps[0]?.error?.code).toBe('NOT_IN_TRASH')
    expect(readFileSync(join(work, 'd'), 'utf8').trim()).toBe('later')
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
