// the code pack: a start with it does what a start without it does, whatever has happened to the files in between.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { writePack } from '../../../nucleus/process/code-pack-writer.ts'
import type { Lack } from '../../../nucleus/process/code-pack.ts'

const sources = join(import.meta.dirname, '../../../nucleus/process')
const start = `
import { enableCompileCache } from 'node:module'
enableCompileCache(process.env.CACHE)
const { endCodePack, openCodePack, recollect } = await import('./nucleus/process/code-pack.ts')
openCodePack('test')
globalThis.recollect = recollect
let said
try {
  said = (await import('./main.ts')).default
} catch (error) {
  said = String(error.code ?? error)
}
console.log(JSON.stringify({ said, lack: endCodePack() }))
`
/** what a real process does; then it waits until the pack is there. */
const startAndWrite = start.replaceAll('endCodePack', 'closeCodePack').concat(`
import { existsSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
const path = getCompileCacheDir() + '/lotus-test.pack'
for (let waits = 0; waits < 1_000 && !existsSync(path); waits += 1) await sleep(10)
`)

interface Run {
  readonly said: unknown
  /** undefined: all that was loaded was in the pack. */
  readonly lack: Lack | undefined
}

interface Project {
  readonly root: string
  /** the files' texts by name. */
  write(files: Readonly<Record<string, string>>): void
  run(environment?: NodeJS.ProcessEnv): Run
  /** a start, after which what it lacked is packed. */
  pack(): Run
  readonly packPath: string
}

function makeProject(files: Readonly<Record<string, string>>): Project {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-code-pack-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const cache = join(root, 'cache')
  const write = (texts: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), text)
    }
  }
  write({ 'package.json': '{"type":"module"}', 'start.ts': start, 'nucleus/process/.keep': '' })
  for (const name of ['code-pack.ts', 'code-pack-writer.ts']) {
    copyFileSync(join(sources, name), join(root, 'nucleus/process', name))
  }
  write(files)
  const run = (environment: NodeJS.ProcessEnv = {}): Run => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'start.ts')], {
      env: { PATH: process.env['PATH'], CACHE: cache, ...environment },
      encoding: 'utf8',
    })
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout) as Run
  }
  return {
    root,
    write,
    run,
    pack: () => {
      const first = run()
      // as if it were a minute later: files that have just been changed are not packed
      if (first.lack !== undefined) writePack(first.lack, Date.now() + 60_000)
      return first
    },
    get packPath() {
      const [folder = ''] = readdirSync(cache)
      return join(cache, folder, 'lotus-test.pack')
    },
  }
}

const two = {
  'main.ts': "import { word } from './word.ts'\nexport default word as string\n",
  'word.ts': "export const word: string = 'one'\n",
}

describe('a start with a code pack', () => {
  it('loads what it loaded before from the pack alone', () => {
    const project = makeProject(two)
    expect(project.pack().lack?.loaded).toHaveLength(2)
    expect(project.run()).toEqual({ said: 'one', lack: undefined })
  })

  it('takes a file that has changed as it is now, also where size and time of its text are as they were', () => {
    const project = makeProject(two)
    project.pack()
    const path = join(project.root, 'word.ts')
    project.write({ 'word.ts': "export const word: string = 'two'\n" })
    utimesSync(path, 1, 1)
    const { said, lack } = project.run()
    expect(said).toBe('two')
    expect(lack?.loaded.map(([url]) => url)).toEqual([`file://${path}`])
  })

  it('misses a file that is gone', () => {
    const project = makeProject(two)
    project.pack()
    rmSync(join(project.root, 'word.ts'))
    expect(project.run().said).toBe('ERR_MODULE_NOT_FOUND')
  })

  it('shows the same lines in a stack', () => {
    const project = makeProject({
      'main.ts': "interface None {\n  a: 1\n}\nexport default new Error('x').stack?.split('\\n')[1] as string\n",
    })
    const { said } = project.pack()
    expect(project.run()).toEqual({ said, lack: undefined })
    expect(said).toContain('main.ts:4:16')
  })

  it('follows a link to where it leads now', () => {
    const project = makeProject({
      'main.ts': "export { word as default } from './linked/word.ts'\n",
      'one/word.ts': "export const word = 'one'\n",
      'two/word.ts': "export const word = 'two'\n",
    })
    symlinkSync('one', join(project.root, 'linked'))
    project.pack()
    rmSync(join(project.root, 'linked'))
    symlinkSync('two', join(project.root, 'linked'))
    expect(project.run().said).toBe('two')
  })

  it('finds packages anew when another list of them is installed', () => {
    const project = makeProject({
      'main.ts':
        "import word from 'words'\nimport { createRequire } from 'node:module'\nexport default word + createRequire(import.meta.url)('words/more')\n",
      'node_modules/.package-lock.json': '{}',
      'node_modules/words/package.json': '{"main":"one.js"}',
      'node_modules/words/one.js': "module.exports = 'one'\n",
      'node_modules/words/two.js': "module.exports = 'two'\n",
      'node_modules/words/more.js': "module.exports = require('fs').constants.R_OK\n",
    })
    project.pack()
    expect(project.run()).toEqual({ said: 'one4', lack: undefined })
    project.write({ 'node_modules/words/package.json': '{"main":"two.js"}' })
    expect(project.run().said).toBe('two4')
    project.pack()
    expect(project.run()).toEqual({ said: 'two4', lack: undefined })
    project.write({ 'node_modules/.package-lock.json': '{"other":true}' })
    expect(project.run().lack?.loaded).toHaveLength(2)
  })

  it.each([
    ['is torn', (path: string) => truncateSync(path, 300)],
    ['is empty', (path: string) => truncateSync(path, 0)],
    ['is no pack', (path: string) => writeFileSync(path, `${'9'.padEnd(16)}{"layout"`)],
    ['could have been written by somebody else', (path: string) => chmodSync(path, 0o666)],
  ])('does without one that %s', (_, harm) => {
    const project = makeProject(two)
    project.pack()
    harm(project.packPath)
    const { said, lack } = project.run()
    expect(said).toBe('one')
    expect(lack?.loaded).toHaveLength(2)
  })

  it('has none where options of Node may change how files are loaded', () => {
    const project = makeProject(two)
    project.pack()
    project.write({ 'word.ts': "export const word: string = 'two'\n" })
    expect(project.run({ NODE_OPTIONS: '--no-warnings' })).toEqual({ said: 'two', lack: undefined })
  })

  it('does the same as one without, whatever happens to the files', () => {
    const names = ['a', 'b', 'c'] as const
    const textOf = (name: string, others: readonly string[], word: number): string =>
      `${others.map((other) => `import ${other} from './${other}.ts'`).join('\n')}\nexport default [${[`'${name}${word}'`, ...others].join(', ')}] as unknown[]\n`
    const change = fc.record({ name: fc.constantFrom(...names), word: fc.nat(9), gone: fc.boolean() })
    const project = makeProject({ 'main.ts': textOf('main', ['a', 'b'], 0) })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        project.write({ 'a.ts': textOf('a', ['b', 'c'], 0), 'b.ts': textOf('b', ['c'], 0), 'c.ts': textOf('c', [], 0) })
        project.pack()
        for (const { name, word, gone } of changes) {
          const others = names.slice(names.indexOf(name) + 1).slice(0, word % 3)
          if (gone) rmSync(join(project.root, `${name}.ts`), { force: true })
          else project.write({ [`${name}.ts`]: textOf(name, others, word) })
        }
        expect(project.run().said).toEqual(project.run({ NODE_OPTIONS: '--no-warnings' }).said)
      }),
      { numRuns: 12 },
    )
  })
})

