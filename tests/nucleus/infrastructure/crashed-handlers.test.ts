import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Journal } from '../../../nucleus/events/journal.ts'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'
import { silent } from '../events/support.ts'
import { collect, counted } from './conformance/journal.ts'
import { temporaryFolder } from './folders.ts'

const opened: Journal[] = []
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close()
})

function open(folder: string): Journal {
  const journal = openSqliteJournal({ path: join(folder, 'journal.db'), log: silent })
  opened.push(journal)
  return journal
}

/** what the disk would have after a kill at this moment: the files of a journal that was not closed. */
function crash(folder: string): string {
  const copy = temporaryFolder()
  cpSync(folder, copy, { recursive: true })
  return copy
}

describe('an event that was being handled when the process died', () => {
  it('comes again first and once, and in order with the rest', async () => {
    const folder = temporaryFolder()
    const before = open(folder)
    const first = collect(before)
    await Promise.all([1, 2, 3].map((number) => before.append(counted(number))))
    await first.until(3)
    first.group.acknowledge(first.got[0]!)
    await before.flush()
    const after = open(crash(folder))
    const second = collect(after)
    await after.append(counted(4))
    await second.until(3)
    await after.flush()
    expect(second.numbers()).toEqual([2, 3, 4])
    expect(second.got.map((delivery) => delivery.attempts)).toEqual([0, 0, 0])
  })

  it('is parked when that has happened ten times, and the next one comes', async () => {
    let folder = temporaryFolder()
    const journal = open(folder)
    const id = await journal.append(counted(1))
    await journal.append(counted(2))
    for (let life = 1; life <= 10; life += 1) {
      const living = life === 1 ? journal : open(folder)
      const group = collect(living)
      await group.until(1)
      expect(group.numbers()[0]).toBe(1)
      folder = crash(folder)
    }
    const last = open(folder)
    const group = collect(last)
    await group.until(1)
    expect(group.numbers()).toEqual([2])
    expect(await last.deadLetters()).toMatchObject([{ event: { id }, error: expect.stringContaining('10 times') }])
  })

  it('is not held against a group that nobody had joined', async () => {
    const folder = temporaryFolder()
    const journal = open(folder)
    const group = collect(journal)
    await group.group.close()
    await journal.append(counted(1))
    let copy = folder
    for (let life = 0; life < 12; life += 1) {
      copy = crash(copy)
      open(copy)
    }
    const late = collect(open(crash(copy)))
    await late.until(1)
    expect(late.numbers()).toEqual([1])
  })
})
