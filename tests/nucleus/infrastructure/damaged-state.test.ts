import Database from 'better-sqlite3'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openInfrastructure } from '../../../nucleus/infrastructure/open.ts'
import { silent } from '../events/support.ts'
import { temporaryFolder } from './folders.ts'

async function homeWith(file: string, content: string): Promise<string> {
  const home = temporaryFolder()
  mkdirSync(join(home, 'data'))
  writeFileSync(join(home, 'data', file), content)
  return home
}

const garbage = 'this is no database at all. '.repeat(500)

describe('a damaged database', () => {
  it.each(['store.db', 'journal.db'])('%s is named and left as it is', async (file) => {
    const home = await homeWith(file, garbage)
    await expect(openInfrastructure({ home, settings: {}, log: silent })).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringContaining(join(home, 'data', file)),
      fix: expect.stringMatching(/`lotus doctor`.*backup/) as string,
    })
    expect(readFileSync(join(home, 'data', file), 'utf8')).toBe(garbage)
  })

  it('vectors.db keeps nobody from starting: it is left as it is, and health says what makes it anew', async () => {
    const home = await homeWith('vectors.db', garbage)
    const infrastructure = await openInfrastructure({ home, settings: {}, log: silent })
    const degraded = {
      backend: 'sqlite-vec',
      status: 'degraded',
      reason: expect.stringContaining('`lotus stop && lotus doctor --fix`') as string,
    }
    expect(infrastructure.health()).toMatchObject({ store: { status: 'healthy' }, vectors: degraded })
    await expect(infrastructure.vectors.count('notes')).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
    await infrastructure.checkDatabases()
    expect(infrastructure.health().vectors).toMatchObject(degraded)
    await infrastructure.close()
    expect(readFileSync(join(home, 'data', 'vectors.db'), 'utf8')).toBe(garbage)
  })

  it('does not keep the others open', async () => {
    const home = await homeWith('store.db', garbage)
    await expect(openInfrastructure({ home, settings: {}, log: silent })).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
    })
    expect(existsSync(join(home, 'data', 'journal.db-wal'))).toBe(false)
  })
})

describe('a database of a newer version', () => {
  it.each(['journal.db', 'vectors.db'])('%s is refused and left as it is', async (file) => {
    const home = await homeWith(file, '')
    const database = new Database(join(home, 'data', file))
    database.pragma('user_version = 99')
    database.exec('create table future (x)')
    database.close()
    await expect(openInfrastructure({ home, settings: {}, log: silent })).rejects.toMatchObject({
      code: 'STATE_NEWER',
      message: expect.stringContaining('99'),
    })
  })
})
