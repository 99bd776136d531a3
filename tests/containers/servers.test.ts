// the variables of the compose file bring a container to the servers: the same, at the addresses that they have here.
import { randomBytes } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readCompose } from '../support/containers/compose-file.ts'
import { startComposeRedis } from '../support/containers/compose-redis.ts'
import { canContain, startContainer } from '../support/containers/container.ts'
import { hasChroma, startChroma } from '../support/servers/chroma.ts'
import { findPostgres, startPostgres } from '../support/servers/postgres.ts'
import { hasRedis } from '../support/servers/redis.ts'
import { waitFor } from '../support/wait-for.ts'

const { services } = readCompose()
const canRun = canContain() && hasRedis() && hasChroma() && findPostgres() !== undefined

interface Health {
  readonly infrastructure: Readonly<Record<string, { readonly backend: string; readonly status: string }>>
}

describe.runIf(canRun)('a container with the variables of the compose file', () => {
  it('keeps its state in Postgres, its events and its cache in Redis, its vectors in ChromaDB', async () => {
    const { environment = {}, user } = services['lotus']!
    const postgres = await startPostgres()
    onTestFinished(() => postgres.dispose())
    const redis = await startComposeRedis()
    onTestFinished(() => redis.dispose())
    const chroma = await startChroma()
    onTestFinished(() => chroma.dispose())
    const database = new URL(await postgres.createDatabase()).pathname
    const at = (name: string, host: string, port: number): string =>
      environment[name]!.replace(new RegExp(`\\b${host}:\\d+`), `127.0.0.1:${port}`)
    const container = await startContainer({
      user,
      environment: {
        ...environment,
        LOTUS_HTTP_TOKEN: randomBytes(32).toString('hex'),
        LOTUS_HTTP_HOST: '127.0.0.1',
        LOTUS_HTTP_PORT: '0',
        LOTUS_POSTGRES_URL: at('LOTUS_POSTGRES_URL', 'postgres', postgres.port).replace(/\/lotus$/, database),
        LOTUS_REDIS_URL: at('LOTUS_REDIS_URL', 'redis', redis.port),
        LOTUS_CHROMA_URL: at('LOTUS_CHROMA_URL', 'chroma', chroma.port),
      },
      command: ['/opt/lotus/scripts/lotus', 'foreground'],
    })
    onTestFinished(async () => await container.dispose())
    const health = await waitFor(
      async () => {
        const { code, stdout } = await container.exec(['lotus', 'health', '--json'])
        return code === 0 ? (JSON.parse(stdout) as Health) : undefined
      },
      { timeoutMs: 90_000, what: () => `health: ${container.output()}` },
    )
    const { store, journal, cache, vectors } = health.infrastructure
    expect([store, journal, cache, vectors].map((part) => [part?.backend, part?.status])).toEqual([
      ['postgres', 'healthy'],
      ['redis', 'healthy'],
      ['redis', 'healthy'],
      ['chroma', 'healthy'],
    ])
  }, 120_000)
})
