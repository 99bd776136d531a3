// a LOTUS of a test's own: the real command with a private home, and nothing that outlives the test.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endOwnProcesses, findOwnProcesses, type OwnProcess } from './own-processes.ts'
import { runCommand, type CommandOptions, type Ended } from './run-command.ts'
import { waitFor } from './wait-for.ts'

export const project = join(import.meta.dirname, '..', '..')

export interface NucleusRecord {
  readonly pid: number
  readonly url: string
  readonly osd_socket: string
  readonly status: string
}

/** the last line of `run --json`, with the exit code. */
export interface GoalResult {
  readonly code: number
  readonly status: string
  readonly mode: string
  readonly answer: string
  readonly trace_id: string
  readonly steps: readonly Readonly<Record<string, unknown>>[]
  readonly error?: { readonly code: string; readonly message: string; readonly fix: string }
}

export interface RunningNucleus {
  readonly child: ChildProcess
  readonly pid: number
  stdout(): string
  stderr(): string
  /** the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

type LotusOptions = Partial<Omit<CommandOptions, 'environment'>> & {
  readonly environment?: Readonly<Record<string, string>>
}

export interface PrivateLotus {
  /** holds everything of this LOTUS; also its HOME. */
  readonly base: string
  readonly home: string
  /** where goals are stated. */
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  /** `lotus WORDS` to its end. */
  lotus(words: readonly string[], options?: LotusOptions): Promise<Ended>
  /** `lotus run --yes --json GOAL`. */
  goal(goal: string, options?: LotusOptions): Promise<GoalResult>
  /** `lotus start`. @throws with what it said, where it does not end with 0 */
  start(): Promise<Ended>
  stop(): Promise<Ended>
  /** `node nucleus.ts`, as a child of the test. */
  startNucleus(options?: { readonly environment?: Readonly<Record<string, string>> }): RunningNucleus
  record(): NucleusRecord | undefined
  /** waits until run/nucleus.json of another process than `otherThan` says one of these. */
  untilStatus(statuses: readonly string[], otherThan?: number): Promise<NucleusRecord>
  /** GET of the running nucleus with its token. */
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>
  processes(): OwnProcess[]
  /** the process of osd; undefined where none runs. */
  osdPid(): number | undefined
  log(): string
  /** what a LOTUS that has ended should not have left: processes, sockets, locks and temporary files. */
  leftovers(): string[]
  dispose(): Promise<void>
}

/** makes the folders; starts nothing. */
export function createPrivateLotus(extra: Readonly<Record<string, string>> = {}): PrivateLotus {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-system-')))
  const home = join(base, 'home')
  const folder = join(base, 'work')
  const temporary = join(base, 'tmp')
  mkdirSync(folder)
  mkdirSync(temporary)
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: base,
    TMPDIR: temporary,
    LANG: 'en_GB.UTF-8',
    TZ: 'Europe/Berlin',
    NO_COLOR: '1',
    LOTUS_HOME: home,
    // any free one: tests run beside each other
    LOTUS_HTTP_PORT: '0',
    ...extra,
  }
  const children = new Set<ChildProcess>()

  const record = (): NucleusRecord | undefined => {
    try {
      return JSON.parse(readFileSync(join(home, 'run', 'nucleus.json'), 'utf8')) as NucleusRecord
    } catch {
      return undefined
    }
  }
  const lotus = async (words: readonly string[], options: LotusOptions = {}): Promise<Ended> =>
    await runCommand([process.execPath, join(project, 'scripts', 'lotus.ts'), ...words], {
      cwd: folder,
      ...options,
      environment: { ...environment, ...options.environment },
    })
  const processes = (): OwnProcess[] => findOwnProcesses(base)
  return Object.freeze({
    base,
    home,
    folder,
    environment,
    lotus,
    async goal(goal: string, options: LotusOptions = {}) {
      return parseGoal(await lotus(['run', '--yes', '--json', goal], options))
    },
    async start() {
      const ended = await lotus(['start'], { timeoutMs: 90_000 })
      if (ended.code !== 0) throw new Error(`lotus start ended with ${ended.code}: ${ended.stdout}${ended.stderr}`)
      return ended
    },
    stop: async () => await lotus(['stop'], { timeoutMs: 90_000 }),
    startNucleus(options: { readonly environment?: Readonly<Record<string, string>> } = {}) {
      const child = spawn(process.execPath, [join(project, 'nucleus.ts')], {
        cwd: base,
        env: { ...environment, ...options.environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      children.add(child)
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      const ended = new Promise<number | string>((resolve) => {
        child.once('close', (code, signal) => {
          children.delete(child)
          resolve(code ?? signal ?? -1)
        })
      })
      return { child, pid: child.pid!, stdout: () => stdout, stderr: () => stderr, ended }
    },
    record,
    untilStatus: async (statuses: readonly string[], otherThan?: number) =>
      await waitFor(
        () => {
          const found = record()
          return found !== undefined && found.pid !== otherThan && statuses.includes(found.status) ? found : undefined
        },
        { timeoutMs: 60_000, what: () => `status ${statuses.join(' or ')}; it is ${record()?.status ?? 'unknown'}` },
      ),
    async get(path: string) {
      const token = readFileSync(join(home, 'token'), 'utf8').trim()
      const response = await fetch(new URL(path, record()?.url), {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(30_000),
      })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
    processes,
    osdPid: () => processes().find(({ command }) => command.startsWith('lotus-osd'))?.pid,
    log: () => readFileSync(join(home, 'logs', 'lotus.log'), 'utf8'),
    leftovers: () => [
      ...processes().map(({ command }) => `process ${command}`),
      ...filesBelow(temporary),
      ...filesBelow(join(home, 'run')).filter((path) => !path.endsWith('/last-stop.json')),
      ...filesBelow(home).filter((path) => /\.(tmp|lock|pid|sock)$|-(wal|shm|journal)$/.test(path)),
    ],
    async dispose() {
      for (const child of children) child.kill('SIGKILL')
      await endOwnProcesses(base)
      rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  })
}

/** the last line of stdout. @throws where that is no outcome */
export function parseGoal(ended: Ended): GoalResult {
  const line = ended.stdout.trimEnd().split('\n').at(-1) ?? ''
  try {
    return { ...(JSON.parse(line) as Omit<GoalResult, 'code'>), code: ended.code }
  } catch (cause) {
    throw new Error(`exit ${ended.code}, and no outcome: ${ended.stdout}${ended.stderr}`, { cause })
  }
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [] : [join(entry.parentPath, entry.name)],
  )
}
