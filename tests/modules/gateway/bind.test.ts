// where the gateway listens: beyond loopback only with a strong token that was set on purpose; never on a taken port.
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { assertSafeBind } from '../../../modules/gateway/access/safe-bind.ts'
import { startHouse } from './house.ts'

const strong = 'deadbeef0123456789abcdef01234567'

describe('a bind beyond loopback', () => {
  it.each([
    ['127.0.0.1', '', true],
    ['127.9.9.9', '', true],
    ['::1', '', true],
    ['::ffff:127.0.0.1', '', true],
    ['localhost', '', true],
    ['127.0.0.1', 'weak', true],
    ['0.0.0.0', '', false],
    ['0.0.0.0', 'weak', false],
    ['0.0.0.0', 'a'.repeat(100), false],
    ['0.0.0.0', strong, true],
    ['::', '', false],
    ['::', strong, true],
    ['', '', false],
    ['192.0.2.7', '', false],
    ['192.0.2.7', strong.slice(1), false],
    ['192.0.2.7', strong, true],
    ['::ffff:192.0.2.7', '', false],
    ['fe80::1', '', false],
    ['no-such-host.invalid', '', false],
  ])('to %j with the token %j is allowed: %s', async (host, httpToken, allowed) => {
    const judged = assertSafeBind({ host, httpToken })
    if (allowed) await expect(judged).resolves.toBeUndefined()
    else await expect(judged).rejects.toMatchObject({ code: 'INSECURE_BIND' })
  })

  it('refuses the start before anything listens or a token is made', async () => {
    await expect(startHouse({ settings: { httpHost: '0.0.0.0' } })).rejects.toMatchObject({
      code: 'INSECURE_BIND',
      fix: expect.stringContaining('LOTUS_HTTP_TOKEN') as string,
    })
  })

  it('is announced by an address that this machine reaches', async () => {
    const { url, fetch } = await startHouse({ settings: { httpHost: '0.0.0.0', httpToken: strong } })
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await fetch('/modules')).status).toBe(200)
  })
})

describe('a port', () => {
  it('that is taken fails the start and names it', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    await expect(startHouse({ settings: { httpPort: port } })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(String(port)) as string,
      fix: expect.stringContaining('LOTUS_HTTP_PORT') as string,
    })
  })

  it('that another LOTUS has is taken, though generations of one share theirs', async () => {
    const first = await startHouse()
    await expect(startHouse({ settings: { httpPort: first.port } })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  })

  it('on an address that is not this machine’s fails the start with the reason', async () => {
    await expect(startHouse({ settings: { httpHost: '192.0.2.7', httpToken: strong } })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
    })
  })

  it('is free again after the stop', async () => {
    const first = await startHouse()
    await first.instance.stop()
    const second = await startHouse({ settings: { httpPort: first.port } })
    expect(second.port).toBe(first.port)
  })
})
