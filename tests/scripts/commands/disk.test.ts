// lotus disk: what takes room and when it goes, and a purge that says what it means, asks, and removes just that.
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from '../../support/private-lotus.ts'
import type { Ended } from '../../support/run-command.ts'

const limitMs = 120_000
let own: PrivateLotus
beforeAll(async () => {
  own = createPrivateLotus()
  await own.start()
  writeFileSync(join(own.folder, 'old.txt'), 'x'.repeat(5_000))
  await own.goal('delete old.txt')
  await own.goal('create a file called new.txt with the text "x"')
  await own.goal('what is 2 + 2?')
}, limitMs)
afterAll(async () => {
  await own.stop()
  await own.dispose()
}, limitMs)

interface Part {
  readonly what: string
  readonly bytes: number
  readonly count?: number
  readonly next_removal_at?: string
  readonly rule: string
}

async function parts(): Promise<Readonly<Record<string, Part>>> {
  const { stdout, code } = await own.lotus(['disk', '--json'])
  expect(code).toBe(0)
  return Object.fromEntries((JSON.parse(stdout) as { parts: Part[] }).parts.map((part) => [part.what, part]))
}

const json = ({ stdout }: Ended): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>

describe('lotus disk', () => {
  it('says what each part takes, and when the oldest of it goes by itself', { timeout: limitMs }, async () => {
    const found = await parts()
    expect(Object.keys(found)).toEqual(
      expect.arrayContaining(['trash', 'undo', 'runs', 'store', 'journal', 'logs', 'audit', 'cache']),
    )
    expect(found['trash']).toMatchObject({ count: 1 })
    expect(found['undo']).toMatchObject({ count: 2 })
    expect(found['runs']).toMatchObject({ count: 3 })
    const days = (Date.parse(found['trash']!.next_removal_at!) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(30)
    expect((await own.lotus(['disk'])).stdout).toMatch(/^trash +[\d.]+ KiB +1 plans +2\.0 GiB, 500 plans, 30 d /m)
  })

  it('says it before anything is removed for being too much', { timeout: limitMs }, async () => {
    writeFileSync(join(own.home, 'config.json'), JSON.stringify({ operator: { undoPlans: 1 } }))
    const { stdout } = await own.lotus(['disk'])
    const doctor = await own.lotus(['doctor', '--json'])
    writeFileSync(join(own.home, 'config.json'), '{}')
    expect(stdout).toContain('more than its limit; what is younger than 1 d is kept all the same')
    const { findings } = json(doctor) as { findings: { id: string; severity: string; command?: string }[] }
    expect(findings.find(({ id }) => id === 'disk.kept')).toMatchObject({ severity: 'note' })
  })

  it('works where LOTUS does not run and never has', { timeout: limitMs }, async () => {
    const ended = await own.lotus(['disk', '--json'], { environment: { LOTUS_HOME: join(own.base, 'nowhere') } })
    expect(ended.code).toBe(0)
    expect(json(ended)['total_bytes']).toBe(0)
    expect(existsSync(join(own.base, 'nowhere'))).toBe(false)
  })
})

describe('lotus disk purge', () => {
  const trash = (): string[] => readdirSync(join(own.home, 'trash'))

  it(
    'removes nothing where it is only asked, is not answered, or there is nothing so old',
    { timeout: limitMs },
    async () => {
      const dry = await own.lotus(['disk', 'purge', 'trash', '--dry-run', '--json'])
      expect(json(dry)).toMatchObject({ what: 'trash', count: 1, bytes: 5_000, removed: false })
      const unasked = await own.lotus(['disk', 'purge', 'trash'])
      expect(unasked.code).toBe(4)
      const young = await own.lotus(['disk', 'purge', 'trash', '--older-than', '1h', '--yes'])
      expect(young.stdout).toContain('nothing of trash is to be removed')
      expect(trash()).toHaveLength(1)
    },
  )

  it('asks at a terminal, and a no is a no', { timeout: limitMs }, async () => {
    const shown = { text: '' }
    const ended = await own.lotus(['disk', 'purge', 'trash'], {
      terminal: (text) => {
        const asks = text.includes('[y/N]') && !shown.text.includes('[y/N]')
        shown.text = text
        return asks ? 'n\n' : undefined
      },
    })
    expect(ended.code).toBe(4)
    expect(shown.text).toContain('is gone for good')
    expect(trash()).toHaveLength(1)
  })

  it('removes the trash and leaves everything else', { timeout: limitMs }, async () => {
    const ended = await own.lotus(['disk', 'purge', 'trash', '--yes', '--json'])
    expect(json(ended)).toMatchObject({ count: 1, bytes: 5_000, removed: true })
    expect(trash()).toEqual([])
    expect((await parts())['undo']).toMatchObject({ count: 1 })
    // what was made can still be taken back
    expect((await own.lotus(['undo'])).code).toBe(0)
    const { stdout } = await own.lotus(['audit', 'show', '-n', '20', '--json'])
    expect(stdout).toContain('keeping.purged')
    expect((await own.lotus(['audit', 'verify'])).code).toBe(0)
  })

  it('removes runs, handled events, rotated logs and what is made anew', { timeout: limitMs }, async () => {
    const logs = join(own.home, 'logs')
    writeFileSync(join(logs, 'lotus.1.log'), 'x\n')
    const old = new Date(Date.now() - 10 * 86_400_000)
    utimesSync(join(logs, 'lotus.1.log'), old, old)
    mkdirSync(join(own.home, 'data', 'damaged', 'x'), { recursive: true })
    writeFileSync(join(own.home, 'data', 'damaged', 'x', 'store.db'), 'x')
    for (const what of ['runs', 'journal', 'damaged', 'cache']) {
      const ended = await own.lotus(['disk', 'purge', what, '--yes', '--json'])
      expect([what, ended.code, json(ended)['removed']]).toEqual([what, 0, true])
    }
    const removed = await own.lotus(['disk', 'purge', 'logs', '--older-than', '9d', '--yes', '--json'])
    expect(json(removed)).toMatchObject({ count: 1, removed: true })
    const after = await parts()
    expect(after['runs']).toMatchObject({ count: 0 })
    expect(after['damaged']).toBeUndefined()
    expect(existsSync(join(logs, 'lotus.log'))).toBe(true)
    expect((await own.goal('what is 3 + 3?')).status).toBe('completed')
    expect((await own.lotus(['doctor'])).code).toBe(0)
  })

  it('knows nothing of a person’s to remove', { timeout: limitMs }, async () => {
    for (const what of ['store', 'audit', 'workspace', 'notes', '__proto__']) {
      expect([what, (await own.lotus(['disk', 'purge', what, '--yes'])).code]).toEqual([what, 2])
    }
    expect((await own.lotus(['disk', 'purge', 'trash', '--older-than', 'long'])).code).toBe(2)
  })
})
