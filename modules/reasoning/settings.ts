// what can be set about reasoning.
import { core } from '../../nucleus/settings/core.ts'
import { defineSettings } from '../../nucleus/settings/schema.ts'

export const settings = defineSettings({
  home: core.home,
  concurrency: {
    doc: 'Goals that are worked on at the same time; the others wait in the journal.',
    format: 'integer',
    default: 16,
    min: 1,
    max: 256,
  },
  goalTimeout: {
    doc: 'How long a goal may take, its confirmation included.',
    format: 'duration',
    default: 600_000,
    min: 1_000,
    max: 86_400_000,
  },
  keepRuns: {
    doc: 'How many runs are remembered; older ones are removed, the oldest first.',
    format: 'integer',
    default: 10_000,
    min: 100,
    max: 1_000_000,
  },
  runsMaxAge: {
    doc: 'How long a run is remembered.',
    format: 'duration',
    default: 31_536_000_000,
    min: 3_600_000,
  },
  runsMaxSize: {
    doc: 'Bytes of the texts of all runs, about, beyond which the oldest are removed.',
    format: 'size',
    default: 268_435_456,
    min: 1_048_576,
  },
})
