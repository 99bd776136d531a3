import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../../nucleus/infrastructure/sqlite/store.ts'
import { hasChroma, startChroma } from '../../support/servers/chroma.ts'
import { findPostgres, startPostgres, type PrivatePostgres } from '../../support/servers/postgres.ts'
import type { PrivateServer } from '../../support/servers/private-server.ts'
import { hasRedis, startRedis } from '../../support/servers/redis.ts'
import { runLotus } from './run-lotus.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-infra-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const infra = async (words: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const { code, stdout, stderr } = await runLotus(['infra', ...words], { home, environment })
  return { code, stdout, stderr, json: (): unknown => JSON.parse(stdout) }
}

describe('lotus infra without servers', () => {
  it('says that none is configured, which is no fault', async () => {
    const { code, stdout } = await infra(['check'])
    expect(code).toBe(0)
    expect(stdout).toContain('LOTUS_POSTGRES_URL is not set')
  })

  it('says which server fails, why, and what to do, and never a password', async () => {
    const nowhere = {
      LOTUS_POSTGRES_URL: 'postgres://ada:geheim77@127.0.0.1:1/lotus',
      LOTUS_REDIS_URL: 'redis://:geheim77@127.0.0.1:1',
      LOTUS_CHROMA_URL: 'http://127.0.0.1:1',
    }
    const { code, json, stdout, stderr } = await infra(['check', '--json'], nowhere)
    expect(code).toBe(1)
    const problem = { code: 'SERVER_UNREACHABLE', fix: expect.stringContaining('lotus infra setup') }
    expect(json()).toMatchObject({
      servers: [
        { server: 'postgres', status: 'fails', address: '127.0.0.1:1', problem },
        { server: 'redis', status: 'fails', address: '127.0.0.1:1', problem },
        { server: 'chroma', status: 'fails', address: '127.0.0.1:1', problem },
      ],
    })
    expect(stdout + stderr).not.toContain('geheim77')
  })

  it('says exactly what to type where it may not set a server up', async () => {
    const closed = { LOTUS_POSTGRES_URL: 'postgres://ada:pass@127.0.0.1:1/boats' }
    const { code, stdout } = await infra(['setup', 'postgres'], closed)
    expect(code).toBe(1)
    expect(stdout).toContain(`create role "ada" login password 'pass';`)
    expect(stdout).toContain(`create database "boats" owner "ada"`)
    const redis = await infra(['setup', 'redis'], { LOTUS_REDIS_URL: 'redis://127.0.0.1:1' })
    expect(redis).toMatchObject({ code: 1, stdout: expect.stringContaining('redis-cli config set appendonly yes') })
    const chroma = await infra(['setup', 'chroma'], { LOTUS_CHROMA_URL: 'http://127.0.0.1:1' })
    expect(chroma).toMatchObject({ code: 1, stdout: expect.stringContaining('npx chroma run') })
  })

  it('refuses what it does not know', async () => {
    expect(await infra(['setup'])).toMatchObject({ code: 2, stderr: expect.stringContaining('which one') })
    expect(await infra(['setup', 'mysql'])).toMatchObject({ code: 2, stderr: expect.stringContaining('mysql') })
    expect(await infra(['migrate'])).toMatchObject({ code: 2, stderr: expect.stringContaining('LOTUS_POSTGRES_URL') })
    expect(await infra(['migrate', 'journal'])).toMatchObject({ code: 2, stderr: expect.stringContaining('journal') })
  })
})

describe.skipIf(findPostgres() === undefined || !hasRedis() || !hasChroma())('lotus infra with servers', () => {
  let postgres: PrivatePostgres
  let redis: PrivateServer
  let chroma: PrivateServer
  beforeAll(async () => {
    ;[postgres, redis, chroma] = await Promise.all([startPostgres(), startRedis(['--appendonly', 'no']), startChroma()])
  }, 60_000)
  afterAll(async () => {
    await Promise.all([postgres?.dispose(), redis?.dispose(), chroma?.dispose()])
  }, 60_000)

  it('proves each by real work, leaves nothing behind, and says what could be better', async () => {
    const url = await postgres.createDatabase()
    const all = { LOTUS_POSTGRES_URL: url, LOTUS_REDIS_URL: redis.url, LOTUS_CHROMA_URL: chroma.url }
    const { code, json } = await infra(['check', '--json'], all)
    expect(code).toBe(0)
    expect(json()).toMatchObject({
      servers: [
        { server: 'postgres', status: 'works', version: expect.stringMatching(/^\d+/) },
        { server: 'redis', status: 'works', warnings: [{ text: expect.stringContaining('appendonly') }] },
        { server: 'chroma', status: 'works', version: expect.stringMatching(/^\d+/) },
      ],
    })
    expect(await postgres.query(`select relname from pg_class where relname like 'lotus%'`, url)).toEqual([])
  }, 30_000)

  it('makes role and database, keeps the address privately, and finds it all there the second time', async () => {
    const first = await infra([
      'setup',
      'postgres',
      '--admin',
      postgres.url,
      '--role',
      'ada',
      '--database',
      'boats',
      '--save',
    ])
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('made database boats') })
    const kept = readFileSync(join(home, '.env'), 'utf8')
    expect(kept).toMatch(/^LOTUS_POSTGRES_URL=postgres:\/\/ada:[\w-]{24}@127\.0\.0\.1:\d+\/boats\n$/)
    expect(statSync(join(home, '.env')).mode & 0o777).toBe(0o600)
    const again = await infra(['setup', 'postgres', '--admin', postgres.url, '--json'])
    expect(again.code).toBe(0)
    expect(again.json()).toMatchObject({ status: 'works', made: [], to_do: [] })
  }, 30_000)

  it('does not take a role over that somebody else made', async () => {
    await postgres.query('create role taken login')
    const { code, stderr } = await infra(['setup', 'postgres', '--admin', postgres.url, '--role', 'taken'])
    expect(code).toBe(2)
    expect(stderr).toContain('there already')
  })

  it('moves what is kept here, and says first what that would be', async () => {
    const url = await postgres.createDatabase()
    const environment = { LOTUS_POSTGRES_URL: url }
    expect(await infra(['migrate'], environment)).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing') })
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(home, 'data'))
    const store = openSqliteStore(join(home, 'data', 'store.db'))
    const sql = 'create table boats (name text primary key)'
    await store.migrate('test', [{ name: '001', statements: [{ sql, parameters: [] }] }])
    await store.query({ sql: 'insert into boats values (?), (?)', parameters: ['Wren', 'Tern'] })
    await store.close()
    const dry = await infra(['migrate', '--dry-run', '--json'], environment)
    expect(dry.json()).toEqual({ would_move: [{ part: 'store', parts: [{ name: 'boats', rows: 2 }] }] })
    const moved = await infra(['migrate', '--json'], environment)
    expect(moved.code).toBe(0)
    expect(moved.json()).toMatchObject({ moved: [{ parts: [{ name: 'boats', rows: 2, same: 2 }] }] })
    expect(await postgres.query('select name from boats order by name', url)).toEqual([
      { name: 'Tern' },
      { name: 'Wren' },
    ])
    expect(existsSync(join(home, 'data', 'store.db'))).toBe(true)
  }, 30_000)
})
