// runs the lotus command as a process of its own, as a person or a program would.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
const entry = join(root, 'scripts', 'lotus.ts')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly home: string
  readonly environment?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** gets the process once it is there. */
  readonly onChild?: (child: ChildProcess) => void
  /** gets what it has written to stdout so far, at every new piece. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void
  /** gives it a terminal, and types this there once it asks. */
  readonly typed?: string
}

// nothing of the machine's own LOTUS, models or language must reach a test.
function cleanEnvironment(): Record<string, string> {
  const kept = ['PATH', 'TMPDIR', 'NODE_COMPILE_CACHE']
  const environment: Record<string, string> = { LANG: 'en_GB.UTF-8', TZ: 'Europe/Berlin', NO_COLOR: '1' }
  for (const name of kept) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  return environment
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** runs `lotus ARGS` to its end. */
export async function runLotus(args: readonly string[], options: RunOptions): Promise<Ended> {
  const { home, environment = {}, cwd = home, onChild, onOutput, typed } = options
  const words = [process.execPath, entry, ...args]
  // script(1) gives the command a terminal; what it prints to stderr then comes on the same stream.
  const [file, ...rest] = typed === undefined ? words : ['script', '-qfec', words.map(quote).join(' '), '/dev/null']
  const child = spawn(file!, rest, {
    cwd,
    env: { ...cleanEnvironment(), HOME: home, LOTUS_HOME: home, ...environment },
    stdio: [typed === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  onChild?.(child)
  let stdout = ''
  let stderr = ''
  let hasTyped = false
  const notice = (): void => {
    onOutput?.(stdout, child)
    if (typed === undefined || hasTyped || !stdout.includes('[y/N]')) return
    hasTyped = true
    child.stdin?.write(typed)
  }
  child.stdout!.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8')
    notice()
  })
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
    notice()
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`lotus ${args.join(' ')} did not end:\n${stdout}${stderr}`))
    }, 15_000)
    child.once('error', reject)
    child.once('close', (exit) => {
      clearTimeout(limit)
      resolve(exit)
    })
  })
  return { code, stdout, stderr }
}

/** the last line of stdout as JSON. */
export function lastJson(ended: Ended): Record<string, unknown> {
  return JSON.parse(ended.stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>
}
