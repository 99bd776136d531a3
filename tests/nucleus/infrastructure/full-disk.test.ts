import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openInfrastructure } from '../../../nucleus/infrastructure/open.ts'
import { Kept, silent, until } from '../events/support.ts'
import { canMount, smallDisk } from './folders.ts'

function fill(disk: string): string {
  const path = join(disk, 'filler')
  for (const size of [1 << 20, 1 << 16, 1 << 12, 1 << 8]) {
    for (;;) {
      try {
        writeFileSync(path, Buffer.alloc(size), { flag: 'a' })
      } catch {
        break
      }
    }
  }
  return path
}

describe.skipIf(!canMount)('a full disk', () => {
  it('at the start is told', async () => {
    const home = smallDisk('1m')!
    fill(home)
    await expect(openInfrastructure({ home, settings: {}, log: silent })).rejects.toMatchObject({ code: 'STATE_FULL' })
  })

  it('while running rejects what can’t be kept, loses nothing that was, and heals when there is room again', async () => {
    const home = smallDisk('8m')!
    const infrastructure = await openInfrastructure({ home, settings: {}, log: silent })
    const { bus } = infrastructure
    const handled: number[] = []
    bus.subscribe({ owner: 'listener', definition: Kept, handler: ({ number }) => void handled.push(number) })
    await bus.emit('test', Kept, { number: 0 })
    const filler = fill(home)
    const kept: number[] = [0]
    const emitUntilRefused = async (): Promise<unknown> => {
      for (let number = 1; number < 100_000; number += 1) {
        try {
          await bus.emit('test', Kept, { number, list: Array.from({ length: 100 }, () => number) })
          kept.push(number)
        } catch (error) {
          return error
        }
      }
      return undefined
    }
    const refused = await emitUntilRefused()
    expect(refused).toMatchObject({ code: 'STATE_FULL', retryable: true })
    expect(infrastructure.health().journal).toMatchObject({ status: 'unhealthy' })
    const grow = { sql: 'create table if not exists heap as select randomblob(1000000) as bytes', parameters: [] }
    await expect(infrastructure.store.query(grow)).rejects.toMatchObject({ code: 'STATE_FULL' })
    expect(infrastructure.health().store).toMatchObject({ status: 'unhealthy' })
    rmSync(filler)
    await infrastructure.store.query(grow)
    // it works again; that the whole disk is small is told as well
    expect(infrastructure.health().store).toMatchObject({
      status: 'degraded',
      reason: expect.stringContaining('left') as string,
    })
    await bus.emit('test', Kept, { number: -1 })
    await until(() => handled.at(-1) === -1)
    expect(handled).toEqual([...kept, -1])
    expect(infrastructure.health().journal.status).toBe('healthy')
    await infrastructure.close()
  })
})
