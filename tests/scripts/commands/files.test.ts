// the commands that read files only: config, logs and doctor.
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assertSafeBind } from '../../../modules/gateway/access/safe-bind.ts'
import { toErrorData } from '../../../nucleus/errors.ts'
import { checks } from '../../../scripts/client/checks/all.ts'
import { lastJson, runLotus } from './run-lotus.ts'
import type { Ended } from './run-lotus.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotus-files-'))
  chmodSync(home, 0o750)
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

const lotus = async (args: string[], environment: Record<string, string> = {}): Promise<Ended> =>
  await runLotus(args, { home, environment })

describe('config', () => {
  it('shows each value with where it came from', async () => {
    writeFileSync(join(home, 'config.json'), '{"core": {"httpPort": 9001}}')
    const { stdout } = await lotus(['config', 'show', 'core'], { LOTUS_LOG_LEVEL: 'debug' })
    expect(stdout).toMatch(/^core\.httpPort +9001 +~\/config\.json:1 +LOTUS_HTTP_PORT$/m)
    expect(stdout).toMatch(/^core\.logLevel +debug +environment +LOTUS_LOG_LEVEL$/m)
    expect(stdout).toMatch(/^core\.role +nucleus +default +LOTUS_ROLE$/m)
  })

  it('never shows a secret', async () => {
    const environment = { OPENAI_API_KEY: 'sk-very-secret-value' }
    const shown = await lotus(['config', 'show'], environment)
    const got = await lotus(['config', 'get', 'OPENAI_API_KEY', '--json'], environment)
    expect(`${shown.stdout}${got.stdout}`).not.toContain('very-secret')
    expect(lastJson(got)).toMatchObject({ name: 'core.openaiApiKey', value: '(hidden)', place: 'environment' })
  })

  it('gets one by its name or its variable', async () => {
    expect((await lotus(['config', 'get', 'core.httpPort'])).stdout).toBe('8000\n')
    expect((await lotus(['config', 'get', 'LOTUS_HTTP_PORT'], { LOTUS_HTTP_PORT: '9' })).stdout).toBe('9\n')
    expect(await lotus(['config', 'get', 'httpport'])).toMatchObject({ code: 1 })
    expect((await lotus(['config', 'get', 'core.httpPrt'])).stderr).toContain('did you mean core.httpPort?')
  })

  it('checks all at once and ends with 1', async () => {
    const ended = await lotus(['config', 'check'], { LOTUS_HTTP_PORT: 'x', LOTUS_ROEL: 'worker' })
    expect(ended.code).toBe(1)
    expect(ended.stdout.trim().split('\n')).toHaveLength(2)
    expect(await lotus(['config', 'check'])).toMatchObject({ code: 0 })
  })

  it('checks what the start refuses, in the words of the start', async () => {
    const weak = { LOTUS_HTTP_HOST: '0.0.0.0', LOTUS_HTTP_TOKEN: 'short' }
    const refusal = await assertSafeBind({ host: '0.0.0.0', httpToken: 'short' }).then(() => undefined, toErrorData)
    const ended = await lotus(['config', 'check'], weak)
    expect(ended.code).toBe(1)
    expect(ended.stdout).toBe(
      `LOTUS_HTTP_HOST is refused at the start: ${refusal?.message} (environment): ${refusal?.fix}\n`,
    )
    expect(lastJson(await lotus(['config', 'check', '--json'], weak))).toMatchObject({
      ok: false,
      problems: [{ name: 'LOTUS_HTTP_HOST', place: 'environment' }],
    })
    const strong = { LOTUS_HTTP_HOST: '0.0.0.0', LOTUS_HTTP_TOKEN: randomBytes(32).toString('hex') }
    expect(await lotus(['config', 'check'], strong)).toMatchObject({ code: 0 })
  })

  it('names the files, the weakest first', async () => {
    const { files } = lastJson(await lotus(['config', 'path', '--json'])) as { files: string[] }
    expect(files.slice(-1)).toEqual([join(home, '.env')])
    expect(files[0]).toMatch(/config\/default\.json$/)
  })
})

const line = (fields: Record<string, unknown>): string =>
  `${JSON.stringify({ level: 'info', time: '2026-11-21T03:00:00.000Z', pid: 1, ...fields })}\n`

