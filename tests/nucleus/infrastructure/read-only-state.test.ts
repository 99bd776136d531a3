import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openInfrastructure } from '../../../nucleus/infrastructure/open.ts'
import { silent } from '../events/support.ts'
import { canMount, makeReadOnly, smallDisk, temporaryFolder } from './folders.ts'

describe('a state folder that can’t be written', () => {
  it('because it lies where nothing can be made is told with its path', async () => {
    await expect(openInfrastructure({ home: '/proc/lotus', settings: {}, log: silent })).rejects.toMatchObject({
      code: 'STATE_READ_ONLY',
      message: expect.stringContaining('/proc/lotus'),
    })
  })

  it('because a file stands in its place is told', async () => {
    const home = join(temporaryFolder(), 'home')
    writeFileSync(home, 'a file')
    await expect(openInfrastructure({ home, settings: {}, log: silent })).rejects.toMatchObject({
      code: 'STATE_READ_ONLY',
    })
  })

  it.skipIf(!canMount)('because its disk is read-only is told', async () => {
    const home = smallDisk('4m')!
    mkdirSync(join(home, 'data'))
    makeReadOnly(home)
    await expect(openInfrastructure({ home, settings: {}, log: silent })).rejects.toMatchObject({
      code: 'STATE_READ_ONLY',
    })
  })
})
