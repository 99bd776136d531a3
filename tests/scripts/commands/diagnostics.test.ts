// lotus diagnostics: a word that was planted everywhere where a person's things are is nowhere in the bundle.
import Database from 'better-sqlite3'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from '../../support/private-lotus.ts'

const limitMs = 180_000
const canary = 'kanarienvogel4711'
/** keys look like keys, and have the word in them. */
const key = `sk-ant-${canary}-0123456789abcdef`

let own: PrivateLotus
let work: string
beforeAll(async () => {
  own = createPrivateLotus({
    ANTHROPIC_API_KEY: key,
    LOTUS_POSTGRES_URL: `postgres://${canary}:${canary}@127.0.0.1:1/${canary}`,
    LOTUS_CHROMA_URL: `http://127.0.0.1:1/${canary}`,
    LOTUS_PRIVATE_PATHS: `/srv/${canary}`,
  })
  work = join(own.folder, canary)
  mkdirSync(work)
  await plant()
}, limitMs)
afterAll(async () => {
  await own.stop()
  await own.dispose()
}, limitMs)

/** everywhere where a person's words, names and secrets can be. */
async function plant(): Promise<void> {
  writeFileSync(join(work, `${canary}.txt`), `${canary}\n`)
  await own.start()
  for (const goal of [
    `remember that the code of the shed is ${canary}`,
    `remind me in 2 hours to ${canary}`,
    `append "${canary}" to ${canary}.txt`,
    `how many lines does ${canary}.txt have?`,
    `how many lines does missing-${canary}.txt have?`,
    `delete ${canary}.txt`,
    `sing about ${canary}`,
  ]) {
    await own.goal(goal, { cwd: work })
  }
  await own.stop()
  const { home } = own
  writeFileSync(join(home, 'token'), `${canary}-token-0123456789abcdef\n`, { mode: 0o600 })
  mkdirSync(join(home, 'workspace', canary), { recursive: true })
  writeFileSync(join(home, 'policies', `${canary}.txt`), canary)
  appendFileSync(join(home, 'data', `${canary}.txt`), canary, { mode: 0o644 })
  const line = {
    level: 'error',
    time: new Date().toISOString(),
    goal: canary,
    code: 'FAULT',
    err: {
      code: canary,
      type: canary,
      message: canary,
      stack: `Error: ${canary}\n    at x (/home/ada/${canary}/a.ts:1:2)`,
    },
    msg: `something failed: ${canary}`,
  }
  const lines = [
    line,
    { ...line, msg: `'${canary}' is no number` },
    { ...line, msg: `at /home/ada/${canary}/b and http://${canary}/` },
  ]
  appendFileSync(join(home, 'logs', 'lotus.log'), `${lines.map((one) => JSON.stringify(one)).join('\n')}\n${canary}\n`)
  const journal = new Database(join(home, 'data', 'journal.db'))
  const { id } = journal.prepare('select id from groups limit 1').get() as { id: number }
  journal
    .prepare(
      'insert into dead_letters (group_id, position, attempts, error, parked_at, body) values (?, 1, 5, ?, ?, ?)',
    )
    .run(id, `'${canary}' failed`, Date.now(), JSON.stringify({ id: 'x', type: 'goal.accepted', data: canary }))
  journal.close()
}

/** all files of a bundle, by name, and everything in it as one text. */
function unpack(bundle: string): { names: string[]; files: Record<string, string>; all: string } {
  const folder = join(own.base, 'unpacked')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  execFileSync('tar', ['-xzf', bundle, '-C', folder])
  const [inner] = readdirSync(folder)
  const names = readdirSync(join(folder, inner!)).toSorted()
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, inner!, name), 'utf8')]))
  return { names, files, all: JSON.stringify([inner, files]) }
}

async function makeBundle(): Promise<{ file: string; entries: { name: string }[]; sent: boolean }> {
  const file = join(own.base, 'bundle.tar.gz')
  rmSync(file, { force: true })
  const ended = await own.lotus(['diagnostics', '--output', file, '--json'], { cwd: work })
  expect([ended.code, ended.stderr]).toEqual([0, ''])
  return JSON.parse(ended.stdout) as { file: string; entries: { name: string }[]; sent: boolean }
}

describe('the bundle', () => {
  it('holds what it says and nothing of a person’s, where LOTUS does not run', { timeout: limitMs }, async () => {
    const { file, entries, sent } = await makeBundle()
    const { names, files, all } = unpack(file)
    expect(sent).toBe(false)
    expect(entries.map(({ name }) => name).toSorted()).toEqual(names)
    expect(names).toEqual([
      'README.txt',
      'disk.json',
      'doctor.json',
      'health.json',
      'log.jsonl',
      'settings.json',
      'statistics.json',
      'versions.json',
    ])
    expect(all).not.toContain(canary)
    expect(files['README.txt']).toContain('sent to nobody')
    // what remains must still be worth something
    expect(files['log.jsonl']).toContain('"level":"error"')
    expect(files['log.jsonl']).toContain('"code":"FAULT"')
    expect(JSON.parse(files['statistics.json']!)).toMatchObject({ store: { memory_notes: 1, runs: 7 } })
    expect(files['doctor.json']).toContain('journal.dead-letters')
    expect(files['settings.json']).toContain('"operator.undoPlans"')
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('has health and metrics where LOTUS runs, and still nothing of a person’s', { timeout: limitMs }, async () => {
    await own.start()
    await own.goal(`how many lines does ${canary}.txt have?`, { cwd: work })
    const { names, files, all } = unpack((await makeBundle()).file)
    expect(names).toContain('metrics.txt')
    expect(JSON.parse(files['health.json']!)).toMatchObject({ status: expect.any(String) as string })
    expect(files['metrics.txt']).toContain('lotus_goals_total')
    expect(all).not.toContain(canary)
    expect(all).not.toContain(own.base)
  })

  it('is refused where something of its name is there, which stays as it is', { timeout: limitMs }, async () => {
    const file = join(own.base, 'mine.tar.gz')
    writeFileSync(file, 'mine')
    expect((await own.lotus(['diagnostics', '-o', file])).code).toBe(2)
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect((await own.lotus(['diagnostics', '-o', join(own.base, 'no/such/folder.tar.gz')])).code).toBe(2)
    expect(readdirSync(own.base).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('is written beside the person, and says that nothing was sent', { timeout: limitMs }, async () => {
    const ended = await own.lotus(['diagnostics'], { cwd: own.folder })
    expect(ended.stdout).toContain('nothing was sent')
    const [name] = readdirSync(own.folder).filter((one) => /^lotus-diagnostics-\d{8}-\d{6}\.tar\.gz$/.test(one))
    expect(existsSync(join(own.folder, name!))).toBe(true)
    renameSync(join(own.folder, name!), join(own.base, name!))
  })
})
