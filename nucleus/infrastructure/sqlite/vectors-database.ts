// the vectors' tables in one SQLite file: each collection has its items, word and trigram
// indexes, its embeddings and their signs as bits.
import type Database from 'better-sqlite3'
import { load as loadVectorExtension } from 'sqlite-vec'
import { infrastructureErrors } from '../errors.ts'
import type { VectorItem } from '../ports.ts'
import { openDatabase } from './open.ts'
import { vectorsSchemaVersion } from './vectors-protocol.ts'

export interface Collection {
  /** part of its tables' names. */
  readonly id: number
  readonly name: string
  /** length of its embeddings; null while none has come. */
  readonly dimensions: number | null
}

export interface VectorsDatabase {
  readonly connection: Database.Database
  find(name: string): Collection | undefined
  upsert(name: string, items: readonly VectorItem[]): void
  get(name: string, ids: readonly string[]): VectorItem[]
  /** gives how many there were. */
  delete(name: string, ids: readonly string[]): number
  count(name: string): number
  close(): void
}

export interface ItemRow {
  readonly rowid: number
  readonly id: string
  readonly text: string
  readonly metadata: string
}

// a search reads every vector there is: what fits in here it finds without asking the system for it.
const searchCacheKiB = 16_000

/**
 * deleted text must be gone from the file: `secure_delete` overwrites freed pages, FTS5's own 'secure-delete' takes
 * entries out of its segments, and a truncating checkpoint empties the WAL.
 * @throws STATE_READ_ONLY, STATE_FULL, STATE_DAMAGED, STATE_NEWER
 */
