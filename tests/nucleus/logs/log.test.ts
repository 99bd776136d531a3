// the log: what a line carries, what it never shows, where it goes and how files are rotated.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTraceId, createTraceparent } from '../../../nucleus/identifiers.ts'
import { openLog } from '../../../nucleus/logs/log.ts'
import { runInTrace } from '../../../nucleus/trace.ts'

type Line = Record<string, unknown>

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-log-'))
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

function readLines(name = 'lotus.log'): Line[] {
  const text = readFileSync(join(home, 'logs', name), 'utf8').trim()
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Line)
}

async function logTo(
  work: (log: Awaited<ReturnType<typeof openLog>>) => void,
  secrets: string[] = [],
): Promise<Line[]> {
  const opened = await openLog({ level: 'info', home, destination: 'file', secrets })
  work(opened)
  await opened.close()
  return readLines()
}

describe('a line', () => {
  it('has time, level, process, module, generation and message', async () => {
    const [line] = await logTo(({ log }) => log.child({ module: 'memory', generation: 2 }).info({ notes: 3 }, 'ready'))
    expect(Date.parse(String(line!['time']))).toBeGreaterThan(Date.now() - 60_000)
    expect(line).toMatchObject({
      level: 'info',
      pid: process.pid,
      module: 'memory',
      generation: 2,
      notes: 3,
      msg: 'ready',
    })
  })

  it('carries the trace, flow and agent that it was logged in', async () => {
    const traceId = createTraceId()
    const [inside, outside] = await logTo(({ log }) => {
      runInTrace({ traceparent: createTraceparent(traceId), flow: 'f1', agent: 'a1' }, () => log.info('inside'))
      log.info('outside')
    })
    expect(inside).toMatchObject({ trace_id: traceId, flow: 'f1', agent: 'a1' })
    expect(outside).not.toHaveProperty('trace_id')
  })

  it('keeps code, fix and the chain of causes of an error, and nothing else of it', async () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const error = Object.assign(new Error('no store', { cause }), { code: 'STORE_DOWN', fix: 'start it', request: 'x' })
    const [line] = await logTo(({ log }) => log.error({ err: error }, 'failed'))
    expect(line!['err']).toMatchObject({
      type: 'Error',
      message: 'no store',
      code: 'STORE_DOWN',
      fix: 'start it',
      cause: { message: 'refused', code: 'ECONNREFUSED' },
    })
    expect(line!['err']).not.toHaveProperty('request')
  })
})

describe('secrets', () => {
  it('are replaced by the names of their fields, at any depth and in bindings', async () => {
    const [line] = await logTo(({ log }) =>
      log.child({ apiKey: 'k' }).info({
        token: 't',
        accessToken: 't',
        headers: { Authorization: 'x', 'set-cookie': ['c'] },
        list: [{ password: 'p', name: 'anna' }],
      }),
    )
    expect(line).toMatchObject({
      apiKey: '[redacted]',
      token: '[redacted]',
      accessToken: '[redacted]',
      headers: { Authorization: '[redacted]', 'set-cookie': '[redacted]' },
      list: [{ password: '[redacted]', name: 'anna' }],
    })
  })

  it('are told from counts of tokens', async () => {
    const [line] = await logTo(({ log }) => log.info({ inputTokens: 12, tokens: 3 }))
    expect(line).toMatchObject({ inputTokens: 12, tokens: 3 })
  })

  it('are replaced by value wherever they appear, also escaped and in stacks', async () => {
    const secret = 'pa"ss/word-1234'
    const lines = await logTo(
      ({ log }) => {
        log.info(`the value is ${secret}`)
        log.error({ err: new Error(`bad ${secret}`) })
        log.info({ url: `http://h/?k=${encodeURIComponent(secret)}` })
      },
      [secret],
    )
    expect(JSON.stringify(lines)).not.toContain('word-1234')
    expect(lines).toHaveLength(3)
  })

  it('are recognised by their shape', async () => {
    const [line] = await logTo(({ log }) =>
      log.info('sent Bearer abcdefghijklmnopqrstuvwx to redis://user:hunter2@host with sk-ant-api03-AAAAAAAAAAAAAAAA'),
    )
    expect(line!['msg']).toBe('sent Bearer [redacted] to redis://[redacted]@host with [redacted]')
  })
})

describe('the level', () => {
  it('is changed while running, for children too', async () => {
    const lines = await logTo(({ log, setLevel }) => {
      const child = log.child({ module: 'memory' }).child({ part: 'x' })
      child.debug('unseen')
      setLevel('debug')
      child.debug('seen')
      log.debug('seen as well')
      setLevel('silent')
      log.fatal('unseen again')
    })
    expect(lines.map((line) => line['msg'])).toEqual(['seen', 'seen as well'])
  })
})

describe('files', () => {
  it('are rotated by size, a bounded number of them, without losing a line', async () => {
    const opened = await openLog({ level: 'info', home, destination: 'file', fileBytes: 2000, files: 50 })
    for (let number = 0; number < 100; number += 1) {
      opened.log.info({ number, padding: 'x'.repeat(50) })
      await opened.flush()
    }
    await opened.close()
    const names = readdirSync(join(home, 'logs')).sort()
    const numbers = names.flatMap((name) => readLines(name).map((line) => line['number'] as number))
    expect(names.length).toBeGreaterThan(5)
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index))
    const full = names.filter((name) => name !== 'lotus.log').map((name) => statSync(join(home, 'logs', name)).size)
    expect(Math.max(...full)).toBeLessThan(2400)
    expect(Math.min(...full)).toBeGreaterThanOrEqual(2000)
  })

  it('take a burst in order, also when it ends in a synchronous flush', async () => {
    const opened = await openLog({ level: 'info', home, destination: 'file' })
    for (let number = 0; number < 5000; number += 1) opened.log.info({ number, padding: 'x'.repeat(100) })
    await opened.flush()
    opened.log.info({ number: 5000 })
    opened.flushSync()
    await opened.close()
    expect(readLines().map((line) => line['number'])).toEqual(Array.from({ length: 5001 }, (_, index) => index))
  })

  it('drop the oldest beyond their number', async () => {
    const opened = await openLog({ level: 'info', home, destination: 'file', fileBytes: 500, files: 2 })
    for (let number = 0; number < 31; number += 1) {
      opened.log.info({ number })
      await opened.flush()
    }
    await opened.close()
    expect(readdirSync(join(home, 'logs')).sort()).toEqual(['lotus.1.log', 'lotus.2.log', 'lotus.log'])
  })

  it('are readable for their owner only', async () => {
    await logTo(({ log }) => log.info('x'))
    expect(statSync(join(home, 'logs', 'lotus.log')).mode & 0o777).toBe(0o600)
    expect(statSync(join(home, 'logs')).mode & 0o777).toBe(0o700)
  })

  it('that cannot be made are one error with a fix', async () => {
    writeFileSync(join(home, 'logs'), 'a file where the folder should be')
    await expect(openLog({ level: 'info', home, destination: 'file' })).rejects.toMatchObject({
      code: 'LOG_UNWRITABLE',
      fix: expect.stringContaining('LOTUS_HOME') as string,
    })
  })
})
