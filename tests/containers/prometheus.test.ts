// Prometheus itself, with the configuration of the containers, scrapes a living LOTUS and answers the dashboard.
import { randomBytes } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricNames, queriesOf, readDashboard } from '../support/containers/dashboard.ts'
import { createPrivateLotus, project, type PrivateLotus } from '../support/private-lotus.ts'
import { freePort, startServer, type RunningServer } from '../support/servers/private-server.ts'
import { waitFor } from '../support/wait-for.ts'

const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0
const folder = join(project, 'config/prometheus')

describe.runIf(hasPrometheus)('the configuration of Prometheus for containers', () => {
  let base: string
  let lotus: PrivateLotus
  let prometheus: RunningServer
  let url: string

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-prometheus-')))
    lotus = createPrivateLotus({ LOTUS_HTTP_TOKEN: randomBytes(32).toString('hex') })
    await lotus.start()
    expect((await lotus.goal('what is 6 times 7?')).status).toBe('completed')
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    cpSync(join(folder, 'alerts.yml'), join(base, 'alerts.yml'))
    // scraped more often than in earnest, and under the address that LOTUS has here.
    const configuration = readFileSync(join(folder, 'containers.yml'), 'utf8')
      .replace(/'lotus:8000'/, `'${new URL(lotus.record()!.url).host}'`)
      .replaceAll(/_interval: 15s/g, '_interval: 1s')
    writeFileSync(join(base, 'containers.yml'), configuration)
    prometheus = await startServer(
      [
        'prometheus',
        `--config.file=${join(base, 'containers.yml')}`,
        `--storage.tsdb.path=${join(base, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      {
        cwd: base,
        isReady: async () => (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1_000) })).ok,
      },
    )
  }, 120_000)
  afterAll(async () => {
    await prometheus.end('SIGTERM')
    await lotus.stop()
    await lotus.dispose()
    rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }, 120_000)

  async function ask(
    query: string,
  ): Promise<{ status: string; error?: string; data?: { result: readonly unknown[] } }> {
    const response = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query }),
      signal: AbortSignal.timeout(5_000),
    })
    return (await response.json()) as Awaited<ReturnType<typeof ask>>
  }

  it('has nothing that promtool objects to', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'config', 'containers.yml'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect([status, /FAILED|WARNING/.test(stdout + stderr)]).toEqual([0, false])
  })

  it('finds LOTUS up, and takes the alerts in', async () => {
    await waitFor(async () => (await ask('up{job="lotus"} == 1')).data?.result.length === 1, {
      timeoutMs: 30_000,
      what: 'a scrape that succeeds',
    })
    const response = await fetch(`${url}/api/v1/rules`, { signal: AbortSignal.timeout(5_000) })
    const { data } = (await response.json()) as { data: { groups: { rules: { name: string; health: string }[] }[] } }
    const names = [...readFileSync(join(folder, 'alerts.yml'), 'utf8').matchAll(/alert: (\w+)/g)].map(
      ([, name]) => name,
    )
    expect(data.groups.flatMap(({ rules }) => rules.map(({ name }) => name))).toEqual(names)
  })

  it.each(queriesOf(readDashboard()))('answers %s', async (query) => {
    const answer = await ask(query)
    expect([answer.status, answer.error]).toEqual(['success', undefined])
  })

  it('has an answer for each panel that is not about trouble or models', async () => {
    const answer = await fetch(new URL('/metrics', lotus.record()!.url), { signal: AbortSignal.timeout(30_000) })
    const given = new Set([...(await answer.text()).matchAll(/^([a-z][a-z0-9_]*)[ {]/gm)].map(([, name]) => name!))
    // a series that is only there when something is wrong, or after a reload, is empty when all is well.
    const expected = queriesOf(readDashboard()).filter(
      (query) =>
        !/(?:== 0|> \d)$|!="healthy"/.test(query) &&
        [...metricNames(query)].every((name) => given.has(name) || given.has(`${name}_bucket`)),
    )
    expect(expected.length).toBeGreaterThan(30)
    await waitFor(
      async () => {
        for (const query of expected) if ((await ask(query)).data?.result.length === 0) return undefined
        return true
      },
      { timeoutMs: 30_000, what: 'an answer for each of them' },
    )
  }, 60_000)
})
