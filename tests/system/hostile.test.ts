// two hundred hostile strings, always the same, through the real command and over HTTP, as goals and as notes; then everything
// that shows what is kept, at a terminal. no crash, nothing outside of the folder, nothing without a decision.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { dataPath, dataFolder } from '../support/data.ts'
import { hostileStrings, ownStrings, sampleOf, undecidedSteps, unsafeIn } from '../support/hostile.ts'
import { project } from '../support/private-lotus.ts'
import { runCommand } from '../support/run-command.ts'
import { shareLotus } from '../support/shared-lotus.ts'
import { snapshot } from '../modules/operator/support/snapshot.ts'

const limitMs = 400_000
const secret = 'CANARY outside of the folder'
const known = [0, 1, 2, 3, 4, 5]

const own = shareLotus({
  limitMs,
  prepare: ({ base }) => {
    mkdirSync(join(base, 'etc'))
    for (const path of ['canary', 'etc/passwd']) writeFileSync(join(base, path), secret)
  },
})
let before: string[] = []

/** everything beside the folder that goals may work in, and what LOTUS keeps for itself. */
const outside = (): string[] =>
  snapshot(own.base, {
    skip: (path) => ['.', 'home', 'work', 'tmp'].some((name) => path === name && name !== '.') || path === '.cache',
  }).filter((line) => !line.startsWith('. '))

async function post(path: string, body: object): Promise<{ status: number; text: string }> {
  const token = readFileSync(join(own.home, 'token'), 'utf8').trim()
  const response = await fetch(new URL(path, own.record()!.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  })
  return { status: response.status, text: await response.text() }
}

beforeAll(() => {
  before = outside()
})

