// the model providers against a server that speaks Ollama's protocol: found, lost, used, failing in every way it can.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readOllamaHost } from '../../../modules/providers/address.ts'
import { LlmOutput, type Providers } from '../../../modules/providers/contract.ts'
import providersModule from '../../../modules/providers/module.ts'
import type { ModuleHealth } from '../../../nucleus/health/health.ts'
import { dataPath, describeWithData } from '../../support/data.ts'
import { openTestContext, type TestContext } from '../memory/test-context.ts'
import { examples, openFakeOllama, type FakeOllama, type Manner } from './fake-ollama.ts'

interface Open {
  readonly house: TestContext
  readonly providers: Providers
  health(): Promise<ModuleHealth>
}

let home = ''
let fake: FakeOllama
let houses: TestContext[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lotus-providers-'))
  fake = await openFakeOllama()
})
afterEach(async () => {
  for (const house of houses) await house.close()
  houses = []
  await fake.close()
  await rm(home, { recursive: true, force: true })
})

async function open(settings: Record<string, string | number> = {}): Promise<Open> {
  const house = openTestContext({
    home,
    manifest: { name: 'providers', provides: ['providers'], emits: ['llm.output'], infrastructure: ['store'] },
    settings: {
      ollamaHost: fake.url,
      anthropicApiKey: '',
      openaiApiKey: '',
      googleApiKey: '',
      model: '',
      completionTimeout: 2_000,
      probeTimeout: 500,
      probeEvery: 60_000,
      ...settings,
    },
  })
  houses.push(house)
  const started = await providersModule.start(house.context as Parameters<typeof providersModule.start>[0])
  await house.activate()
  return {
    house,
    providers: started?.services?.['providers'] as Providers,
    health: async () => await started!.health!(),
  }
}

/** a port that nobody listens on. */
async function closedUrl(): Promise<string> {
  const other = await openFakeOllama()
  await other.close()
  return other.url
}

describe('what is there', () => {
  it('finds Ollama and its models, the newest first', async () => {
    fake.models = ['old:latest', 'new:latest']
    const { providers, health } = await open()
    const [ollama] = await providers.status()
    expect(ollama).toEqual({
      name: 'ollama',
      status: 'available',
      reason: `Ollama 0.5.1 at ${fake.url}`,
      models: ['new:latest', 'old:latest'],
    })
    expect(await health()).toMatchObject({ status: 'healthy', details: { models: 2, keys: 'none' } })
  })

  it('nothing configured and nothing there is healthy', async () => {
    const { providers, health } = await open({ ollamaHost: '' })
    const all = await providers.status()
    // a machine of a developer may run an Ollama at its own address.
    expect(['absent', 'available']).toContain(all[0]?.status)
    expect(all.slice(1).map((one) => one.status)).toEqual(['absent', 'absent', 'absent'])
    expect((await health()).status).toBe('healthy')
  })

  it('configured but absent is degraded, with the reason', async () => {
    const { providers, health } = await open({ ollamaHost: await closedUrl() })
    expect((await health()).status).toBe('healthy')
    expect((await providers.status())[0]).toMatchObject({ status: 'failing', models: [] })
    expect(await health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('ECONNREFUSED') })
  })

  it('an address that is none is degraded and says so', async () => {
    const { providers, health } = await open({ ollamaHost: 'http://' })
    expect(await health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('not an address') })
    await expect(providers.complete({ prompt: 'hi' })).rejects.toMatchObject({ code: 'PROVIDER_UNREACHABLE' })
  })

  it('keys are reported as configured and shown nowhere', async () => {
    const { providers, health } = await open({ anthropicApiKey: 'sk-secret-1', googleApiKey: 'secret-2' })
    const all = await providers.status()
    expect(all.map((one) => `${one.name} ${one.status}`)).toEqual([
      'ollama available',
      'anthropic configured',
      'openai absent',
      'google configured',
    ])
    expect(JSON.stringify([all, await health()])).not.toContain('secret')
  })

  it('the start waits for nothing, and the first look comes by itself after the boot', async () => {
    const { house, health } = await open()
    expect(await health()).toMatchObject({ details: { ollama: 'not looked yet' } })
    await house.loadParts()
    await vi.waitFor(async () => expect(await health()).toMatchObject({ details: { ollama: 'Ollama 0.5.1' } }))
    expect(house.failures).toEqual([])
  })

  it('notices that it came and went', async () => {
    const url = await closedUrl()
    const { house, providers, health } = await open({ ollamaHost: url })
    await providers.status()
    expect((await health()).status).toBe('degraded')
    const late = await openFakeOllama(Number(new URL(url).port))
    await house.runTimer('look for Ollama')
    expect((await health()).status).toBe('healthy')
    await late.close()
    await house.runTimer('look for Ollama')
    expect((await health()).status).toBe('degraded')
  })

  it('a server that accepts and never answers is given up after its time', async () => {
    const { createServer } = await import('node:net')
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const { providers } = await open({ ollamaHost: `127.0.0.1:${port}`, probeTimeout: 100 })
    const startedAt = performance.now()
    expect((await providers.status())[0]).toMatchObject({ status: 'failing' })
    expect(performance.now() - startedAt).toBeLessThan(1_500)
    silent.close()
  })
})

