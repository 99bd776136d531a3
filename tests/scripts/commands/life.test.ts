// starting and stopping: what a person is told when LOTUS is up, when it is not, and when it cannot be.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processStart } from '../../../nucleus/process/process-start.ts'
import { startFakeLotus } from './fake-lotus.ts'
import { lastJson, runLotus } from './run-lotus.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-life-'))
  mkdirSync(join(home, 'run'))
})
afterEach(() => {
  chmodSync(home, 0o700)
  rmSync(home, { recursive: true, force: true })
})

function writeRecord(pid: number, start: string | undefined): void {
  writeFileSync(join(home, 'run', 'nucleus.pid'), JSON.stringify({ pid, start }))
  writeFileSync(
    join(home, 'run', 'nucleus.json'),
    JSON.stringify({ pid, url: 'http://127.0.0.1:9', status: 'healthy', version: '0.1.0' }),
  )
}

describe('status', () => {
  it('is 3 where nothing runs', async () => {
    expect(await runLotus(['status'], { home })).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('is not running') as string,
    })
    expect(lastJson(await runLotus(['status', '--json'], { home }))).toEqual({ running: false, crashed: false })
  })

  it('tells a crash from an end', async () => {
    writeRecord(4_000_000, undefined)
    expect(await runLotus(['status'], { home })).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('was killed or crashed') as string,
    })
  })

  it('does not take another process with the same number for LOTUS', async () => {
    writeRecord(process.pid, '1')
    expect((await runLotus(['status'], { home })).code).toBe(3)
  })

  it('is 6 where it runs without its HTTP interface', async () => {
    writeRecord(process.pid, processStart(process.pid))
    writeFileSync(
      join(home, 'run', 'nucleus.json'),
      JSON.stringify({ pid: process.pid, url: '', osd_socket: '', status: 'degraded' }),
    )
    const ended = await runLotus(['status'], { home })
    expect(ended).toMatchObject({ code: 6, stderr: expect.stringContaining('its HTTP interface is not up') as string })
    expect((await runLotus(['run', 'x'], { home, environment: { LOTUS_HTTP_TOKEN: 'x' } })).code).toBe(6)
  })

  it('is 6 where it runs and does not answer', async () => {
    writeRecord(process.pid, processStart(process.pid))
    expect(await runLotus(['status'], { home })).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('does not answer') as string,
    })
  })
})

describe('start', () => {
  it('where it runs already says so and is done', async () => {
    const fake = await startFakeLotus({ 'GET /health': () => ({ status: 'healthy', modules: {}, infrastructure: {} }) })
    const ended = await runLotus(['start'], { home: fake.home })
    await fake.close()
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stdout).toMatch(/^LOTUS 0\.1\.0 is already running, healthy: http:/)
  })

  it('that fails tells the reason of the nucleus, once, with what to do, and is 6', async () => {
    const ended = await runLotus(['start'], { home, environment: { LOTUS_HTTP_PORT: 'many', LOTUS_ROEL: 'x' } })
    expect(ended.code).toBe(6)
    expect(ended.stderr).toContain("LOTUS_HTTP_PORT 'many' must be a port")
    expect(ended.stderr).toContain('LOTUS_ROEL is not a setting (environment): did you mean LOTUS_ROLE?')
    expect(ended.stderr).not.toMatch(/^\s+at /m)
    expect(ended.stdout).toBe('')
  })

  it('in a folder that cannot be made ends, with which', async () => {
    const ended = await runLotus(['start'], { home, environment: { LOTUS_HOME: '/proc/nowhere/lotus' } })
    expect(ended).toMatchObject({ code: 6, stderr: expect.stringContaining('/proc/nowhere') as string })
  })

  it.skipIf(process.getuid?.() === 0)('in a folder that cannot be written says which', async () => {
    chmodSync(home, 0o500)
    const ended = await runLotus(['start'], { home })
    expect(ended).toMatchObject({ code: 6, stderr: expect.stringContaining(home) as string })
  })
})

describe('foreground', () => {
  it('becomes the nucleus, whose own message is the last word', async () => {
    const ended = await runLotus(['foreground'], { home, environment: { LOTUS_HTTP_PORT: 'many' } })
    expect(ended.code).toBe(6)
    expect(ended.stderr).toMatch(/^lotus: can’t start: settings that cannot be used/)
  })

  it('does not begin where LOTUS runs', async () => {
    writeRecord(process.pid, processStart(process.pid))
    const ended = await runLotus(['foreground'], { home })
    expect(ended).toMatchObject({ code: 6, stderr: expect.stringContaining('lotus stop') as string })
  })
})

describe('stop', () => {
  it('where nothing runs is done already', async () => {
    expect(await runLotus(['stop'], { home })).toMatchObject({ code: 0, stdout: 'LOTUS is not running\n' })
  })

  it('asks the process to end and tells what it did since its start', async () => {
    const script = 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000); console.log("up")'
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    writeRecord(child.pid!, processStart(child.pid!))
    const report = {
      pid: child.pid,
      uptime_ms: 61_000,
      modules: { reasoning: { goals: { completed: 3 }, cost_usd: 0.25 } },
    }
    writeFileSync(join(home, 'run', 'last-stop.json'), JSON.stringify(report))
    const ended = await runLotus(['stop'], { home })
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stdout).toMatch(
      /^LOTUS has stopped \(\d+ ms\)\nsince the start, 1 min ago:\n {2}reasoning {2}goals \(completed 3\), cost \$0\.25\n$/,
    )
    expect(child.exitCode).toBe(0)
  })
})

describe('a word that needs no LOTUS', () => {
  it('works without one', async () => {
    const codes = [
      (await runLotus(['version'], { home })).code,
      (await runLotus(['help'], { home })).code,
      (await runLotus(['config'], { home })).code,
      (await runLotus(['logs'], { home })).code,
      (await runLotus(['audit', 'verify'], { home })).code,
      (await runLotus(['audit', 'show'], { home })).code,
    ]
    expect(codes).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('health is none of them', async () => {
    expect(await runLotus(['health'], { home })).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('lotus start') as string,
    })
  })
})
