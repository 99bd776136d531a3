// starts what is measured as a process of its own (the nucleus, a floor), and reads from /proc what it costs.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryEnvironment, nodeOptions } from '../../nucleus/process/start-options.ts'

export const projectRoot = join(import.meta.dirname, '../..')

const pollMs = 2
const limitMs = 60_000

export interface Started {
  readonly pid: number
  readonly url: string
  /** from the start of the process until it said that it is healthy. */
  readonly healthyMs: number
  /** ends it and waits until it has ended. */
  stop(): Promise<void>
}

/** a folder for state, gone when it is disposed. */
export function temporaryFolder(name: string): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), `lotus-bench-${name}-`))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** the environment of the person who runs the bench, without settings of LOTUS and without a cache of another run. */
export function cleanEnvironment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(LOTUS_|LLMOS_|NODE_|OLLAMA_)/.test(name))
  return { ...Object.fromEntries(kept), ...extra }
}

/** starts a nucleus and waits until /health says `healthy`, with every module healthy. */
export async function startNucleus(options: { home: string; compileCache: string }): Promise<Started> {
  const { home, compileCache } = options
  mkdirSync(home, { recursive: true })
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...nodeOptions, join(projectRoot, 'nucleus.ts')], {
    cwd: projectRoot,
    env: cleanEnvironment({
      ...memoryEnvironment,
      LOTUS_HOME: home,
      LOTUS_HTTP_PORT: '0',
      NODE_COMPILE_CACHE: compileCache,
    }),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = collect(child)
  // asking a file costs the machine less than asking a port, and this is how clients find it, too
  const url = await until(child, said, () => announcedUrl(home))
  await until(child, said, () => isHealthy(url))
  return { pid: child.pid!, url, healthyMs: performance.now() - startedAt, stop: () => end(child) }
}

/** starts a floor: a script that prints the address it listens on. it is healthy when /health answers. */
export async function startFloor(script: string, args: readonly string[], compileCache: string): Promise<Started> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'floors', script), ...args], {
    env: cleanEnvironment({ NODE_COMPILE_CACHE: compileCache }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = collect(child)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()))
    child.once('exit', () => reject(new Error(`${script} ended: ${said.text}`)))
  })
  await until(child, said, () => isHealthy(url))
  return { pid: child.pid!, url, healthyMs: performance.now() - startedAt, stop: () => end(child) }
}

async function until<Value>(
  child: ChildProcess,
  said: { readonly text: string },
  look: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const endAt = performance.now() + limitMs
  while (performance.now() < endAt) {
    const value = await look()
    if (value !== undefined) return value
    if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}: ${said.text}`)
    await sleep(pollMs)
  }
  throw new Error(`not healthy after ${limitMs} ms: ${said.text}`)
}

function collect(child: ChildProcess): { readonly text: string } {
  const said = { text: '' }
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said.text = (said.text + text).slice(-4_000)
  })
  return said
}

function announcedUrl(home: string): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(join(home, 'run/nucleus.json'), 'utf8')) as { url: string }
    return url === '' ? undefined : url
  } catch {
    // not written yet
    return undefined
  }
}

async function isHealthy(url: string): Promise<true | undefined> {
  try {
    const response = await fetch(`${url}/health`)
    const { status } = (await response.json()) as { status: string }
    return status === 'healthy' ? true : undefined
  } catch {
    // not listening yet
    return undefined
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await ended
}

/** a process and all that descend from it. */
export function processTree(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(statFields(Number(name))?.[1]) }))
  const below = (one: number): number[] => [
    one,
    ...parents.filter(({ parent }) => parent === one).flatMap((child) => below(child.pid)),
  ]
  return below(pid)
}

/** memory that is the process's own plus its share of what it shares, in MiB: field Pss of proc_pid_smaps(5). */
export function proportionalMiB(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kibibytes) / 1_024
}

/** processor time that a process has used since its start, in milliseconds: utime and stime of proc_pid_stat(5). */
export function processorMs(pid: number): number {
  const fields = statFields(pid)
  // in ticks, of which Linux shows a hundred a second on every architecture
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) * 10
}

/** the fields of /proc/PID/stat after the name in parentheses, which may hold anything. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    // it has just ended
    return undefined
  }
}
