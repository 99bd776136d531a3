// every string of the data folder as a note: kept as it was said, found again, and forgotten for good.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isLotusError } from '../../../nucleus/errors.ts'
import { dataPath, describeWithData } from '../../support/data.ts'
import { hostileStrings } from '../../support/hostile.ts'
import { openMemory } from './open-memory.ts'

describeWithData('a hostile note', () => {
  it('is kept and found as it is, and harms no other', { timeout: 300_000 }, async () => {
    const home = await mkdtemp(join(tmpdir(), 'lotus-hostile-'))
    const { memory, close } = await openMemory({ home })
    try {
      const strings = hostileStrings(dataPath('hostile'))
      const ids = new Map<string, string>()
      const wrong: string[] = []
      for (const text of strings) {
        try {
          const note = await memory.remember({ text, source: 'person' })
          ids.set(note.id, note.text)
        } catch (error) {
          if (!isLotusError(error, 'NOTE_EMPTY')) wrong.push(`${JSON.stringify(text)}: ${String(error)}`)
        }
      }
      // what differs in more than case, spaces and marks is a note of its own
      expect(ids.size).toBeGreaterThan(500)
      for (const text of strings) await memory.recall({ text, limit: 5 })
      const listed = new Map<string, string>()
      for (let after: string | undefined; ;) {
        const page = await memory.list({ limit: 500, ...(after === undefined ? {} : { after }) })
        for (const { id, text } of page) listed.set(id, text)
        if (page.length < 500) break
        after = page.at(-1)!.id
      }
      expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(ids))
      expect(wrong).toEqual([])
      expect(await memory.forget([...ids.keys()])).toBe(ids.size)
      expect(await memory.list({ limit: 10 })).toEqual([])
    } finally {
      await close()
      await rm(home, { recursive: true, force: true })
    }
  })
})
