// what can be set about perception.
import { defineSettings } from '../../nucleus/settings/schema.ts'

export const settings = defineSettings({
  maximumGoalBytes: {
    doc: 'Longest goal that is accepted, in bytes; a longer text belongs into a file.',
    format: 'size',
    default: 65_536,
    min: 256,
    max: 1_048_576,
  },
})
