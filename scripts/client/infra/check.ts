// looks at a server by doing what LOTUS does there, and leaves nothing behind.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLotusError, toErrorData } from '../../../nucleus/errors.ts'
import { isLocalChroma } from '../../../nucleus/infrastructure/chroma/address.ts'
import { infrastructureErrors } from '../../../nucleus/infrastructure/errors.ts'
import { addressOf, messageOf } from '../../../nucleus/infrastructure/server-link.ts'
import { titles, variables, type ServerFindings, type ServerLook, type ServerName } from './servers.ts'

const connectMs = 3_000
const workMs = 15_000

/** never throws: what is wrong is what was found. */
export async function checkServer(server: ServerName, url: string): Promise<ServerLook> {
  if (url === '') return { server, status: 'not_configured' }
  const address = isLocalChroma(url) ? 'this machine' : addressOf(url)
  try {
    const findings = await within(workMs, work[server](url))
    return { server, status: 'works', address, findings }
  } catch (error) {
    const { code, message, fix } = toErrorData(isLotusError(error) ? error : await faultOf(server, address, error))
    return { server, status: 'fails', address, problem: { code, message, fix } }
  }
}

const work: Readonly<Record<ServerName, (url: string) => Promise<ServerFindings>>> = {
  postgres: workAtPostgres,
  redis: workAtRedis,
  chroma: workAtChroma,
}

async function faultOf(server: ServerName, address: string, error: unknown): Promise<Error> {
  const about = { value: `${titles[server]} at ${address}`, detail: messageOf(error), cause: error }
  const setup = `\`lotus infra setup ${server}\` makes what is missing or says what to type`
  if (server === 'postgres') {
    const { isLostConnection } = await import('../../../nucleus/infrastructure/postgres/faults.ts')
    if (!isLostConnection(error)) return infrastructureErrors.SERVER_REFUSED({ ...about, fix: setup })
  }
  const isRefusal = error instanceof Error && (error.name === 'ReplyError' || error.name === 'ChromaUnauthorizedError')
  if (isRefusal) return infrastructureErrors.SERVER_REFUSED({ ...about, fix: `look at ${variables[server]}` })
  const fix = `start it, or take ${variables[server]} out of the settings; ${setup}`
  return infrastructureErrors.SERVER_UNREACHABLE({ ...about, fix })
}

async function workAtPostgres(url: string): Promise<ServerFindings> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    query_timeout: workMs,
    application_name: 'lotus-check',
  })
  // what breaks the connection is told by the call that it breaks.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const table = `lotus_check_${randomUUID().replaceAll('-', '')}`
    await client.query('begin')
    await client.query(`create table ${table} (id text primary key, n bigint)`)
    await client.query(`insert into ${table} values ($1, $2)`, ['a', '9007199254740993'])
    const { rows } = await client.query<{ n: string }>(`select n from ${table} where id = $1`, ['a'])
    await client.query('rollback')
    if (rows[0]?.n !== '9007199254740993') throw new Error(`it gave back ${rows[0]?.n} for 9007199254740993`)
    const settings = await client.query<{ version: string; fsync: string; commit: string; readonly: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync,
         current_setting('synchronous_commit') as commit, current_setting('transaction_read_only') as readonly`,
    )
    const found = settings.rows[0]
    const warnings: { text: string; fix: string }[] = []
    if (found?.fsync === 'off') {
      warnings.push({ text: 'fsync is off: a loss of power can damage it', fix: 'set fsync = on in postgresql.conf' })
    }
    if (found?.commit === 'off') {
      warnings.push({ text: 'synchronous_commit is off: a loss of power loses the last moments', fix: 'set it to on' })
    }
    return { version: found?.version ?? 'unknown', did: 'made a table, wrote and read a row, took it back', warnings }
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function workAtRedis(url: string): Promise<ServerFindings> {
  const { Redis } = await import('ioredis')
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectMs,
    commandTimeout: workMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let fault: Error | undefined
  redis.on('error', (error: Error) => {
    fault ??= error
  })
  try {
    try {
      await redis.connect()
    } catch (error) {
      throw fault ?? error
    }
    const key = `lotus:check:${randomUUID()}`
    await redis.set(key, 'a', 'PX', 60_000)
    const value = await redis.get(key)
    if (value !== 'a') throw new Error(`it gave back ${String(value)} for a`)
    await redis.xadd(`${key}:stream`, '*', 'n', '1')
    const length = await redis.xlen(`${key}:stream`)
    await redis.del(key, `${key}:stream`)
    if (length !== 1) throw new Error(`a stream of one entry has ${length}`)
    const facts = factsOf(await redis.info())
    const warnings: { text: string; fix: string }[] = []
    if (facts.get('aof_enabled') !== '1') {
      warnings.push({
        text: 'appendonly is no: what is in it does not survive its end',
        fix: 'redis-cli config set appendonly yes && redis-cli config rewrite',
      })
    }
    const policy = facts.get('maxmemory_policy') ?? 'noeviction'
    if (policy !== 'noeviction' && policy.startsWith('allkeys')) {
      warnings.push({
        text: `maxmemory-policy is ${policy}: it may throw events away when its memory is full`,
        fix: 'redis-cli config set maxmemory-policy noeviction && redis-cli config rewrite',
      })
    }
    const version = facts.get('redis_version') ?? 'unknown'
    return { version, did: 'set, read and deleted a key, wrote to a stream', warnings }
  } finally {
    redis.disconnect()
  }
}

function factsOf(info: string): ReadonlyMap<string, string> {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'))
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}

async function workAtChroma(url: string): Promise<ServerFindings> {
  if (!isLocalChroma(url)) return await workAtChromaServer(url)
  // one that nobody needs: the real one may be running.
  const { startChromaChild } = await import('../../../nucleus/infrastructure/chroma/child.ts')
  const { default: pino } = await import('pino')
  const folder = mkdtempSync(join(tmpdir(), 'lotus-check-'))
  try {
    const child = await startChromaChild({ folder, log: pino({ level: 'silent' }) })
    try {
      return await workAtChromaServer(child.url)
    } finally {
      await child.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function workAtChromaServer(url: string): Promise<ServerFindings> {
  const { createChromaSpace } = await import('../../../nucleus/infrastructure/chroma/client.ts')
  const space = createChromaSpace(url)
  const limit = setTimeout(space.abort, workMs)
  try {
    await space.heartbeat()
    const name = `check-${randomUUID()}`
    const item = { id: 'a', text: 'one', metadata: { n: 1 }, writtenAt: 1, embedding: [1, 0, 0] }
    try {
      await space.upsert(name, [item])
      const [nearest] = await space.nearest(name, [1, 0, 0], { limit: 1, where: { n: 1 } })
      if (nearest?.id !== 'a') throw new Error('an item that was just put is not found')
    } finally {
      await space.drop(name)
    }
    return { version: await space.version(), did: 'put an item, found it, removed it', warnings: [] }
  } catch (error) {
    const message = messageOf(error)
    throw message.startsWith('Failed to connect to chromadb') ? new Error('nobody answers', { cause: error }) : error
  } finally {
    clearTimeout(limit)
  }
}

async function within<Result>(limitMs: number, job: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([job, late])
  } finally {
    clearTimeout(timer)
  }
}
