import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../../nucleus/infrastructure/sqlite/store.ts'
import { storeConformance } from './conformance/store.ts'
import { temporaryFolder } from './folders.ts'

storeConformance('sqlite', () => {
  const path = join(temporaryFolder(), 'store.db')
  return { open: async () => openSqliteStore(path), dispose: async () => {} }
})

describe('the sqlite store', () => {
  it('keeps its file to its owner', async () => {
    const path = join(temporaryFolder(), 'store.db')
    const store = openSqliteStore(path)
    await store.migrate('test', [])
    expect([path, `${path}-wal`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600])
    await store.close()
  })

  it('stores booleans as 0 and 1 and counts its calls', async () => {
    const store = openSqliteStore(join(temporaryFolder(), 'store.db'))
    expect(await store.query({ sql: 'select ? as yes, ? as no', parameters: [true, false] })).toEqual([
      { yes: 1, no: 0 },
    ])
    expect(store.statistics()).toEqual({ calls: 1, timeMs: expect.any(Number) })
    await store.close()
  })

  it('runs more different statements than it keeps compiled', async () => {
    const store = openSqliteStore(join(temporaryFolder(), 'store.db'))
    for (let number = 0; number < 600; number += 1) {
      expect(await store.query({ sql: `select ${number} as n`, parameters: [] })).toEqual([{ n: number }])
    }
    await store.close()
  })
})
