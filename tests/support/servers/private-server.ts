// what all private servers of tests share: a folder, a free port, a process that is killed, paused and started again.
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { waitFor } from '../wait-for.ts'

export interface PrivateServer {
  readonly port: number
  readonly url: string
  /** kill -9 of all its processes; waits until they are gone. */
  kill(): Promise<void>
  /** starts it again on the same data and port; waits until it answers. */
  restart(): Promise<void>
  /** SIGSTOP: it keeps its connections and says nothing. */
  pause(): void
  resume(): void
  /** ends it for good and removes its folder. */
  dispose(): Promise<void>
}

/** a port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error()),
      )
    })
  })
}

export interface RunningServer {
  readonly process: ChildProcess
  kill(): Promise<void>
  pause(): void
  resume(): void
  /** asks it to end with a signal, and forces it after a while. */
  end(signal: NodeJS.Signals): Promise<void>
}

/** starts a program and waits until `isReady`. @throws with its output where it ends before that */
export async function startServer(
  command: readonly string[],
  options: { readonly environment?: NodeJS.ProcessEnv; readonly cwd: string; readonly isReady: () => Promise<boolean> },
): Promise<RunningServer> {
  const child = spawn(command[0]!, command.slice(1), {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: options.cwd, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (text: string): void => {
    output = (output + text).slice(-4_000)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  let ended: number | string | undefined
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended = error.message
      resolve()
    })
    child.once('exit', (code, signal) => {
      ended = signal ?? code ?? -1
      resolve()
    })
  })
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const pid of [child.pid, ...childrenOf(child.pid)]) {
      if (pid === undefined || ended !== undefined) continue
      try {
        process.kill(pid, signal)
      } catch {
        // it has ended meanwhile.
      }
    }
  }
  const kill = async (): Promise<void> => {
    const all = childrenOf(child.pid)
    signalAll('SIGKILL')
    await exited
    await waitFor(() => all.every((pid) => !isRunning(pid)), { timeoutMs: 10_000, what: `the end of ${command[0]}` })
  }
  try {
    await waitFor(
      async () => {
        if (ended !== undefined) return 'ended'
        return (await options.isReady()) ? 'ready' : undefined
      },
      { timeoutMs: 30_000, what: () => `${command.join(' ')}: ${output}` },
    ).then((state) => {
      if (state === 'ended') throw new Error(`${command.join(' ')} ended with ${ended}: ${output}`)
    })
  } catch (error) {
    await kill()
    throw error
  }
  return {
    process: child,
    kill,
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    end: async (signal) => {
      signalAll('SIGCONT')
      if (ended === undefined) child.kill(signal)
      const limit = setTimeout(() => signalAll('SIGKILL'), 5_000)
      await exited
      clearTimeout(limit)
    },
  }
}

/** the processes that a process has started; Postgres answers each connection in one of its own. */
function childrenOf(pid: number | undefined): number[] {
  if (pid === undefined) return []
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const status = readFileSync(`/proc/${name}/stat`, 'utf8')
      const parent = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    } catch {
      // ended while we looked.
    }
  }
  const below = (one: number): number[] => (children.get(one) ?? []).flatMap((child) => [child, ...below(child)])
  return below(pid)
}

function isRunning(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return status.slice(status.lastIndexOf(')') + 2, status.lastIndexOf(')') + 3) !== 'Z'
  } catch {
    return false
  }
}
