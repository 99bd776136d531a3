// applies what is missing of an owner's migrations, once each, and notices one whose text changed afterwards.
import type Database from 'better-sqlite3'
import { createHash } from '../../builtins.ts'
import { infrastructureErrors } from '../errors.ts'
import type { Migration } from '../ports.ts'

/**
 * each migration is one transaction together with its row in `lotus_migrations`.
 * @throws MIGRATION_CHANGED, STATE_NEWER where the file knows migrations that this version does not
 */
export function migrateDatabase(
  database: Database.Database,
  path: string,
  owner: string,
  migrations: readonly Migration[],
): void {
  database.exec(
    `create table if not exists lotus_migrations (
      owner text not null, name text not null, checksum text not null, applied_at text not null,
      primary key (owner, name)
    )`,
  )
  const applied = new Map(
    (
      database.prepare('select name, checksum from lotus_migrations where owner = ?').all(owner) as {
        name: string
        checksum: string
      }[]
    ).map((row) => [row.name, row.checksum]),
  )
  const ordered = migrations.toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const known = new Set(ordered.map((migration) => migration.name))
  const unknown = Array.from(applied.keys()).find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw infrastructureErrors.STATE_NEWER({ value: path, detail: `it has the migration ${owner}/${unknown}` })
  }
  const insert = database.prepare(
    'insert into lotus_migrations (owner, name, checksum, applied_at) values (?, ?, ?, ?)',
  )
  const apply = database.transaction((migration: Migration) => {
    for (const statement of migration.statements) database.prepare(statement.sql).run(...statement.parameters)
    insert.run(owner, migration.name, checksumOf(migration), new Date().toISOString())
  })
  for (const migration of ordered) {
    const checksum = applied.get(migration.name)
    if (checksum === undefined) apply.immediate(migration)
    else if (checksum !== checksumOf(migration)) {
      throw infrastructureErrors.MIGRATION_CHANGED({ value: `${owner}/${migration.name}`, detail: path })
    }
  }
}

function checksumOf(migration: Migration): string {
  return createHash('sha256')
    .update(JSON.stringify(migration.statements.map(({ sql, parameters }) => [sql, parameters])))
    .digest('hex')
}
