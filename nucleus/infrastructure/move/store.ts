// moves store.db to Postgres: tables as they are, rows in pieces that are remembered, everything compared at the end.
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type Database from 'better-sqlite3'
import type { PoolClient } from 'pg'
import { isLotusError } from '../../errors.ts'
import { infrastructureErrors } from '../errors.ts'
import { removeMark } from '../postgres/fallback.ts'
import { isLostConnection, isRefused, statementError } from '../postgres/faults.ts'
import { compareTextByBytes, lockNumber, migrationsTable } from '../postgres/migrations.ts'
import { createPostgresPool } from '../postgres/pool.ts'
import { toParameter } from '../postgres/values.ts'
import { addressOf, messageOf } from '../server-link.ts'
import { canonicalRow, createChecksum, type MovedPart, type MoveOptions, type MoveReport } from './report.ts'

export interface StoreMoveOptions extends MoveOptions {
  /** LOTUS_HOME/data. */
  readonly folder: string
  readonly url: string
}

interface Table {
  readonly name: string
  readonly sql: string
  readonly columns: readonly string[]
  /** the columns of its primary key. */
  readonly key: readonly string[]
  /** columns that are unique together, besides the key. */
  readonly unique: readonly (readonly string[])[]
  readonly rows: number
}

interface MigrationRow {
  readonly owner: string
  readonly name: string
  readonly checksum: string
  readonly applied_at: string
}

type Row = Readonly<Record<string, unknown>>

/** rows of one piece, and of one transaction. */
const pieceRows = 500
const longMs = 600_000
const progressTable = `create table if not exists lotus_move (
  move text not null, table_name text not null, position bigint not null, primary key (move, table_name)
)`

/**
 * the source is only read. a move that was interrupted goes on where it was; a second one adds what is new.
 * @throws SERVER_UNREACHABLE, SERVER_REFUSED, MIGRATION_CHANGED, MOVE_VERSIONS, MOVE_INCOMPLETE
 */
export async function moveStore(options: StoreMoveOptions): Promise<MoveReport> {
  const { folder, url } = options
  const path = join(folder, 'store.db')
  const source = new Sqlite(path, { readonly: true, fileMustExist: true })
  source.defaultSafeIntegers(true)
  const pool = createPostgresPool(url, { maxConnections: 1, statementTimeoutMs: longMs }, () => undefined)
  try {
    const client = await pool.connect()
    try {
      const tables = readTables(source)
      await prepareTarget(client, source, tables, path)
      const move = moveId(folder)
      for (const table of tables) await copyTable(client, source, table, move, options)
      const parts: MovedPart[] = []
      for (const table of tables) parts.push(await compareTable(client, source, table, options))
      await client.query('delete from lotus_move where move = $1', [move])
      const report = { from: path, to: `Postgres at ${addressOf(url)}`, parts }
      finish(folder, report)
      return report
    } finally {
      client.release()
    }
  } catch (error) {
    if (isLotusError(error) || options.signal?.aborted === true) throw error
    const about = { value: `Postgres at ${addressOf(url)}`, detail: messageOf(error), cause: error }
    if (isLostConnection(error)) throw infrastructureErrors.SERVER_UNREACHABLE(about)
    if (isRefused(error)) throw infrastructureErrors.SERVER_REFUSED(about)
    throw statementError(error, 'infra migrate')
  } finally {
    source.close()
    await pool.close()
  }
}

/** how many rows each table has, for a look before the move. */
export function countStore(folder: string): { name: string; rows: number }[] {
  const path = join(folder, 'store.db')
  if (!existsSync(path)) return []
  const source = new Sqlite(path, { readonly: true, fileMustExist: true })
  try {
    return readTables(source).map(({ name, rows }) => ({ name, rows }))
  } finally {
    source.close()
  }
}