describe('what was worked out of files', () => {
  const project = (): Project =>
    makeProject({
      'main.ts': `import { readFileSync } from 'node:fs'
const path = import.meta.dirname + '/list.txt'
const recollection = globalThis.recollect('list', [path, import.meta.filename])
const known = recollection.known !== undefined
const value = recollection.known?.value ?? readFileSync(path, 'utf8').split(',')
recollection.keep(value)
export default { known, value }
`,
      'list.txt': 'a,b',
    })

  it('is known at the next start', () => {
    const one = project()
    expect(one.pack().said).toEqual({ known: false, value: ['a', 'b'] })
    expect(one.run()).toEqual({ said: { known: true, value: ['a', 'b'] }, lack: undefined })
  })

  it('is worked out again when one of them has changed, and known again after that', () => {
    const one = project()
    one.pack()
    one.write({ 'list.txt': 'a,c' })
    expect(one.pack().said).toEqual({ known: false, value: ['a', 'c'] })
    expect(one.run().said).toEqual({ known: true, value: ['a', 'c'] })
  })

  it('is worked out again when one of them is gone', () => {
    const one = project()
    one.pack()
    rmSync(join(one.root, 'list.txt'))
    expect(one.run().said).toBe('ENOENT')
  })
})

describe('writing a pack', () => {
  it('is the work of a process of its own', () => {
    const project = makeProject({ ...two, 'start.ts': startAndWrite })
    expect(project.run()).toEqual({ said: 'one', lack: undefined })
    expect(readFileSync(project.packPath, 'utf8')).toContain('"layout":1')
  })

  it('leaves out what was changed a moment ago', () => {
    const project = makeProject(two)
    const { lack } = project.run()
    writePack(lack!)
    expect(project.run().lack?.loaded).toHaveLength(2)
  })

  it('keeps what another kind of start has loaded', () => {
    const project = makeProject({
      ...two,
      'main.ts': "export default (await import(process.env.WHAT ?? './word.ts')).word\n",
    })
    project.write({ 'other.ts': "export const word = 'other'\n" })
    project.pack()
    const { lack } = project.run({ WHAT: './other.ts' })
    writePack(lack!, Date.now() + 60_000)
    expect(project.run()).toEqual({ said: 'one', lack: undefined })
    expect(project.run({ WHAT: './other.ts' })).toEqual({ said: 'other', lack: undefined })
  })

  it('is left to a process that does it already, and leaves nothing else behind', () => {
    const project = makeProject(two)
    const { lack } = project.run()
    writeFileSync(`${project.packPath}.new`, '')
    expect(writePack(lack!, Date.now() + 60_000)).toBeUndefined()
    utimesSync(`${project.packPath}.new`, 1, 1)
    expect(writePack(lack!, Date.now() + 60_000)).toBeGreaterThan(2)
    expect(existsSync(`${project.packPath}.new`)).toBe(false)
    expect(readFileSync(project.packPath).length).toBeGreaterThan(300)
  })
})
