// the settings of memory: how much it may hold, and for how long what it was not asked to keep.
import { defineSettings } from '../../nucleus/settings/schema.ts'

export const settings = defineSettings({
  maxNotes: {
    doc: 'notes that long-term memory holds at most',
    format: 'integer',
    default: 100_000,
    min: 1,
    max: 1_000_000,
  },
  sessionMaxAge: {
    doc: 'how long what was said in a session is kept',
    format: 'duration',
    default: 2_592_000_000,
    min: 60_000,
  },
  auditMaxRows: {
    doc: 'rows of the searchable copy of the audit chain; the chain itself is never shortened by this',
    format: 'integer',
    default: 100_000,
    min: 100,
    max: 10_000_000,
  },
})
