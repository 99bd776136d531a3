// the commands and health checks of the servers in config/docker-compose.yml, with the real servers.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { checkCommand, readCompose } from '../support/containers/compose-file.ts'
import { startComposeRedis } from '../support/containers/compose-redis.ts'
import { project } from '../support/private-lotus.ts'
import { runCommand, type Ended } from '../support/run-command.ts'
import { chromaLibrary, hasChroma } from '../support/servers/chroma.ts'
import { findPostgres, startPostgres } from '../support/servers/postgres.ts'
import { freePort, startServer } from '../support/servers/private-server.ts'
import { hasRedis } from '../support/servers/redis.ts'

const { services } = readCompose()
const base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-containers-')))
afterAll(() => rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }))

/** the port that a service has in its container is another one here. */
async function check(
  service: string,
  port: number,
  inContainer: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const words = checkCommand(services[service]!.healthcheck).map((word) =>
    word.replaceAll(`127.0.0.1:${inContainer}`, `127.0.0.1:${port}`),
  )
  return await runCommand(words, { cwd: base, environment: { PATH: process.env['PATH'], ...environment } })
}

describe.runIf(findPostgres() !== undefined)('the health check of Postgres', () => {
  it('ends with 0 where it answers, and with something else where it is gone', async () => {
    const postgres = await startPostgres()
    onTestFinished(() => postgres.dispose())
    const environment = { PGPORT: `${postgres.port}`, PATH: `${findPostgres()}:${process.env['PATH']}` }
    expect((await check('postgres', postgres.port, 5_432, environment)).code).toBe(0)
    await postgres.kill()
    expect((await check('postgres', postgres.port, 5_432, environment)).code).toBeGreaterThan(0)
  }, 60_000)
})

describe.runIf(hasRedis())('Redis', () => {
  it('starts with the command of the file: with a password, an append-only file, and a health check that passes', async () => {
    const redis = await startComposeRedis()
    onTestFinished(() => redis.dispose())
    expect(await redis.ask(['ping'], '')).toMatch(/^NOAUTH /)
    const settings = ['appendonly', 'appendfsync', 'maxmemory', 'maxmemory-policy']
    expect(await Promise.all(settings.map((name) => redis.ask(['config', 'get', name])))).toEqual([
      'appendonly\nyes',
      'appendfsync\neverysec',
      'maxmemory\n536870912',
      'maxmemory-policy\nnoeviction',
    ])
    expect((await redis.check(redis.password)).code).toBe(0)
    expect((await redis.check('wrong')).code).toBe(1)
    await redis.kill()
    expect((await redis.check(redis.password)).code).toBe(1)
  }, 60_000)
})

describe.runIf(hasChroma())('ChromaDB', () => {
  it('starts with the command of its image, passes its health check, and ends by the signal of the file', async () => {
    const port = await freePort()
    const data = join(base, 'chroma')
    // an older glibc takes the library only as the test support lays it out; elsewhere this is the package's own.
    const hook = join(base, 'hook.cjs')
    writeFileSync(
      hook,
      `const Module = require('node:module')
const resolve = Module._resolveFilename
Module._resolveFilename = function (name, ...rest) {
  return name.startsWith('chromadb-js-bindings-') ? ${JSON.stringify(chromaLibrary())} : resolve.call(this, name, ...rest)
}
`,
    )
    const dockerfile = spawnSync('sed', ['-n', '/AS chroma/,/AS lotus/p', 'Dockerfile'], {
      cwd: project,
      encoding: 'utf8',
    })
    const list = (keyword: string): string[] =>
      JSON.parse(new RegExp(`^${keyword} (\\[.*\\])$`, 'm').exec(dockerfile.stdout)![1]!) as string[]
    const words = [...list('ENTRYPOINT'), ...list('CMD')].map((word) =>
      word
        .replace('/opt/lotus', project)
        .replace('/var/lib/chroma', data)
        .replace('0.0.0.0', '127.0.0.1')
        .replace(/^8000$/, `${port}`)
        .replace(/^node$/, process.execPath),
    )
    const environment = { NODE_OPTIONS: `--require=${hook}` }
    const chroma = await startServer(words, {
      cwd: base,
      environment,
      isReady: async () => (await check('chroma', port, 8_000)).code === 0,
    })
    onTestFinished(() => chroma.end('SIGKILL'))
    const ended = new Promise((resolve) => chroma.process.once('exit', resolve))
    chroma.process.kill(services['chroma']!.stop_signal as NodeJS.Signals)
    await ended
    expect((await check('chroma', port, 8_000)).code).toBe(1)
  }, 60_000)
})

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0

describe.runIf(has('prometheus') && has('wget'))('Prometheus', () => {
  it('starts with the options of the file, and passes its health check', async () => {
    const port = await freePort()
    const options = services['prometheus']!.command!.map((word) =>
      word
        .replace('/etc/prometheus', join(project, 'config/prometheus'))
        .replace('=/prometheus', `=${join(base, 'tsdb')}`),
    )
    const words = ['prometheus', ...options, `--web.listen-address=127.0.0.1:${port}`]
    const prometheus = await startServer(words, {
      cwd: base,
      isReady: async () => (await check('prometheus', port, 9_090)).code === 0,
    })
    onTestFinished(() => prometheus.end('SIGTERM'))
    await prometheus.kill()
    expect((await check('prometheus', port, 9_090)).code).toBeGreaterThan(0)
  }, 60_000)
})

describe.runIf(has('wget'))('the health check of Grafana', () => {
  // no Grafana can be had here: what is shown is that the command asks the address of its documented health API, and
  // ends by the status of the answer.
  it('asks GET /api/health and ends by its status', async () => {
    const asked: string[] = []
    let status = 200
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"database":"ok"}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect((await check('grafana', port, 3_000)).code).toBe(0)
    status = 503
    expect((await check('grafana', port, 3_000)).code).toBeGreaterThan(0)
    expect(asked).toEqual(['GET /api/health', 'GET /api/health'])
  })
})
