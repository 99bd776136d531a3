// the cache of compiled traces gives exactly what the files say, and nothing that is wrong with it is ever noticed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadTraces } from '../../../modules/reasoning/traces/library.ts'
import { loadThroughCache } from '../../../modules/reasoning/traces/trace-cache.ts'

const innate = join(import.meta.dirname, '../../../modules/reasoning/innate')
const trace = (description: string): string =>
  `trace: notes.read\ndescription: ${description}\nexamples: [read it]\ngoals: [read it]\nsteps: [{ action: file.read }]\n`

describe('loadThroughCache', () => {
  let home: string
  let problems: unknown[]
  let loads: number
  const cachePath = () => join(home, 'cache/traces.json')
  const load = (folder: string, cache = cachePath()) =>
    loadThroughCache({
      cache,
      sources: [folder],
      load: () => {
        loads += 1
        return loadTraces(folder)
      },
      onProblem: (error) => problems.push(error),
    })

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'lotus-trace-cache-'))
    mkdirSync(join(home, 'innate/notes'), { recursive: true })
    writeFileSync(join(home, 'innate/notes/read.yaml'), trace('reads'))
    problems = []
    loads = 0
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  it('gives all innate traces exactly as their files do, without reading them twice', async () => {
    const first = await load(innate)
    expect(await load(innate)).toEqual(first)
    expect(loads).toBe(1)
  })

  it('reads the files again when one of them has changed', async () => {
    await load(join(home, 'innate'))
    writeFileSync(join(home, 'innate/notes/read.yaml'), trace('reads a note'))
    expect((await load(join(home, 'innate')))[0]?.description).toBe('reads a note')
  })

  it('reads the files again when one of them is gone', async () => {
    await load(join(home, 'innate'))
    rmSync(join(home, 'innate/notes/read.yaml'))
    expect(await load(join(home, 'innate'))).toEqual([])
  })

  it('reads the files again when a byte of the cache has changed', async () => {
    const [first] = await load(join(home, 'innate'))
    writeFileSync(cachePath(), readFileSync(cachePath(), 'utf8').replace('reads', 'sends'))
    expect(await load(join(home, 'innate'))).toEqual([first])
  })

  it('reads the files again when the cache was cut off', async () => {
    const [first] = await load(join(home, 'innate'))
    writeFileSync(cachePath(), readFileSync(cachePath(), 'utf8').slice(0, 100))
    expect(await load(join(home, 'innate'))).toEqual([first])
    expect(await load(join(home, 'innate'))).toEqual([first])
    expect(loads).toBe(2)
  })

  it('goes on where the cache can’t be written', async () => {
    expect(await load(join(home, 'innate'), '/proc/lotus/traces.json')).toHaveLength(1)
    expect(problems).toHaveLength(1)
  })
})
