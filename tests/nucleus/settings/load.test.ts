// settings: the order of their sources, and what a person is told when something is wrong.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { core } from '../../../nucleus/settings/core.ts'
import { loadSettings } from '../../../nucleus/settings/load.ts'
import type { SettingProblem } from '../../../nucleus/settings/problems.ts'
import { defineSettings } from '../../../nucleus/settings/schema.ts'

const memory = defineSettings({
  workingTtlMs: { doc: 'x', format: 'duration', default: 60_000, env: 'LOTUS_MEMORY_WORKING_TTL', min: 1000 },
  noteBytes: { doc: 'x', format: 'size', default: 1024 },
  engine: { doc: 'x', format: ['lexical', 'vector'], default: 'lexical' },
  key: { doc: 'x', format: 'string', default: '', env: 'MEMORY_KEY', sensitive: true },
  folder: { doc: 'x', format: 'path', default: '' },
  eager: { doc: 'x', format: 'boolean', default: false },
})

let root: string
let home: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lotus-settings-'))
  home = join(root, 'home')
  mkdirSync(join(root, 'config'))
  mkdirSync(home)
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function load(environment: Record<string, string> = {}) {
  return loadSettings({ root, environment: { HOME: root, LOTUS_HOME: home, ...environment }, schemas: { memory } })
}

function problemsOf(environment: Record<string, string> = {}): readonly SettingProblem[] {
  try {
    load(environment)
  } catch (error) {
    expect(error).toMatchObject({ code: 'SETTINGS_INVALID' })
    return (error as { problems: readonly SettingProblem[] }).problems
  }
  return []
}

function write(path: string, content: unknown): void {
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
}

describe('the order of sources', () => {
  it('is defaults < config/*.json < home/config.json < .env < home/.env < environment', () => {
    const seen: number[] = []
    const note = (environment: Record<string, string> = {}): number => seen.push(load(environment).core.httpPort)
    note()
    write('config/default.json', { core: { httpPort: 1 } })
    note()
    write('config/a-team.json', { core: { httpPort: 2 } })
    note()
    write('home/config.json', { core: { httpPort: 3 } })
    note()
    write('.env', 'LOTUS_HTTP_PORT=4')
    note()
    write('home/.env', 'LOTUS_HTTP_PORT=5')
    note()
    note({ LOTUS_HTTP_PORT: '6' })
    expect(seen).toEqual([8000, 1, 2, 3, 4, 5, 6])
  })

  it('is remembered for each value', () => {
    write('config/default.json', '{\n  "memory": {\n    "engine": "vector"\n  }\n}')
    write('home/.env', '\nLOTUS_HTTP_PORT=5\n')
    const { entries } = load({ LOTUS_LOG_LEVEL: 'debug' })
    const place = (name: string): string | undefined => entries.find((entry) => entry.name === name)?.place
    expect(place('engine')).toBe('config/default.json:3')
    expect(place('httpPort')).toBe('~/home/.env:2')
    expect(place('logLevel')).toBe('environment')
    expect(place('role')).toBe('default')
  })

  it('leaves published schemas beside the settings alone', () => {
    write('config/manifest.schema.json', { type: 'object' })
    expect(problemsOf()).toEqual([])
  })

  it('takes an empty variable as not set', () => {
    write('.env', 'LOTUS_HTTP_PORT=4')
    expect(load({ LOTUS_HTTP_PORT: '' }).core.httpPort).toBe(4)
  })

  it('takes an older name, and the newer one where both are set', () => {
    expect(load({ LLMOS_MIN_PATTERN_COUNT: '4' }).core.minPatternCount).toBe(4)
    expect(load({ LOTUS_MIN_PATTERN_COUNT: '5', LLMOS_MIN_PATTERN_COUNT: '4' }).core.minPatternCount).toBe(5)
    expect(load({ LLMOS_MIN_PATTERN_COUNT: '4', LOTUS_MIN_PATTERN_COUNT: '5' }).core.minPatternCount).toBe(5)
  })
})

describe('values', () => {
  it('are typed by their declaration', () => {
    const settings = load()
    expectTypeOf(settings.of('memory').engine).toEqualTypeOf<'lexical' | 'vector'>()
    expectTypeOf(settings.of('memory').workingTtlMs).toEqualTypeOf<number>()
    expectTypeOf(settings.core.journalDurability).toEqualTypeOf<'normal' | 'strict'>()
    expect(settings.of('memory')).toEqual({
      workingTtlMs: 60_000,
      noteBytes: 1024,
      engine: 'lexical',
      key: '',
      folder: '',
      eager: false,
    })
  })

  it('are read from units, words and home-relative paths', () => {
    write('home/config.json', { memory: { noteBytes: '10MB', folder: 'notes', eager: 'yes' } })
    expect(load({ LOTUS_MEMORY_WORKING_TTL: '5m', LOTUS_VOLUMES_PATH: '~/volumes' })).toMatchObject({
      core: { volumesPath: join(root, 'volumes') },
    })
    expect(load({ LOTUS_MEMORY_WORKING_TTL: '5m' }).of('memory')).toMatchObject({
      workingTtlMs: 300_000,
      noteBytes: 10_000_000,
      folder: join(home, 'notes'),
      eager: true,
    })
  })

  it('that two declare by reference are one value, set in either place', () => {
    const gateway = defineSettings({ httpPort: core.httpPort })
    write('home/config.json', { gateway: { httpPort: 9000 } })
    const settings = loadSettings({ root, environment: { LOTUS_HOME: home }, schemas: { gateway, memory } })
    expect([settings.core.httpPort, settings.of('gateway').httpPort]).toEqual([9000, 9000])
  })

  it('that two declare differently under one variable are refused', () => {
    const other = defineSettings({ port: { doc: 'y', format: 'port', default: 1, env: 'LOTUS_HTTP_PORT' } })
    expect(() => loadSettings({ root, environment: {}, schemas: { other } })).toThrow(/LOTUS_HTTP_PORT.*core.httpPort/)
  })

  it('that are secret are collected for the log, passwords of URLs too', () => {
    const { secrets } = load({ MEMORY_KEY: 'abcdefgh', LOTUS_REDIS_URL: 'redis://u:hunter22@h:1' })
    expect(secrets).toContain('abcdefgh')
    expect(secrets).toContain('hunter22')
  })
})

