// the fetch that the Ollama client is given: bounded in time and size, cancellable, with typed errors.
import { isLotusError } from '../../nucleus/errors.ts'
import { showAddress } from './address.ts'
import { providerErrors } from './errors.ts'

export interface RequestLimits {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** for messages: the model that was asked for. */
  readonly model?: string
}

/** an answer beyond this is not text for a person. */
const maximumBytes = 16 * 1024 * 1024

/**
 * the answer is read whole, within the limits, before the client sees it: the client itself has no time-out, no limit,
 * and writes what it does not understand to the console.
 * @throws PROVIDER_UNREACHABLE, PROVIDER_TIMEOUT, COMPLETION_CANCELLED, MODEL_NOT_FOUND, PROVIDER_FAILED,
 * PROVIDER_RESPONSE_INVALID
 */
export function createBoundedFetch(limits: RequestLimits): typeof fetch {
  return async (input, init) => {
    const address = showAddress(input instanceof Request ? input.url : String(input))
    const timeout = AbortSignal.timeout(limits.timeoutMs)
    const signal = AbortSignal.any([timeout, limits.signal, ...(init?.signal ? [init.signal] : [])])
    const { response, text } = await fetchText(input, { ...init, signal, redirect: 'error' }).catch(
      (cause: unknown) => {
        // whatever was thrown: once the time is up or somebody has cancelled, that is the reason.
        if (timeout.aborted) {
          throw providerErrors.PROVIDER_TIMEOUT({ value: address, detail: `${limits.timeoutMs} ms`, cause })
        }
        if (signal.aborted) throw providerErrors.COMPLETION_CANCELLED({ cause })
        if (isLotusError(cause)) throw cause
        throw providerErrors.PROVIDER_UNREACHABLE({ value: address, detail: reasonOf(cause), cause })
      },
    )
    if (!response.ok) throw failure(response, text, limits)
    return new Response(text, { status: response.status, headers: { 'content-type': 'application/json' } })
  }
}

async function fetchText(
  input: Parameters<typeof fetch>[0],
  init: RequestInit,
): Promise<{ response: Response; text: string }> {
  const response = await fetch(input, init)
  return { response, text: await readText(response) }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maximumBytes)
      throw providerErrors.PROVIDER_RESPONSE_INVALID({ detail: `more than ${maximumBytes} bytes` })
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function failure(response: Response, text: string, limits: RequestLimits): Error {
  const message = messageOf(text) ?? `${response.status} ${response.statusText}`.trim()
  if (response.status === 404 && limits.model !== undefined) {
    return providerErrors.MODEL_NOT_FOUND({
      value: limits.model,
      detail: message,
      fix: `run \`ollama pull ${limits.model}\``,
    })
  }
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return providerErrors.PROVIDER_FAILED({
    value: message,
    detail: `HTTP ${response.status}`,
    retryable: response.status === 429 || response.status >= 500,
    ...(retryAfter >= 0 && retryAfter < 86_400 ? { retryAfterMs: retryAfter * 1000 } : {}),
  })
}

/** Ollama's errors are `{"error": "…"}`. */
function messageOf(text: string): string | undefined {
  try {
    const data: unknown = JSON.parse(text)
    if (typeof data === 'object' && data !== null && 'error' in data && typeof data.error === 'string')
      return data.error
  } catch {
    // a proxy in between answers in its own words; the status says enough.
  }
  return undefined
}

/** fetch hides what happened in the cause of its error. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
  return String(cause)
}
