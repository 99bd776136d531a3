// the model providers: looks for Ollama in the background, knows which keys are set, completes prompts, counts the cost.
import { isLotusError } from '../../nucleus/errors.ts'
import type { ModuleHealth } from '../../nucleus/health/health.ts'
import { defineModule } from '../../nucleus/modules/module.ts'
import { defaultOllamaUrl, readOllamaHost, showAddress } from './address.ts'
import { LlmOutput, type Completion, type Providers, type ProviderStatus } from './contract.ts'
import { providerErrors } from './errors.ts'
import type { OllamaView } from './ollama.ts'
import { settings } from './settings.ts'
import { createSpendBook } from './spend.ts'
import { createTurns } from './turns.ts'

const maximumPromptBytes = 1024 * 1024
const limits = { atOnce: 4, waiting: 64 }
const firstLookAfterMs = 1

export default defineModule({
  settings,
  start: async (context) => {
    const { settings: set, signal } = context
    const isConfigured = set.ollamaHost.trim() !== ''
    const { url, fault } = readHost(set.ollamaHost)
    const ollama = context.lazy('ollama', async () => {
      const { createOllama } = await import('./ollama.ts')
      // the first look comes by itself when the boot is over: asking costs more than the whole module
      const endFirst = context.timer('first look for Ollama', firstLookAfterMs, async () => {
        await lookNow()
        await endFirst()
      })
      return createOllama(url, signal)
    })
    const spend = createSpendBook(context.infra.store)
    const turns = createTurns(limits)
    await spend.open()

    let view: OllamaView | undefined =
      fault === undefined ? undefined : { isReachable: false, reason: fault, models: [] }
    let looking: Promise<OllamaView> | undefined
    const look = (): Promise<OllamaView> => {
      if (fault !== undefined && view !== undefined) return Promise.resolve(view)
      looking ??= lookOnce().finally(() => (looking = undefined))
      return looking
    }
    const lookOnce = async (): Promise<OllamaView> => {
      const seen = await (await ollama()).look(set.probeTimeout)
      if (view !== undefined && view.isReachable !== seen.isReachable) {
        context.log.info({ reachable: seen.isReachable, reason: seen.reason }, 'Ollama came or went')
      }
      return (view = seen)
    }

    const keys = [
      { name: 'anthropic', key: set.anthropicApiKey, variable: 'ANTHROPIC_API_KEY' },
      { name: 'openai', key: set.openaiApiKey, variable: 'OPENAI_API_KEY' },
      { name: 'google', key: set.googleApiKey, variable: 'GOOGLE_GENERATIVE_AI_API_KEY' },
    ]

    const status = async (): Promise<ProviderStatus[]> => {
      const seen = view ?? (await look())
      const absent = isConfigured ? 'failing' : 'absent'
      return [
        {
          name: 'ollama',
          status: seen.isReachable ? 'available' : absent,
          reason: seen.isReachable ? `${seen.reason} at ${showAddress(url)}` : seen.reason,
          models: seen.models,
        },
        ...keys.map(({ name, key, variable }): ProviderStatus =>
          key === ''
            ? { name, status: 'absent', reason: `${variable} is not set`, models: [] }
            : { name, status: 'configured', reason: `${variable} is set; this version does not call it`, models: [] },
        ),
      ]
    }

    /** @throws MODEL_MISSING, PROVIDER_UNREACHABLE */
    const chooseModel = async (wanted: string | undefined): Promise<string> => {
      // a model that was absent a moment ago may be there now: only a yes is believed without looking.
      const seen = view?.isReachable === true ? view : await look()
      if (!seen.isReachable) {
        const detail = seen.reason
        throw isConfigured ? providerErrors.PROVIDER_UNREACHABLE({ detail }) : providerErrors.MODEL_MISSING({ detail })
      }
      const named = wanted ?? (set.model === '' ? undefined : set.model)
      if (named !== undefined) return named
      const [newest] = seen.models.length > 0 ? seen.models : (await look()).models
      if (newest !== undefined) return newest
      throw providerErrors.MODEL_MISSING({ detail: 'Ollama has no model yet', fix: 'run `ollama pull llama3.2`' })
    }

    const complete: Providers['complete'] = async (request) => {
      const bytes = Buffer.byteLength(request.prompt) + Buffer.byteLength(request.system ?? '')
      if (bytes > maximumPromptBytes) throw providerErrors.PROMPT_TOO_LARGE({ detail: `${bytes} bytes` })
      const stop = request.signal === undefined ? signal : AbortSignal.any([signal, request.signal])
      return await turns.take(async () => {
        const model = await chooseModel(request.model)
        const startedAt = performance.now()
        const client = await ollama()
        const answer = await client
          .complete({
            model,
            prompt: request.prompt,
            ...(request.system === undefined ? {} : { system: request.system }),
            timeoutMs: request.timeoutMs ?? set.completionTimeout,
            signal: stop,
          })
          .catch((error: unknown) => {
            // what was reachable a moment ago is looked at anew by the next call.
            if (isLotusError(error, 'PROVIDER_UNREACHABLE')) view = undefined
            throw error
          })
        const completion: Completion = { ...answer, provider: 'ollama', model, costMicroUsd: 0 }
        await spend.add(completion)
        const { text: _text, ...usage } = completion
        await context.emit(LlmOutput, { ...usage, durationMs: Math.round(performance.now() - startedAt) })
        return completion
      }, stop)
    }

    const health = (): ModuleHealth => {
      const configured = keys.filter(({ key }) => key !== '').map(({ name }) => name)
      const details = {
        ollama: view === undefined ? 'not looked yet' : view.isReachable ? view.reason : 'absent',
        models: view?.models.length ?? 0,
        keys: configured.length === 0 ? 'none' : configured.join(', '),
      }
      if (isConfigured && view !== undefined && !view.isReachable) {
        return { status: 'degraded', reason: `Ollama is configured but not reachable: ${view.reason}`, details }
      }
      return { status: 'healthy', details }
    }

    const lookNow = async (): Promise<void> => void (await look())
    context.timer('look for Ollama', set.probeEvery, lookNow)
    const providers: Providers = Object.freeze({ status, complete, spend: spend.total })
    return { services: { providers }, health }
  },
})

/** an address that can't be read is a fault to show, not a reason to stay down. */
function readHost(host: string): { url: string; fault?: string } {
  try {
    return { url: readOllamaHost(host) }
  } catch (error) {
    if (!isLotusError(error)) throw error
    return { url: defaultOllamaUrl, fault: error.message }
  }
}
