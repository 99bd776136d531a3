// runs a command to its end as a process of its own, with or without a terminal.
import { spawn, type ChildProcess } from 'node:child_process'

export interface Ended {
  /** 128 and the signal's number where a signal ended it, as shells have it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly tookMs: number
}

export interface CommandOptions {
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
  /** default 60,000: the machine may be busy. */
  readonly timeoutMs?: number
  /** gives the command a terminal; sees what came so far, and types what it returns. stdout then holds both streams. */
  readonly terminal?: (shown: string) => string | undefined
  /** gets the process as soon as it is there. */
  readonly onChild?: (child: ChildProcess) => void
}

const signalNumbers: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** @throws when it cannot be started, or does not end in time */
export async function runCommand(words: readonly string[], options: CommandOptions): Promise<Ended> {
  const { cwd, environment, timeoutMs = 60_000, terminal, onChild } = options
  // script(1) of util-linux: a pseudo-terminal, and the exit code of the command. without `exec`, Ctrl+C would end the
  // shell that it starts the command with, too
  const [file = '', ...args] =
    terminal === undefined ? words : ['script', '-qefc', `exec ${words.map(quote).join(' ')}`, '/dev/null']
  const startedMs = Date.now()
  const child = spawn(file, args, {
    cwd,
    env: environment,
    stdio: [terminal === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  onChild?.(child)
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    const typed = terminal?.(stdout)
    if (typed !== undefined) child.stdin?.write(typed)
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin?.on('error', () => {
    // it ended before it read what was typed
  })
  return await new Promise<Ended>((resolve, reject) => {
    const limit = setTimeout(() => {
      // whoever can, tidies up first
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 20_000).unref()
      reject(new Error(`${words.join(' ')} did not end within ${timeoutMs} ms:\n${stdout}${stderr}`))
    }, timeoutMs)
    child.once('error', (error) => {
      clearTimeout(limit)
      reject(error)
    })
    child.once('close', (code, signal) => {
      clearTimeout(limit)
      resolve({
        code: code ?? 128 + (signalNumbers[signal ?? ''] ?? 0),
        stdout,
        stderr,
        tookMs: Date.now() - startedMs,
      })
    })
  })
}