describe('logs', () => {
  beforeEach(() => {
    mkdirSync(join(home, 'logs'))
    writeFileSync(
      join(home, 'logs', 'lotus.1.log'),
      line({ msg: 'one' }) + line({ level: 'warn', module: 'memory', msg: 'two' }),
    )
    writeFileSync(
      join(home, 'logs', 'lotus.log'),
      line({ level: 'error', module: 'gateway', msg: 'three\u001b[2J', err: { message: 'broke', code: 'X' } }) +
        line({ msg: 'four', n: 1 }),
    )
  })

  it('are printed over rotated files, the last ones, for people', async () => {
    const { stdout } = await lotus(['logs', '-n', '3'])
    expect(stdout).toBe(
      '2026-11-21 03:00:00.000 WARN  memory: two\n' +
        '2026-11-21 03:00:00.000 ERROR gateway: three\\u001b[2J X broke\n' +
        '2026-11-21 03:00:00.000 INFO  four {"n":1}\n',
    )
  })

  it('are filtered by level and module before they are counted', async () => {
    expect((await lotus(['logs', '-n', '1', '--level', 'warn'])).stdout).toContain('three')
    expect((await lotus(['logs', '-n', '1', '--module', 'memory'])).stdout).toContain('two')
    expect((await lotus(['logs', '--level', 'eror'])).stderr).toContain('did you mean --level error?')
  })

  it('of one module are those that `lotus module logs` shows', async () => {
    const own = await lotus(['module', 'logs', 'memory', '--json'])
    expect(own.stdout).toBe(line({ level: 'warn', module: 'memory', msg: 'two' }))
    const unknown = await lotus(['module', 'logs', 'memroy'])
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('did you mean memory?')])
  })

  it('are the lines as they are with --json', async () => {
    expect((await lotus(['logs', '--json', '-m', 'memory'])).stdout).toBe(
      line({ level: 'warn', module: 'memory', msg: 'two' }),
    )
  })

  it('are followed, also when the file is rotated', async () => {
    const current = join(home, 'logs', 'lotus.log')
    let step = 0
    const ended = await runLotus(['logs', '-f', '-n', '1'], {
      home,
      onOutput: (stdout, child) => {
        if (step === 0 && stdout.includes('four')) {
          step = 1
          appendFileSync(current, line({ msg: 'five' }))
        } else if (step === 1 && stdout.includes('five')) {
          step = 2
          appendFileSync(current, line({ msg: 'six' }))
          renameSync(current, join(home, 'logs', 'lotus.1.log'))
          writeFileSync(current, line({ msg: 'seven' }))
        } else if (step === 2 && stdout.includes('seven')) {
          step = 3
          child.kill('SIGINT')
        }
      },
    })
    const said = ended.stdout.match(/four|five|six|seven/g)
    expect(said).toEqual(['four', 'five', 'six', 'seven'])
    expect(ended.code).toBe(0)
  })

  it('say so where there are none', async () => {
    rmSync(join(home, 'logs'), { recursive: true })
    expect(await lotus(['logs'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('was not started') as string,
    })
  })
})

describe('doctor', () => {
  const findingsOf = (ended: Ended) =>
    lastJson(ended)['findings'] as { id: string; severity: string; text: string; fix?: string }[]

  it('finds nothing bad on a machine where LOTUS was never started', async () => {
    const ended = await lotus(['doctor', '--json'], { LOTUS_HTTP_PORT: '0' })
    const findings = findingsOf(ended)
    expect(findings.filter(({ severity }) => severity === 'bad')).toEqual([])
    expect(ended.code).toBe(0)
    // every check has said something
    expect([...new Set(findings.map(({ id }) => id.split('.')[0]))]).toEqual(Object.keys(checks))
  })

  it('gives a fix with everything that is not good', async () => {
    const findings = findingsOf(await lotus(['doctor', '--json']))
    expect(findings.filter(({ severity, fix }) => (severity === 'good') !== (fix === undefined))).toEqual([])
  })

  it('shows a person what is wrong, with what to do, and that --fix could do it', async () => {
    writeFileSync(join(home, 'token'), 'abc', { mode: 0o644 })
    chmodSync(join(home, 'token'), 0o644)
    const ended = await lotus(['doctor'], { LOTUS_HTTP_PORT: '0' })
    expect(ended.code).toBe(1)
    expect(ended.stdout).toMatch(/^bad +token\.mode +others may read .*token$/m)
    expect(ended.stdout).toContain('`lotus doctor --fix` mends one of these')
    const fixed = await lotus(['doctor', '--fix'], { LOTUS_HTTP_PORT: '0' })
    expect(fixed.code).toBe(0)
    expect(fixed.stdout).toMatch(/^done +token\.mode .*has mode 600$/m)
  })

  it('finds a token that others can read, a broken database and a taken port, all at once', async () => {
    writeFileSync(join(home, 'token'), 'abc', { mode: 0o644 })
    chmodSync(join(home, 'token'), 0o644)
    mkdirSync(join(home, 'data'), { mode: 0o700 })
    const whole = new Database(join(home, 'data', 'store.db'))
    whole.exec('create table a (b)')
    whole.close()
    writeFileSync(join(home, 'data', 'vectors.db'), 'not a database, but long enough to be looked at'.repeat(100))
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const port = String((taken.address() as AddressInfo).port)
    const ended = await lotus(['doctor', '--json'], { LOTUS_HTTP_PORT: port })
    await new Promise((resolve) => taken.close(resolve))
    const bad = findingsOf(ended).filter(({ severity }) => severity === 'bad')
    expect(ended.code).toBe(1)
    expect(bad.map(({ id }) => id)).toEqual(['token.mode', 'port.taken', 'database.damaged'])
  })

  it('finds settings that cannot be used', async () => {
    const bad = findingsOf(await lotus(['doctor', '--json'], { LOTUS_ROEL: 'x' })).filter(
      ({ severity }) => severity === 'bad',
    )
    expect(bad).toEqual([
      {
        id: 'settings.valid',
        severity: 'bad',
        text: 'LOTUS_ROEL is not a setting (environment)',
        fix: 'did you mean LOTUS_ROLE?',
        fixable: false,
      },
    ])
  })
})