describe('a completion', () => {
  it('asks as the protocol says and gives text, usage and cost', async () => {
    const { house, providers } = await open()
    expect(await providers.complete({ prompt: 'Hi', system: 'Be brief.' })).toEqual({
      text: 'Hello! How are you today?',
      provider: 'ollama',
      model: 'llama3.2:latest',
      inputTokens: 26,
      outputTokens: 298,
      costMicroUsd: 0,
    })
    expect(fake.chats).toEqual([
      {
        model: 'llama3.2:latest',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
        stream: false,
      },
    ])
    const [event] = await house.bus.read({ types: [LlmOutput.type] })
    expect(event?.data).toMatchObject({ provider: 'ollama', inputTokens: 26, outputTokens: 298, costMicroUsd: 0 })
    expect(JSON.stringify(event)).not.toContain('Hello')
  })

  it('adds up what was spent, over restarts', async () => {
    const first = await open()
    await first.providers.complete({ prompt: 'Hi' })
    fake.manner = 'cached'
    await first.providers.complete({ prompt: 'Hi', model: 'other' })
    await first.house.close()
    houses = []
    const second = await open()
    expect(await second.providers.spend()).toEqual({ costMicroUsd: 0, inputTokens: 26, outputTokens: 596, calls: 2 })
  })

  it('takes the model that was asked for, then the one of the settings', async () => {
    const { providers } = await open({ model: 'preferred' })
    await providers.complete({ prompt: 'Hi' })
    await providers.complete({ prompt: 'Hi', model: 'asked' })
    expect(fake.chats.map((chat) => chat['model'])).toEqual(['preferred', 'asked'])
  })

  it('without any provider says how to get one', async () => {
    const { providers } = await open({ ollamaHost: '' })
    const [ollama] = await providers.status()
    if (ollama?.status === 'available') return
    await expect(providers.complete({ prompt: 'Hi' })).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      fix: expect.stringContaining('ollama pull'),
    })
  })

  it('with an Ollama that has no model says what to pull', async () => {
    fake.models = []
    const { providers } = await open()
    await expect(providers.complete({ prompt: 'Hi' })).rejects.toMatchObject({ code: 'MODEL_MISSING' })
    fake.models = ['just-pulled']
    expect(await providers.complete({ prompt: 'Hi' })).toMatchObject({ model: 'just-pulled' })
  })

  it.each<[Manner, object]>([
    ['unknown model', { code: 'MODEL_NOT_FOUND', fix: 'run `ollama pull nowhere`', retryable: false }],
    ['error', { code: 'PROVIDER_FAILED', message: expect.stringContaining('failed to generate'), retryable: true }],
    ['too many', { code: 'PROVIDER_FAILED', retryable: true, retryAfterMs: 7_000 }],
    ['html', { code: 'PROVIDER_FAILED', message: expect.stringContaining('502'), retryable: true }],
    ['other protocol', { code: 'PROVIDER_RESPONSE_INVALID' }],
    ['cut', { code: 'PROVIDER_UNREACHABLE', retryable: true }],
    ['stall', { code: 'PROVIDER_TIMEOUT', retryable: true }],
  ])('%s is a typed error', async (manner, expected) => {
    const { providers } = await open()
    fake.manner = manner
    const asked = providers.complete({ prompt: 'Hi', model: 'nowhere', timeoutMs: 200 })
    await expect(asked).rejects.toMatchObject(expected)
    expect(await providers.spend()).toMatchObject({ calls: 0 })
    fake.manner = 'well'
    await expect(providers.complete({ prompt: 'Hi' })).resolves.toMatchObject({ provider: 'ollama' })
  })

  it('can be cancelled, which closes the connection', async () => {
    const { providers } = await open()
    await providers.status()
    fake.manner = 'stall'
    const abort = new AbortController()
    const asked = providers.complete({ prompt: 'Hi', signal: abort.signal })
    const refused = asked.catch((error: unknown) => error)
    await vi.waitFor(() => expect(fake.chats).toHaveLength(1))
    abort.abort()
    expect(await refused).toMatchObject({ code: 'COMPLETION_CANCELLED' })
    await vi.waitFor(() => expect(fake.abandoned()).toBe(1))
  })

  it('ends with its module', async () => {
    const { house, providers } = await open()
    await providers.status()
    fake.manner = 'stall'
    const asked = providers.complete({ prompt: 'Hi' })
    const refused = asked.catch((error: unknown) => error)
    await vi.waitFor(() => expect(fake.chats).toHaveLength(1))
    await house.close()
    houses = []
    expect(await refused).toMatchObject({ code: 'COMPLETION_CANCELLED' })
  })

  it('lets four work at once, and tells who comes when the queue is full', async () => {
    const { providers } = await open()
    await providers.status()
    const results = await Promise.allSettled(Array.from({ length: 80 }, () => providers.complete({ prompt: 'Hi' })))
    const codes = results.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'ok'))
    expect(codes.filter((code) => code === 'ok')).toHaveLength(68)
    expect(codes.filter((code) => code === 'PROVIDER_BUSY')).toHaveLength(12)
    expect(fake.atOnce()).toBe(4)
    expect((await providers.spend()).calls).toBe(68)
  })

  it('refuses a prompt that is too large before anything is sent', async () => {
    const { providers } = await open()
    const asked = providers.complete({ prompt: 'x'.repeat(1_100_000) })
    await expect(asked).rejects.toMatchObject({ code: 'PROMPT_TOO_LARGE' })
    expect(fake.chats).toEqual([])
  })
})