function readTables(source: Database.Database): Table[] {
  const found = source
    .prepare(
      `select name, sql from sqlite_master
       where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name <> 'lotus_migrations' order by name`,
    )
    .all() as { name: string; sql: string }[]
  return found.map(({ name, sql }) => {
    const columns = source.pragma(`table_info(${quoted(name)})`) as { name: string; pk: bigint | number }[]
    const key = columns
      .filter(({ pk }) => Number(pk) > 0)
      .toSorted((left, right) => Number(left.pk) - Number(right.pk))
      .map((column) => column.name)
    const indexes = source.pragma(`index_list(${quoted(name)})`) as {
      name: string
      unique: bigint | number
      origin: string
    }[]
    const unique = indexes
      .filter((index) => Number(index.unique) === 1 && index.origin !== 'pk')
      .map((index) => {
        const parts = source.pragma(`index_info(${quoted(index.name)})`) as { name: string }[]
        return parts.map((part) => part.name)
      })
    if (key.length === 0) {
      throw infrastructureErrors.MOVE_VERSIONS({
        value: name,
        detail: 'the table has no primary key',
        fix: 'report it',
      })
    }
    const rows = Number(
      source
        .prepare(`select count(*) from ${quoted(name)}`)
        .pluck()
        .get(),
    )
    return { name, sql, columns: columns.map((column) => column.name), key, unique, rows }
  })
}

