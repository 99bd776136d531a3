// applies what is missing of an owner's migrations, once each, and notices one whose text changed afterwards.
import type Database from 'better-sqlite3'
import { planMigrations, type AppliedMigration, type PendingMigration } from '../migration-plan.ts'
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
  const applied = database
    .prepare('select name, checksum from lotus_migrations where owner = ?')
    .all(owner) as AppliedMigration[]
  const insert = database.prepare(
    'insert into lotus_migrations (owner, name, checksum, applied_at) values (?, ?, ?, ?)',
  )
  const apply = database.transaction((migration: PendingMigration) => {
    for (const statement of migration.statements) database.prepare(statement.sql).run(...statement.parameters)
    insert.run(owner, migration.name, migration.checksum, new Date().toISOString())
  })
  for (const migration of planMigrations(owner, migrations, applied, path)) apply.immediate(migration)
}
