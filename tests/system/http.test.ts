// the HTTP interface of the real process: health through its whole life, the token, /chat, and events that go on where they were.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from '../support/private-lotus.ts'
import { waitFor, within } from '../support/wait-for.ts'

const limitMs = 120_000

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}

/** a connection on which nothing has been asked yet. */
async function openConnection(url: string): Promise<Socket & { received: string }> {
  const { port } = new URL(url)
  const socket = Object.assign(connect(Number(port), '127.0.0.1'), { received: '' })
  onTestFinished(() => void socket.destroy())
  socket.setEncoding('utf8').on('data', (text: string) => (socket.received += text))
  socket.on('error', () => {
    // cut off: what was received tells the story
  })
  await new Promise((resolve) => void socket.once('connect', resolve))
  return socket
}

describe('health', () => {
  it('says nothing but `starting` before it says `healthy`', { timeout: limitMs }, async () => {
    const port = await freePort()
    const own = createPrivateLotus({ LOTUS_HTTP_PORT: String(port) })
    try {
      const nucleus = own.startNucleus()
      const seen: string[] = []
      await waitFor(
        async () => {
          const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(10_000) })
          const { status } = (await response.json()) as { status: string }
          seen.push(`${response.status} ${status}`)
          return status === 'healthy'
        },
        { timeoutMs: 60_000, what: () => `healthy; there was ${seen.join(', ')}` },
      )
      expect(seen.filter((one) => one !== '503 starting')).toEqual(['200 healthy'])
      nucleus.child.kill('SIGTERM')
      await within(nucleus.ended, { timeoutMs: 60_000, what: 'the end' })
    } finally {
      await own.dispose()
    }
  })

  it('says `draining` with 503 to who still reaches it', { timeout: limitMs }, async () => {
    const own = createPrivateLotus()
    let asked: Promise<unknown> | undefined
    try {
      const nucleus = own.startNucleus()
      const { url } = await own.untilStatus(['healthy'])
      writeFileSync(join(own.folder, 'old.txt'), '')
      // a goal whose question is open keeps the interface for a moment
      let isAsked = false
      asked = own.lotus(['run', 'delete old.txt'], {
        terminal: (shown) => {
          isAsked ||= shown.includes('[y/N]')
          return undefined
        },
      })
      await waitFor(() => isAsked, { timeoutMs: 30_000, what: 'the question' })
      const socket = await openConnection(url)
      nucleus.child.kill('SIGTERM')
      await own.untilStatus(['draining'])
      socket.write(`GET /health HTTP/1.1\r\nhost: ${new URL(url).host}\r\n\r\n`)
      await waitFor(() => socket.received.includes('"status"'), { timeoutMs: 20_000, what: 'the answer' })
      expect(socket.received).toMatch(/^HTTP\/1\.1 503 /)
      expect(socket.received).toContain('"status":"draining"')
    } finally {
      await own.dispose()
      await asked
    }
  })
})

