// the whole of LOTUS with its journal in Redis, and Redis going away and coming back while it runs.
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from '../support/private-lotus.ts'
import type { PrivateServer } from '../support/servers/private-server.ts'
import { hasRedis, startRedis } from '../support/servers/redis.ts'
import { waitFor } from '../support/wait-for.ts'

let server: PrivateServer | undefined
let lotus: PrivateLotus | undefined
afterEach(async () => {
  await lotus?.dispose()
  await server?.dispose()
})

async function journalHealth(running: PrivateLotus): Promise<Record<string, unknown>> {
  const { body } = await running.get('/health')
  return (body['infrastructure'] as Record<string, Record<string, unknown>>)['journal']!
}

describe.skipIf(!hasRedis())('LOTUS with its journal in Redis', () => {
  it('does goals, says when Redis is away, and does what was asked meanwhile when it is back', async () => {
    server = await startRedis()
    lotus = createPrivateLotus({ LOTUS_REDIS_URL: server.url })
    const running = lotus
    await running.start()
    expect(await journalHealth(running)).toMatchObject({ backend: 'redis', status: 'healthy' })
    expect(await running.goal('make a folder named letters')).toMatchObject({ status: 'completed' })

    await server.kill()
    await waitFor(async () => (await journalHealth(running))['status'] === 'degraded', {
      timeoutMs: 10_000,
      what: 'the loss to be told',
    })
    const asked = running.goal('make a folder named bills')
    await waitFor(async () => !String((await journalHealth(running))['reason']).includes(' 0 events'), {
      timeoutMs: 20_000,
      what: 'the goal to be in the outbox',
    })
    await server.restart()
    expect(await asked).toMatchObject({ status: 'completed' })
    await waitFor(async () => (await journalHealth(running))['status'] === 'healthy', {
      timeoutMs: 10_000,
      what: 'the return to be told',
    })
    const beginning = '00000000-0000-7000-8000-000000000000'
    const tail = await running.lotus(
      ['events', 'tail', '--type', 'goal.completed', '--after', beginning, '-n', '2', '--json'],
      {},
    )
    const ids = tail.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id)
    expect(ids).toHaveLength(2)
    expect(ids).toEqual(ids.toSorted())
    const shown = await running.lotus(['events', 'show', ids[1]!, '--json'])
    expect(JSON.parse(shown.stdout)).toMatchObject({ id: ids[1], type: 'goal.completed' })
    const dead = await running.lotus(['events', 'dead', '--json'])
    expect(JSON.parse(dead.stdout)).toEqual({ dead_letters: [] })
    await running.stop()
  }, 120_000)

  it('leaves a second LOTUS on the same database to itself: both do their goals', async () => {
    server = await startRedis()
    lotus = createPrivateLotus({ LOTUS_REDIS_URL: server.url })
    const second = createPrivateLotus({ LOTUS_REDIS_URL: server.url })
    onTestFinished(() => second.dispose())
    const first = lotus
    await first.start()
    await second.start()
    expect(await journalHealth(second)).toMatchObject({
      backend: 'sqlite',
      status: 'degraded',
      reason: expect.stringContaining('another nucleus uses this Redis database'),
    })
    for (const name of ['letters', 'bills', 'photos']) {
      expect(await first.goal(`make a folder named ${name}`)).toMatchObject({ status: 'completed' })
      expect(await second.goal(`make a folder named ${name}`)).toMatchObject({ status: 'completed' })
    }
  }, 120_000)
})
