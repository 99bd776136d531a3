// which hosts requests may be addressed to and which origins may send them: against DNS rebinding and foreign pages.
import { describe, expect, it } from 'vitest'
import { createHosts } from '../../../modules/gateway/access/hosts.ts'
import { startHouse } from './house.ts'
import { sendRaw } from './raw-request.ts'

describe('the host of a request', () => {
  it.each([
    ['127.0.0.1:PORT', 200],
    ['localhost:PORT', 200],
    ['LOCALHOST:PORT', 200],
    ['[::1]:PORT', 200],
    ['lotus.example:PORT', 200],
    ['lotus.example', 200],
    ['evil.example:PORT', 421],
    ['127.0.0.1.evil.example:PORT', 421],
    ['localhost.evil.example:PORT', 421],
    ['evil.example@127.0.0.1:PORT', 421],
    ['127.0.0.1:1', 421],
    ['127.0.0.1', 421],
    ['0.0.0.0:PORT', 421],
    ['169.254.169.254', 421],
    ['', 421],
  ])('%j answers %i, with and without the token', async (name, status) => {
    const { port, token } = await startHouse({ settings: { allowedHosts: 'lotus.example, other.example:1' } })
    const host = `host: ${name.replace('PORT', String(port))}`
    const open = await sendRaw(port, ['GET /health/live HTTP/1.1', host])
    const authorized = await sendRaw(port, ['GET /modules HTTP/1.1', host, `authorization: Bearer ${token}`])
    expect([open.status, authorized.status]).toEqual([status, status])
    if (status === 421) expect(authorized.body).toMatchObject({ error: { code: 'HOST_NOT_ALLOWED' } })
  })

  it('that is missing is refused', async () => {
    const { port } = await startHouse()
    expect((await sendRaw(port, ['GET /health HTTP/1.0'])).status).toBe(421)
    expect((await sendRaw(port, ['GET /health HTTP/1.1'])).status).toBe(421)
  })

  it('that was rebound by DNS is refused before the body is read and the goal is taken', async () => {
    const { port, token, state } = await startHouse()
    const body = JSON.stringify({ goal: 'delete everything' })
    const { status } = await sendRaw(
      port,
      [
        'POST /goals HTTP/1.1',
        `host: rebound.example:${port}`,
        `origin: http://rebound.example:${port}`,
        `authorization: Bearer ${token}`,
        'content-type: application/json',
        `content-length: ${body.length}`,
      ],
      body,
    )
    expect(status).toBe(421)
    expect(state.inputs).toEqual([])
  })

  it('may be the address that was really reached, which no name can fake', () => {
    const hosts = createHosts({ host: '0.0.0.0', port: 8_000, allowedHosts: '' })
    expect(hosts.allowsHost('192.0.2.7:8000', { localAddress: '192.0.2.7' })).toBe(true)
    expect(hosts.allowsHost('192.0.2.7:8000', { localAddress: '::ffff:192.0.2.7' })).toBe(true)
    expect(hosts.allowsHost('[2001:db8::7]:8000', { localAddress: '2001:db8::7' })).toBe(true)
    expect(hosts.allowsHost('192.0.2.8:8000', { localAddress: '192.0.2.7' })).toBe(false)
  })
})

describe('the origin of a request', () => {
  it.each([
    ['http://127.0.0.1:PORT', 200],
    ['http://localhost:PORT', 200],
    ['http://lotus.example', 200],
    ['https://lotus.example', 200],
    ['http://localhost:1', 403],
    ['http://evil.example', 403],
    ['http://127.0.0.1:PORT.evil.example', 403],
    ['http://127.0.0.1:PORT@evil.example', 403],
    ['http://evil.example/?http://127.0.0.1:PORT', 403],
    ['null', 403],
    ['file://', 403],
    ['chrome-extension://abcdef', 403],
    ['', 403],
  ])('%j answers %i, also for health', async (origin, status) => {
    const { port, token } = await startHouse({ settings: { allowedHosts: 'lotus.example' } })
    const header = `origin: ${origin.replace('PORT', String(port))}`
    const host = `host: 127.0.0.1:${port}`
    const open = await sendRaw(port, ['GET /health/live HTTP/1.1', host, header])
    const authorized = await sendRaw(port, ['GET /modules HTTP/1.1', host, header, `authorization: Bearer ${token}`])
    expect([open.status, authorized.status]).toEqual([status, status])
    if (status === 403) expect(authorized.body).toMatchObject({ error: { code: 'ORIGIN_NOT_ALLOWED' } })
  })

  it('is never granted to others: no answer carries headers of CORS', async () => {
    const { fetch, port } = await startHouse()
    const response = await fetch('/modules', { headers: { origin: `http://127.0.0.1:${port}` } })
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    const preflight = await fetch('/goals', { method: 'OPTIONS' })
    expect(preflight.status).toBe(405)
  })
})
