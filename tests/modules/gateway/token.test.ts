// the bearer token: made once, for its owner only, compared in constant time, replaced without a restart, never shown.
import { hash } from 'node:crypto'
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { estimateTokenBits } from '../../../modules/gateway/access/token-strength.ts'
import { startHouse, temporaryFolder } from './house.ts'

const guarded: readonly (readonly [string, string])[] = [
  ['POST', '/goals'],
  ['POST', '/chat'],
  ['POST', '/confirmations/p1'],
  ['GET', '/events'],
  ['GET', '/modules'],
  ['POST', '/modules/memory/reload'],
  ['GET', '/runs'],
  ['GET', '/runs/0199f3c8e6d57c1a8b6f2d3e4a5b6c7d'],
  ['DELETE', '/runs/0199f3c8e6d57c1a8b6f2d3e4a5b6c7d'],
  ['POST', '/undo'],
  ['GET', '/memory'],
  ['POST', '/memory'],
  ['DELETE', '/memory/n1'],
  ['GET', '/audit'],
  ['GET', '/audit/verify'],
  ['GET', '/abilities'],
  ['GET', '/providers'],
  ['GET', '/reminders'],
  ['GET', '/policies'],
  ['GET', '/dead-letters'],
  ['POST', '/dead-letters/g/e/replay'],
  ['GET', '/no/such/path'],
]

describe('what needs the token', () => {
  it.each(guarded)('%s %s answers 401 without one, and says how to get it', async (method, path) => {
    const { url, home } = await startHouse()
    const response = await fetch(`${url}${path}`, { method })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="lotus"')
    const { error } = (await response.json()) as { error: { code: string; fix: string } }
    expect(error.code).toBe('UNAUTHENTICATED')
    expect(error.fix).toContain(`cat ${join(home, 'token')}`)
  })

  it.each(['/health', '/health/live', '/health/ready', '/metrics', '/docs/json'])('%s does not', async (path) => {
    const { url } = await startHouse()
    expect((await fetch(`${url}${path}`)).status).toBe(200)
  })

  it.each([
    ['another token', 'Bearer wrong'],
    ['the token with a sign more', 'Bearer TOKENx'],
    ['the token without a sign', 'Bearer TOKE'],
    ['no token', 'Bearer'],
    ['another scheme', 'Basic TOKEN'],
    ['the bare token', 'TOKEN'],
  ])('refuses %s', async (_name, authorization) => {
    const { fetch, token } = await startHouse()
    const header = authorization.replace(/TOKE(?!N)/, token.slice(0, -1)).replace('TOKEN', token)
    expect((await fetch('/runs', { headers: { authorization: header } })).status).toBe(401)
  })

  it('takes the scheme in any case, and never a token in the address', async () => {
    const { url, fetch: ask, token } = await startHouse()
    expect((await ask('/modules', { headers: { authorization: `bearer ${token}` } })).status).toBe(200)
    expect((await fetch(`${url}/modules?token=${token}&access_token=${token}`)).status).toBe(401)
  })
})

describe('LOTUS_HOME/token', () => {
  it('is made at the first start, with 256 bits, for its owner only', async () => {
    const { home, token } = await startHouse()
    expect(estimateTokenBits(token)).toBeGreaterThanOrEqual(256)
    expect((await stat(join(home, 'token'))).mode & 0o777).toBe(0o600)
  })

  it('is kept over a restart', async () => {
    const first = await startHouse()
    await first.instance.stop()
    const second = await startHouse({ settings: { home: first.home } })
    expect(second.token).toBe(first.token)
  })

  it('is the same for two that make it at once', async () => {
    const home = await temporaryFolder()
    const houses = await Promise.all([startHouse({ settings: { home } }), startHouse({ settings: { home } })])
    expect(houses[0].token).toBe(houses[1].token)
    expect((await houses[1].fetch('/modules')).status).toBe(200)
  })

  it('is made anew where a full disk has left it empty', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'token'), '')
    const { token, fetch } = await startHouse({ settings: { home } })
    expect(token.length).toBeGreaterThan(40)
    expect((await fetch('/modules')).status).toBe(200)
  })

  it('is closed to others where it was open, with a warning', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'token'), 'a-token-that-others-could-read-until-now\n')
    await chmod(join(home, 'token'), 0o644)
    const { lines } = await startHouse({ settings: { home } })
    expect((await stat(join(home, 'token'))).mode & 0o777).toBe(0o600)
    expect(lines.some((line) => line.includes('others could read the token'))).toBe(true)
  })

  it('is not followed through a link, nor read from a folder', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'elsewhere'), 'a-token-of-somebody-else')
    await symlink(join(home, 'elsewhere'), join(home, 'token'))
    await expect(startHouse({ settings: { home } })).rejects.toMatchObject({ code: 'TOKEN_UNAVAILABLE' })
    await rm(join(home, 'token'))
    await mkdir(join(home, 'token'))
    await expect(startHouse({ settings: { home } })).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
  })

  it('is revoked within a second by putting another in its place', async () => {
    const { home, token, fetch } = await startHouse()
    expect((await fetch('/modules')).status).toBe(200)
    await rm(join(home, 'token'))
    await vi.waitFor(async () => expect((await fetch('/modules')).status).toBe(401), { timeout: 1_000, interval: 50 })
    const next = (await readFile(join(home, 'token'), 'utf8')).trim()
    expect(next).not.toBe(token)
    expect((await fetch('/modules', { headers: { authorization: `Bearer ${next}` } })).status).toBe(200)
  })
})

