// the front door, while the application behind it is still being loaded and afterwards.
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHosts } from '../../../modules/gateway/access/hosts.ts'
import { createRequestTally } from '../../../modules/gateway/metrics/request-tally.ts'
import { createFront, type Front } from '../../../modules/gateway/server/front.ts'
import { listen } from '../../../modules/gateway/server/listen.ts'

interface Door {
  readonly url: string
  readonly front: Front
  readonly requests: ReturnType<typeof createRequestTally>
  /** ends the loading of the application. */
  loaded(): void
  failed(error: Error): void
}

async function openDoor(): Promise<Door> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => undefined)
  const requests = createRequestTally()
  let port = 0
  const front: Front = createFront({
    limits: { headersTimeoutMs: 1_000, requestTimeoutMs: 1_000 },
    hosts: () => createHosts({ host: '127.0.0.1', port, allowedHosts: '' }),
    closing: () => false,
    health: async () => ({ code: 200, text: '{"status":"healthy"}' }),
    requests,
    application: () => promise,
  })
  port = await listen(front.server, { host: '127.0.0.1', port: 0 }, undefined)
  onTestFinished(() => {
    front.server.closeAllConnections()
    front.server.close()
  })
  return {
    url: `http://127.0.0.1:${port}`,
    front,
    requests,
    loaded: () => {
      front.openTo((request, response) => response.end(`the application answers ${request.url}`))
      resolve()
    },
    failed: reject,
  }
}

describe('while the application is being loaded', () => {
  it('GET /health is answered, with the headers of every answer, and counted', async () => {
    const { url, requests } = await openDoor()
    const response = await fetch(`${url}/health`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'healthy' }])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(requests.counts()).toEqual([{ method: 'GET', route: '/health', status: '200', count: 1 }])
  })

  it('everything else waits, and is answered by the application', async () => {
    const { url, loaded } = await openDoor()
    const waiting = fetch(`${url}/goals`, { method: 'POST', body: '{}' })
    // it has been asked before this answer comes
    await fetch(`${url}/health`)
    loaded()
    expect(await (await waiting).text()).toBe('the application answers /goals')
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'healthy' })
    expect(await (await fetch(`${url}/modules`)).text()).toBe('the application answers /modules')
  })

  it('GET /health of a foreign page waits, too: the application says no', async () => {
    const { url, loaded } = await openDoor()
    const waiting = fetch(`${url}/health`, { headers: { origin: 'http://evil.example' } })
    await fetch(`${url}/health`)
    loaded()
    expect(await (await waiting).text()).toBe('the application answers /health')
  })

  it('and can’t be, every request is told so', async () => {
    const { url, failed } = await openDoor()
    failed(
      Object.assign(new Error('a part of a module can’t be loaded'), { code: 'MODULE_PART_FAILED', fix: 'mend it' }),
    )
    const response = await fetch(`${url}/modules`)
    expect([response.status, await response.json()]).toMatchObject([503, { error: { code: 'MODULE_PART_FAILED' } }])
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
})
