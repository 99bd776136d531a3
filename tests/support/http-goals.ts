// states goals over HTTP, one connection each as the command does it, and answers yes where it is asked.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PrivateLotus } from './private-lotus.ts'
import { waitFor } from './wait-for.ts'

export interface HttpAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

const limitMs = 60_000

export interface GoalEnd {
  readonly status: string
  readonly answer: string
}

export interface HttpGoals {
  /** how a goal ended; its status is `HTTP 503` and such where there is no outcome. */
  perform(goal: string): Promise<GoalEnd>
  request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<HttpAnswer>
  /** an answer without the token, or with another one. */
  withToken(token: string | undefined, path: string): Promise<number>
}

/** address and token are read for each request: a restart changes the one, a person the other. */
export function createHttpGoals(own: PrivateLotus): HttpGoals {
  const headersOf = (token: string | undefined, hasBody: boolean): Record<string, string> => ({
    connection: 'close',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
  })
  const request: HttpGoals['request'] = async (method, path, body, signal) => {
    const token = readFileSync(join(own.home, 'token'), 'utf8').trim()
    const limit = AbortSignal.timeout(limitMs)
    const response = await fetch(new URL(path, own.record()?.url), {
      method,
      headers: headersOf(token, body !== undefined),
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    // a stream that has ended is no JSON, and nothing is asked of its lines
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    return { status: response.status, body: isJson ? (JSON.parse(text) as HttpAnswer['body']) : {} }
  }
  const endOfAnswer = ({ status, body }: HttpAnswer): GoalEnd => {
    // the answer to a confirmation has the outcome in it
    const outcome = (body['outcome'] ?? body) as HttpAnswer['body']
    const answer = JSON.stringify(outcome)
    return { status: typeof outcome['status'] === 'string' ? outcome['status'] : `HTTP ${status}`, answer }
  }
  /** an answer that a reload of the gateway cut off says where the outcome will be found. */
  const outlive = async (answer: HttpAnswer): Promise<GoalEnd> => {
    const error = (answer.body['error'] ?? {}) as { code?: string; message?: string }
    const traceId = /[0-9a-f]{32}/.exec(error.message ?? '')?.[0]
    return error.code === 'GATEWAY_CLOSING' && traceId !== undefined ? await endOf(traceId) : endOfAnswer(answer)
  }
  const endOf = async (traceId: string): Promise<GoalEnd> =>
    await waitFor(
      async () => {
        const { status, body } = await request('GET', `/runs/${traceId}`)
        return status === 200 && body['status'] !== 'running' ? endOfAnswer({ status, body }) : undefined
      },
      { timeoutMs: limitMs, what: `the end of ${traceId}, whose answer was cut off` },
    )
  return {
    request,
    async perform(goal) {
      const first = await request('POST', '/goals', { goal })
      if (first.body['status'] !== 'needs_confirmation') return await outlive(first)
      const { plan_id: plan, plan_hash: hash } = first.body
      const answer = await request('POST', `/confirmations/${String(plan)}`, { plan_hash: hash, answer: 'yes' })
      return await outlive(answer)
    },
    async withToken(token, path) {
      const response = await fetch(new URL(path, own.record()?.url), {
        headers: headersOf(token, false),
        signal: AbortSignal.timeout(limitMs),
      })
      await response.arrayBuffer()
      return response.status
    },
  }
}
