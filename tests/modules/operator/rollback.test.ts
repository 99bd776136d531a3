// a plan that fails leaves no trace: whatever it did until then, the folder is as it was, to the byte and the mode.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openWorkshop } from './support/changes.ts'
import { deed, doAll, furnish } from './support/deeds.ts'
import { temporaryFolder } from './support/osd.ts'
import { snapshot } from './support/snapshot.ts'

describe('a plan that fails', () => {
  it('leaves the folder as it was, whatever it had done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 12 }), async (deeds) => {
        using folder = temporaryFolder()
        const shop = openWorkshop(folder.path)
        furnish(shop.work)
        const before = snapshot(shop.work)
        await doAll(deeds, shop.changes)
        expect(await shop.rollBack()).toEqual([])
        expect(snapshot(shop.work)).toEqual(before)
        shop.close()
      }),
      { numRuns: Number(process.env['LOTUS_PROPERTY_RUNS'] ?? 60), endOnFailure: true },
    )
  }, 120_000)

  it('puts a replaced file back as the very same file', async () => {
    using folder = temporaryFolder()
    const shop = openWorkshop(folder.path)
    furnish(shop.work)
    const before = await shop.tree.entry('a/one.txt')
    await shop.changes.write('a/one.txt', Buffer.from('other'))
    expect((await shop.tree.read('a/one.txt')).toString()).toBe('other')
    await shop.rollBack()
    expect(await shop.tree.entry('a/one.txt')).toEqual(before)
    expect((await shop.tree.read('a/one.txt')).toString()).toBe('one\n')
    shop.close()
  })

  it('leaves what somebody else changed in the meantime, and says so', async () => {
    using folder = temporaryFolder()
    const shop = openWorkshop(folder.path)
    await shop.changes.write('mine.txt', Buffer.from('mine'))
    writeFileSync(join(shop.work, 'mine.txt'), 'theirs')
    expect(await shop.rollBack()).toEqual([`${shop.work}/mine.txt: its content was changed since`])
    expect((await shop.tree.read('mine.txt')).toString()).toBe('theirs')
    shop.close()
  })

  it('changes nothing any more once it was told to stop', async () => {
    using folder = temporaryFolder()
    const shop = openWorkshop(folder.path)
    shop.controller.abort(new Error('enough'))
    await expect(shop.changes.write('late.txt', Buffer.from('x'))).rejects.toThrow('enough')
    expect(await shop.tree.find('late.txt')).toBeUndefined()
    shop.close()
  })
})