describe('LOTUS_HTTP_TOKEN', () => {
  it('stands above the file, which is then not made', async () => {
    const { home, fetch } = await startHouse({ settings: { httpToken: 'set-by-hand' } })
    expect((await fetch('/modules', { headers: { authorization: 'Bearer set-by-hand' } })).status).toBe(200)
    await expect(stat(join(home, 'token'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('is not told in the answer to a request without it', async () => {
    const { url } = await startHouse({ settings: { httpToken: 'set-by-hand' } })
    const text = await (await fetch(`${url}/runs`)).text()
    expect(text).toContain('LOTUS_HTTP_TOKEN')
    expect(text).not.toContain('set-by-hand')
  })

  it('is refused where a header could not carry it, without being shown', async () => {
    const start = startHouse({ settings: { httpToken: 'two words' } })
    await expect(start).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
    await expect(start).rejects.not.toMatchObject({ message: expect.stringContaining('two words') as string })
  })
})

describe('tokens.json', () => {
  const record = (token: string, fields: Record<string, unknown> = {}) => ({
    id: hash('sha256', token).slice(0, 12),
    name: 'a test',
    purpose: 'api',
    sha256: hash('sha256', token),
    created_at: '2026-11-01T10:00:00.000Z',
    ...fields,
  })
  const keep = async (home: string, ...tokens: object[]): Promise<void> =>
    await writeFile(join(home, 'tokens.json'), JSON.stringify({ version: 1, tokens }), { mode: 0o600 })
  const askWith = async (url: string, path: string, token: string, method = 'GET') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}${path}`, { method, headers, ...(method === 'GET' ? {} : { body: '{}' }) })
    const { error } = (await response.json()) as { error?: { code: string } }
    return [response.status, error?.code]
  }

  it('lets each purpose do what it is for, and nothing else', async () => {
    const home = await temporaryFolder()
    await keep(home, record('a'), record('h', { purpose: 'hook' }), record('m', { purpose: 'module' }))
    const { url } = await startHouse({ settings: { home } })
    const refused = [403, 'PURPOSE_NOT_ALLOWED']
    // a body that is not right shows that the door was passed
    const passed = [400, 'REQUEST_INVALID']
    const seen: Record<string, unknown[]> = {}
    for (const token of ['a', 'h', 'm']) {
      seen[token] = [
        await askWith(url, '/goals', token, 'POST'),
        await askWith(url, '/chat', token, 'POST'),
        await askWith(url, '/confirmations/p1', token, 'POST'),
        await askWith(url, '/memory', token),
        await askWith(url, '/reminders', token),
        await askWith(url, '/runs', token),
        await askWith(url, '/audit', token),
        await askWith(url, '/modules/memory/reload', token, 'POST'),
      ]
    }
    const fine = [200, undefined]
    expect(seen).toEqual({
      a: [passed, passed, passed, fine, fine, fine, fine, fine],
      h: [passed, passed, refused, refused, refused, refused, refused, refused],
      m: [refused, refused, refused, fine, fine, refused, refused, refused],
    })
  })

  it.each([
    ['revoked', { revoked_at: '2026-11-02T10:00:00.000Z' }, 'TOKEN_REVOKED'],
    ['over', { expires_at: '2026-11-02T10:00:00.000Z' }, 'TOKEN_EXPIRED'],
  ])('says of a token that is %s what became of it', async (_name, fields, code) => {
    const home = await temporaryFolder()
    await keep(home, record('t', fields))
    const { url } = await startHouse({ settings: { home } })
    expect(await askWith(url, '/modules', 't')).toEqual([401, code])
  })

  it('is revoked within a second, in an open stream too, and a request that is sent again is refused', async () => {
    const home = await temporaryFolder()
    await keep(home, record('t'))
    const { url } = await startHouse({ settings: { home } })
    const headers = { authorization: 'Bearer t' }
    const stream = await fetch(`${url}/events`, { headers })
    expect([stream.status, (await fetch(`${url}/modules`, { headers })).status]).toEqual([200, 200])
    const ended = (async () => {
      for await (const _chunk of stream.body!);
      return performance.now()
    })()
    await keep(home, record('t', { revoked_at: new Date().toISOString() }))
    const revokedAt = performance.now()
    await vi.waitFor(async () => expect(await askWith(url, '/modules', 't')).toEqual([401, 'TOKEN_REVOKED']), {
      timeout: 1_000,
      interval: 50,
    })
    // a look of the stream and one of the keeper, on a machine that may be busy
    expect((await ended) - revokedAt).toBeLessThan(2_000)
  })

  it('with equal tokens keeps LOTUS from starting', async () => {
    const home = await temporaryFolder()
    await keep(home, record('t'), { ...record('t', { purpose: 'hook' }), id: '0123456789ab' })
    await expect(startHouse({ settings: { home } })).rejects.toMatchObject({ code: 'TOKENS_EQUAL' })
    await keep(home, record('set-by-hand', { purpose: 'hook' }))
    await expect(startHouse({ settings: { home, httpToken: 'set-by-hand' } })).rejects.toMatchObject({
      code: 'TOKENS_EQUAL',
    })
  })

  it('that is damaged gives nobody entry but the token of the file, and the log says so', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'tokens.json'), '{"version": 1, "tokens": [{}]}')
    const { url, fetch: ask, lines } = await startHouse({ settings: { home } })
    expect((await ask('/modules')).status).toBe(200)
    expect(await askWith(url, '/modules', 't')).toEqual([401, 'UNAUTHENTICATED'])
    expect(lines.some((line) => line.includes('no token of the book holds'))).toBe(true)
  })
})

describe('a token in the address', () => {
  it.each(['token', 'access_token', 'api_key', 'apikey', 'Authorization', 'acc%65ss_token'])(
    '?%s= is refused with the remedy, whatever else the request has',
    async (name) => {
      const { url, token } = await startHouse()
      for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
        const response = await fetch(`${url}/runs?limit=1&${name}=${token}`, { headers })
        const text = await response.text()
        expect([response.status, JSON.parse(text)]).toMatchObject([401, { error: { code: 'TOKEN_IN_ADDRESS' } }])
        expect(text).toContain('lotus token revoke')
        expect(text).not.toContain(token)
      }
    },
  )
})

it('names a scheme that is not Bearer', async () => {
  const { url, token } = await startHouse()
  const authorization = `Basic ${Buffer.from(`lotus:${token}`).toString('base64')}`
  const text = await (await fetch(`${url}/runs`, { headers: { authorization } })).text()
  expect(text).toContain('its scheme is Basic, not Bearer')
})

it('is written to no log line, whatever is asked', async () => {
  const house = await startHouse()
  house.state.goal = () => {
    throw new Error('inside')
  }
  await house.fetch('/modules')
  await house.post('/goals', { goal: 'x' })
  await house.post('/chat', { message: 'x', user_id: 'somebody' })
  await fetch(`${house.url}/runs`, { headers: { authorization: `Bearer ${house.token}x` } })
  await fetch(`${house.url}/runs?token=${house.token}`)
  expect(house.lines.length).toBeGreaterThan(0)
  expect(house.lines.filter((line) => line.includes(house.token))).toEqual([])
})

describe('the strength of a token', () => {
  it.each([
    ['0123456789'.repeat(3), 99],
    ['a'.repeat(200), 0],
    ['abcabcabcabcabcabcabcabcabcabcabcabcabcabcabc', 71],
    ['deadbeef0123456789abcdef01234567', 128],
    ['correcthorsebatterystaple', 117],
  ])('of %s is at most %i bits', (token, bits) => {
    expect(estimateTokenBits(token)).toBe(bits)
  })
})
