// models: whether Ollama answers, and which keys are there, by the names of their variables only.
import { readOllamaHost, showAddress } from '../../../modules/providers/address.ts'
import { isLotusError } from '../../../nucleus/errors.ts'
import type { Check, Finding } from './check.ts'
import { good, note, warning } from './check.ts'
import { textOf } from '../fields.ts'
import { createClient } from '../http.ts'
import { readSettings } from './settings.ts'

const limitMs = 3_000
const install = 'install Ollama and run `ollama pull llama3.2`; without a model LOTUS does what its traces cover'

export const checkModels: Check = async (place) => {
  const settings = await readSettings(place)
  if (settings === undefined) return []
  const { core } = settings
  const keys = (
    [
      ['ANTHROPIC_API_KEY', core.anthropicApiKey],
      ['OPENAI_API_KEY', core.openaiApiKey],
      ['GOOGLE_GENERATIVE_AI_API_KEY', core.googleApiKey],
    ] as const
  ).flatMap(([name, value]) => (value === '' ? [] : [name]))
  return [
    await checkOllama(core.ollamaHost),
    good('model.keys', keys.length === 0 ? 'no key of a remote model is set' : `set: ${keys.join(', ')}`),
  ]
}

async function checkOllama(host: string): Promise<Finding> {
  let url: string
  try {
    url = readOllamaHost(host)
  } catch (error) {
    if (!isLotusError(error)) throw error
    return warning('model.ollama', error.message, error.fix)
  }
  try {
    const { body } = await createClient(url, undefined).probe({ path: '/api/version', timeoutMs: limitMs })
    return good('model.ollama', `Ollama ${textOf(body, 'version')} answers at ${showAddress(url)}`)
  } catch (error) {
    if (!isLotusError(error)) throw error
    const text = `Ollama does not answer at ${showAddress(url)}`
    // who named an address expects somebody there
    return host === ''
      ? note('model.ollama', text, install)
      : warning('model.ollama', text, 'start it, or mend OLLAMA_HOST')
  }
}
