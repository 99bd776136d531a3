import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { queryBuilder, statementOf } from '../../../nucleus/infrastructure/query.ts'

interface Tables {
  runs: { id: string; started: number }
}

describe('the query builder', () => {
  it('compiles for the store’s dialect', () => {
    const compile = (dialect: 'sqlite' | 'postgres') =>
      statementOf(queryBuilder<Tables>(dialect).selectFrom('runs').select('id').where('started', '>', 5).limit(2))
    expect(compile('sqlite')).toEqual({
      sql: 'select "id" from "runs" where "started" > ? limit ?',
      parameters: [5, 2],
    })
    expect(compile('postgres')).toEqual({
      sql: 'select "id" from "runs" where "started" > $1 limit $2',
      parameters: [5, 2],
    })
  })

  it('offers every way to begin a query', () => {
    const tables = queryBuilder<Tables>()
    expect(statementOf(tables.insertInto('runs').values({ id: 'a', started: 1 })).parameters).toEqual(['a', 1])
    expect(statementOf(tables.updateTable('runs').set({ started: 2 })).sql).toBe('update "runs" set "started" = ?')
    expect(statementOf(tables.deleteFrom('runs').where('id', '=', 'a')).sql).toContain('delete from "runs"')
    expect(statementOf(tables.replaceInto('runs').values({ id: 'a', started: 1 })).sql).toContain('replace into')
    expect(statementOf(tables.selectFrom('runs').select(tables.fn.countAll<number>().as('count'))).sql).toBe(
      'select count(*) as "count" from "runs"',
    )
    const named = tables
      .with('recent', (inner) => inner.selectFrom('runs').selectAll())
      .selectFrom('recent')
      .select('id')
    expect(statementOf(named).sql).toContain('with "recent"')
  })

  it('loads its library with the first query and not before', () => {
    const file = join(import.meta.dirname, '../../../nucleus/infrastructure/query.ts')
    const script = `
      const { registerHooks } = await import('node:module')
      let asked = 0
      registerHooks({
        resolve: (specifier, context, next) => {
          if (specifier === 'kysely') asked += 1
          return next(specifier, context)
        },
      })
      const { queryBuilder } = await import('${file}')
      const builder = queryBuilder()
      const before = asked
      builder.selectFrom('runs')
      process.stdout.write(before + ' then ' + asked)
    `
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe('0 then 1')
  })
})
