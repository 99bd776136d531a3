// a private ChromaDB of a test's own: the server of the chromadb package, made to load on an older glibc where it must be.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { lowerGlibcNeeds } from './elf-symbols.ts'
import { freePort, startServer, type PrivateServer, type RunningServer } from './private-server.ts'

const require = createRequire(import.meta.url)

/** the library of the server for this machine; undefined where the package has none. */
function findLibrary(): string | undefined {
  const name = `chromadb-js-bindings-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`
  try {
    const folder = dirname(require.resolve(`${name}/package.json`))
    const file = readdirSync(folder).find((one) => one.endsWith('.node'))
    return file === undefined ? undefined : join(folder, file)
  } catch {
    return undefined
  }
}

function glibcMinor(): number {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return Number(header.glibcVersionRuntime?.split('.')[1] ?? 0)
}

/** built once a machine: it is 50 MiB. */
function loadableLibrary(library: string): string | undefined {
  const minor = glibcMinor()
  if (minor >= 39) return library
  const { version } = JSON.parse(readFileSync(join(dirname(library), 'package.json'), 'utf8')) as { version: string }
  const uid = process.getuid?.() ?? 0
  const copy = join(tmpdir(), `lotus-chroma-${version}-glibc-2.${minor}-${uid}.node`)
  if (existsSync(copy)) return copy
  const bytes = readFileSync(library)
  if (lowerGlibcNeeds(bytes, minor).length > 0) return undefined
  const fresh = `${copy}.${process.pid}`
  writeFileSync(fresh, bytes, { mode: 0o600 })
  renameSync(fresh, copy)
  return copy
}

const library = findLibrary()

/** whether the server of the package can run here. */
export function hasChroma(): boolean {
  return chromaLibrary() !== undefined
}

/** the native part of the server, as it loads here. */
export function chromaLibrary(): string | undefined {
  return library === undefined ? undefined : loadableLibrary(library)
}

/** @throws where it can't run; ask `hasChroma` first */
export async function startChroma(): Promise<PrivateServer> {
  const loadable = chromaLibrary()
  if (loadable === undefined) throw new Error('the server of the chromadb package does not run here')
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-chroma-')))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const runner = join(base, 'run.cjs')
  writeFileSync(runner, `require(${JSON.stringify(loadable)}).cli(['chroma', ...process.argv.slice(2)])\n`)
  const start = async (): Promise<RunningServer> =>
    await startServer(
      [process.execPath, runner, 'run', '--path', join(base, 'data'), '--host', '127.0.0.1', '--port', `${port}`],
      {
        cwd: base,
        isReady: async () => {
          const response = await fetch(`${url}/api/v2/heartbeat`, { signal: AbortSignal.timeout(1_000) })
          return response.ok
        },
      },
    )
  let running = await start()
  return {
    port,
    url,
    kill: () => running.kill(),
    restart: async () => {
      running = await start()
    },
    pause: () => running.pause(),
    resume: () => running.resume(),
    dispose: async () => {
      // it blocks SIGTERM.
      await running.end('SIGINT')
      rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
}