describe.skipIf(dataFolder === undefined)('two hundred hostile strings', () => {
  const sample = dataFolder === undefined ? [] : sampleOf(hostileStrings(dataPath('hostile')), 200)

  it('as goals of the command end as goals do', { timeout: limitMs }, async () => {
    const queue = sample.filter((text) => !text.includes('\0'))
    const wrong: string[] = []
    const worker = async (): Promise<void> => {
      for (let goal = queue.pop(); goal !== undefined; goal = queue.pop()) {
        const { code, stdout, stderr } = await own.lotus(['run', '--yes', '--', goal])
        if (!known.includes(code)) wrong.push(`${code} for ${JSON.stringify(goal)}: ${stderr}`)
        const shown = unsafeIn(stdout + stderr)
        if (shown !== undefined) wrong.push(`shown: ${shown}`)
        if ((stdout + stderr).includes(secret)) wrong.push(`read outside: ${JSON.stringify(goal)}`)
      }
    }
    await Promise.all([worker(), worker()])
    expect(wrong).toEqual([])
  })

  it('as goals, messages and notes over HTTP are answered', { timeout: limitMs }, async () => {
    const wrong: string[] = []
    for (const text of sample) {
      for (const [path, body, statuses] of [
        ['/goals', { goal: text }, [200, 400]],
        ['/chat', { message: `please ${text}` }, [200, 400]],
        ['/memory', { text }, [201, 400]],
      ] as const) {
        const answer = await post(path, body)
        if (!statuses.includes(answer.status as never))
          wrong.push(`${answer.status} for ${path} ${JSON.stringify(text)}`)
        const shown = unsafeIn(answer.text)
        if (shown !== undefined) wrong.push(`shown: ${shown}`)
        if (answer.text.includes(secret)) wrong.push(`read outside: ${JSON.stringify(text)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

describe('what a terminal would obey', () => {
  it('is written out by every command that shows what is kept', { timeout: limitMs }, async () => {
    for (const text of ownStrings.filter((one) => !one.includes('\0') && one.isWellFormed())) {
      writeFileSync(join(own.folder, `x${text.slice(0, 40).replaceAll('/', '-')}`), text)
      await own.lotus(['run', '--', `remember that ${text}`])
      await own.lotus(['run', '--', `remind me in 1 second to ${text}`])
      await post('/memory', { text })
    }
    for (const words of [
      ['run', 'list the files'],
      ['run', '--json', 'list the files'],
      ['run', 'what are my reminders?'],
      ['run', 'recall x'],
      ['runs', '-n', '1000'],
      ['runs', '--json', '-n', '1000'],
      ['runs', 'show'],
      ['audit', '-n', '1000'],
      ['audit', '--json', '-n', '1000'],
      ['memory', '-n', '500'],
      ['memory', '--json', '-n', '500'],
      ['memory', 'search', 'a\u001b]0;owned\u0007b'],
      ['reminders'],
      ['reminders', '--json'],
      ['logs', '-n', '5000'],
      ['logs', '--json', '-n', '5000'],
      ['status'],
      ['health', '--json'],
      ['runs', 'show', 'a\u009b31mb'],
      ['a\u001b[2Jb'],
      ['run', '--a\u001b[2Jb'],
    ]) {
      const ended = await own.lotus(words, { terminal: () => undefined })
      // the terminal of the test ends lines with both
      expect([words, unsafeIn(ended.stdout.replaceAll('\r\n', '\n'))]).toEqual([words, undefined])
      const piped = await own.lotus(words)
      expect([words, unsafeIn(piped.stdout + piped.stderr)]).toEqual([words, undefined])
    }
    for (const path of ['/runs?limit=1000', '/memory?limit=500', '/audit?limit=1000', '/reminders']) {
      const token = readFileSync(join(own.home, 'token'), 'utf8').trim()
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(new URL(path, own.record()!.url), { headers })
      expect([path, response.status, unsafeIn(await response.text())]).toEqual([path, 200, undefined])
    }
  })
})

describe('a goal', () => {
  it.each([
    ['empty', [''], 2, 'USAGE'],
    ['of spaces', ['   '], 2, 'USAGE'],
    ['that begins with a dash, after --', ['--', '-5 plus 3'], undefined, undefined],
    ['that begins with a dash, without', ['-x marks the spot'], 2, 'USAGE'],
    ['that looks like an option', ['--delete everything'], 2, 'USAGE'],
    ['of more bytes than may be', ['x'.repeat(100_000)], 1, 'GOAL_TOO_LARGE'],
    ['of a million bytes', Array.from({ length: 10 }, () => 'y'.repeat(104_857)), 1, 'BODY_TOO_LARGE'],
  ])('%s is answered clearly', { timeout: limitMs }, async (_name, words, code, error) => {
    const ended = await own.lotus(['run', '--json', ...words])
    const told = JSON.parse(ended.stdout.trimEnd().split('\n').at(-1)!) as { error?: { code: string; fix: string } }
    if (code === undefined) expect(known).toContain(ended.code)
    else expect([ended.code, told.error?.code]).toEqual([code, error])
    if (error !== undefined) expect(told.error?.fix).not.toBe('')
  })

  it.each([
    ['nothing', '', 400],
    ['spaces', ' \n\t ', 400],
    ['a NUL', 'delete a\0b', 400],
    ['a million bytes', 'x'.repeat(1_000_000), 413],
    ['more than a body may have', 'x'.repeat(1_100_000), 413],
  ])('of %s over HTTP is refused with a reason', { timeout: limitMs }, async (_name, goal, status) => {
    const answer = await post('/goals', { goal })
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      status,
      { error: { fix: expect.any(String) as string } },
    ])
  })

  it('in bytes that are no text is refused: what it names is not what it seems', { timeout: limitMs }, async () => {
    writeFileSync(join(own.folder, 'caf\ufffd.txt'), 'another file')
    const node = `"${process.execPath}" "${join(project, 'scripts', 'lotus.ts')}"`
    const script = `${node} run --yes --json "$(printf 'delete caf\\351.txt')"`
    const ended = await runCommand(['sh', '-c', script], { cwd: own.folder, environment: own.environment })
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([2, { error: { code: 'USAGE' } }])
    expect(readFileSync(join(own.folder, 'caf\ufffd.txt'), 'utf8')).toBe('another file')
  })

  it('about files whose names are no text neither fails nor takes them for others', { timeout: limitMs }, async () => {
    const folder = join(own.folder, 'bytes')
    mkdirSync(folder)
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]), 'latin')
    writeFileSync(join(folder, 'caf\ufffd.txt'), 'another file')
    writeFileSync(join(folder, 'plain.txt'), 'plain')
    for (const goal of [
      'list the files',
      'how many files are here?',
      'find files larger than 1 byte',
      'count the words of all files',
    ]) {
      const { code, stdout, stderr } = await own.lotus(['run', '--yes', goal], { cwd: folder })
      expect([goal, known.includes(code), unsafeIn(stdout + stderr)]).toEqual([goal, true, undefined])
    }
    await own.lotus(['run', '--yes', 'delete plain.txt'], { cwd: folder })
    const left = snapshot(folder).filter((line) => line.includes('caf'))
    expect(left).toHaveLength(2)
  })
})

describe('after all of that', () => {
  it(
    'nothing beside the folder has changed, and the record knows why everything else has',
    { timeout: limitMs },
    async () => {
      expect(outside()).toEqual(before)
      expect(undecidedSteps(readFileSync(join(own.home, 'audit', 'chain.jsonl'), 'utf8'))).toEqual([])
      expect((await own.lotus(['audit', 'verify'])).code).toBe(0)
      const { body } = await own.get('/health')
      expect(body).toMatchObject({ status: 'healthy' })
      const modules = Object.values(body['modules'] as Record<string, { restarts: number }>)
      expect(modules.map(({ restarts }) => restarts)).toEqual(modules.map(() => 0))
      const faults = own
        .log()
        .split('\n')
        .filter((line) => /"level":"(?:error|fatal)"/.test(line))
      expect(faults).toEqual([])
    },
  )
})
