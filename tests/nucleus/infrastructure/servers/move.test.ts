import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openChromaVectors } from '../../../../nucleus/infrastructure/chroma/vectors.ts'
import { chromaFiles } from '../../../../nucleus/infrastructure/chroma/open.ts'
import { moveStore } from '../../../../nucleus/infrastructure/move/store.ts'
import { moveVectors } from '../../../../nucleus/infrastructure/move/vectors.ts'
import type { Migration, Store } from '../../../../nucleus/infrastructure/ports.ts'
import { openPostgresStore } from '../../../../nucleus/infrastructure/postgres/store.ts'
import { openSqliteStore } from '../../../../nucleus/infrastructure/sqlite/store.ts'
import { openVectors } from '../../../../nucleus/infrastructure/sqlite/vectors.ts'
import { hasChroma, startChroma } from '../../../support/servers/chroma.ts'
import { findPostgres, startPostgres, type PrivatePostgres } from '../../../support/servers/postgres.ts'
import type { PrivateServer } from '../../../support/servers/private-server.ts'
import { silent } from '../../events/support.ts'
import { temporaryFolder } from '../folders.ts'

const migrations: readonly Migration[] = [
  {
    name: '001',
    statements: [
      {
        sql: `create table words (id text primary key, word text not null unique, number bigint, height double precision)`,
        parameters: [],
      },
      { sql: 'create index words_number on words (number)', parameters: [] },
      { sql: 'create table pairs (a text not null, b bigint not null, primary key (a, b))', parameters: [] },
    ],
  },
  { name: '002', statements: [{ sql: 'alter table words add column context text', parameters: [] }] },
]
const addWord = (id: string, word = `word ${id}`, number: unknown = 1) => ({
  sql: 'insert into words (id, word, number, height, context) values (?, ?, ?, ?, ?)',
  parameters: [id, word, number, 1.5, id === '7' ? null : 'ä “quote” \u{1F600}'],
})
const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

describe.skipIf(findPostgres() === undefined)('the move from SQLite to Postgres', () => {
  let postgres: PrivatePostgres
  let folder: string
  let url: string
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres?.dispose(), 60_000)
  beforeEach(async () => {
    folder = temporaryFolder()
    url = await postgres.createDatabase()
    const source = openSqliteStore(join(folder, 'store.db'))
    await source.migrate('test', migrations)
    await source.transaction(Array.from({ length: 1_200 }, (_, n) => addWord(`${n}`)))
    await source.query(addWord('large', 'large', 2n ** 60n))
    await source.query({ sql: 'insert into pairs values (?, ?), (?, ?)', parameters: ['x', 1, 'x', 2] })
    await source.close()
  })
  const open = async (): Promise<Store & { close(): Promise<void> }> => {
    const store = await openPostgresStore({ url, outboxPath: join(temporaryFolder(), 'outbox.db'), log: silent })
    await store.migrate('test', migrations)
    return store
  }

  it('brings every row over, proves it, and leaves the source as it was', async () => {
    const before = digest(join(folder, 'store.db'))
    const report = await moveStore({ folder, url })
    expect(report.parts.map(({ name, rows, same }) => [name, rows, same])).toEqual([
      ['pairs', 2, 2],
      ['words', 1_201, 1_201],
    ])
    for (const part of report.parts) expect(part.targetChecksum).toBe(part.sourceChecksum)
    expect(digest(join(folder, 'store.db'))).toBe(before)
    const store = await open()
    expect(await store.query({ sql: 'select * from words where id = ?', parameters: ['large'] })).toEqual([
      { id: 'large', word: 'large', number: 2n ** 60n, height: 1.5, context: 'ä “quote” \u{1F600}' },
    ])
    await store.close()
  }, 60_000)

  it('goes on where it was interrupted', async () => {
    const stop = new AbortController()
    const interrupted = moveStore({ folder, url, signal: stop.signal, onProgress: () => stop.abort() })
    await expect(interrupted).rejects.toThrow('aborted')
    const copied: number[] = []
    const report = await moveStore({
      folder,
      url,
      onProgress: ({ phase, name, done }) => {
        if (phase === 'copy' && name === 'pairs') copied.push(done)
      },
    })
    expect(copied).toEqual([])
    expect(report.parts.every(({ rows, same }) => rows === same)).toBe(true)
    expect(existsSync(join(folder, 'store-moving.json'))).toBe(false)
  }, 60_000)

  it('adds to what is there, keeps what was changed there, and says so', async () => {
    const store = await open()
    await store.query(addWord('1', 'changed in Postgres'))
    await store.query(addWord('other', 'word 2'))
    await store.query(addWord('only there'))
    const report = await moveStore({ folder, url })
    expect(report.parts[1]).toMatchObject({ rows: 1_201, same: 1_199, differing: 1, merged: 1 })
    const [row] = await store.query<{ count: number }>({ sql: 'select count(*) as count from words', parameters: [] })
    expect(row?.count).toBe(1_202)
    expect(await store.query({ sql: `select word from words where id = '1'`, parameters: [] })).toEqual([
      { word: 'changed in Postgres' },
    ])
    await store.close()
  }, 60_000)

  it('refuses tables of another version', async () => {
    const store = await openPostgresStore({ url, outboxPath: join(temporaryFolder(), 'outbox.db'), log: silent })
    await store.migrate('test', migrations.slice(0, 1))
    await expect(moveStore({ folder, url })).rejects.toMatchObject({ code: 'MOVE_VERSIONS' })
    await store.close()
  })
})

describe.skipIf(!hasChroma())('the move from the local vectors to ChromaDB', () => {
  let chroma: PrivateServer
  beforeAll(async () => {
    chroma = await startChroma()
  }, 60_000)
  afterAll(() => chroma?.dispose(), 60_000)

  it('brings items with and without embeddings over, goes on after an interruption, and proves it', async () => {
    const folder = temporaryFolder()
    const source = openVectors({ path: join(folder, 'vectors.db'), log: silent })
    const items = Array.from({ length: 450 }, (_, n) => ({
      id: `${n}`,
      text: `sentence number ${n} about boats`,
      metadata: { n, even: n % 2 === 0, nothing: null },
      ...(n % 3 === 0 ? {} : { embedding: [Math.sin(n), Math.cos(n), 1 / 3] }),
    }))
    await source.upsert('notes of Ada', items)
    await source.close()
    const before = digest(join(folder, 'vectors.db'))
    const stop = new AbortController()
    const options = { folder, url: chroma.url, log: silent }
    await expect(moveVectors({ ...options, signal: stop.signal, onProgress: () => stop.abort() })).rejects.toThrow(
      'aborted',
    )
    const report = await moveVectors(options)
    expect(report.parts).toMatchObject([{ name: 'notes of Ada', rows: 450, same: 450, differing: 0 }])
    expect(report.parts[0]?.targetChecksum).toBe(report.parts[0]?.sourceChecksum)
    expect(digest(join(folder, 'vectors.db'))).toBe(before)
    const vectors = await openChromaVectors({ url: chroma.url, ...chromaFiles(folder), log: silent })
    expect(await vectors.search('notes of Ada', { text: '437', limit: 1 })).toMatchObject([{ id: '437' }])
    expect(await vectors.count('notes of Ada')).toBe(450)
    await vectors.close()
  }, 60_000)
})
