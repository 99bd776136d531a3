import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openInfrastructure } from '../../../nucleus/infrastructure/open.ts'
import { Kept, silent } from '../events/support.ts'
import { temporaryFolder } from './folders.ts'

describe('the infrastructure', () => {
  it('opens on nothing, is private, healthy and says why it is embedded', async () => {
    const home = join(temporaryFolder(), 'new', 'home')
    const infrastructure = await openInfrastructure({ home, settings: {}, log: silent })
    expect(statSync(join(home, 'data')).mode & 0o777).toBe(0o700)
    expect(infrastructure.health()).toEqual({
      store: { backend: 'sqlite', status: 'healthy', reason: 'embedded: LOTUS_POSTGRES_URL is not set' },
      journal: { backend: 'sqlite', status: 'healthy', reason: 'embedded: LOTUS_REDIS_URL is not set' },
      cache: { backend: 'memory', status: 'healthy', reason: 'embedded: LOTUS_REDIS_URL is not set' },
      vectors: { backend: 'sqlite-vec', status: 'healthy', reason: 'embedded: LOTUS_CHROMA_URL is not set' },
      flows: { backend: 'sqlite', status: 'healthy', reason: 'embedded: LOTUS_POSTGRES_URL is not set' },
    })
    await infrastructure.bus.emit('test', Kept, { number: 1 })
    await infrastructure.store.query({ sql: 'select 1', parameters: [] })
    await infrastructure.cache.set('key', 1, { ttlMs: 1_000 })
    await infrastructure.vectors.upsert('notes', [{ id: '1', text: 'one', metadata: {} }])
    expect(readdirSync(join(home, 'data')).filter((file) => file.endsWith('.db'))).toEqual([
      'journal.db',
      'store.db',
      'vectors.db',
    ])
    await infrastructure.close()
    await infrastructure.close()
    expect(readdirSync(join(home, 'data'))).toEqual(['journal.db', 'store.db', 'vectors.db'])
  })

  it('begins without its servers, and is honest about it', async () => {
    const settings = {
      postgresUrl: 'postgres://ada:geheim@127.0.0.1:1/lotus',
      redisUrl: 'redis://:geheim@127.0.0.1:1',
      chromaUrl: 'http://127.0.0.1:1',
    }
    const infrastructure = await openInfrastructure({ home: temporaryFolder(), settings, log: silent })
    const health = infrastructure.health()
    expect(Object.values(health).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'degraded'))
    expect(health.store).toMatchObject({ backend: 'sqlite', reason: expect.stringContaining('ECONNREFUSED') })
    expect(health.store.reason).toContain('lotus infra migrate')
    expect(health.cache).toMatchObject({ backend: 'memory', reason: expect.stringContaining('ECONNREFUSED') })
    expect(health.vectors).toMatchObject({ backend: 'chroma', reason: expect.stringContaining('nobody answers') })
    expect(JSON.stringify(health)).not.toContain('geheim')
    await infrastructure.store.query({ sql: 'select 1', parameters: [] })
    await infrastructure.cache.set('key', 1, { ttlMs: 1_000 })
    expect(await infrastructure.cache.get('key')).toBe(1)
    await infrastructure.vectors.upsert('notes', [{ id: '1', text: 'one', metadata: {} }])
    expect(await infrastructure.vectors.search('notes', { text: 'one', limit: 1 })).toMatchObject([{ id: '1' }])
    await infrastructure.close()
  })

  it('loads nothing that speaks to servers where none is configured', () => {
    const file = join(import.meta.dirname, '../../../nucleus/infrastructure/open.ts')
    const script = `
      const { registerHooks } = await import('node:module')
      const asked = new Set()
      registerHooks({
        resolve: (specifier, context, next) => {
          if (/^(pg|ioredis|chromadb|cockatiel)$|\\/(postgres|redis|chroma)\\//.test(specifier)) asked.add(specifier)
          return next(specifier, context)
        },
      })
      const { openInfrastructure } = await import('${file}')
      const { pino } = await import('pino')
      const home = process.argv[1]
      const infrastructure = await openInfrastructure({ home, settings: {}, log: pino({ level: 'silent' }) })
      await infrastructure.close()
      process.stdout.write(JSON.stringify([...asked]))
    `
    const words = ['--input-type=module', '-e', script, temporaryFolder()]
    expect(execFileSync(process.execPath, words, { encoding: 'utf8', cwd: import.meta.dirname })).toBe('[]')
  })

  it('keeps its events over a restart', async () => {
    const home = temporaryFolder()
    const before = await openInfrastructure({ home, settings: { journalDurability: 'strict' }, log: silent })
    await before.bus.emit('test', Kept, { number: 1 })
    await before.close()
    const after = await openInfrastructure({ home, settings: {}, log: silent })
    expect(await after.bus.read()).toMatchObject([{ data: { number: 1 } }])
    await after.close()
  })
})
