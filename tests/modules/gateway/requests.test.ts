// what is no proper request: each has its status, its code and what to do, in one shape.
import { describe, expect, it, vi } from 'vitest'
import { startHouse, type House } from './house.ts'
import { openSocket, readToEnd, sendRaw } from './raw-request.ts'

const shape = {
  error: {
    code: expect.stringMatching(/^[A-Z_]+$/) as string,
    message: expect.any(String) as string,
    fix: expect.any(String) as string,
    retryable: expect.any(Boolean) as boolean,
  },
}

describe('a wrong request', () => {
  it.each([
    ['POST', '/health', 405, 'GET, HEAD'],
    ['DELETE', '/goals', 405, 'POST'],
    ['PUT', '/runs/0199f3c8e6d57c1a8b6f2d3e4a5b6c7d', 405, 'GET, HEAD, DELETE'],
    ['HEAD', '/events', 405, 'GET'],
    ['PATCH', '/memory/n1', 405, 'DELETE'],
    ['OPTIONS', '/chat', 405, 'POST'],
    ['PROPFIND', '/modules', 405, 'GET, HEAD, POST'],
  ])('%s %s answers %i and names the methods', async (method, path, status, allow) => {
    const { fetch } = await startHouse()
    const response = await fetch(path, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([status, allow])
    if (method !== 'HEAD') expect(await response.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } })
  })

  it('to a path that is not there answers 404', async () => {
    const { fetch } = await startHouse()
    const response = await fetch('/nothing/here?a=b')
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { error: { code: 'ENDPOINT_UNKNOWN', message: expect.stringContaining('GET /nothing/here') as string } },
    ])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'with a body of %s answers 415',
    async (type) => {
      const { post } = await startHouse()
      const response = await post('/goals', { goal: 'x' }, { 'content-type': type })
      expect([response.status, await response.json()]).toMatchObject([
        415,
        { error: { code: 'MEDIA_TYPE_UNSUPPORTED' } },
      ])
    },
  )

  it.each([
    ['no JSON', '{"goal": '],
    ['nothing', ''],
    ['a prototype', '{"goal": "x", "__proto__": {"admin": true}}'],
    ['a constructor', '{"goal": "x", "constructor": {"prototype": {"admin": true}}}'],
    ['a list', '[]'],
    ['text', '"x"'],
    ['null', 'null'],
  ])('whose body is %s answers 400', async (_name, body) => {
    const { fetch } = await startHouse()
    const headers = { 'content-type': 'application/json' }
    const response = await fetch('/goals', { method: 'POST', headers, body })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject(shape)
  })

  it('is told everything that is wrong at once, each with its place', async () => {
    const { post } = await startHouse()
    const client = { time_zone: 'Mars/Olympus', width: 0 }
    const response = await post('/goals', { goal: ' ', client, yes: true, user_id: 'alice' })
    const { error } = (await response.json()) as { error: { problems: { place: string; message: string }[] } }
    expect(response.status).toBe(400)
    expect(error.problems.map(({ place }) => place)).toEqual([
      'body.goal',
      'body.client.time_zone',
      'body.client.width',
      'body.yes',
      'body',
    ])
    expect(error.problems.at(-1)?.message).toContain('user_id')
  })

  it.each([
    '/runs?limit=0',
    '/runs?limit=x',
    '/runs?limit=1e9',
    '/runs?other=1',
    '/runs/short',
    '/audit?trace_id=x',
    '/runs/%zz',
  ])('%s answers 400', async (path) => {
    const { fetch } = await startHouse()
    const response = await fetch(path)
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'REQUEST_INVALID' } }])
  })

  it('with more than a body may have answers 413, and the connection ends', async () => {
    const { post } = await startHouse()
    const response = await post('/memory', { text: 'x'.repeat(1_100_000) })
    expect([response.status, await response.json()]).toMatchObject([413, { error: { code: 'BODY_TOO_LARGE' } }])
    expect(response.headers.get('connection')).toBe('close')
  })

  it('with more headers than there may be answers 431', async () => {
    const { port } = await startHouse()
    const answer = await sendRaw(port, ['GET /health HTTP/1.1', `host: 127.0.0.1:${port}`, `x: ${'y'.repeat(20_000)}`])
    expect([answer.status, answer.body]).toMatchObject([431, { error: { code: 'HEADERS_TOO_LARGE' } }])
  })

  it('that is no HTTP answers 400', async () => {
    const { port } = await startHouse()
    const answer = await sendRaw(port, ['hello there'])
    expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'REQUEST_INVALID' } }])
  })

  it('shows nothing of the inside when LOTUS itself fails, and logs it', async () => {
    const { post, state, lines } = await startHouse()
    state.goal = () => {
      throw new Error('secret detail at /home/alice')
    }
    const response = await post('/goals', { goal: 'x' })
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'INTERNAL' } })
    expect(text).not.toContain('secret detail')
    expect(lines.some((line) => line.includes('secret detail'))).toBe(true)
  })

  it('for a service that is not there answers 503 with what to do', async () => {
    const { fetch } = await startHouse({ without: ['governance'] })
    const response = await fetch('/policies')
    expect([response.status, await response.json()]).toMatchObject([503, shape])
    expect(response.headers.get('retry-after')).toBe('1')
  })

  it('that waits for a service longer than it may answers 504', async () => {
    const house = await startHouse({ settings: { callTimeoutMs: 100 } })
    house.state.goal = () => new Promise<void>(() => undefined)
    expect((await house.post('/goals', { goal: 'x' })).status).toBe(504)
  })
})

