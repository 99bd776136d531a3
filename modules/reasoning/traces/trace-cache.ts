// keeps compiled traces between starts: parsing them anew is a quarter of the boot, and they change with LOTUS itself.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hash } from '../../../nucleus/builtins.ts'
import { writeAtomically } from '../../../nucleus/process/files.ts'
import type { Trace } from './library.ts'

/** @throws only what `load` throws; a cache that is absent, old, damaged or can't be written costs time, nothing else. */
export async function loadThroughCache(options: {
  /** where the compiled traces are kept. */
  readonly cache: string
  /** the folders of the traces and of the code that compiles them: a change of any file in them makes the cache old. */
  readonly sources: readonly string[]
  load(): Promise<Trace[]>
  onProblem(error: unknown): void
}): Promise<Trace[]> {
  const look = options.sources.map(lookOf).join('\n')
  const kept = readCache(options.cache, look)
  if (kept !== undefined) return kept
  const traces = await options.load()
  try {
    const folder = dirname(options.cache)
    // not `recursive`: below /proc, where nothing can be made, that never returns in Node 24
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    const text = JSON.stringify(traces)
    writeAtomically(options.cache, `${sealOf(look, text)}\n${text}`)
  } catch (error) {
    options.onProblem(error)
  }
  return traces
}

function readCache(path: string, look: string): Trace[] | undefined {
  try {
    const content = readFileSync(path, 'utf8')
    const end = content.indexOf('\n')
    const text = content.slice(end + 1)
    return content.slice(0, end) === sealOf(look, text) ? (JSON.parse(text) as Trace[]) : undefined
  } catch {
    // absent at the first start, or unreadable: the files themselves are there
    return undefined
  }
}

/** says both that the text is whole and what it was made from. */
function sealOf(look: string, text: string): string {
  return hash('sha256', `${look}\n\n${text}`)
}

/** the names, sizes and times of all files below a folder. */
function lookOf(folder: string): string {
  const lines = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => {
      const { size, mtimeMs } = statSync(path)
      return `${path} ${size} ${mtimeMs}`
    })
  return lines.sort().join('\n')
}
