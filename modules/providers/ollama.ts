// Ollama: whether it is there, which models it has, and a completion by one of them, through its own client library.
import { z } from 'zod'
import { isLotusError } from '../../nucleus/errors.ts'
import { providerErrors } from './errors.ts'
import { createBoundedFetch, type RequestLimits } from './request.ts'

export interface OllamaView {
  readonly isReachable: boolean
  /** why not, or which version answers. */
  readonly reason: string
  /** the newest first. */
  readonly models: readonly string[]
}

export interface OllamaAnswer {
  readonly text: string
  readonly inputTokens: number
  readonly outputTokens: number
}

export interface Ollama {
  /** never throws for an Ollama that is not there; that is the view. */
  look(timeoutMs: number): Promise<OllamaView>
  /** @throws what {@link createBoundedFetch} names */
  complete(request: {
    readonly model: string
    readonly prompt: string
    readonly system?: string
    readonly timeoutMs: number
    readonly signal: AbortSignal
  }): Promise<OllamaAnswer>
}

const versionAnswer = z.object({ version: z.string() })
const listAnswer = z.object({
  models: z
    .array(z.object({ name: z.string(), modified_at: z.coerce.string().default('') }))
    .nullish()
    .transform((models) => models ?? []),
})
/** counts are left out where a prompt was in the model's cache. */
const chatAnswer = z.object({
  message: z.object({ content: z.string() }),
  done: z.boolean(),
  prompt_eval_count: z.number().int().min(0).default(0),
  eval_count: z.number().int().min(0).default(0),
})

/** @param signal - aborted when the module is unloaded: ends every call */
export function createOllama(url: string, signal: AbortSignal): Ollama {
  const connect = async (limits: RequestLimits) => {
    // loaded with the first call, so that a boot doesn't pay for it.
    const { Ollama: Client } = await import('ollama')
    return new Client({ host: url, fetch: createBoundedFetch(limits) })
  }
  return Object.freeze({
    look: async (timeoutMs: number) => {
      try {
        const client = await connect({ timeoutMs, signal })
        const { version } = read(versionAnswer, await client.version())
        const { models } = read(listAnswer, await client.list())
        const newestFirst = models.toSorted((left, right) => (left.modified_at < right.modified_at ? 1 : -1))
        return { isReachable: true, reason: `Ollama ${version}`, models: newestFirst.map((model) => model.name) }
      } catch (error) {
        return { isReachable: false, reason: isLotusError(error) ? error.message : invalid(error).message, models: [] }
      }
    },
    complete: async (request: Parameters<Ollama['complete']>[0]) => {
      const { model, prompt, system } = request
      const limits = { timeoutMs: request.timeoutMs, signal: AbortSignal.any([signal, request.signal]), model }
      const messages = [
        ...(system === undefined ? [] : [{ role: 'system', content: system }]),
        { role: 'user', content: prompt },
      ]
      try {
        const client = await connect(limits)
        const answer = read(chatAnswer, await client.chat({ model, messages, stream: false }))
        return { text: answer.message.content, inputTokens: answer.prompt_eval_count, outputTokens: answer.eval_count }
      } catch (error) {
        throw isLotusError(error) ? error : invalid(error)
      }
    },
  })
}

function read<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  return schema.parse(answer)
}

/** what is neither a failed request nor a refusal is an answer in another protocol. */
function invalid(cause: unknown): Error {
  return providerErrors.PROVIDER_RESPONSE_INVALID({ cause })
}
