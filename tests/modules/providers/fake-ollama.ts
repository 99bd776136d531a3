// an Ollama on loopback that speaks the published protocol word for word, and misbehaves on request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** how the next chats are answered. */
export type Manner =
  | 'well'
  /** 404, as for a model that was never pulled. */
  | 'unknown model'
  /** 500 with Ollama's error object. */
  | 'error'
  /** 429 with Retry-After. */
  | 'too many'
  /** a proxy's page. */
  | 'html'
  /** JSON of some other program. */
  | 'other protocol'
  /** half a body, then the connection is cut. */
  | 'cut'
  /** never answers. */
  | 'stall'
  /** answers without the counts, as where the prompt was cached. */
  | 'cached'

export interface FakeOllama {
  readonly url: string
  manner: Manner
  models: string[]
  /** bodies of the chats so far. */
  readonly chats: Record<string, unknown>[]
  /** requests whose connection the client has closed before the answer. */
  readonly abandoned: () => number
  /** chats that were answered at the same time. */
  readonly atOnce: () => number
  close(): Promise<void>
}

/** the examples of `docs/api.md` of Ollama (MIT), `../shared/data/providers/specs/ollama-api.md`. */
export const examples = {
  version: { version: '0.5.1' },
  model: (name: string, day: number) => ({
    name,
    model: name,
    modified_at: `2025-05-${String(day).padStart(2, '0')}T17:37:44.706015396-07:00`,
    size: 2019393189,
    digest: 'a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72',
    details: {
      parent_model: '',
      format: 'gguf',
      family: 'llama',
      families: ['llama'],
      parameter_size: '3.2B',
      quantization_level: 'Q4_K_M',
    },
  }),
  chat: (model: unknown) => ({
    model,
    created_at: '2023-12-12T14:13:43.416799Z',
    message: { role: 'assistant', content: 'Hello! How are you today?' },
    done: true,
    total_duration: 5191566416,
    load_duration: 2154458,
    prompt_eval_count: 26,
    prompt_eval_duration: 383809000,
    eval_count: 298,
    eval_duration: 4799921000,
  }),
} as const

export async function openFakeOllama(port = 0): Promise<FakeOllama> {
  let abandoned = 0
  let running = 0
  let most = 0
  const fake = { manner: 'well' as Manner, models: ['llama3.2:latest'], chats: [] as Record<string, unknown>[] }
  const json = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    response.end(JSON.stringify(body))
  }
  const chat = (body: Record<string, unknown>, request: IncomingMessage, response: ServerResponse): void => {
    const isMessage = (one: unknown) => typeof one === 'object' && one !== null && 'role' in one && 'content' in one
    const isRight =
      typeof body['model'] === 'string' && Array.isArray(body['messages']) && body['messages'].every(isMessage)
    if (!isRight || body['stream'] !== false) return json(response, 400, { error: 'model is required' })
    switch (fake.manner) {
      case 'unknown model':
        return json(response, 404, { error: `model '${String(body['model'])}' not found` })
      case 'error':
        return json(response, 500, { error: 'the model failed to generate a response' })
      case 'too many':
        return json(response, 429, { error: 'too many requests' }, { 'retry-after': '7' })
      case 'html':
        response.writeHead(502, { 'content-type': 'text/html' })
        return void response.end('<html>Bad gateway</html>')
      case 'other protocol':
        return json(response, 200, { choices: [{ text: 'hi' }] })
      case 'cut':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
        response.write('{"model":"llama3.2","message":{"role":"assi')
        return void setTimeout(() => request.socket.destroy(), 10)
      case 'stall':
        return
      case 'cached': {
        const { prompt_eval_count: _count, ...rest } = examples.chat(body['model'])
        return json(response, 200, rest)
      }
      case 'well':
        return void setTimeout(() => json(response, 200, examples.chat(body['model'])), 5)
    }
  }
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) abandoned += 1
    })
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const route = `${request.method} ${request.url}`
      if (route === 'GET /api/version') return json(response, 200, examples.version)
      if (route === 'GET /api/tags') {
        return json(response, 200, { models: fake.models.map((name, index) => examples.model(name, index + 1)) })
      }
      if (route !== 'POST /api/chat') return json(response, 404, { error: 'path not found' })
      const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>
      fake.chats.push(body)
      running += 1
      most = Math.max(most, running)
      response.on('close', () => (running -= 1))
      chat(body, request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return Object.assign(fake, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    abandoned: () => abandoned,
    atOnce: () => most,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
