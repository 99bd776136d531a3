// the module of docs/writing-a-module.md is true to the code: it is taken out of the page, checked, tested and run.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { filesIn, writeFiles } from './blocks.ts'

const project = join(import.meta.dirname, '../..')
const page = readFileSync(join(project, 'docs/writing-a-module.md'), 'utf8')
const files = filesIn(page)
const run = promisify(execFile)

let root: string
let nucleus: ChildProcess | undefined

/** a checkout with everything that ships with LOTUS, and room for the page's module beside it. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lotus-docs-'))
  for (const name of ['nucleus', 'node_modules', 'config', 'scripts'])
    symlinkSync(join(project, name), join(root, name))
  for (const name of ['nucleus.ts', 'package.json']) cpSync(join(project, name), join(root, name))
  mkdirSync(join(root, 'modules'))
  for (const name of readdirSync(join(project, 'modules')))
    symlinkSync(join(project, 'modules', name), join(root, 'modules', name))
  mkdirSync(join(root, 'tests'))
  for (const name of ['support', 'nucleus']) symlinkSync(join(project, 'tests', name), join(root, 'tests', name))
  writeFiles(root, files)
})
afterAll(() => {
  nucleus?.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

/** what a command printed; it may end badly. */
async function output(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: root, NO_COLOR: '1', ...environment }
  try {
    const { stdout } = await run(process.execPath, [...words], { cwd: root, env, timeout: 60_000 })
    return stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    return `failed: ${stdout}${stderr}`
  }
}

describe('the module of docs/writing-a-module.md', () => {
  it('is whole', () => {
    expect([...files.keys()]).toEqual([
      'modules/tally/manifest.json',
      'modules/tally/contract.ts',
      'modules/tally/settings.ts',
      'modules/tally/errors.ts',
      'modules/tally/module.ts',
      'tests/modules/tally/tally.test.ts',
    ])
  })

  it('has a manifest that agrees with its contract and settings', async () => {
    const check = `import { syncManifests } from './scripts/sync-manifests.ts'
      const problems = await syncManifests(process.cwd(), { write: false })
      console.log(JSON.stringify(problems.filter((problem) => problem.includes('tally'))))`
    expect(await output(['--input-type=module-typescript', '-e', check])).toBe('[]\n')
  })

  it('is formatted, and its types fit', { timeout: 60_000 }, async () => {
    const bin = join(project, 'node_modules/.bin')
    cpSync(join(project, '.oxfmtrc.json'), join(root, '.oxfmtrc.json'))
    const paths = [...files.keys()]
    await expect(run(join(bin, 'oxfmt'), ['--check', ...paths], { cwd: root })).resolves.toBeDefined()
    writeFileSync(
      join(root, 'tsconfig.json'),
      JSON.stringify({ extends: join(project, 'tsconfig.json'), include: paths, exclude: [] }),
    )
    await expect(run(join(bin, 'tsc'), ['--noEmit', '--pretty', 'false'], { cwd: root })).resolves.toMatchObject({
      stdout: '',
    })
  })

  it('passes its own test', { timeout: 60_000 }, async () => {
    writeFileSync(
      join(root, 'vitest.config.ts'),
      "export default { test: { include: ['tests/modules/**/*.test.ts'] } }\n",
    )
    const told = await output([join(project, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root])
    expect(told).toMatch(/4 passed/)
    expect(told).not.toMatch(/^failed/)
  })

  it('serves in a LOTUS with all other modules, as the page shows', { timeout: 60_000 }, async () => {
    const manifest = files.get('modules/tally/manifest.json')!
    rmSync(join(root, 'modules/tally/manifest.json'))
    const environment = { LOTUS_HOME: join(root, 'home'), LOTUS_HTTP_PORT: '0' }
    nucleus = spawn(process.execPath, ['nucleus.ts'], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: root, ...environment },
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => nucleus?.once('exit', resolve))
    const record = (): Record<string, unknown> =>
      JSON.parse(readFileSync(join(root, 'home/run/nucleus.json'), 'utf8')) as Record<string, unknown>
    await vi.waitFor(() => expect(record()).toMatchObject({ status: 'healthy' }), { timeout: 30_000, interval: 50 })
    // folders without a manifest are no modules: so far the nucleus has not seen this one
    writeFileSync(join(root, 'modules/tally/manifest.json'), manifest)

    const [, session] = /```console\n([\s\S]*?)```/.exec(page)!
    for (const part of session!.trimEnd().split('\n\n')) {
      const [command, ...lines] = part.split('\n')
      const words = Array.from(
        command!.replace('$ lotus ', '').matchAll(/"([^"]*)"|(\S+)/g),
        (one) => one[1] ?? one[2]!,
      )
      expect((await output([join(project, 'scripts/lotus.ts'), ...words], environment)).trimEnd()).toBe(
        lines.join('\n'),
      )
      if (words[1] === 'reload') await tellsOneGoal(environment)
    }
    nucleus.kill('SIGTERM')
    await ended
    expect(readdirSync(join(root, 'home/run'))).toEqual(['last-stop.json'])
  })
})

/** the goal of the session was counted by the first generation, and the second knows. */
async function tellsOneGoal(environment: Readonly<Record<string, string>>): Promise<void> {
  const told = await output([join(project, 'scripts/lotus.ts'), 'status', '--json'], environment)
  const { modules } = JSON.parse(told) as { modules: Record<string, { details?: unknown }> }
  expect(modules['tally']).toMatchObject({ status: 'healthy', details: { goals: 1 } })
}
