// the embedded journal passes what every journal must, in both durabilities.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { JournalDurability } from '../../../nucleus/events/journal.ts'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'
import { journalConformance, type JournalFixture } from './conformance/journal.ts'
import { journalSteps, type StepsFixture } from './conformance/journal-steps.ts'

function sqliteFixture(durability: JournalDurability): JournalFixture {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-journal-'))
  return {
    open: () => openSqliteJournal({ path: join(folder, 'journal.db'), durability, log: pino({ level: 'silent' }) }),
    dispose: async () => rmSync(folder, { recursive: true }),
  }
}

function sqliteSteps(): StepsFixture {
  const folders = [mkdtempSync(join(tmpdir(), 'lotus-journal-'))]
  return {
    open: () => openSqliteJournal({ path: join(folders.at(-1)!, 'journal.db'), log: pino({ level: 'silent' }) }),
    // the files of a journal that was not closed are what a kill leaves.
    crash: () => {
      const next = mkdtempSync(join(tmpdir(), 'lotus-journal-'))
      cpSync(folders.at(-1)!, next, { recursive: true })
      folders.push(next)
    },
    dispose: async () => {
      for (const folder of folders) rmSync(folder, { recursive: true })
    },
  }
}

journalConformance('sqlite, normal', () => sqliteFixture('normal'))
journalConformance('sqlite, strict', () => sqliteFixture('strict'))
journalSteps('sqlite', sqliteSteps, { runs: 60, loses: false })
