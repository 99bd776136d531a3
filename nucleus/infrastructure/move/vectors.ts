// moves vectors.db to ChromaDB: what is not there yet is put there, everything is compared at the end.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type Database from 'better-sqlite3'
import type { Logger } from 'pino'
import { isLocalChroma } from '../chroma/address.ts'
import { startChromaChild } from '../chroma/child.ts'
import { chromaFiles, chromaFolder } from '../chroma/open.ts'
import { openChromaVectors } from '../chroma/vectors.ts'
import { infrastructureErrors } from '../errors.ts'
import type { VectorItem, Vectors } from '../ports.ts'
import { addressOf } from '../server-link.ts'
import { canonicalRow, createChecksum, type MovedPart, type MoveOptions, type MoveReport } from './report.ts'

export interface VectorsMoveOptions extends MoveOptions {
  /** LOTUS_HOME/data. */
  readonly folder: string
  readonly url: string
  readonly log: Logger
}

interface Collection {
  readonly id: number
  readonly name: string
  readonly rows: number
}

const pieceItems = 200

/**
 * the source is only read. what was interrupted goes on: items that are there are not put again.
 * @throws SERVER_UNREACHABLE, MOVE_INCOMPLETE
 */
export async function moveVectors(options: VectorsMoveOptions): Promise<MoveReport> {
  const { folder, log } = options
  const path = join(folder, 'vectors.db')
  const source = new Sqlite(path, { readonly: true, fileMustExist: true })
  const child = isLocalChroma(options.url) ? await startChromaChild({ folder: chromaFolder(folder), log }) : undefined
  const url = child?.url ?? options.url
  const target = await openChromaVectors({ url, ...chromaFiles(folder), log })
  try {
    const loss = target.health()
    if (loss.status !== 'healthy') {
      throw infrastructureErrors.SERVER_UNREACHABLE({
        value: `ChromaDB at ${addressOf(url)}`,
        detail: loss.reason ?? '',
      })
    }
    const collections = readCollections(source)
    for (const collection of collections) await copyCollection(source, target, collection, options)
    const parts: MovedPart[] = []
    for (const collection of collections) parts.push(await compareCollection(source, target, collection, options))
    const report = { from: path, to: `ChromaDB at ${addressOf(url)}`, parts }
    const record = { at: new Date().toISOString(), ...report }
    writeFileSync(join(folder, 'vectors-migrated.json'), JSON.stringify(record, undefined, 2), { mode: 0o600 })
    return report
  } finally {
    source.close()
    await target.close()
    await child?.close()
  }
}

/** how many items each collection has, for a look before the move. */
export function countVectors(folder: string): { name: string; rows: number }[] {
  const path = join(folder, 'vectors.db')
  if (!existsSync(path)) return []
  const source = new Sqlite(path, { readonly: true, fileMustExist: true })
  try {
    return readCollections(source).map(({ name, rows }) => ({ name, rows }))
  } finally {
    source.close()
  }
}

function readCollections(source: Database.Database): Collection[] {
  const hasTable = source.prepare(`select 1 from sqlite_master where name = 'collections'`).get()
  if (hasTable === undefined) return []
  const found = source.prepare('select id, name from collections order by id').all() as { id: number; name: string }[]
  return found.map(({ id, name }) => ({
    id,
    name,
    rows: Number(source.prepare(`select count(*) from items_${id}`).pluck().get()),
  }))
}

async function copyCollection(
  source: Database.Database,
  target: Vectors,
  collection: Collection,
  { onProgress, signal }: MoveOptions,
): Promise<void> {
  let done = 0
  for (const items of pieces(source, collection)) {
    signal?.throwIfAborted()
    const there = new Set(
      (
        await target.get(
          collection.name,
          items.map(({ id }) => id),
        )
      ).map(({ id }) => id),
    )
    const absent = items.filter(({ id }) => !there.has(id))
    if (absent.length > 0) await target.upsert(collection.name, absent)
    done += items.length
    onProgress?.({ phase: 'copy', name: collection.name, done, total: collection.rows })
  }
}

async function compareCollection(
  source: Database.Database,
  target: Vectors,
  collection: Collection,
  { onProgress, signal }: MoveOptions,
): Promise<MovedPart> {
  const [ours, theirs] = [createChecksum(), createChecksum()]
  const counts = { rows: 0, same: 0, differing: 0, merged: 0 }
  let missing = 0
  for (const items of pieces(source, collection)) {
    signal?.throwIfAborted()
    const found = await target.get(
      collection.name,
      items.map(({ id }) => id),
    )
    const byId = new Map(found.map((item) => [item.id, item]))
    for (const item of items) {
      const text = textOf(item)
      counts.rows += 1
      ours.add(text)
      const other = byId.get(item.id)
      if (other === undefined) {
        missing += 1
        continue
      }
      const otherText = textOf(other)
      theirs.add(otherText)
      if (otherText === text && pointsTheSameWay(item.embedding, other.embedding)) counts.same += 1
      else counts.differing += 1
    }
    onProgress?.({ phase: 'verify', name: collection.name, done: counts.rows, total: collection.rows })
  }
  if (missing > 0) {
    throw infrastructureErrors.MOVE_INCOMPLETE({ value: collection.name, detail: `${missing} items are missing` })
  }
  return { name: collection.name, ...counts, sourceChecksum: ours.value(), targetChecksum: theirs.value() }
}

function* pieces(source: Database.Database, { id }: Collection): Generator<VectorItem[]> {
  const read = source.prepare(
    `select items.rowid, items.id, items.text, items.metadata, embeddings.embedding
     from items_${id} as items left join embeddings_${id} as embeddings on embeddings.rowid = items.rowid
     where items.rowid > ? order by items.rowid limit ${pieceItems}`,
  )
  for (let position = -1; ;) {
    const rows = read.all(position) as {
      rowid: number
      id: string
      text: string
      metadata: string
      embedding: Buffer | null
    }[]
    const last = rows.at(-1)
    if (last === undefined) return
    position = last.rowid
    yield rows.map((row) => ({
      id: row.id,
      text: row.text,
      metadata: JSON.parse(row.metadata) as VectorItem['metadata'],
      ...(row.embedding === null ? {} : { embedding: Array.from(floatsOf(row.embedding)) }),
    }))
  }
}

function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}

/** all but the numbers of the embedding, of which only how many there are. */
function textOf({ id, text, metadata, embedding }: VectorItem): string {
  return canonicalRow([id, text, JSON.stringify(metadata), embedding?.length])
}

/** ChromaDB gives back numbers of four bytes of which the last bit may be another one. */
const tolerance = 1e-6

function pointsTheSameWay(left: readonly number[] = [], right: readonly number[] = []): boolean {
  return left.every((value, at) => Math.abs(value - (right[at] ?? 0)) <= tolerance * Math.max(1, Math.abs(value)))
}
