// the settings of the model providers: where they are, what they may cost in time, and which model is preferred.
import { core } from '../../nucleus/settings/core.ts'
import { defineSettings } from '../../nucleus/settings/schema.ts'

export const settings = defineSettings({
  ollamaHost: core.ollamaHost,
  anthropicApiKey: core.anthropicApiKey,
  openaiApiKey: core.openaiApiKey,
  googleApiKey: core.googleApiKey,
  model: {
    doc: 'model that answers where none is named; empty takes the newest one that is there.',
    format: 'string',
    default: '',
  },
  completionTimeout: {
    doc: 'how long a model may take for an answer.',
    format: 'duration',
    default: 120_000,
    min: 1_000,
    max: 3_600_000,
  },
  probeTimeout: {
    doc: 'how long a provider may take to say that it is there.',
    format: 'duration',
    default: 1_500,
    min: 50,
    max: 60_000,
  },
  probeEvery: {
    doc: 'how often it is looked whether a provider came or went.',
    format: 'duration',
    default: 30_000,
    min: 1_000,
    max: 3_600_000,
  },
})