describe('a running LOTUS', () => {
  let own: PrivateLotus
  const token = (): string => readFileSync(join(own.home, 'token'), 'utf8').trim()
  const ask = async (path: string, options: RequestInit & { token?: string } = {}): Promise<Response> =>
    await fetch(new URL(path, own.record()!.url), {
      ...options,
      headers: {
        authorization: `Bearer ${options.token ?? token()}`,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.headers as Record<string, string> | undefined),
      },
      signal: AbortSignal.timeout(60_000),
    })
  const chat = async (message: string): Promise<Record<string, unknown>> => {
    const response = await ask('/chat', { method: 'POST', body: JSON.stringify({ user_id: null, message }) })
    expect(response.status).toBe(200)
    return (await response.json()) as Record<string, unknown>
  }
  /** reads events until `enough`, then hangs up. */
  const readEvents = async (
    path: string,
    enough: (events: readonly EventLine[]) => boolean,
    headers: Record<string, string> = {},
  ): Promise<EventLine[]> => {
    const stop = new AbortController()
    const response = await fetch(new URL(path, own.record()!.url), {
      headers: { authorization: `Bearer ${token()}`, ...headers },
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
    })
    expect(response.status).toBe(200)
    const events: EventLine[] = []
    let rest = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + chunk).split('\n\n')
      rest = frames.pop()!
      for (const frame of frames) {
        const [, id, type] = /^id: (\S+)\nevent: (\S+)\n/.exec(frame) ?? []
        if (id !== undefined && type !== undefined) events.push({ id, type })
      }
      if (enough(events)) break
    }
    stop.abort()
    return events
  }

  beforeAll(async () => {
    own = createPrivateLotus()
    await own.start()
  }, limitMs)
  afterAll(async () => {
    await own.stop()
    await own.dispose()
  }, limitMs)

  it('has a token for nobody else’s eyes, and answers nobody without it', async () => {
    expect((statSync(join(own.home, 'token')).mode & 0o777).toString(8)).toBe('600')
    expect((await ask('/modules')).status).toBe(200)
    expect((await ask('/modules', { token: 'guessed' })).status).toBe(401)
    expect((await ask('/health', { token: 'guessed' })).status).toBe(200)
  })

  it('answers /chat with the fields of seed 004', async () => {
    expect(await chat('what is 6 times 7?')).toEqual({
      response: expect.stringContaining('42'),
      skills_used: [],
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: 'completed',
      mode: 'innate',
      cost_usd: 0,
    })
  })

  it('lets /chat change the workspace after a confirmation, and nothing else', { timeout: limitMs }, async () => {
    const asked = await chat('create a file called from-chat.txt with the text "hello"')
    expect(asked).toMatchObject({ status: 'needs_confirmation' })
    const path = join(own.home, 'workspace', 'from-chat.txt')
    expect(() => statSync(path)).toThrow('ENOENT')
    const answered = await ask(`/confirmations/${String(asked['plan_id'])}`, {
      method: 'POST',
      body: JSON.stringify({ plan_hash: asked['plan_hash'], answer: 'yes' }),
    })
    expect(answered.status).toBe(200)
    await waitFor(() => readFileSync(path, 'utf8') === 'hello\n', { timeoutMs: 20_000, what: 'the file' })
    const elsewhere = await chat(`create a file called ${own.folder}/x.txt with the text "hello"`)
    expect(elsewhere).toMatchObject({ status: 'denied' })
    rmSync(path)
  })

  it('lets no question that nobody answers hold up the goals of others', { timeout: limitMs }, async () => {
    const plans: unknown[] = []
    for (let count = 0; count < 20; count += 1) {
      const asked = await chat(`create a file called open-${count}.txt with the text "hello"`)
      expect(asked).toMatchObject({ status: 'needs_confirmation' })
      plans.push(asked)
    }
    expect((await own.goal('what is 6 times 7?')).status).toBe('completed')
    const answer = async (plan: Record<string, unknown>): Promise<number> => {
      const body = JSON.stringify({ plan_hash: plan['plan_hash'], answer: 'no' })
      return (await ask(`/confirmations/${String(plan['plan_id'])}`, { method: 'POST', body })).status
    }
    // the oldest were given up, the newest still wait
    expect(await answer(plans[0] as Record<string, unknown>)).toBe(404)
    for (const plan of plans.slice(-8)) expect(await answer(plan as Record<string, unknown>)).toBe(200)
  })

  it('goes on with events where a reader was, over a restart too', { timeout: limitMs }, async () => {
    const wanted = '/events?types=goal.accepted,goal.completed'
    const isCompleted = (count: number) => (events: readonly EventLine[]) =>
      events.filter(({ type }) => type === 'goal.completed').length >= count
    const [first] = await Promise.all([
      readEvents(wanted, isCompleted(1)),
      waitFor(async () => (await own.goal('what is 1 + 1?')).status === 'completed', {
        timeoutMs: 60_000,
        what: 'a goal',
      }),
    ])
    const last = first.at(-1)!
    // nobody listens
    await own.goal('what is 1 + 2?')
    const second = await readEvents(wanted, isCompleted(1), { 'last-event-id': last.id })
    await own.goal('what is 1 + 3?')
    await own.stop()
    await own.start()
    const third = await readEvents(wanted, isCompleted(1), { 'last-event-id': second.at(-1)!.id })
    const whole = await readEvents(`${wanted}&after=${first[0]!.id}`, isCompleted(3))
    expect(second.map(({ type }) => type)).toEqual(['goal.accepted', 'goal.completed'])
    expect(third.map(({ type }) => type)).toEqual(['goal.accepted', 'goal.completed'])
    // each once, in order, and none between
    expect([...first.slice(1), ...second, ...third]).toEqual(whole)
  })
})

interface EventLine {
  readonly id: string
  readonly type: string
}
