// applies what is missing of an owner's migrations to Postgres; of several nuclei one does it, the others wait for it.
import type { PoolClient } from 'pg'
import { planMigrations, type AppliedMigration } from '../migration-plan.ts'
import type { Migration, Statement } from '../ports.ts'

/** the advisory lock's number: the first eight bytes of sha256('lotus migrations'), so that nobody else's is met. */
export const lockNumber = '8334131435768009204'
export const migrationsTable = `create table if not exists lotus_migrations (
  owner text not null, name text not null, checksum text not null, applied_at text not null,
  primary key (owner, name)
)`
/** building an index on a large table takes its time. */
const limitMs = 600_000

/**
 * all that is missing in one transaction.
 * @param run - runs a statement on the client
 * @throws MIGRATION_CHANGED, STATE_NEWER
 */
export async function migratePostgres(
  client: PoolClient,
  run: (statement: Statement) => Promise<unknown>,
  where: string,
  owner: string,
  migrations: readonly Migration[],
): Promise<void> {
  await client.query(`set local statement_timeout = ${limitMs}; set local lock_timeout = ${limitMs}`)
  await client.query(`select pg_advisory_xact_lock(${lockNumber})`)
  await client.query(migrationsTable)
  const { rows } = await client.query<AppliedMigration>(
    'select name, checksum from lotus_migrations where owner = $1',
    [owner],
  )
  const pending = planMigrations(owner, migrations, rows, where)
  for (const migration of pending) {
    for (const statement of migration.statements) await run(statement)
    await client.query('insert into lotus_migrations (owner, name, checksum, applied_at) values ($1, $2, $3, $4)', [
      owner,
      migration.name,
      migration.checksum,
      new Date().toISOString(),
    ])
  }
  if (pending.length > 0) await compareTextByBytes(client)
}

/**
 * SQLite compares texts by their bytes, Postgres by the language of its database: an order or a comparison must not
 * depend on where a row is kept. columns that this transaction made, and no others: the database may not be ours alone.
 */
export async function compareTextByBytes(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ place: string; name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as place, format('%I', a.attname) as name
     from pg_attribute a
     join pg_class c on c.oid = a.attrelid
     join pg_namespace n on n.oid = c.relnamespace
     where a.xmin = pg_current_xact_id()::xid and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
       and a.atttypid = 'text'::regtype and a.attcollation = 'pg_catalog."default"'::regcollation`,
  )
  for (const { place, name } of rows) {
    await client.query(`alter table ${place} alter column ${name} type text collate "C"`)
  }
}
