// the embedded journal passes what every journal must, in both durabilities.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { JournalDurability } from '../../../nucleus/events/journal.ts'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'
import { journalConformance, type JournalFixture } from './conformance/journal.ts'
import { journalSteps } from './conformance/journal-steps.ts'

function sqliteFixture(durability: JournalDurability): JournalFixture {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-journal-'))
  return {
    open: () => openSqliteJournal({ path: join(folder, 'journal.db'), durability, log: pino({ level: 'silent' }) }),
    dispose: async () => rmSync(folder, { recursive: true }),
  }
}

journalConformance('sqlite, normal', () => sqliteFixture('normal'))
journalConformance('sqlite, strict', () => sqliteFixture('strict'))
journalSteps('sqlite', () => sqliteFixture('normal'), { runs: 60, loses: false })
