// starts the process of a module: its command, its environment without secrets, its limits, and the one connection to it.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { moduleErrors } from '../errors.ts'
import type { FoundModule } from '../manifest.ts'
import { readPermissions } from '../permissions.ts'
import { confine } from './confinement.ts'
import { createLineReader } from '../../wire/lines.ts'

export interface ModuleProcess {
  readonly pid: number
  readonly socket: Socket
  /** why it is not confined, or less than it could be. */
  readonly unconfined: string | undefined
  /** resolves when it has ended, with how. */
  readonly ended: Promise<string>
  readonly isAlive: boolean
  /** from now on others come first: a module that computes must not take the processor from who waits for an answer. */
  giveWay(): void
  kill(): void
}

export interface SpawnParts {
  readonly found: FoundModule
  readonly root: string
  /** LOTUS_HOME, where there is one. */
  readonly home?: string
  /** what it says outside of its log: lines of its standard output and error. */
  readonly onLine: (line: string) => void
}

const mebibyte = 1024 * 1024
/** its priority while it serves, as a nice value: about a third of the processor where others want it too. */
const modest = 5
/** of the memory limit; the rest is for buffers, code and the stack. */
const heapShare = 0.75
/** what every process needs of the environment. */
const plain = ['LANG', 'LC_ALL', 'TZ']
/** what those need beside it that run processes with the rights of LOTUS. */
const ofUser = ['PATH', 'HOME', 'USER', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'TMPDIR', 'NODE_COMPILE_CACHE']
/** longer lines are cut. */
const maxLineBytes = 8 * 1024
/** lines that are taken within a second; the others are counted only. */
const maxLinesPerSecond = 200
/** what is kept of the last that it said, to tell why it ended. */
const lastLines = 12
/** how long its last words may take to arrive after its end, milliseconds. */
const lastWordsMs = 200
/** threads of Node itself and of its pool, which the limit of processes counts as well. */
const nodeThreads = 24

/** @throws MODULE_PROCESS_BROKEN */
export async function spawnModule({ found, root, home, onLine }: SpawnParts): Promise<ModuleProcess> {
  const { manifest, folder } = found
  const { limits } = manifest
  const permissions = readPermissions(manifest.permissions, home)
  const isFree = permissions.processes.length > 0
  const cache = isFree ? undefined : cacheFolder(home, manifest.name)
  // what is bound into the sandbox must exist; elsewhere than in the state folder, that is not ours to see to
  for (const path of permissions.write) {
    if (home !== undefined && path.startsWith(`${home}/`)) mkdirSync(path, { recursive: true, mode: 0o700 })
  }
  const environment: Record<string, string> = { PATH: '/usr/bin:/bin', HOME: '/tmp' }
  for (const name of isFree ? [...plain, ...ofUser] : plain) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  if (cache !== undefined) environment['NODE_COMPILE_CACHE'] = cache
  const confinement = await confine({
    permissions,
    root,
    folder,
    environment,
    ...(cache === undefined ? {} : { cache }),
  })
  const isConfined = confinement.command[0] === 'bwrap'
  const command = [
    ...confinement.command,
    ...(isConfined && existsSync('/usr/bin/prlimit')
      ? ['/usr/bin/prlimit', '--core=0', `--nproc=${limits.processes + nodeThreads}`, '--nofile=4096', '--']
      : []),
    process.execPath,
    `--max-old-space-size=${Math.floor((limits.memory * heapShare) / mebibyte)}`,
    join(import.meta.dirname, 'host.ts'),
  ]
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: environment,
    cwd: '/',
    // a group of its own: Ctrl+C in the terminal is for the nucleus, which then ends its modules in order
    detached: true,
  })
  return await follow(child, manifest.name, confinement.missing, onLine)
}

function cacheFolder(home: string | undefined, module: string): string | undefined {
  if (home === undefined) return undefined
  // its own: compiled code that one module has written must not be run by another, nor by the nucleus
  const folder = join(home, 'cache', 'modules', module)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

function follow(
  child: ChildProcess,
  module: string,
  unconfined: string | undefined,
  onLine: (line: string) => void,
): Promise<ModuleProcess> {
  const said: string[] = []
  // V8 says it before a long list of its own calls, which may push it out of what is kept
  let exhausted = false
  const listen = createListener((line) => {
    exhausted ||= line.includes('JavaScript heap out of memory')
    said.push(line)
    if (said.length > lastLines) said.shift()
    onLine(line)
  })
  child.stdout?.on('data', listen())
  child.stderr?.on('data', listen())
  const ended = Promise.withResolvers<string>()
  child.once('exit', (code, signal) => {
    const tell = (): void => ended.resolve(howItEnded(code, signal, said, exhausted))
    // by `close` everything that it said is here; what it has started may hold its output open for longer
    child.once('close', tell)
    setTimeout(tell, lastWordsMs).unref()
  })
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      ended.resolve(cause.message)
      reject(moduleErrors.MODULE_PROCESS_BROKEN({ value: module, detail: cause.message, cause }))
    })
    child.once('spawn', () => {
      const pid = child.pid!
      resolve({
        pid,
        socket: child.stdio[3] as Socket,
        unconfined,
        ended: ended.promise,
        get isAlive() {
          return child.exitCode === null && child.signalCode === null
        },
        giveWay: () => {
          try {
            setPriority(pid, modest)
          } catch {
            // it has ended already, which `ended` tells
          }
        },
        kill: () => {
          try {
            process.kill(-pid, 'SIGKILL')
          } catch {
            // the whole group has ended already
          }
        },
      })
    })
  })
}

/** cuts what comes into lines, at most so many a second. */
function createListener(take: (line: string) => void): () => (chunk: Buffer) => void {
  let from = 0
  let taken = 0
  let left = 0
  const offer = (line: string): void => {
    const now = performance.now()
    if (now - from >= 1_000) {
      if (left > 0) take(`… ${left} more lines within a second were left out`)
      from = now
      taken = 0
      left = 0
    }
    if (taken >= maxLinesPerSecond) {
      left += 1
      return
    }
    taken += 1
    take(line)
  }
  return () => {
    let reader = createLineReader(maxLineBytes)
    return (chunk) => {
      for (const line of reader.push(chunk)) if (line.length > 0) offer(line.toString('utf8'))
      if (!reader.overflowed) return
      offer('… a line that is longer than 8 KiB was left out')
      reader = createLineReader(maxLineBytes)
    }
  }
}

function howItEnded(
  code: number | null,
  signal: NodeJS.Signals | null,
  said: readonly string[],
  exhausted: boolean,
): string {
  const how = signal === null ? `exit code ${code}` : signal
  if (exhausted) return `${how}: its memory was exhausted`
  const word = said.findLast((line) => /\S/.test(line) && !line.startsWith('Node.js v'))
  return word === undefined ? how : `${how}: ${word.slice(0, 300)}`
}
