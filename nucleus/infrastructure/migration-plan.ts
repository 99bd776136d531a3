// what of an owner's migrations a database is missing, whichever kind it is.
import { createHash } from '../builtins.ts'
import { infrastructureErrors } from './errors.ts'
import type { Migration } from './ports.ts'

export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
}

export interface PendingMigration extends Migration {
  readonly checksum: string
}

/**
 * in the order of their names.
 * @param where - the database, for a person
 * @throws MIGRATION_CHANGED, STATE_NEWER where the database knows migrations that this version does not
 */
export function planMigrations(
  owner: string,
  migrations: readonly Migration[],
  rows: readonly AppliedMigration[],
  where: string,
): PendingMigration[] {
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  const ordered = migrations.toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const known = new Set(ordered.map((migration) => migration.name))
  const unknown = Array.from(applied.keys()).find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw infrastructureErrors.STATE_NEWER({ value: where, detail: `it has the migration ${owner}/${unknown}` })
  }
  const pending: PendingMigration[] = []
  for (const migration of ordered) {
    const before = applied.get(migration.name)
    const checksum = checksumOf(migration)
    if (before === undefined) pending.push({ ...migration, checksum })
    else if (before !== checksum) {
      throw infrastructureErrors.MIGRATION_CHANGED({ value: `${owner}/${migration.name}`, detail: where })
    }
  }
  return pending
}

function checksumOf(migration: Migration): string {
  return createHash('sha256')
    .update(JSON.stringify(migration.statements.map(({ sql, parameters }) => [sql, parameters])))
    .digest('hex')
}