describe('LOTUS_HOME', () => {
  it('is ~/.lotus by default and is found in the project’s .env', () => {
    const homeOf = (): string => loadSettings({ root, environment: { HOME: '/people/anna' }, schemas: {} }).home
    expect(homeOf()).toBe('/people/anna/.lotus')
    write('.env', 'LOTUS_HOME=./state')
    expect(homeOf()).toBe(join(root, 'state'))
  })

  it('cannot be set inside itself', () => {
    write('home/config.json', { core: { home: '/x' } })
    expect(problemsOf()).toMatchObject([{ name: 'core.home', place: '~/home/config.json:3' }])
  })
})

describe('problems', () => {
  it('are told all at once, each with name, value, place and remedy', () => {
    write('config/default.json', { memory: { engin: 'vector' }, memry: { x: 1 }, core: { httpPort: true } })
    write('home/.env', 'LOTUS_JOURNAL_DURABILITY=strcit\n')
    expect(
      problemsOf({ LOTUS_HTTP_PROT: '1', LOTUS_REDIS_URL: 'localhost:6379', LOTUS_MEMORY_WORKING_TTL: '10' }),
    ).toEqual([
      {
        name: 'memory.engin',
        place: 'config/default.json:3',
        reason: 'is not a setting',
        remedy: 'did you mean memory.engine?',
      },
      {
        name: 'memry.x',
        place: 'config/default.json:6',
        reason: "is not a setting: there is no module 'memry'",
        remedy: 'did you mean memory.x?',
      },
      {
        name: 'LOTUS_HTTP_PROT',
        place: 'environment',
        reason: 'is not a setting',
        remedy: 'did you mean LOTUS_HTTP_PORT?',
      },
      {
        name: 'core.httpPort',
        value: "'true'",
        place: 'config/default.json:9',
        reason: 'must be a port, a whole number from 0 to 65535',
        remedy: 'write for example 8000, or remove it',
      },
      {
        name: 'LOTUS_JOURNAL_DURABILITY',
        value: "'strcit'",
        place: '~/home/.env:1',
        reason: 'must be one of normal, strict',
        remedy: 'did you mean strict?',
      },
      {
        name: 'LOTUS_REDIS_URL',
        value: '(hidden)',
        place: 'environment',
        reason: 'must be a URL with its scheme',
        remedy: 'write for example http://127.0.0.1:8001, or remove it',
      },
      {
        name: 'LOTUS_MEMORY_WORKING_TTL',
        value: "'10'",
        place: 'environment',
        reason: 'must be at least 1000',
        remedy: 'write for example 30s, or remove it',
      },
    ])
  })

  it('are one message with a line each', () => {
    expect(() => load({ LOTUS_HTTP_PORT: 'x', LOTUS_ROLE: 'boss' })).toThrow(
      /2 problems\)\n {2}LOTUS_HTTP_PORT 'x' must .*\n {2}LOTUS_ROLE 'boss' must be one of nucleus, worker/,
    )
  })

  it('of a worker without the servers of a system are told with all the others', () => {
    const problems = problemsOf({ LOTUS_HTTP_PORT: '99999', LOTUS_ROLE: 'worker' })
    expect(problems.map(({ name }) => name)).toEqual(['LOTUS_HTTP_PORT', 'LOTUS_POSTGRES_URL', 'LOTUS_REDIS_URL'])
    expect(problems.at(-1)).toEqual({
      name: 'LOTUS_REDIS_URL',
      place: 'environment',
      reason: 'is missing: a worker takes its work from the Redis and the Postgres of a system',
      remedy: 'set LOTUS_REDIS_URL to that of the nucleus that it works for, or leave LOTUS_ROLE and --role out',
    })
  })

  it('of labels name the one that is none', () => {
    expect(problemsOf({ LOTUS_LABELS: 'gpu, Large Disk' })).toMatchObject([
      { name: 'LOTUS_LABELS', value: "'Large Disk'", place: 'environment' },
    ])
    expect(problemsOf({ LOTUS_LABELS: ' gpu,,large-disk ' })).toEqual([])
  })

  it('of a broken file point to its line', () => {
    write('home/config.json', '{\n  "core": {\n    "httpPort": 1,\n  }\n}')
    expect(problemsOf()).toMatchObject([
      { place: '~/home/config.json:4', reason: expect.stringContaining('is not JSON') as string },
    ])
  })

  it('of another program’s variables are none', () => {
    expect(problemsOf({ LOTUSES: '1', LLMOS_OTHER: '2', PATH: '/bin' })).toEqual([])
  })

  it('never show a value that is secret', () => {
    const key = defineSettings({ size: { doc: 'x', format: 'size', default: 0, env: 'SECRET_SIZE', sensitive: true } })
    const attempt = (): unknown =>
      loadSettings({ root, environment: { LOTUS_HOME: home, SECRET_SIZE: 'hunter2' }, schemas: { key } })
    expect(attempt).toThrow(/SECRET_SIZE \(hidden\) must/)
    expect(attempt).not.toThrow(/hunter2/)
  })
})