export function openVectorsDatabase(path: string): VectorsDatabase {
  // the thread before this one may still be writing its file anew.
  const connection = openDatabase({
    path,
    version: vectorsSchemaVersion,
    busyTimeoutMs: 10_000,
    cacheKiB: searchCacheKiB,
  })
  connection.pragma('secure_delete = ON')
  loadVectorExtension(connection)
  connection.exec(`
    create table if not exists collections (id integer primary key, name text not null unique, dimensions integer);
    pragma user_version = ${vectorsSchemaVersion};
  `)
  const collections = new Map<string, Collection>()
  for (const row of connection.prepare('select id, name, dimensions from collections').all() as Collection[]) {
    collections.set(row.name, row)
  }
  const statements = new Map<string, Database.Statement>()
  /** texts were replaced since the file was last written anew. */
  let stale = false
  const sql = (text: string): Database.Statement => {
    let statement = statements.get(text)
    if (statement === undefined) statements.set(text, (statement = connection.prepare(text)))
    return statement
  }

  const make = (name: string): Collection => {
    const id = Number(connection.prepare('insert into collections (name) values (?)').run(name).lastInsertRowid)
    connection.exec(`
      create table items_${id} (
        rowid integer primary key, id text not null unique, text text not null, metadata text not null
      );
      create table embeddings_${id} (rowid integer primary key, embedding blob not null);
      create virtual table words_${id} using fts5(
        text, content='items_${id}', content_rowid='rowid', tokenize="porter unicode61 remove_diacritics 2"
      );
      create virtual table grams_${id} using fts5(
        text, content='items_${id}', content_rowid='rowid', tokenize="trigram remove_diacritics 1", detail='none'
      );
      insert into words_${id} (words_${id}, rank) values ('secure-delete', 1);
      insert into grams_${id} (grams_${id}, rank) values ('secure-delete', 1);
    `)
    const collection = { id, name, dimensions: null }
    collections.set(name, collection)
    return collection
  }

  /** @throws VECTORS_DIMENSIONS */
  const withDimensions = (collection: Collection, dimensions: number): Collection => {
    if (collection.dimensions === dimensions) return collection
    const { id, name } = collection
    if (collection.dimensions !== null) {
      const embeddings = Number(sql(`select count(*) from embeddings_${id}`).pluck().get())
      if (embeddings > 0) {
        throw infrastructureErrors.VECTORS_DIMENSIONS({
          value: name,
          detail: `${dimensions} instead of ${collection.dimensions}`,
        })
      }
      statements.clear()
      connection.exec(`drop table if exists bits_${id}`)
    }
    if (hasBits(dimensions)) connection.exec(`create virtual table bits_${id} using vec0(bits bit[${dimensions}])`)
    sql('update collections set dimensions = ? where id = ?').run(dimensions, id)
    const made = { ...collection, dimensions }
    collections.set(name, made)
    return made
  }

  const removeText = (id: number, row: ItemRow): void => {
    for (const index of ['words', 'grams']) {
      const table = `${index}_${id}`
      sql(`insert into ${table} (${table}, rowid, text) values ('delete', ?, ?)`).run(row.rowid, row.text)
    }
  }

  const addText = (id: number, rowid: number, text: string): void => {
    for (const index of ['words', 'grams']) {
      sql(`insert into ${index}_${id} (rowid, text) values (?, ?)`).run(rowid, text)
    }
  }

  const removeEmbedding = ({ id, dimensions }: Collection, rowid: number): void => {
    if (dimensions === null) return
    sql(`delete from embeddings_${id} where rowid = ?`).run(rowid)
    if (!hasBits(dimensions)) return
    sql(`delete from bits_${id} where rowid = ?`).run(BigInt(rowid))
  }

  const addEmbedding = (collection: Collection, rowid: number, embedding: readonly number[]): void => {
    const { id, dimensions } = withDimensions(collection, embedding.length)
    const vector = Float32Array.from(embedding)
    sql(`insert into embeddings_${id} (rowid, embedding) values (?, ?)`).run(rowid, vector)
    if (!hasBits(dimensions)) return
    sql(`insert into bits_${id} (rowid, bits) values (?, vec_quantize_binary(?))`).run(BigInt(rowid), vector)
  }

  const rowOf = (id: number, item: string): ItemRow | undefined =>
    sql(`select rowid, id, text, metadata from items_${id} where id = ?`).get(item) as ItemRow | undefined

  const put = (name: string, item: VectorItem): boolean => {
    const collection = collections.get(name) ?? make(name)
    const { id } = collection
    const metadata = JSON.stringify(item.metadata)
    const before = rowOf(id, item.id)
    let rowid: number
    if (before === undefined) {
      const inserted = sql(`insert into items_${id} (id, text, metadata) values (?, ?, ?)`)
      rowid = Number(inserted.run(item.id, item.text, metadata).lastInsertRowid)
    } else {
      rowid = before.rowid
      removeText(id, before)
      removeEmbedding(collection, rowid)
      sql(`update items_${id} set text = ?, metadata = ? where rowid = ?`).run(item.text, metadata, rowid)
    }
    addText(id, rowid, item.text)
    if (item.embedding !== undefined) addEmbedding(collections.get(name)!, rowid, item.embedding)
    return before !== undefined && before.text !== item.text
  }

  const emptyWal = (): void => {
    connection.pragma('wal_checkpoint(TRUNCATE)')
  }

  const rewriteFile = (): void => {
    connection.exec('vacuum')
    emptyWal()
    stale = false
  }

  const removeAll = connection.transaction((collection: Collection, ids: readonly string[]): number => {
    let removed = 0
    for (const item of ids) {
      const row = rowOf(collection.id, item)
      if (row === undefined) continue
      removeText(collection.id, row)
      removeEmbedding(collection, row.rowid)
      sql(`delete from items_${collection.id} where rowid = ?`).run(row.rowid)
      removed += 1
    }
    return removed
  })

  return {
    connection,
    find: (name) => collections.get(name),
    upsert: (name, items) => {
      const known = new Map(collections)
      try {
        const replaced = connection.transaction(() => items.map((item) => put(name, item)).includes(true)).immediate()
        stale ||= replaced
        if (replaced) emptyWal()
      } catch (error) {
        // the tables that were made in it are gone with the transaction.
        collections.clear()
        for (const [key, collection] of known) collections.set(key, collection)
        statements.clear()
        throw error
      }
    },
    get: (name, ids) => {
      const collection = collections.get(name)
      if (collection === undefined) return []
      return ids.flatMap((item) => {
        const row = rowOf(collection.id, item)
        return row === undefined ? [] : [{ ...toItem(row), ...embeddingOf(collection, row.rowid) }]
      })
    },
    delete: (name, ids) => {
      const collection = collections.get(name)
      if (collection === undefined) return 0
      const removed = removeAll.immediate(collection, ids)
      if (removed > 0) {
        // where SQLite builds a page anew, `secure_delete` leaves copies of rows between its cells: the file is written
        // anew. (`vec0` keeps its row ids over a plain VACUUM; `VACUUM INTO` would not.)
        rewriteFile()
      }
      return removed
    },
    count: (name) => {
      const collection = collections.get(name)
      return collection === undefined ? 0 : Number(sql(`select count(*) from items_${collection.id}`).pluck().get())
    },
    close: () => {
      // a replaced text is not a forgotten one: its copies may wait until the thread has nothing else to do.
      if (stale) rewriteFile()
      connection.close()
    },
  }

  function embeddingOf({ id }: Collection, rowid: number): { embedding?: number[] } {
    const row = sql(`select embedding from embeddings_${id} where rowid = ?`).get(rowid) as
      | { embedding: Buffer }
      | undefined
    if (row === undefined) return {}
    const bytes = Uint8Array.from(row.embedding)
    return { embedding: Array.from(new Float32Array(bytes.buffer)) }
  }
}

/** bits come in whole bytes; other embeddings are always compared exactly. */
export function hasBits(dimensions: number | null): boolean {
  return dimensions !== null && dimensions % 8 === 0
}

export function toItem(row: ItemRow): VectorItem {
  return { id: row.id, text: row.text, metadata: JSON.parse(row.metadata) as VectorItem['metadata'] }
}