describe('a slow client', () => {
  it('that sends no headers is cut off', async () => {
    const { port } = await startHouse({ settings: { headersTimeoutMs: 200, requestTimeoutMs: 400 } })
    const socket = await openSocket(port)
    socket.write('GET /health HTTP/1.1\r\nhost:')
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('that sends its body drop by drop is cut off', async () => {
    const { port, token } = await startHouse({ settings: { headersTimeoutMs: 200, requestTimeoutMs: 400 } })
    const socket = await openSocket(port)
    const head = ['POST /goals HTTP/1.1', `host: 127.0.0.1:${port}`, `authorization: Bearer ${token}`]
    socket.write(`${[...head, 'content-type: application/json', 'content-length: 100'].join('\r\n')}\r\n\r\n{`)
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('keeps none of the others waiting: 300 of them and 100 who ask', { timeout: 30_000 }, async () => {
    const { port, url } = await startHouse()
    const sockets = await Promise.all(Array.from({ length: 300 }, () => openSocket(port)))
    for (const socket of sockets) socket.write('GET /health HTTP/1.1\r\nx-slow: ')
    const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(`${url}/health/live`)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100)
  })

  it('makes room for one who asks: of too many, the one that has been asking for longest goes', async () => {
    const { port, url } = await startHouse({ settings: { maxConnections: 8 } })
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => openSocket(port)))
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    expect(await readToEnd(first!)).toMatch(/^HTTP\/1\.1 408 [^]*REQUEST_TOO_SLOW[^]*others need its place/)
    expect(others.map(({ destroyed }) => destroyed)).toEqual(others.map(() => false))
  })

  it('is told that there is no room where all the others wait for their answers', async () => {
    const house = await startHouse({ settings: { maxConnections: 8 } })
    let asked = 0
    house.state.goal = () => void (asked += 1)
    const stop = new AbortController()
    const body = JSON.stringify({ goal: 'x' })
    const headers = { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' }
    const waiting = Array.from({ length: 8 }, () =>
      fetch(`${house.url}/goals`, { method: 'POST', headers, body, signal: stop.signal }).catch(() => undefined),
    )
    await vi.waitFor(() => expect(asked).toBe(8), { timeout: 5_000 })
    const socket = await openSocket(house.port)
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 503 [^]*GATEWAY_FULL/)
    stop.abort()
    await Promise.all(waiting)
    await vi.waitFor(async () => expect((await fetch(`${house.url}/health/live`)).status).toBe(200), { timeout: 2_000 })
  })

  it('of one address takes no place of others: it loses its own', async () => {
    const { port, url } = await startHouse({ settings: { maxConnectionsPerPeer: 8 } })
    const sockets = await Promise.all(Array.from({ length: 12 }, () => openSocket(port)))
    const ends = await Promise.all(sockets.slice(0, 4).map(readToEnd))
    expect(ends.filter((text) => text.includes('REQUEST_TOO_SLOW'))).toHaveLength(4)
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
  })

  it('that takes nothing of its answer is cut off', async () => {
    const house = await startHouse({ settings: { stallMs: 200 } })
    const note = 'x'.repeat(16_000)
    for (let at = 0; at < 500; at += 1) {
      house.state.notes.set(`n${at}`, {
        id: `n${at}`,
        text: note,
        source: 'person',
        createdAt: '2026-11-02T10:00:00.000Z',
      })
    }
    const socket = await openSocket(house.port)
    socket.pause()
    socket.write(
      `GET /memory?limit=500 HTTP/1.1\r\nhost: 127.0.0.1:${house.port}\r\nauthorization: Bearer ${house.token}\r\n\r\n`,
    )
    await vi.waitFor(async () => expect(await connectionsOf(house)).toBe(1), { timeout: 2_000 })
    await vi.waitFor(async () => expect(await connectionsOf(house)).toBe(0), { timeout: 5_000 })
  })
})

describe('what nobody should send', () => {
  it.each([
    ['a tunnel', ['CONNECT evil.example:443 HTTP/1.1', 'host: HOST'], 405, 'METHOD_NOT_ALLOWED'],
    ['a method that is none', ['BREW /health HTTP/1.1', 'host: HOST'], 400, 'REQUEST_INVALID'],
    [
      'two lengths',
      ['POST /goals HTTP/1.1', 'host: HOST', 'content-length: 1', 'content-length: 2'],
      400,
      'REQUEST_INVALID',
    ],
    [
      'a length beside pieces',
      ['POST /goals HTTP/1.1', 'host: HOST', 'content-length: 1', 'transfer-encoding: chunked'],
      400,
      'REQUEST_INVALID',
    ],
    [
      'a packed body',
      [
        'POST /goals HTTP/1.1',
        'host: HOST',
        'AUTH',
        'content-type: application/json',
        'content-encoding: gzip',
        'content-length: 0',
      ],
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ],
    [
      'an address of elsewhere',
      ['GET http://evil.example/health HTTP/1.1', 'host: HOST', 'AUTH'],
      421,
      'HOST_NOT_ALLOWED',
    ],
  ])('%s has its own answer', async (_name, lines, status, code) => {
    const { port, token } = await startHouse()
    const filled = lines.map((line) =>
      line.replace('HOST', `127.0.0.1:${port}`).replace('AUTH', `authorization: Bearer ${token}`),
    )
    const answer = await sendRaw(port, filled)
    expect([answer.status, answer.body]).toMatchObject([status, { error: { code } }])
  })

  it('a body that never ends in pieces is cut off at the limit', async () => {
    const { port, token } = await startHouse()
    const socket = await openSocket(port)
    const head = ['POST /memory HTTP/1.1', `host: 127.0.0.1:${port}`, `authorization: Bearer ${token}`]
    socket.write(`${[...head, 'content-type: application/json', 'transfer-encoding: chunked'].join('\r\n')}\r\n\r\n`)
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`
    socket.on('error', () => undefined)
    for (let at = 0; at < 20; at += 1) socket.write(piece)
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 413 [^]*BODY_TOO_LARGE/)
  })

  it('a million brackets are refused as what they are', async () => {
    const { fetch } = await startHouse()
    const headers = { 'content-type': 'application/json' }
    const response = await fetch('/memory', { method: 'POST', headers, body: '['.repeat(1_000_000) })
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'REQUEST_INVALID' } }])
  })
})

it('shows nothing that a terminal would obey, whatever is kept', async () => {
  const house = await startHouse()
  const evil = 'a\u001b]0;x\u0007b\u009b31mc\u202ed\u200be\u{e0041}f'
  house.state.notes.set('n1', { id: 'n1', text: evil, source: 'person', createdAt: '2026-11-02T10:00:00.000Z' })
  const text = await (await house.fetch('/memory')).text()
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u200b\u{e0041}]/u)
  expect(JSON.parse(text)).toMatchObject({ notes: [{ text: evil }] })
})

async function connectionsOf({ instance }: House): Promise<unknown> {
  return (await instance.health())?.details?.['connections']
}