describe('OLLAMA_HOST', () => {
  it.each([
    ['', 'http://127.0.0.1:11434'],
    ['127.0.0.1', 'http://127.0.0.1:11434'],
    ['127.0.0.1:9', 'http://127.0.0.1:9'],
    [':8080', 'http://127.0.0.1:8080'],
    ['0.0.0.0:11434', 'http://127.0.0.1:11434'],
    ['[::1]:11434', 'http://[::1]:11434'],
    ['http://box.local:11434/', 'http://box.local:11434'],
    ['https://box.local/ollama', 'https://box.local/ollama'],
  ])('%s', (value, url) => {
    expect(readOllamaHost(value)).toBe(url)
  })

  it.each(['http://', 'ftp://x', 'a b', 'x:99999', 'http://x?y'])('refuses %s', (value) => {
    expect(() => readOllamaHost(value)).toThrow(expect.objectContaining({ code: 'OLLAMA_HOST_INVALID' }))
  })
})

describeWithData('the server of these tests', () => {
  it('answers in the words of the published protocol', async () => {
    const text = await readFile(dataPath('providers', 'specs', 'ollama-api.md'), 'utf8')
    const blocks = Array.from(text.matchAll(/```json\n(.*?)\n```/gs), (match) => match[1]!.replaceAll(/\s+/g, ''))
    const has = (part: unknown) => blocks.some((block) => block.includes(JSON.stringify(part).replaceAll(/\s+/g, '')))
    expect(has(examples.version)).toBe(true)
    expect(has(examples.chat('llama3.2'))).toBe(true)
    expect(has(examples.model('llama3.2:latest', 4))).toBe(true)
  })
})
