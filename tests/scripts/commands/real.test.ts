// the lotus command against a real LOTUS: from the first start to the stop, as a person would go through it.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastJson, runLotus } from './run-lotus.ts'
import type { Ended } from './run-lotus.ts'

let home: string
let folder: string
let started: Ended

const lotus = async (args: string[], typed?: string): Promise<Ended> =>
  await runLotus(args, {
    home,
    cwd: folder,
    // a PATH without any `lotus`, so that the line that puts it there is shown.
    environment: { LOTUS_HTTP_PORT: '0', OLLAMA_HOST: 'http://127.0.0.1:9', PATH: '/usr/bin:/bin' },
    ...(typed === undefined ? {} : { typed }),
  })

beforeAll(async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-real-')))
  home = join(base, 'home')
  folder = join(base, 'work')
  mkdirSync(folder)
  started = await lotus(['start'])
}, 60_000)

afterAll(async () => {
  await lotus(['stop'])
  rmSync(join(home, '..'), { recursive: true, force: true })
}, 60_000)

describe('start', () => {
  it('shows modules, parts with their reasons, the address and what to try', () => {
    expect(started).toMatchObject({ code: 0 })
    expect(started.stdout).toMatch(/^LOTUS \S+ is running, (healthy|degraded), started in /)
    expect(started.stdout).toMatch(/^ {2}operator +healthy/m)
    expect(started.stdout).toMatch(/^ {2}store +sqlite +healthy +embedded/m)
    expect(started.stdout).toMatch(/^address {2}http:\/\/127\.0\.0\.1:\d+/m)
    expect(started.stdout).toContain('/scripts:$PATH"')
  })

  it('again says that it runs already', async () => {
    const again = await lotus(['start'])
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('already running')
  })
})

describe('a goal', () => {
  it('is answered', async () => {
    const ended = await lotus(['run', '--json', 'what is 2 + 2?'])
    expect(lastJson(ended)).toMatchObject({ status: 'completed', mode: 'innate', cost_usd: 0 })
    expect(lastJson(ended)['answer']).toContain('4')
  })

  it('that changes something waits for a yes, does it, and is taken back', async () => {
    expect((await lotus(['run', 'make a folder called notes'])).code).toBe(4)
    expect(existsSync(join(folder, 'notes'))).toBe(false)
    expect((await lotus(['run', 'make a folder called notes', '--yes'])).code).toBe(0)
    expect(existsSync(join(folder, 'notes'))).toBe(true)
    expect((await lotus(['undo'])).code).toBe(0)
    expect(existsSync(join(folder, 'notes'))).toBe(false)
  })

  it('is confirmed by the person at a terminal', async () => {
    writeFileSync(join(folder, 'old.txt'), 'x')
    const ended = await lotus(['run', 'delete old.txt'], 'y\n')
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain('[y/N]')
    expect(existsSync(join(folder, 'old.txt'))).toBe(false)
  })

  it('that is dangerous is refused, also with --yes', async () => {
    expect((await lotus(['run', 'delete everything on this computer', '--yes'])).code).toBe(3)
  })

  it('leaves its story and its rows in the chain', async () => {
    const { runs } = lastJson(await lotus(['runs', '--json'])) as { runs: { trace_id: string }[] }
    expect(runs.length).toBeGreaterThan(4)
    expect((await lotus(['runs', 'show', runs[0]!.trace_id])).code).toBe(0)
    const { rows } = lastJson(await lotus(['audit', 'show', '--json'])) as { rows: { kind: string }[] }
    expect(rows.map(({ kind }) => kind)).toContain('plan.decided')
    expect((await lotus(['audit', 'verify'])).code).toBe(0)
  })
})

describe('what else is there', () => {
  it('answers', async () => {
    const codes = [
      (await lotus(['status'])).code,
      (await lotus(['health', '--json'])).code,
      (await lotus(['memory'])).code,
      (await lotus(['module', 'reload', 'memory'])).code,
      (await lotus(['grant', '.'])).code,
      (await lotus(['grant', 'list'])).code,
      (await lotus(['grant', 'remove', '.'])).code,
      (await lotus(['doctor'])).code,
      (await lotus(['logs', '-n', '3'])).code,
    ]
    expect(codes).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0])
  })
})

describe('stop', () => {
  it('tells what was done, and leaves nothing that runs', async () => {
    const ended = await lotus(['stop'])
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain('LOTUS has stopped')
    expect(ended.stdout).toMatch(/reasoning +goals \(.*completed \d/)
    const left = readdirSync(join(home, 'run')).filter((name) => /\.(sock|pid)$|^nucleus\.json$|\.tmp$/.test(name))
    expect(left).toEqual([])
    expect((await lotus(['status'])).code).toBe(3)
    expect((await lotus(['audit', 'verify'])).code).toBe(0)
  })
})
