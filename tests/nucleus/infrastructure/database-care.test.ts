// databases are checked beside the work, and give room back when they are closed.
import Database from 'better-sqlite3'
import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDatabaseCare, shrinkSwollen } from '../../../nucleus/infrastructure/sqlite/database-care.ts'
import { openInfrastructure } from '../../../nucleus/infrastructure/open.ts'
import { silent, until } from '../events/support.ts'
import { canMount, smallDisk, temporaryFolder } from './folders.ts'

function makeDatabase(path: string): void {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.exec('create table a as select randomblob(100000) as b')
  database.close()
}

describe('a check', () => {
  it('finds whole databases whole, leaves nothing beside them, and is noted', async () => {
    const folder = temporaryFolder()
    makeDatabase(join(folder, 'one.db'))
    const care = createDatabaseCare({ folder, names: ['one.db', 'none.db'], checkEveryMs: 1_000, log: silent })
    await care.check()
    expect(care.fault('one.db')).toBeUndefined()
    expect(readdirSync(folder).toSorted()).toEqual(['checked.json', 'one.db'])
    await care.close()
  })

  it('names the damage, and takes that back when the file is whole again', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'one.db')
    makeDatabase(path)
    const whole = readFileSync(path)
    truncateSync(path, 20_000)
    const care = createDatabaseCare({ folder, names: ['one.db'], checkEveryMs: 1_000, log: silent })
    await care.check()
    expect(care.fault('one.db')).toEqual(expect.any(String))
    writeFileSync(path, whole)
    await care.check()
    expect(care.fault('one.db')).toBeUndefined()
    await care.close()
  })

  it('comes when it is due, also after a restart, and never where it is switched off', async () => {
    const folder = temporaryFolder()
    const stamp = join(folder, 'checked.json')
    const options = { folder, names: [], log: silent, lookEveryMs: 10 }
    const due = createDatabaseCare({ ...options, checkEveryMs: 60_000 })
    await until(() => existsSync(stamp))
    await due.close()
    const first = readFileSync(stamp, 'utf8')
    const again = createDatabaseCare({ ...options, checkEveryMs: 60_000 })
    const often = createDatabaseCare({ ...options, checkEveryMs: 1 })
    await until(() => readFileSync(stamp, 'utf8') !== first)
    await again.close()
    await often.close()
  })

  it('makes the part of the infrastructure unhealthy whose file is damaged', async () => {
    const home = temporaryFolder()
    const before = await openInfrastructure({ home, settings: {}, log: silent })
    await before.store.query({ sql: 'create table a as select randomblob(100000) as b', parameters: [] })
    await before.close()
    const infrastructure = await openInfrastructure({ home, settings: {}, log: silent })
    await infrastructure.checkDatabases()
    expect(infrastructure.health().store.status).toBe('healthy')
    truncateSync(join(home, 'data', 'store.db'), 20_000)
    await infrastructure.checkDatabases()
    expect(infrastructure.health()).toMatchObject({
      store: { status: 'unhealthy', reason: expect.stringContaining('store.db is damaged') as string },
      journal: { status: 'healthy' },
    })
    await infrastructure.close()
  })
})

describe.skipIf(!canMount)('a disk that is nearly full', () => {
  it('is told before it is full', async () => {
    const home = smallDisk('40m')!
    const infrastructure = await openInfrastructure({ home, settings: {}, log: silent })
    expect(infrastructure.health().store).toMatchObject({
      status: 'degraded',
      reason: expect.stringContaining('MiB left') as string,
    })
    await infrastructure.close()
  })
})

describe('a database that is mostly empty', () => {
  function swell(path: string): void {
    const database = new Database(path)
    database.exec('create table heap as select randomblob(30000000) as bytes; drop table heap')
    database.close()
  }

  it('is made small when LOTUS stops, with everything that was in it', async () => {
    const home = temporaryFolder()
    const infrastructure = await openInfrastructure({ home, settings: {}, log: silent })
    await infrastructure.store.query({ sql: 'create table mine as select 42 as answer', parameters: [] })
    const path = join(home, 'data', 'store.db')
    swell(path)
    await infrastructure.close()
    expect(statSync(path).size).toBeLessThan(1_000_000)
    const after = new Database(path)
    expect(after.prepare('select answer from mine').pluck().get()).toBe(42)
    after.close()
  })

  it('is left alone where it is small, absent or no database', () => {
    const folder = temporaryFolder()
    makeDatabase(join(folder, 'small.db'))
    writeFileSync(join(folder, 'text.db'), 'x'.repeat(10_000))
    const before = readFileSync(join(folder, 'small.db'))
    shrinkSwollen(
      ['small.db', 'none.db', 'text.db'].map((name) => join(folder, name)),
      silent,
    )
    expect(readFileSync(join(folder, 'small.db')).equals(before)).toBe(true)
  })
})