/** makes what is missing: tables and indexes by the very text that made them here, and the record of their migrations. */
async function prepareTarget(
  client: PoolClient,
  source: Database.Database,
  tables: readonly Table[],
  path: string,
): Promise<void> {
  const migrations = source.prepare('select * from lotus_migrations').all() as MigrationRow[]
  await client.query('begin')
  try {
    await client.query(`select pg_advisory_xact_lock(${lockNumber})`)
    await client.query(`${migrationsTable}; ${progressTable}`)
    const { rows: there } = await client.query<MigrationRow>('select * from lotus_migrations')
    const missing = migrations.filter((migration) => !isApplied(migration, there, path))
    for (const table of tables) {
      const { rows } = await client.query<{ here: string | null }>('select to_regclass($1) as here', [
        quoted(table.name),
      ])
      if (rows[0]?.here !== null) continue
      await client.query(table.sql)
      const indexes = source
        .prepare(`select sql from sqlite_master where type = 'index' and tbl_name = ? and sql is not null`)
        .pluck()
        .all(table.name) as string[]
      for (const sql of indexes) await client.query(sql)
    }
    for (const { owner, name, checksum, applied_at: appliedAt } of missing) {
      await client.query('insert into lotus_migrations (owner, name, checksum, applied_at) values ($1, $2, $3, $4)', [
        owner,
        name,
        checksum,
        appliedAt,
      ])
    }
    await compareTextByBytes(client)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** @throws MIGRATION_CHANGED, MOVE_VERSIONS where the target has some of an owner's tables and not all of the source's */
function isApplied(migration: MigrationRow, there: readonly MigrationRow[], path: string): boolean {
  const ofOwner = there.filter(({ owner }) => owner === migration.owner)
  const found = ofOwner.find(({ name }) => name === migration.name)
  const value = `${migration.owner}/${migration.name}`
  if (found === undefined) {
    if (ofOwner.length > 0) throw infrastructureErrors.MOVE_VERSIONS({ value, detail: 'Postgres does not have it' })
    return false
  }
  if (found.checksum !== migration.checksum) throw infrastructureErrors.MIGRATION_CHANGED({ value, detail: path })
  return true
}

async function copyTable(
  client: PoolClient,
  source: Database.Database,
  table: Table,
  move: string,
  { onProgress, signal }: MoveOptions,
): Promise<void> {
  const { rows } = await client.query<{ position: number }>(
    'select position from lotus_move where move = $1 and table_name = $2',
    [move, table.name],
  )
  let position = BigInt(rows[0]?.position ?? -1)
  let done = 0
  for (const piece of pieces(source, table, position)) {
    signal?.throwIfAborted()
    position = piece.last
    const values: unknown[] = []
    const tuples = piece.rows.map((row) => {
      const marks = table.columns.map((column) => `$${values.push(toParameter(row[column]))}`)
      return `(${marks.join(', ')})`
    })
    await client.query('begin')
    try {
      await client.query(
        `insert into ${quoted(table.name)} (${table.columns.map(quoted).join(', ')}) values ${tuples.join(', ')}
         on conflict do nothing`,
        values,
      )
      await client.query(
        `insert into lotus_move (move, table_name, position) values ($1, $2, $3)
         on conflict (move, table_name) do update set position = excluded.position`,
        [move, table.name, position],
      )
      await client.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      throw error
    }
    done += piece.rows.length
    onProgress?.({ phase: 'copy', name: table.name, done, total: table.rows })
  }
}

async function compareTable(
  client: PoolClient,
  source: Database.Database,
  table: Table,
  { onProgress, signal }: MoveOptions,
): Promise<MovedPart> {
  const [ours, theirs] = [createChecksum(), createChecksum()]
  const counts = { rows: 0, same: 0, differing: 0, merged: 0 }
  for (const piece of pieces(source, table, -1n)) {
    signal?.throwIfAborted()
    const found = await findByColumns(client, table, table.key, piece.rows)
    const byKey = new Map(found.map((row) => [textOf(row, table.key), row]))
    const absent: Row[] = []
    for (const row of piece.rows) {
      const text = textOf(row, table.columns)
      counts.rows += 1
      ours.add(text)
      const other = byKey.get(textOf(row, table.key))
      if (other === undefined) {
        absent.push(row)
        continue
      }
      const otherText = textOf(other, table.columns)
      theirs.add(otherText)
      if (text === otherText) counts.same += 1
      else counts.differing += 1
    }
    counts.merged += await countMerged(client, table, absent)
    onProgress?.({ phase: 'verify', name: table.name, done: counts.rows, total: table.rows })
  }
  const missing = counts.rows - counts.same - counts.differing - counts.merged
  if (missing > 0)
    throw infrastructureErrors.MOVE_INCOMPLETE({ value: table.name, detail: `${missing} rows are missing` })
  return { name: table.name, ...counts, sourceChecksum: ours.value(), targetChecksum: theirs.value() }
}

async function countMerged(client: PoolClient, table: Table, absent: readonly Row[]): Promise<number> {
  const held = new Set<Row>()
  for (const columns of table.unique) {
    if (absent.length === 0) break
    const found = await findByColumns(client, table, columns, absent)
    const taken = new Set(found.map((row) => textOf(row, columns)))
    for (const row of absent) if (taken.has(textOf(row, columns))) held.add(row)
  }
  return held.size
}

async function findByColumns(
  client: PoolClient,
  table: Table,
  columns: readonly string[],
  rows: readonly Row[],
): Promise<Row[]> {
  const values: unknown[] = []
  const tuples = rows.map(
    (row) => `(${columns.map((column) => `$${values.push(toParameter(row[column]))}`).join(', ')})`,
  )
  const { rows: found } = await client.query<Record<string, unknown>>(
    `select * from ${quoted(table.name)} where (${columns.map(quoted).join(', ')}) in (${tuples.join(', ')})`,
    values,
  )
  return found
}

interface Piece {
  readonly rows: readonly Row[]
  /** the number of its last row in the file. */
  readonly last: bigint
}

function* pieces(source: Database.Database, table: Table, after: bigint): Generator<Piece> {
  const read = source.prepare(
    `select rowid as "lotus rowid", * from ${quoted(table.name)} where rowid > ? order by rowid limit ${pieceRows}`,
  )
  for (let position = after; ;) {
    const rows = read.all(position) as Row[]
    const last = rows.at(-1)
    if (last === undefined) return
    position = last['lotus rowid'] as bigint
    yield { rows, last: position }
  }
}

function textOf(row: Row, columns: readonly string[]): string {
  return canonicalRow(columns.map((column) => row[column]))
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** the same from the beginning of a move to its end, whatever interrupts it. */
function moveId(folder: string): string {
  const path = join(folder, 'store-moving.json')
  if (existsSync(path)) {
    try {
      return (JSON.parse(readFileSync(path, 'utf8')) as { move: string }).move
    } catch {
      // torn by a lost power: the move begins anew, which does nothing twice.
    }
  }
  const move = randomUUID()
  writeFileSync(path, JSON.stringify({ move }), { mode: 0o600 })
  return move
}

function finish(folder: string, report: MoveReport): void {
  const record = { at: new Date().toISOString(), ...report }
  writeFileSync(join(folder, 'store-migrated.json'), JSON.stringify(record, undefined, 2), { mode: 0o600 })
  removeMark(folder)
  rmSync(join(folder, 'store-moving.json'), { force: true })
}
