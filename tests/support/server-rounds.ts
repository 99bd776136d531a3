// servers that are killed, paused and cut off again and again while one infrastructure works on all of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { openInfrastructure, type OpenInfrastructure } from '../../nucleus/infrastructure/open.ts'
import { startChroma } from './servers/chroma.ts'
import { startFaultProxy, type FaultProxy } from './servers/fault-proxy.ts'
import { startPostgres } from './servers/postgres.ts'
import type { PrivateServer } from './servers/private-server.ts'
import { startRedis } from './servers/redis.ts'
import { waitFor } from './wait-for.ts'

export type Resource = 'store' | 'cache' | 'vectors'
export type Fault = 'kill' | 'pause' | 'cut'
export const faults: readonly Fault[] = ['kill', 'pause', 'cut']

export interface ServerRound {
  readonly resource: Resource
  readonly fault: Fault
  /** from the fault until health said so. */
  readonly noticedMs: number
  /** from the server's return until health was well and the resource did its work; undefined where that took too long. */
  readonly recoveredMs: number | undefined
}

export interface ServerRounds {
  readonly rounds: readonly ServerRound[]
  /** writes that were acknowledged, in all. */
  readonly acknowledged: number
  /** acknowledged and not there, or there twice, or refused and there: in words. */
  readonly problems: readonly string[]
}

export interface ServerRoundsOptions {
  /** of each fault at each server. */
  readonly times: number
  readonly recoverWithinMs: number
  readonly random: () => number
  readonly onRound?: (round: ServerRound) => void
}

/** a server that stays away a moment, as one that somebody starts again. */
const awayMs = [600, 1_600] as const
const noticeLimitMs = 20_000

export async function runServerRounds(options: ServerRoundsOptions): Promise<ServerRounds> {
  const base = mkdtempSync(join(tmpdir(), 'lotus-servers-'))
  const servers: Record<Resource, PrivateServer> = await startAll()
  const proxies: Record<Resource, FaultProxy> = {
    store: await startFaultProxy(servers.store.port),
    cache: await startFaultProxy(servers.cache.port),
    vectors: await startFaultProxy(servers.vectors.port),
  }
  const through = (resource: Resource): string =>
    servers[resource].url.replace(`:${servers[resource].port}`, `:${proxies[resource].port}`)
  let infrastructure: OpenInfrastructure | undefined
  try {
    const opened = await openInfrastructure({
      home: join(base, 'home'),
      settings: { postgresUrl: through('store'), redisUrl: through('cache'), chromaUrl: through('vectors') },
      log: pino({ level: process.env['LOTUS_TEST_LOG'] ?? 'silent' }),
    })
    infrastructure = opened
    const loads = [await loadStore(opened), loadCache(opened), loadVectors(opened)]
    const rounds: ServerRound[] = []
    const runAll = async (resource: Resource): Promise<void> => {
      for (let number = 0; number < options.times * faults.length; number += 1) {
        const fault = faults[number % faults.length]!
        const round = await runRound(opened, resource, fault, servers[resource], proxies[resource], options)
        rounds.push(round)
        options.onRound?.(round)
      }
    }
    try {
      // the servers fail independently of each other, and so at times together.
      await Promise.all((['store', 'cache', 'vectors'] as const).map(runAll))
    } finally {
      for (const load of loads) await load.stop()
    }
    const problems: string[] = []
    for (const load of loads) problems.push(...(await load.problems()))
    return { rounds, problems, acknowledged: loads.reduce((sum, load) => sum + load.acknowledged(), 0) }
  } finally {
    await infrastructure?.close()
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()))
    await Promise.all(Object.values(servers).map((server) => server.dispose()))
    rmSync(base, { recursive: true, force: true })
  }
}

async function startAll(): Promise<Record<Resource, PrivateServer>> {
  const [store, cache, vectors] = await Promise.all([startPostgres(), startRedis(), startChroma()])
  return { store, cache, vectors }
}

