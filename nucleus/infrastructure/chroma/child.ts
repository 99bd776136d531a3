// starts the server of the chromadb package as a child process, starts it again when it dies, and ends it.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { infrastructureErrors } from '../errors.ts'

export interface ChromaChildOptions {
  /** where the server keeps its files. */
  readonly folder: string
  readonly log: Logger
  /** the server's native part; default the one that belongs to this machine. */
  readonly library?: string
  /** default 10,000. */
  readonly startTimeoutMs?: number
}

export interface ChromaChild {
  readonly url: string
  /** of the process that runs now; undefined between two. */
  pid(): number | undefined
  close(): Promise<void>
}

/** so long a server that died is not started again, longer with each time, milliseconds. */
const restartMs = [100, 500, 2_000, 5_000, 15_000, 60_000] as const
/** a server that lived this long begins with the shortest wait again. */
const goodMs = 60_000
/** SIGTERM is blocked by the server; SIGINT ends it unless a client is being served. */
const endLimitMs = 2_000
const lookEveryMs = 25

/** @throws SERVER_UNREACHABLE with what the server said, where it does not load or start */
export async function startChromaChild(options: ChromaChildOptions): Promise<ChromaChild> {
  const { folder, log } = options
  const library = options.library ?? nameOfLibrary()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let child: ChildProcess | undefined
  let output = ''
  let deaths = 0
  let closed = false
  let again: NodeJS.Timeout | undefined

  const start = (): ChildProcess => {
    const startedAt = performance.now()
    output = ''
    const host = fileURLToPath(new URL('./host.ts', import.meta.url))
    const started = spawn(
      process.execPath,
      [host, library, 'run', '--path', folder, '--host', '127.0.0.1', '--port', `${port}`],
      // standard input stays open as long as this process lives: that is how the child sees its end.
      { stdio: ['pipe', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], HOME: folder }, cwd: folder },
    )
    started.stdin?.on('error', () => undefined)
    started.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-2_000)
    })
    started.on('error', (error) => {
      output += error.message
    })
    started.once('exit', (code, signal) => {
      if (child === started) child = undefined
      if (closed) return
      if (performance.now() - startedAt > goodMs) deaths = 0
      const waitMs = restartMs[Math.min(deaths, restartMs.length - 1)]!
      deaths += 1
      log.warn({ code, signal, wait_ms: waitMs, said: output }, 'the ChromaDB of this LOTUS ended; it is started again')
      again = setTimeout(() => {
        child = start()
      }, waitMs)
      again.unref()
    })
    return started
  }

  const end = async (): Promise<void> => {
    closed = true
    clearTimeout(again)
    const ending = child
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const exited = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill('SIGINT')
    const limit = setTimeout(() => ending.kill('SIGKILL'), endLimitMs)
    await exited
    clearTimeout(limit)
  }

  child = start()
  const endMs = performance.now() + (options.startTimeoutMs ?? 10_000)
  while (!(await answers(url))) {
    if (deaths === 0 && performance.now() < endMs) {
      await pause(lookEveryMs)
      continue
    }
    const detail =
      /GLIBC\w*[^\n']*/.exec(output)?.[0] ?? (output.trim().split('\n').at(-1) || 'it did not answer in time')
    await end()
    throw infrastructureErrors.SERVER_UNREACHABLE({
      value: 'the ChromaDB of this LOTUS',
      detail,
      fix: 'start a ChromaDB elsewhere and set LOTUS_CHROMA_URL to its address, or leave it empty',
    })
  }
  return Object.freeze({ url, pid: () => child?.pid, close: end })
}

/** the chromadb package names its native parts so. */
function nameOfLibrary(): string {
  const libc = process.platform === 'linux' ? '-gnu' : process.platform === 'win32' ? '-msvc' : ''
  return `chromadb-js-bindings-${process.platform}-${process.arch}${libc}`
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/v2/heartbeat`, { signal: AbortSignal.timeout(1_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    // not there yet.
    return false
  }
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