async function runRound(
  infrastructure: OpenInfrastructure,
  resource: Resource,
  fault: Fault,
  server: PrivateServer,
  proxy: FaultProxy,
  { recoverWithinMs, random }: ServerRoundsOptions,
): Promise<ServerRound> {
  const status = (): string => infrastructure.health()[resource].status
  await pause(200 + random() * 500)
  const brokenAt = performance.now()
  if (fault === 'kill') await server.kill()
  else if (fault === 'pause') server.pause()
  else proxy.cut()
  await waitFor(() => status() === 'degraded', {
    timeoutMs: noticeLimitMs,
    what: `${resource} to notice a ${fault}`,
  })
  const noticedMs = performance.now() - brokenAt
  await pause(awayMs[0] + random() * (awayMs[1] - awayMs[0]))
  if (fault === 'kill') await server.restart()
  else if (fault === 'pause') server.resume()
  else proxy.restore()
  const backAt = performance.now()
  try {
    await waitFor(async () => status() === 'healthy' && (await doesItsWork(infrastructure, resource)), {
      timeoutMs: recoverWithinMs,
      what: () => `${resource} after a ${fault}: ${JSON.stringify(infrastructure.health()[resource])}`,
    })
    return { resource, fault, noticedMs, recoveredMs: performance.now() - backAt }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return { resource, fault, noticedMs, recoveredMs: undefined }
  }
}

async function doesItsWork({ store, cache, vectors }: OpenInfrastructure, resource: Resource): Promise<boolean> {
  if (resource === 'store') {
    return (await store.query({ sql: 'select 1 as n', parameters: [] })).length === 1
  }
  if (resource === 'vectors') {
    return Array.isArray(await vectors.search('probe', { embedding: [1, 0], limit: 1 }))
  }
  await cache.set('probe', 1, { ttlMs: 60_000 })
  return (await cache.get('probe')) === 1
}

interface Load {
  acknowledged(): number
  stop(): Promise<void>
  problems(): Promise<string[]>
}

/** keeps a few workers busy until they are stopped; what they throw ends the rounds. */
function keepBusy(workers: number, work: () => Promise<void>): () => Promise<void> {
  const end = new AbortController()
  const run = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await work()
      await pause(5)
    }
  }
  const running = Promise.all(Array.from({ length: workers }, run))
  // whoever stops them hears of it.
  running.catch(() => undefined)
  return async () => {
    end.abort()
    await running
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

async function loadStore({ store }: OpenInfrastructure): Promise<Load> {
  const create = { sql: 'create table load (n bigint not null)', parameters: [] }
  await store.migrate('load', [{ name: '001', statements: [create] }])
  const done: number[] = []
  const refused: number[] = []
  let next = 0
  const stop = keepBusy(3, async () => {
    const n = (next += 1)
    const write = { sql: 'insert into load (n) values (?)', parameters: [n] }
    try {
      if (n % 2 === 0) await store.writeWhenPossible([write])
      else await store.transaction([write])
      done.push(n)
    } catch (error) {
      if (codeOf(error) === 'SERVER_UNREACHABLE') refused.push(n)
      else if (codeOf(error) !== 'STORE_UNCERTAIN') throw error
    }
  })
  return {
    stop,
    acknowledged: () => done.length,
    problems: async () => {
      const rows = await store.query<{ n: number }>({ sql: 'select n from load', parameters: [] })
      const found = new Set(rows.map(({ n }) => n))
      return [
        ...done.filter((n) => !found.has(n)).map((n) => `store: ${n} was acknowledged and is lost`),
        ...refused.filter((n) => found.has(n)).map((n) => `store: ${n} was refused and is there`),
        ...(rows.length === found.size ? [] : [`store: ${rows.length - found.size} rows are there twice`]),
      ]
    },
  }
}

function loadCache({ cache }: OpenInfrastructure): Load {
  let number = 0
  const stop = keepBusy(1, async () => {
    number += 1
    await cache.set('load', number, { ttlMs: 600_000 })
  })
  return {
    stop,
    acknowledged: () => number,
    problems: async () => {
      const value = await cache.get<number>('load')
      return value === number ? [] : [`cache: ${number} was set last, ${value} is there`]
    },
  }
}

function loadVectors({ vectors }: OpenInfrastructure): Load {
  let number = 0
  const stop = keepBusy(1, async () => {
    number += 1
    const embedding = [Math.sin(number), Math.cos(number)]
    await vectors.upsert('load', [{ id: `${number}`, text: `sentence ${number}`, metadata: { number }, embedding }])
    if (number % 5 === 0) await vectors.delete('load', [`${number - 2}`])
  })
  return {
    stop,
    acknowledged: () => number,
    problems: async () => {
      const expected = Array.from({ length: number }, (_, index) => index + 1).filter(
        (n) => n % 5 !== 3 || n + 2 > number,
      )
      const count = await vectors.count('load')
      const found = new Set((await vectors.get('load', expected.map(String))).map(({ id }) => Number(id)))
      return [
        ...expected.filter((n) => !found.has(n)).map((n) => `vectors: ${n} was acknowledged and is lost`),
        ...(count === expected.length ? [] : [`vectors: there are ${count} instead of ${expected.length}`]),
      ]
    },
  }
}
